"""deliver: Shorts, ``Campaign`` → ``Delivery``."""

from prefect import task

from omni.contracts import Delivery
from omni.packaging.contact import draw_contact_sheet, preview_of
from omni.packaging.delivering import Parcel
from omni.packaging.delivering import deliver as hand_over
from omni.packaging.editing.files import edit_files
from omni.packaging.publishing import published
from omni.wiring import wire
from tasks.artifacts import show_evidence, show_picture
from tasks.policies import PATIENT
from tasks.progress import tally


@task(name="deliver", **PATIENT)
def deliver(parcel: Parcel, job: str) -> Delivery:
    """Write the folder of the job and publish it where a store is set; the same when it is done again."""
    workshop = wire()
    folder = workshop.settings.work / parcel.source.sha256[:16]
    sheet, warnings = draw_contact_sheet(
        parcel.analysis, parcel.shorts, folder, media=workshop.media, fonts=workshop.fonts
    )
    edits, remarks = edit_files(parcel, workshop.timelines, workshop.places)
    delivery = hand_over(parcel, workshop.settings.output, job, sheet, edits)
    if sheet:
        show_picture(preview_of(sheet))
    show_evidence(parcel.evidence)
    tally().finish("deliver")
    told = delivery.model_copy(update={"warnings": (*warnings, *remarks)})
    return published(told, workshop.storage)
