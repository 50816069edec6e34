"""OpenTimelineIO: writes its own time lines, and reads those and the other editors' files again."""

from collections.abc import Generator
from contextlib import contextmanager
from fractions import Fraction

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Clip, ExternalReference, Gap, Marker, Timeline, Track

from omni.errors import EditFileUnusable
from omni.ports.editing import Cut, CutList, Interchange, Mark, Reel, Take

# Gaps in FCPXML are its reader's own: it rounds 29.97 frames a second down to 29, and then clips don't meet.
READERS: dict[Interchange, str] = {"otio": "otio_json", "fcpxml": "fcpx_xml", "edl": "cmx_3600"}
OURS = "omni"
"""Our part of the metadata, as OpenTimelineIO asks of everybody."""
COLOURS = {"short": "GREEN", "word": "CYAN"}


class OtioTimelines:
    """The port ``Timelines``."""

    def otio(self, cuts: CutList) -> str:
        with _translated("otio"):
            return otio.adapters.write_to_string(_timeline(cuts), READERS["otio"])

    def takes_in(self, text: str, kind: Interchange, fps: Fraction) -> tuple[tuple[Fraction, Fraction], ...]:
        options = {"rate": float(fps)} if kind == "edl" else {}
        with _translated(kind):
            read = otio.adapters.read_from_string(text, READERS[kind], **options)
            timelines = [read] if isinstance(read, Timeline) else list(read)
            items = [item for timeline in timelines for item in timeline.tracks[0]]
            return tuple(_taken(item) for item in items if not (kind == "fcpxml" and isinstance(item, Gap)))


@contextmanager
def _translated(kind: Interchange) -> Generator[None]:
    try:
        yield
    except Exception as error:  # the adapters fail with whatever they stumble over: ValueError, AttributeError, …
        raise EditFileUnusable(kind=kind, reason=f"{type(error).__name__}: {error}") from error


def _timeline(cuts: CutList) -> Timeline:
    reel = cuts.reel
    facts = {"source": reel.name, "sha256": reel.sha256, "shorts": [cut.facts for cut in cuts.cuts]}
    timeline = Timeline(cuts.title, metadata={OURS: facts})
    kinds = (*(("Video",) if reel.has_picture else ()), *(("Audio",) if reel.has_sound else ()))
    for place, kind in enumerate(kinds):
        clips = [_clip(cut, take, reel, marked=place == 0) for cut in cuts.cuts for take in cut.takes]
        timeline.tracks.append(Track(f"{kind[0]}1", clips, kind=kind))
    return timeline


def _clip(cut: Cut, take: Take, reel: Reel, *, marked: bool) -> Clip:
    """Return a clip; only those of the first track are marked, or an editor would show every mark twice."""
    media = ExternalReference(
        reel.url,
        _range(reel.first, reel.frames, reel),
        metadata={OURS: {"file": reel.name, "sha256": reel.sha256}},
    )
    media.name = reel.name
    marks = [_marker(mark, reel) for mark in take.marks] if marked else []
    return Clip(cut.name, media, _range(take.first, take.frames, reel), {OURS: cut.facts}, markers=marks)


def _marker(mark: Mark, reel: Reel) -> Marker:
    span = _range(mark.first, mark.frames, reel)
    return Marker(mark.text, span, COLOURS[mark.kind], {OURS: {"kind": mark.kind}}, mark.comment)


def _range(first: int, frames: int, reel: Reel) -> TimeRange:
    rate = float(reel.fps)
    return TimeRange(RationalTime(first, rate), RationalTime(frames, rate))


def _taken(item: Clip | Gap) -> tuple[Fraction, Fraction]:
    start, length = item.source_range.start_time, item.source_range.duration
    return Fraction(start.to_seconds()), Fraction(length.to_seconds())
