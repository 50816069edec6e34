"""The Short that every contestant makes: a moving crop, word captions, −14 LUFS."""

import math
from pathlib import Path

from omni.captions.composing import Setting, compose_captions
from omni.contracts import (
    Brief,
    CameraKey,
    ClipPlan,
    Contract,
    Framing,
    Segment,
    Sentence,
    Source,
    Span,
    Transcript,
    Word,
)
from omni.encoding.rates import short_rate
from omni.sourcing.ingesting import ingest
from omni.wiring import wire

WIDTH, HEIGHT = 1080, 1920
KEYS_A_SECOND = 2.5
"""As many as ``omni/framing/paths.py`` gives at most."""
WORDS_A_SECOND = 2.5
SAID = [
    "So",
    "every",
    "morning",
    "we",
    "walk",
    "along",
    "the",
    "harbour",
    "and",
    "count",
    "the",
    "boxes",
    "that",
    "came",
    "in",
    "overnight,",
    "one",
    "by",
    "one.",
]


class Scene(Contract):
    """A source and the plan of one Short of it."""

    source: Source
    plan: ClipPlan


def scene_of(path: Path, start: float, seconds: float) -> Scene:
    """Return the scene for a file with a picture."""
    workshop = wire()
    source = ingest(path, workshop.prober, workshop.limits)
    if source.video is None:
        msg = f"{path} has no picture"
        raise SystemExit(msg)
    cut = Span(start=start, end=min(start + seconds, source.duration))
    whole = Span(start=0, end=cut.length)
    crop = min(1.0, source.video.height * 9 / 16 / source.video.width)
    segment = Segment(start=0, end=cut.length, layout="follow", path=swaying(cut.length, crop))
    plan = ClipPlan(
        number=1,
        cut=cut,
        framing=Framing(crop_w=crop, crop_h=1.0, segments=(segment,)),
        captions=compose_captions(
            whole, speech(whole), fonts=workshop.fonts, setting=Setting(look=workshop.look(Brief()))
        ),
        width=WIDTH,
        height=HEIGHT,
        frame_rate=short_rate(source.video),
    )
    return Scene(source=source, plan=plan)


def swaying(seconds: float, crop: float) -> tuple[CameraKey, ...]:
    """Return a camera that never rests: the most keys that a path has."""
    reach = (1 - crop) / 2
    count = int(seconds * KEYS_A_SECOND)
    times = [seconds * number / count for number in range(count + 1)]
    return tuple(CameraKey(t=t, x=0.5 + 0.8 * reach * math.sin(t / 3), y=0.5) for t in times)


def speech(cut: Span) -> Transcript:
    """Return words at the pace of a talk, all through the cut."""
    count = int(cut.length * WORDS_A_SECOND)
    words = tuple(
        Word(
            start=cut.start + number / WORDS_A_SECOND,
            end=cut.start + (number + 0.9) / WORDS_A_SECOND,
            text=SAID[number % len(SAID)],
        )
        for number in range(count)
    )
    length = len(SAID)
    sentences = tuple(
        Sentence(
            start=words[first].start,
            end=words[min(first + length, count) - 1].end,
            first=first,
            last=min(first + length, count),
            text=" ".join(word.text for word in words[first : first + length]),
        )
        for first in range(0, count, length)
    )
    return Transcript(
        words=words, sentences=sentences, speech=(cut,), language="en", engine="bench", word_times="measured"
    )
