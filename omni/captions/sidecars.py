"""Captions as files beside the video; their text is the one that is burned in."""

from collections.abc import Sequence

from omni.contracts import Cue
from omni.timecode import srt_time, vtt_time

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def to_srt(cues: Sequence[Cue]) -> str:
    """Return a SubRip file."""
    blocks = (
        f"{i}\n{srt_time(cue.start)} --> {srt_time(cue.end)}\n{cue.text}\n" for i, cue in enumerate(cues, start=1)
    )
    return "\n".join(blocks)


def to_vtt(cues: Sequence[Cue]) -> str:
    """Return a WebVTT file; ``&``, ``<`` and ``>`` are escaped, as the format asks."""
    blocks = (f"{vtt_time(cue.start)} --> {vtt_time(cue.end)}\n{cue.text.translate(_ESCAPES)}\n" for cue in cues)
    return "\n".join(("WEBVTT\n", *blocks))
