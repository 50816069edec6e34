"""The sound of the whole talk, and when everything in it happens."""

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from maker import hall
from maker.script import SECTION_PAUSE, SENTENCE_PAUSE, Line
from maker.voice import RATE, SpokenWord, Voice

SEED = 20261122
LEAD_IN = 1.4
"""Seconds of quiet hall before the first word."""

SOUND_SECONDS = {"laughter": 3.0, "applause": 4.6}
LAST_APPLAUSE_SECONDS = 6.5
REACTION = 0.15
"""Seconds between a joke's last word and the first laugh."""

SPEECH_PEAK = 0.5


@dataclass(frozen=True)
class Sentence:
    """A spoken sentence; seconds of the talk."""

    text: str
    start: float
    end: float
    words: tuple[SpokenWord, ...]
    section: int


@dataclass(frozen=True)
class Sound:
    """Laughter or applause; seconds of the talk."""

    kind: str
    start: float
    end: float


@dataclass(frozen=True)
class Timeline:
    """What is heard: ``sound`` is stereo at 48 kHz; ``voice`` is the dry speech, for the mouth."""

    sentences: tuple[Sentence, ...]
    sounds: tuple[Sound, ...]
    sound: np.ndarray
    voice: np.ndarray

    @property
    def duration(self) -> float:
        """Seconds, a whole number of frames at 25 a second."""
        return len(self.sound) / RATE


def compose(lines: tuple[Line, ...]) -> Timeline:
    """Speak the lines one after another and put the audience in between."""
    voice, rng = Voice(), np.random.default_rng(SEED)
    sentences: list[Sentence] = []
    sounds: list[Sound] = []
    speech: list[tuple[float, np.ndarray]] = []
    at, section = LEAD_IN, 0
    for index, line in enumerate(lines):
        if line.section != section:
            at, section = at + SECTION_PAUSE - SENTENCE_PAUSE, line.section
        if line.kind == "sentence":
            wav, words = voice.say(line.text)
            end = at + len(wav) / RATE
            placed = tuple(SpokenWord(w.text, at + w.start, at + w.end) for w in words)
            sentences.append(Sentence(line.text, at, end, placed, section))
            speech.append((at, wav))
            at = end + SENTENCE_PAUSE * rng.uniform(0.8, 1.4)
        else:
            start = sentences[-1].end + REACTION
            last = index == len(lines) - 1
            end = start + (LAST_APPLAUSE_SECONDS if last else SOUND_SECONDS[line.kind])
            sounds.append(Sound(line.kind, start, end))
            at = end - 0.3
    frames = int(np.ceil((at + 0.9) * 25))
    dry, mixed = _mix(frames * RATE // 25, speech, sounds, rng)
    return Timeline(tuple(sentences), tuple(sounds), mixed, dry)


def _mix(
    samples: int, speech: list[tuple[float, np.ndarray]], sounds: list[Sound], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return the dry voice and the stereo mix."""
    dry = np.zeros(samples, dtype=np.float32)
    for at, wav in speech:
        first = round(at * RATE)
        dry[first : first + len(wav)] += wav
    dry *= SPEECH_PEAK / np.abs(dry).max()
    mixed = hall.echoed(dry, rng) + hall.room_tone(samples, rng)
    for sound in sounds:
        make = hall.laughter if sound.kind == "laughter" else hall.applause
        piece = make(sound.end - sound.start, rng)
        first = round(sound.start * RATE)
        room = min(len(piece), samples - first)
        mixed[first : first + room] += piece[:room]
    return dry, np.clip(mixed, -0.95, 0.95).astype(np.float32)


def write_wav(path: Path, sound: np.ndarray) -> None:
    """Write 16-bit PCM."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(sound.shape[1])
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 32767).astype("<i2").tobytes())
