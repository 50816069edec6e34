"""What is heard in the source."""

from typing import Literal

from omni.contracts.base import Contract, Curve, Fraction01, Seconds, Span, Warnings


class Word(Span):
    """One spoken word with its punctuation."""

    text: str


class Sentence(Span):
    """``words[first:last]`` of the transcript; ``last`` is exclusive."""

    first: int
    last: int
    text: str


class SoundEvent(Span):
    """Something heard that is not speech."""

    kind: Literal["applause", "laughter", "music"]
    confidence: Fraction01


class Loudness(Contract):
    """EBU R128 of the chosen track; ``curve`` is momentary loudness in LUFS, one value a second (−70 is silence)."""

    integrated_lufs: float | None
    true_peak_dbtp: float | None
    curve: Curve = Curve(step=1.0)


class Pitch(Contract):
    """How high voices are, one value a second; empty where it wasn't measured."""

    voiced: Curve = Curve(step=1.0)
    """Share of the second, 0–1, in which a voice has a pitch: about half of speech, nothing of noise, breath and whispers."""
    excursion: Curve = Curve(step=1.0)
    """Semitones above (below: negative) what is usual for the voice that speaks; 0.0 where nearly nothing is voiced."""


class Transcript(Contract):
    """What was said and heard. Without words, ``words`` and ``sentences`` are empty and a warning says why."""

    words: tuple[Word, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    speech: tuple[Span, ...] = ()
    turns: tuple[Seconds, ...] = ()
    """When another speaker begins, as far as subtitles tell; each is the start of a word and of a sentence."""
    loudness: Loudness = Loudness(integrated_lufs=None, true_peak_dbtp=None)
    pitch: Pitch = Pitch()
    events: tuple[SoundEvent, ...] = ()
    language: str | None = None
    engine: str
    """Where the words came from: ``sidecar:srt``, ``stream:mov_text``, ``faster-whisper:small``, ``none``."""
    word_times: Literal["measured", "estimated", "none"]
    warnings: Warnings = ()
