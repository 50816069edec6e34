"""Times in and out of text: the one home for clock arithmetic."""

import re
from fractions import Fraction


def srt_time(seconds: float) -> str:
    """Format as ``HH:MM:SS,mmm``.

    >>> srt_time(3661.0015)
    '01:01:01,002'
    """
    hours, minutes, secs, millis = _split(seconds)
    return f"{hours:02d}:{minutes:02d}:{secs:02d},{millis:03d}"


def vtt_time(seconds: float) -> str:
    """Format as ``HH:MM:SS.mmm``."""
    return srt_time(seconds).replace(",", ".")


def clock(seconds: float) -> str:
    """Format for people: ``M:SS`` or ``H:MM:SS``.

    >>> clock(75.6), clock(3600)
    ('1:15', '1:00:00')
    """
    minutes, secs = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes}:{secs:02d}"


def _split(seconds: float) -> tuple[int, int, int, int]:
    total = max(0, round(seconds * 1000))
    secs, millis = divmod(total, 1000)
    minutes, secs = divmod(secs, 60)
    hours, minutes = divmod(minutes, 60)
    return hours, minutes, secs, millis


def smpte(frame: int, rate: Fraction, *, drop_frame: bool = False) -> str:
    """Format a frame number as ``HH:MM:SS:FF`` (SMPTE 12M); with drop-frame counting as ``HH:MM:SS;FF``.

    >>> smpte(1800, Fraction(30000, 1001)), smpte(1800, Fraction(30000, 1001), drop_frame=True)
    ('00:01:00:00', '00:01:00;02')
    """
    counted = round(rate)
    if drop_frame:
        frame += _dropped_before(frame, counted)
    seconds, frames = divmod(frame, counted)
    minutes, secs = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours % 24:02d}:{minutes:02d}:{secs:02d}{';' if drop_frame else ':'}{frames:02d}"


def frame_of(timecode: str, rate: Fraction) -> int:
    """Return the frame that ``HH:MM:SS:FF`` names; with ``;`` before the frames it is counted with drop-frame.

    >>> frame_of("00:01:00;02", Fraction(30000, 1001))
    1800
    """
    hours, minutes, secs, frames = (int(part) for part in re.split("[:;]", timecode))
    counted, all_minutes = round(rate), hours * 60 + minutes
    frame = (all_minutes * 60 + secs) * counted + frames
    return frame - _dropped_a_minute(counted) * (all_minutes - all_minutes // 10) if ";" in timecode else frame


def frames_of_a_day(rate: Fraction, *, drop_frame: bool = False) -> int:
    """Return the frames after which a clock begins anew.

    >>> frames_of_a_day(Fraction(25)), frames_of_a_day(Fraction(30000, 1001), drop_frame=True)
    (2160000, 2589408)
    """
    return frame_of(f"24:00:00{';' if drop_frame else ':'}00", rate)


def _dropped_a_minute(counted: int) -> int:
    """Return how many numbers every minute but each tenth leaves out."""
    return counted // 15


def _dropped_before(frame: int, counted: int) -> int:
    a_minute = _dropped_a_minute(counted)
    tens, rest = divmod(frame, counted * 600 - 9 * a_minute)
    return a_minute * (9 * tens + max(0, rest - a_minute) // (counted * 60 - a_minute))
