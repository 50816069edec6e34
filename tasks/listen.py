"""listen: ``Source`` → ``Transcript``."""

from typing import Any

from prefect import task

from omni.contracts import Brief, Source, Transcript
from omni.speech.listening import REVISION
from omni.speech.listening import listen as hear
from omni.wiring import wire
from tasks.policies import PATIENT, kept_by
from tasks.progress import tally


def _key(arguments: dict[str, Any]) -> tuple[object, ...]:
    source: Source = arguments["source"]
    brief: Brief = arguments["brief"]
    subtitles = source.sidecar.sha256 if source.sidecar else len(source.subtitles)
    transcriber = wire().transcriber
    # a model that comes later must not be hidden by an answer without words
    model = transcriber.engine if transcriber.is_here else "no model"
    return "listen", source.sha256, subtitles, model, brief.language, REVISION


@task(name="listen", **PATIENT, **kept_by(_key))
def listen(source: Source, brief: Brief) -> Transcript:
    """Hear words, speech, loudness, pitch and applause."""
    workshop = wire()
    transcript = hear(source, brief, workshop.ears, on_progress=tally().reporter("listen"))
    tally().finish("listen")
    return transcript
