"""The frame rate of a Short."""

from fractions import Fraction

from omni.contracts import VideoStream

DEFAULT = "30"
LOWEST, HIGHEST = Fraction(2397, 100), Fraction(60)
"""What every platform takes (TARGETS.md §1); 23.976 counts as film's 24."""


def short_rate(video: VideoStream | None) -> str:
    """Return the source's own rate where platforms take it, else 30 frames a second.

    Rates above 60 are halved until they fit, so that no frame is shown for an uneven time.
    """
    if video is None or video.variable_rate:
        return DEFAULT
    rate = Fraction(video.frame_rate)
    while rate > HIGHEST:
        rate /= 2
    if rate < LOWEST:
        return DEFAULT
    return str(rate)
