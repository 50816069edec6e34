"""What a job leaves, made in no time: a folder with manifest, transcript and evidence as the flow writes them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from fakes.door import Door
from media import TALK
from prefect.states import Completed

from omni.contracts import Contender, EvidenceTimeline, EvidenceTrack, Platform, Production, Subject
from omni.record import ClipState, record_of

SAID = "In 1937 a man sat in his truck on a pier. He had a load of cotton, and he waited all day. Why don't they lift the whole truck?"
STRATEGY = "7d3b5f0e-2f0c-4f6e-9a59-0c4a5d1f7b21"
NO_FILES: Mapping[str, bytes] = {}


@dataclass(frozen=True)
class Made:
    """What a test may choose about a finished job; every text may be hostile."""

    titles: tuple[str, ...] = ("Loading a ton by hand cost $5.83", "Why don't they lift the whole truck?")
    said: str = SAID
    reason: str = "Ends on a point, and names a number at once."
    post: str = "He waited all day while men carried it away, bale by bale."
    subject: str = "box, truck"
    failed_check: str = "4.2 s"
    draft: bool = False
    video: bytes = b""
    extra: Mapping[str, bytes] = field(default_factory=lambda: NO_FILES)


def finish(door: Door, job_id: UUID, made: Made | None = None, state: Any = None, **told: Any) -> Production:
    """Put the folder of a finished job where the door looks for it, and let the run end."""
    made = made or Made()
    folder = door.settings.output / f"talk-{str(job_id)[:8]}"
    video = Path(str(door.gateway.stored[job_id].parameters["video"]))
    shorts = [_short(folder, number, title, made) for number, title in enumerate(made.titles, start=1)]
    source = video.read_bytes() if video.is_file() else b""
    manifest = {
        "schema": 1,
        "source": {
            "file": video.name,
            "sha256": hashlib.sha256(source).hexdigest(),
            "size_bytes": len(source),
            "duration": 60.0,
        },
        "topic": "How a box changed the world",
        "language": "en",
        "shorts": shorts,
        "posts": [_post(short["number"], platform, made) for short in shorts for platform in Platform],
        "transcript": _file(folder, "transcript.json", json.dumps(_transcript(made)).encode()),
        "evidence": _file(folder, "evidence.json", _evidence(made).model_dump_json().encode()),
    }
    for name, data in made.extra.items():
        _file(folder, name, data)
    _file(folder, "manifest.json", json.dumps(manifest).encode())
    result = Production(
        output_dir=folder, shorts_count=len(shorts), strategy_id=STRATEGY, source=video.name, engines={}
    )
    clips = tuple(
        ClipState(number=s["number"], title=s["title"], start=s["start"], end=s["end"], state="rendered", progress=1)
        for s in shorts
    )
    said = record_of(door.gateway.stored[job_id].labels).revision
    facts = {"result": result, "progress": 1.0, "clips": clips, "made": said} | told
    door.gateway.enter(job_id, state or Completed(), **facts)
    return result


def _short(folder: Path, number: int, title: str, made: Made) -> dict[str, Any]:
    start = 4.0 * (number - 1)
    video = made.video or TALK.read_bytes()
    check = {"name": "longest dead air", "value": made.failed_check, "bar": "<= 1.2 s", "passed": number == 1}
    return {
        "number": number,
        "title": title,
        "hook": "In 1937 a man sat in his truck.",
        "start": start,
        "end": start + 8.0,
        "duration": 8.0,
        "score": 90.4 - 7 * number,
        "reason": made.reason,
        "evidence": [
            {"kind": "hook.number", "weight": 0.6, "text": f"names a number at once, {made.reason}"},
            {"kind": "pace.dense", "weight": -0.2, "text": "is slow: 2.7 words a second"},
        ],
        "layout": "follow",
        "draft": made.draft,
        "usable": True,
        "checks": [{"name": "loudness", "value": "-14.2 LUFS", "bar": "-14 ± 1 LUFS", "passed": True}, check],
        "files": {
            "video": _file(folder, f"clips/{number:02d}-short.mp4", video),
            "poster": _file(folder, f"clips/{number:02d}-short.jpg", b"\xff\xd8\xff\xd9"),
            "vtt": _file(folder, f"clips/{number:02d}-short.vtt", b"WEBVTT\n\n00:00.000 --> 00:02.000\nIn 1937\n"),
        },
        "warnings": [],
    }


def _post(clip: int, platform: Platform, made: Made) -> dict[str, Any]:
    title = made.titles[clip - 1] if platform is Platform.YOUTUBE else None
    return {"clip": clip, "platform": platform.value, "title": title, "text": made.post, "hashtags": ["box", "truck"]}


def _transcript(made: Made) -> dict[str, Any]:
    """Half a second a word; a sentence ends with its point or question mark."""
    words = made.said.split()
    ends = [i + 1 for i, word in enumerate(words) if word[-1] in ".?!"] or [len(words)]
    return {
        "language": "en",
        "word_times": "measured",
        "words": [(i * 0.5, i * 0.5 + 0.4, word) for i, word in enumerate(words)],
        "sentences": list(zip([0, *ends[:-1]], ends, strict=True)),
    }


def _evidence(made: Made) -> EvidenceTimeline:
    picks = tuple(
        Contender(start=4.0 * i, end=4.0 * i + 8, score=83.4 - 7 * i, number=i + 1, reason=made.reason)
        for i in range(len(made.titles))
    )
    return EvidenceTimeline(
        duration=60,
        tracks=tuple(
            EvidenceTrack(name=name, label=name, values=tuple((i * step % 10) / 10 for i in range(60)))
            for name, step in (("salience", 3), ("loudness", 7))
        ),
        subjects=(Subject(start=0, end=30, title=made.subject), Subject(start=30, end=60, title="ports")),
        contenders=(*picks, Contender(start=31, end=44, score=41.0, reason=made.reason)),
    )


def _file(folder: Path, name: str, data: bytes) -> dict[str, Any]:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return {"path": name, "sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data)}
