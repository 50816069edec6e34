"""Where a proposed clip lies in the source: quotes beat word numbers, word numbers beat times."""

from collections.abc import Sequence

from omni.analysis.prompted.answers import ProposedClip
from omni.analysis.prompted.parts import Part
from omni.analysis.prompted.quoting import Passage
from omni.analysis.prompted.times import Reading, clamped, read_time
from omni.contracts import Span, Word
from omni.timecode import clock


class Misplaced(Exception):
    """A clip lies nowhere; the message says why and completes "Clip 3 …", in words for the model."""


def names_words(clip: ProposedClip) -> bool:
    """Tell whether a clip says by words where it lies."""
    return bool(clip.opening.strip() or clip.closing.strip()) or None not in (clip.first_word, clip.last_word)


def said_at(clip: ProposedClip, words: Sequence[Word], passage: Passage) -> Span:
    """Return the time from the first to the last word that a clip names; raises Misplaced.

    An edge whose quote isn't found falls back on its number, but only when the other quote shows that the model has read this talk.
    """
    first, last = (n if passage.holds(n) else None for n in (clip.first_word, clip.last_word))
    start = passage.opening(clip.opening, first)
    end = passage.closing(clip.closing, last, passage.first if start is None else start)
    quotes = bool(clip.opening.strip() or clip.closing.strip())
    if quotes and start is None and end is None:
        msg = "has first and last words that aren't to be found in the transcript; copy them exactly"
        raise Misplaced(msg)
    start = _numbered(clip.first_word, passage) if start is None else start
    end = _numbered(clip.last_word, passage) if end is None else end
    if end < start:
        msg = "ends before it begins"
        raise Misplaced(msg)
    return Span(start=words[start].start, end=max(w.end for w in words[start : end + 1]))


def _numbered(number: int | None, passage: Passage) -> int:
    if number is None or not passage.holds(number):
        msg = f"names a word that isn't in the transcript, whose words are {passage.first}–{passage.last - 1}"
        raise Misplaced(msg)
    return number


def seen_at(clip: ProposedClip, part: Part, *, clocked: bool) -> Span:
    """Return the time in the source that a clip names in its part; raises Misplaced. See :func:`is_clocked`."""
    start, end = (
        _time(value, name, part, clocked=clocked) for value, name in ((clip.start, "start"), (clip.end, "end"))
    )
    if end <= start:
        msg = "ends before it begins"
        raise Misplaced(msg)
    return Span(start=part.absolute(start), end=part.absolute(end))


def is_clocked(clips: Sequence[ProposedClip], part: Part) -> bool:
    """Tell whether any time of an answer is written as MM:SS: then a bare number beside it could mean anything."""
    readings = (read_time(value, part.length) for clip in clips for value in (clip.start, clip.end))
    return any(reading.style == "clock" for reading in readings if reading)


def _time(value: object, name: str, part: Part, *, clocked: bool) -> float:
    reading: Reading | None = read_time(value, part.length)
    if reading is None:
        msg = f"gives as its {name} what is no time of the form MM:SS"
        raise Misplaced(msg)
    if clocked and reading.style == "number":
        msg = f"gives its {name} as a bare number while other times are MM:SS; write all of them as MM:SS"
        raise Misplaced(msg)
    seconds = clamped(reading.seconds, part.length)
    if seconds is None:
        msg = f"gives its {name} beyond the end of the recording at {clock(part.length)}"
        raise Misplaced(msg)
    return seconds
