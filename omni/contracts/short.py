"""How a Short is cut, framed and captioned, and what was made of it."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from omni.contracts.base import Area, Contract, FileRef, Fraction01, Seconds, Span, Warnings
from omni.contracts.brief import Layout


class CameraKey(Contract):
    """Centre of the crop at clip time ``t``, as fractions of the displayed frame; linear in between."""

    t: Seconds
    x: Fraction01
    y: Fraction01


class Segment(Span):
    """A stretch of the clip (clip time) under one layout: a path for ``follow``, two for ``split``, none for ``fit``."""

    layout: Layout
    path: tuple[CameraKey, ...] = ()
    """The way of the crop; of the upper one in a ``split``."""
    lower: tuple[CameraKey, ...] = ()
    """The way of the lower crop of a ``split``."""
    scale: Annotated[float, Field(gt=0)] = 1.0
    """Size of a ``split``'s crops: 1 is the width of the crop that follows, and half its height."""


class Framing(Contract):
    """How 9:16 is taken from the frame. ``crop_w`` × ``crop_h`` are fractions of the displayed frame."""

    crop_w: Annotated[float, Field(gt=0, le=1)]
    crop_h: Annotated[float, Field(gt=0, le=1)]
    segments: Annotated[tuple[Segment, ...], Field(min_length=1)]
    warnings: Warnings = ()

    def crop_of(self, segment: Segment) -> tuple[float, float]:
        """Return width and height of a segment's crop, or of each of its two, as fractions of the displayed frame."""
        if segment.layout == "split":
            return segment.scale * self.crop_w, segment.scale * self.crop_h / 2
        return self.crop_w, self.crop_h


class CueWord(Span):
    """A word of a caption, in clip time."""

    text: str
    joined: bool = False
    """No blank stands before it: a script without blanks (Chinese, Thai), or the rest of a divided word."""


class Cue(Span):
    """One caption on screen, in clip time; ``lines`` holds its words row by row."""

    lines: Annotated[tuple[tuple[CueWord, ...], ...], Field(min_length=1)]
    place: Area | None = None
    """Where its letters stand; ``None``: nowhere, the caption isn't burned in."""

    @property
    def text(self) -> str:
        """Return the rows as text, joined by a line break."""
        return "\n".join("".join(w.text if w.joined else f" {w.text}" for w in line).lstrip(" ") for line in self.lines)


class HookTitle(Span):
    """The line of promise over the first seconds, in clip time: a graphic, not speech, so the sidecars don't hold it."""

    lines: Annotated[tuple[str, ...], Field(min_length=1)]
    place: Area


class Captions(Contract):
    """The captions of one clip: what is burned in, and the fonts that the script names."""

    cues: tuple[Cue, ...] = ()
    title: HookTitle | None = None
    area: Area | None = None
    """The box that everything drawn stays inside."""
    script: str | None = None
    """A complete ASS file; ``None`` burns nothing in."""
    fonts: tuple[Path, ...] = ()
    warnings: Warnings = ()

    def scaled(self, factor: float) -> "Captions":
        """Return them in a picture ``factor`` times as large; the script scales by itself."""
        cues = tuple(cue.model_copy(update={"place": _scaled(cue.place, factor)}) for cue in self.cues)
        title = self.title and self.title.model_copy(update={"place": self.title.place.scaled(factor)})
        return self.model_copy(update={"cues": cues, "title": title, "area": _scaled(self.area, factor)})


def _scaled(area: Area | None, factor: float) -> Area | None:
    return None if area is None else area.scaled(factor)


class Check(Contract):
    """One gate: the figure, the bar and the verdict (``None``: could not be measured, or does not apply)."""

    name: str
    value: str
    bar: str
    passed: bool | None


class Fades(Contract):
    """How long the sound of a Short rises at its start and falls at its end: never over a word."""

    rise: Seconds = 0.02
    fall: Seconds = 0.12


class Logo(Contract):
    """The operator's sign, and where it stands."""

    file: FileRef
    place: Area


class ClipPlan(Contract):
    """Everything that decides the bytes of one Short, except the source's own; and what is expected of it."""

    number: int
    cut: Span
    kept: tuple[Span, ...] = ()
    """What stays of the cut when it is tightened, in source time and order, on the frame grid of the cut; empty: all."""
    framing: Framing | None
    """``None``: the source has no picture; the Short shows captions on a still ground."""
    captions: Captions
    fades: Fades = Fades()
    width: int = 1080
    height: int = 1920
    frame_rate: str = "30"
    draft: bool = False
    """Encoded quickly rather than well."""
    logo: Logo | None = None
    poster_at: Seconds = 0.0
    """Clip time of the frame that stands for the Short."""
    checks: tuple[Check, ...] = ()
    """Editorial gates, already measured on the plan."""
    warnings: Warnings = ()

    @property
    def pieces(self) -> tuple[Span, ...]:
        """The stretches of the source that the Short shows, in order; one when nothing is left out."""
        return self.kept or (self.cut,)

    @property
    def length(self) -> float:
        """Seconds that the Short lasts."""
        return sum(piece.length for piece in self.pieces)


class LayoutSpan(Span):
    """A stretch of a Short (clip time) that keeps one layout; ``ground`` where the source has no picture."""

    layout: Layout | Literal["ground"]


class Short(Contract):
    """One finished, checked Short. ``usable`` is false when a gate that makes it unfit to post failed."""

    number: int
    cut: Span
    kept: tuple[Span, ...] = ()
    """As in the plan."""
    video: FileRef
    poster: FileRef
    srt: FileRef
    vtt: FileRef
    small: FileRef | None = None
    """The same at 720×1280 for messengers, where the video itself is too large for them."""
    duration: Seconds
    layout: str
    layouts: tuple[LayoutSpan, ...] = ()
    """What ``layout`` names, with its times."""
    encoder: str = "libx264"
    draft: bool = False
    """A preview to look at, not to post."""
    checks: tuple[Check, ...]
    usable: bool
    warnings: Warnings = ()

    @property
    def files(self) -> tuple[FileRef, ...]:
        """Every file of this Short."""
        return tuple(self.roles.values())

    @property
    def roles(self) -> dict[str, FileRef]:
        """Every file by what it is for, as the manifest names it."""
        always = {"video": self.video, "poster": self.poster, "srt": self.srt, "vtt": self.vtt}
        return always | ({"video_small": self.small} if self.small else {})
