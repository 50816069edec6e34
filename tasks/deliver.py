"""deliver: Shorts, ``Campaign`` → ``Delivery``."""

from prefect import task

from omni.contracts import Delivery
from omni.packaging.delivering import Parcel
from omni.packaging.delivering import deliver as hand_over
from omni.wiring import wire
from tasks.policies import PATIENT
from tasks.progress import tally


@task(name="deliver", **PATIENT)
def deliver(parcel: Parcel, job: str) -> Delivery:
    """Write the folder of the job; atomic, and the same when it is done again."""
    delivery = hand_over(parcel, wire().settings.output, job)
    tally().finish("deliver")
    return delivery
