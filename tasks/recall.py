"""recall: a question → ``Precedents``."""

from typing import Any
from uuid import uuid4

from prefect import task

from omni.contracts import Brief, Precedents, Source, Transcript
from omni.memory.recalling import recall as look_back
from omni.wiring import wire
from tasks.policies import kept_by
from tasks.progress import tally


def _key(arguments: dict[str, Any]) -> tuple[object, ...]:
    job: str | None = arguments["job"]
    return "recall", job or uuid4(), arguments["source"].sha256


@task(name="recall", **kept_by(_key))
def recall(source: Source, transcript: Transcript, brief: Brief, job: str | None) -> Precedents:  # noqa: ARG001  # in the key
    """Ask the memory what bears on this source; a memory that is down is a warning, not a failure.

    A job asks once: what others kept since must not change the moments on which people decided meanwhile.
    """
    precedents = look_back(wire().memory, source, transcript, brief)
    tally().finish("recall")
    return precedents
