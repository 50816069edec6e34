"""watch: ``Source`` → ``Footage``."""

from typing import Any

from prefect import task

from omni.contracts import Footage, Source
from omni.vision.watching import REVISION
from omni.vision.watching import watch as look
from omni.wiring import wire
from tasks.policies import PATIENT, kept_by
from tasks.progress import tally


def _key(arguments: dict[str, Any]) -> tuple[object, ...]:
    return "watch", arguments["source"].sha256, REVISION


@task(name="watch", **PATIENT, **kept_by(_key))
def watch(source: Source) -> Footage:
    """See shots, faces and motion."""
    workshop = wire()
    footage = look(source, media=workshop.media, detector=workshop.faces, on_progress=tally().reporter("watch"))
    tally().finish("watch")
    return footage
