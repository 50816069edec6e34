"""What is delivered, for tests of what is made of it: Shorts without files, of a source that nobody opens."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from builders import SHA, analysis, brief, campaign, clip, source, video

from omni.contracts import FileRef, Short, Source, Span
from omni.packaging.delivering import Parcel

FILE = FileRef(path=Path("x"), sha256=SHA, size_bytes=1)


def short(number: int = 1, *kept: tuple[float, float], cut: tuple[float, float] = (10, 30)) -> Short:
    return Short(
        number=number, cut=Span(start=cut[0], end=cut[1]), kept=tuple(Span(start=a, end=b) for a, b in kept),
        video=FILE, poster=FILE, srt=FILE, vtt=FILE, duration=20, layout="fit", checks=(), usable=True,
    )  # fmt: skip


def parcel(*shorts: Short, of: Source | None = None, **changes: object) -> Parcel:
    made = shorts or (short(),)
    found = Parcel(
        source=of or source(path=Path("/talks/talk.mp4")), brief=brief(), campaign=campaign(), engines={}, warnings=(),
        analysis=analysis(*(clip(s.number, s.cut.start, s.cut.end) for s in made)), shorts=made,
    )  # fmt: skip
    return replace(found, **changes)


def filmed(rate: str, timecode: str | None = None, **changes: object) -> Source:
    told = {"frame_rate": rate, "fps": float(Fraction(rate)), "timecode": timecode}
    return source(path=Path("/talks/talk.mp4"), video=video(**told), **changes)
