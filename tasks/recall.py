"""recall: a question → ``Precedents``."""

from prefect import task

from omni.contracts import Brief, Precedents, Source, Transcript
from omni.memory.recalling import recall as look_back
from omni.wiring import wire
from tasks.progress import tally


@task(name="recall")
def recall(source: Source, transcript: Transcript, brief: Brief) -> Precedents:
    """Ask the memory what bears on this source; a memory that is down is a warning, not a failure."""
    precedents = look_back(wire().memory, source, transcript, brief)
    tally().finish("recall")
    return precedents
