"""From Shorts in seconds to cuts in frames of the source's own clock."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import floor
from pathlib import Path
from urllib.parse import quote

from omni.contracts import Clip, Short, Source, Span, VideoStream, Warnings, Word
from omni.packaging.delivering import Parcel
from omni.packaging.naming import slug
from omni.ports.editing import Cut, CutList, Mark, Reel, Take
from omni.timecode import frame_of
from omni.untrusted.invisibles import without_unseen

USUAL_RATES = tuple(
    Fraction(rate) for rate in ("24000/1001", "24", "25", "30000/1001", "30", "48", "50", "60000/1001", "60")
)
"""What editing programs take as the rate of a time line."""
WITHOUT_PICTURE = Fraction(30)
"""Frames a second of a sound's time line, which has to have some: those of the Shorts."""
LONGEST_COMMENT = 1000


def cut_list(parcel: Parcel, places: Iterable[Path] = ()) -> CutList:
    """Return the Shorts of a job as cuts of its source.

    A source below one of ``places`` (uploads, downloads) is named without its folder, which means nothing to a person.
    """
    reel = reel_of(parcel.source, places)
    clips = {clip.number: clip for clip in parcel.analysis.clips}
    words = parcel.transcript.words if parcel.transcript else ()
    cuts = tuple(_cut(short, clips[short.number], reel, words) for short in parcel.shorts)
    return CutList(title=_line(parcel.source.title), reel=reel, cuts=cuts)


def reel_of(source: Source, places: Iterable[Path] = ()) -> Reel:
    """Return the source as an editor finds it again."""
    video, audio = source.video, source.audio
    rate = rate_of(video)
    clock = video.timecode if video and _keeps_rate(video) else None
    is_ours = any(source.path.is_relative_to(place) for place in places)
    return Reel(
        url=quote(source.path.name) if is_ours else source.path.absolute().as_uri(),
        name=_printable(source.path.name),
        sha256=source.sha256,
        rate=str(rate),
        first=frame_of(clock, rate) if clock else 0,
        frames=max(1, floor(Fraction(source.duration) * rate + Fraction(1, 100))),
        drop_frame=clock is not None and ";" in clock,
        width=video.width if video else None,
        height=video.height if video else None,
        channels=audio.channels if audio else 0,
        sample_rate=audio.sample_rate if audio else 0,
    )


def rate_of(video: VideoStream | None) -> Fraction:
    """Return the rate at which an editor shows the source: its own, a multiple or part of it, or the nearest usual one.

    >>> rate_of(None)
    Fraction(30, 1)
    """
    if video is None:
        return WITHOUT_PICTURE
    own = Fraction(video.frame_rate)
    even = [usual for usual in USUAL_RATES if 1 in {(usual / own).denominator, (own / usual).denominator}]
    return min(USUAL_RATES if _is_usual(own) else even or USUAL_RATES, key=lambda usual: abs(usual - own))


def remarks(source: Source) -> Warnings:
    """Return what an editor's user has to know about this source."""
    video = source.video
    if video is None or _keeps_rate(video):
        return ()
    what = "varies" if video.variable_rate else f"is unusual ({video.frame_rate})"
    said = (
        f"The source's frame rate {what}: in an editor, cuts from edit/ may lie a few frames beside; "
        "a copy with a constant, usual rate cuts exactly."
    )
    return (said,)


def _keeps_rate(video: VideoStream) -> bool:
    return not video.variable_rate and _is_usual(Fraction(video.frame_rate))


def _is_usual(own: Fraction) -> bool:
    """Whether a rate is a usual one; headers round: 2997/100 is 30000/1001, ten times nearer than 30 is."""
    return any(abs(usual - own) < own / 10_000 for usual in USUAL_RATES)


def _cut(short: Short, clip: Clip, reel: Reel, words: Sequence[Word]) -> Cut:
    stretches = _frames(short.kept or (short.cut,), reel)
    takes = tuple(
        Take(
            first=reel.first + first,
            frames=last - first,
            marks=(
                *((_note(short, clip, reel.first + first),) if place == 0 else ()),
                *_words(words, first, last, reel),
            ),
        )
        for place, (first, last) in enumerate(stretches)
    )
    return Cut(
        number=short.number,
        name=f"{short.number:02d} {_line(clip.title)}",
        stem=f"{short.number:02d}-{slug(clip.title)}",
        takes=takes,
        facts=_facts(short, clip),
    )


def _frames(pieces: Sequence[Span], reel: Reel) -> list[tuple[int, int]]:
    """Return pieces as [first, last) frames: at least one each, in the source, and none shown twice."""
    found: list[tuple[int, int]] = []
    for piece in pieces:
        earliest = found[-1][1] if found else 0
        first = min(max(round(Fraction(piece.start) * reel.fps), earliest), reel.frames - 1)
        found.append((first, max(first + 1, min(round(Fraction(piece.end) * reel.fps), reel.frames))))
    return found


def _note(short: Short, clip: Clip, first: int) -> Mark:
    told = [
        *((f"Hook: {clip.hook}",) if clip.hook else ()),
        f"Score {clip.score:.0f}: {clip.reason}",
        *(f"{'+' if e.weight > 0 else '-'} {e.text}" for e in clip.evidence),
        *(() if short.usable else (f"Not posted: {'; '.join(short.warnings)}",)),
    ]
    comment = " / ".join(map(_line, told))[:LONGEST_COMMENT]
    return Mark(first=first, frames=1, text=f"{short.number:02d} {_line(clip.title)}", comment=comment, kind="short")


def _words(words: Sequence[Word], first: int, last: int, reel: Reel) -> tuple[Mark, ...]:
    """Return the words that begin in [first, last), each as long as it is spoken."""
    starts = [round(Fraction(word.start) * reel.fps) for word in words]
    low, high = bisect_left(starts, first), bisect_left(starts, last)
    ends = [min(last, round(Fraction(word.end) * reel.fps)) for word in words[low:high]]
    return tuple(
        Mark(first=reel.first + at, frames=max(1, end - at), text=_line(word.text), kind="word")
        for at, end, word in zip(starts[low:high], ends, words[low:high], strict=True)
    )


def _facts(short: Short, clip: Clip) -> dict[str, object]:
    return {
        "number": short.number,
        "title": clip.title,
        "hook": clip.hook,
        "score": clip.score,
        "reason": clip.reason,
        "evidence": [f"{e.kind} {e.weight:+g}: {e.text}" for e in clip.evidence],
        "start": short.cut.start,
        "end": short.cut.end,
        "left_out": [(a.end, b.start) for a, b in pairwise(short.kept)],
        "usable": short.usable,
    }


def _line(text: str) -> str:
    return " ".join(without_unseen(text).split())


def _printable(name: str) -> str:
    """Return a file name as it is, but for what would break a line or isn't allowed in XML."""
    return "".join(letter if letter.isprintable() else "_" for letter in name)
