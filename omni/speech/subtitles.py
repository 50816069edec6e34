"""Subtitle bytes to cues: encodings and formats."""

import re
from dataclasses import dataclass

import pysubs2

from omni.speech.tokens import stamp

# A subtitle file of a ten-hour video has about 1 MB; beyond this it is something else.
MAX_BYTES = 16 * 2**20
MAX_CUES = 100_000
"""A ten-hour video with a cue every half second has 72 000."""
LONGEST_CUE = 5_000
"""Characters; what is longer is no cue, and reading it can take time by the square of its length."""

# Not pysubs2's own test, which takes time by the square of a row of braces.
_DRAWING = re.compile(r"\{[^{}]*\\p[1-9]")
_INLINE_TIME = re.compile(r"<(?:(\d{1,4}):)?(\d{2}):(\d{2})[.,](\d{3})>")


@dataclass(frozen=True)
class RawCue:
    """One cue as written: seconds, and text whose rows are parted by line breaks; tags and notes still inside."""

    start: float
    end: float
    text: str


class SubtitlesUnusable(Exception):
    """The text holds no cue that can be used; the message says why and completes "… because it …"."""


def read_cues(data: bytes) -> tuple[RawCue, ...]:
    """Return the cues of an SRT, WebVTT, ASS or SSA file in time order; raises :class:`SubtitlesUnusable`."""
    refuse_size(len(data))
    text = "\n".join(decoded(data).splitlines())
    if not text.strip():
        msg = "is empty"
        raise SubtitlesUnusable(msg)
    return cues_of(text)


def cues_of(text: str) -> tuple[RawCue, ...]:
    """Return the cues of subtitle text in time order; raises :class:`SubtitlesUnusable`."""
    refuse_size(len(text))
    try:
        parsed = pysubs2.SSAFile.from_string(_INLINE_TIME.sub(_as_stamp, text), keep_html_tags=True)
    except (pysubs2.exceptions.Pysubs2Error, ValueError, KeyError, IndexError, OverflowError) as error:
        msg = "is not readable as SRT, WebVTT or ASS"
        raise SubtitlesUnusable(msg) from error
    cues = [
        RawCue(event.start / 1000, event.end / 1000, _rows(event.text, parsed.format))
        for event in parsed
        if event.type == "Dialogue"
        and 0 <= event.start < event.end
        and len(event.text) <= LONGEST_CUE
        and not _DRAWING.search(event.text)
    ]
    if not cues:
        msg = "has no line with a time"
        raise SubtitlesUnusable(msg)
    if len(cues) > MAX_CUES:
        msg = f"has {len(cues)} lines, more than any video"
        raise SubtitlesUnusable(msg)
    return tuple(sorted(cues, key=lambda cue: (cue.start, cue.end)))


def refuse_size(size: int) -> None:
    """Raise :class:`SubtitlesUnusable` for more bytes or characters than any subtitle file has."""
    if size > MAX_BYTES:
        msg = f"has {size / 2**20:.0f} MB, more than any subtitle file"
        raise SubtitlesUnusable(msg)


def decoded(data: bytes) -> str:
    """Return the text of a file whose encoding nobody told: a byte order mark, else UTF-8, UTF-16, or Windows-1252."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    zeros = data[:4000].count(0)
    if zeros > len(data[:4000]) / 4:
        # Unmarked UTF-16: the times are ASCII, so every other byte of them is zero.
        return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le", errors="replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _as_stamp(match: re.Match[str]) -> str:
    hours, minutes, seconds, milliseconds = (int(group or 0) for group in match.groups())
    return stamp(((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds)


def _rows(text: str, container: str | None) -> str:
    """Return the rows of a cue; in WebVTT an empty line ends it, and what follows is a comment or the next cue's name."""
    rows = text.replace(r"\n", r"\N").split(r"\N")
    if container == "vtt":
        while rows and not rows[0]:
            rows.pop(0)
        rows = rows[: rows.index("")] if "" in rows else rows
    return "\n".join(rows)
