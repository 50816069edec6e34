"""deliver: Shorts, ``Campaign`` → ``Delivery``."""

from prefect import task

from omni.contracts import Delivery
from omni.packaging.delivering import Parcel
from omni.packaging.delivering import deliver as hand_over
from omni.packaging.publishing import published
from omni.wiring import wire
from tasks.policies import PATIENT
from tasks.progress import tally


@task(name="deliver", **PATIENT)
def deliver(parcel: Parcel, job: str) -> Delivery:
    """Write the folder of the job and publish it where a store is set; the same when it is done again."""
    workshop = wire()
    delivery = published(hand_over(parcel, workshop.settings.output, job), workshop.storage)
    tally().finish("deliver")
    return delivery
