"""How long the sound of a Short may rise and fall without eating a word."""

from omni.contracts import Fades, Span, Transcript

RISE, FALL = 0.02, 0.12
"""Seconds where there is room: a rise that takes the click out of a cut in sound, a fall that lets a room's tone go."""
SHORTEST_RISE, SHORTEST_FALL = 0.015, 0.005
"""Seconds that no cut goes without. A voice that begins at full level within 12 ms or less makes FFmpeg's AAC encoder
overshoot the limiter by 2 dB, within 15 ms by 0.4 dB (9.0, samples/talk.mp4 from 58.5 s); with the silent first frame
that is 36 ms, below the 40 ms that a cut may take from a word (TARGETS.md §2). At the end 5 ms take the click out."""
CLEAR = 0.02
"""Seconds that stay between a fade and a word: half of what measured word times are wrong by (TARGETS.md §2)."""
UNHEARD = 0.0214
"""Seconds at the start in which an AAC file without edit lists is silent: one frame of 1 024 samples at 48 kHz."""


def fades_for(transcript: Transcript, length: float) -> Fades:
    """Return the fades of a clip of ``length`` seconds; ``transcript`` is in clip time."""
    spoken = _spoken(transcript)
    lead = min((span.start for span in spoken), default=length) - UNHEARD - CLEAR
    tail = length - max((span.end for span in spoken), default=0.0) - CLEAR
    return Fades(rise=_within(lead, SHORTEST_RISE, RISE), fall=_within(tail, SHORTEST_FALL, FALL))


def _spoken(transcript: Transcript) -> tuple[Span, ...]:
    """Measured words, or what the voice detector heard; where words are estimates, both."""
    if transcript.word_times == "measured":
        return transcript.words
    return (*transcript.words, *transcript.speech)


def _within(room: float, least: float, wished: float) -> float:
    return round(max(least, min(room, wished)), 4)
