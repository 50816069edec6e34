"""Times in and out of text: the one home for clock arithmetic."""


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
