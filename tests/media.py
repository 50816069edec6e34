"""Small synthetic media with known truth: ``MAKERS``, name → maker of a file and of what a probe must find in it.

A maker takes the FFmpeg binary and a folder, costs well under two seconds, and works with FFmpeg 5.1 (Debian 12) and 9.0
(bundled). ``make`` keeps what was made in the folder for the next caller.
"""

from pathlib import Path

from makers import faults, formats, names, shapes, sounds, timed
from makers.making import BEATS, CUTS, LINES, MAKERS, MadeVideo, Maker, Truth
from makers.talks import make_talk
from makers.timed import make_cuts, make_sync

__all__ = [
    "BEATS",
    "CUTS",
    "LINES",
    "MAKERS",
    "TALK",
    "MadeVideo",
    "Maker",
    "Truth",
    "make",
    "make_cuts",
    "make_sync",
    "make_talk",
]

TALK = Path(__file__).parents[1] / "samples" / "talk.mp4"
"""The one file that is not made here but committed, with its truth beside it (``talk.truth.json``)."""

SHELVES = (timed, shapes, formats, sounds, faults, names)
"""Importing them fills ``MAKERS``, in this order."""

_made: dict[tuple[str, Path], MadeVideo] = {}


def make(name: str, ffmpeg: str, folder: Path) -> MadeVideo:
    """Return the file called ``name``, made once for each folder; raises ``KeyError`` for a name that isn't in ``MAKERS``."""
    if (name, folder) not in _made:
        _made[name, folder] = MAKERS[name](ffmpeg, folder)
    return _made[name, folder]
