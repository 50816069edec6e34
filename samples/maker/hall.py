"""The sound of the hall: claps, laughs, echo and room tone, from seeded noise."""

import numpy as np
from maker.voice import RATE

PEOPLE = 70


def applause(seconds: float, rng: np.random.Generator) -> np.ndarray:
    """Return stereo clapping that swells, holds and dies away; shape (n, 2), peak about 0.5."""
    sound = np.zeros((round(seconds * RATE), 2), dtype=np.float32)
    for _ in range(PEOPLE):
        clap, left = _clap(rng), rng.uniform(0.15, 0.85)
        at = rng.gamma(2.0, 0.16)
        stop = seconds * rng.uniform(0.55, 0.97)
        gap = rng.uniform(0.19, 0.29)
        while at < stop:
            strength = rng.uniform(0.6, 1.0) * min(1.0, 1.6 * (1 - at / seconds))
            _add(sound, clap * strength, at, left)
            at += gap * rng.normal(1.0, 0.07)
    return _to_peak(sound, 0.5)


def laughter(seconds: float, rng: np.random.Generator) -> np.ndarray:
    """Return stereo laughing of a few people; shape (n, 2), peak about 0.35."""
    sound = np.zeros((round(seconds * RATE), 2), dtype=np.float32)
    for _ in range(22):
        pitch, left = rng.uniform(110, 320), rng.uniform(0.15, 0.85)
        at = rng.gamma(2.0, 0.14)
        stop = seconds * rng.uniform(0.45, 0.85)
        gap = rng.uniform(0.17, 0.23)
        strength = rng.uniform(0.5, 1.0)
        while at < stop:
            _add(sound, _ha(pitch, gap, rng) * strength, at, left)
            at, pitch, strength = at + gap * rng.normal(1.0, 0.05), pitch * 0.97, strength * 0.93
    return _to_peak(sound, 0.35)


def room_tone(samples: int, rng: np.random.Generator) -> np.ndarray:
    """Return stereo hum of an empty hall near −62 dBFS: noise that falls 6 dB an octave."""
    return np.stack([_filtered(rng.standard_normal(samples), 60, 400) for _ in range(2)], axis=1) * 0.0012


def echoed(dry: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a mono voice as heard in a hall of 0.5 s reverberation, stereo; the direct sound stays in place."""
    size = round(0.45 * RATE)
    decay = np.exp(-np.arange(size) / (0.075 * RATE))
    wet: list[np.ndarray] = []
    length = 1 << int(np.ceil(np.log2(len(dry) + size)))
    spectrum = np.fft.rfft(dry, length)
    for _ in range(2):
        tail = rng.standard_normal(size) * decay
        tail[: round(0.012 * RATE)] = 0
        wet.append(np.fft.irfft(spectrum * np.fft.rfft(tail, length), length)[: len(dry)])
    level = float(np.std(dry)) / max(float(np.std(wet[0])), 1e-9)
    return np.stack([dry + 0.16 * level * side for side in wet], axis=1).astype(np.float32)


def _clap(rng: np.random.Generator) -> np.ndarray:
    """One pair of hands: a band of noise round 1–2.4 kHz that dies in 12–25 ms."""
    size = round(0.09 * RATE)
    centre = rng.uniform(900, 2400)
    burst = _filtered(rng.standard_normal(size), centre * 0.6, centre * 1.7)
    return (burst * np.exp(-np.arange(size) / (rng.uniform(0.006, 0.013) * RATE))).astype(np.float32)


def _ha(pitch: float, gap: float, rng: np.random.Generator) -> np.ndarray:
    """One syllable of a laugh: breath, then an open vowel."""
    size = round(gap * RATE)
    t = np.arange(size) / RATE
    phase = 2 * np.pi * pitch * (t - 0.6 * t * t)
    vowel = sum(np.sin(phase * k) / k ** (0.8 + abs(pitch * k - 800) / 1800) for k in range(1, 9))
    voiced = vowel * np.clip((t - 0.035) / 0.015, 0, 1) * np.exp(-t / 0.055)
    breath = _filtered(rng.standard_normal(size), 700, 3200) * np.exp(-t / 0.05) * 0.35
    return (voiced + breath).astype(np.float32)


def _filtered(noise: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return noise shaped by a soft band ``low``–``high`` Hz, unit deviation."""
    spectrum = np.fft.rfft(noise)
    hertz = np.fft.rfftfreq(len(noise), 1 / RATE)
    shape = 1 / np.sqrt((1 + (low / np.maximum(hertz, 1)) ** 4) * (1 + (hertz / high) ** 4))
    shaped = np.fft.irfft(spectrum * shape, len(noise))
    return shaped / max(float(np.std(shaped)), 1e-9)


def _add(sound: np.ndarray, piece: np.ndarray, at: float, left: float) -> None:
    first = round(at * RATE)
    room = min(len(piece), len(sound) - first)
    sound[first : first + room, 0] += piece[:room] * left
    sound[first : first + room, 1] += piece[:room] * (1 - left)


def _to_peak(sound: np.ndarray, peak: float) -> np.ndarray:
    return (sound * (peak / np.abs(sound).max())).astype(np.float32)
