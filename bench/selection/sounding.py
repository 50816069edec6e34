"""A script as sound: espeak-ng says each sentence, noise laughs and claps; made once and kept outside the repository."""

import hashlib
import io
import os
import shutil
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from bench.selection.performing import Performance, cues_of, performed
from bench.selection.scripts import Line, Said, Script
from omni.timecode import srt_time

Sound = NDArray[np.float32]

RATE = 22_050
"""What espeak-ng gives."""
_WORDS_A_MINUTE = "165"
_LEVEL, _SHOUTING = 0.07, 10 ** (8 / 20)
"""Root mean square of the voice (about −20 LUFS), and how much louder a shouted sentence is: 8 dB."""
_RAISED = 'pitch="+35%" range="+60%"'
"""What a raised voice is in SSML: five semitones higher, with livelier melody; as loud and as fast as before."""
_HISS = 0.0005
_REVISION = "1"


class NoVoice(RuntimeError):
    """espeak-ng isn't installed."""

    def __str__(self) -> str:
        return "espeak-ng isn't installed: apt install espeak-ng"


def spoken(script: Script, lively: frozenset[int] = frozenset()) -> tuple[Performance, Path]:
    """Return when each line is heard, and the sound file with its subtitles beside it; raises NoVoice.

    The lines numbered in ``lively`` are spoken with a raised voice.
    """
    if shutil.which("espeak-ng") is None:
        raise NoVoice
    manner = f" {sorted(lively)}" if lively else ""
    folder = _cache() / hashlib.sha256(f"{_REVISION} {script}{manner}".encode()).hexdigest()[:16]
    sounds = {id(line): sound for line, sound in _said(script, folder, lively)}
    performance = performed(script, lambda line: len(sounds[id(line)]) / RATE if id(line) in sounds else _room(line))
    path = folder / f"{script.name}.wav"
    if not path.exists():
        _write(path, _mixed(performance, [sounds.get(id(line)) for line in script.lines]))
        _write_cues(performance, path.with_suffix(".srt"))
    return performance, path


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "omni-bench" / "talks"


def _said(script: Script, folder: Path, lively: frozenset[int]) -> Iterator[tuple[Line, Sound]]:
    """Yield each sentence with its sound at the level of the voice."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, line in enumerate(script.lines):
        if isinstance(line, Said):
            kept = folder / f"{number:03d}.wav"
            if not kept.exists():
                kept.write_bytes(_synthesised(line.text, script.voices[line.speaker], lively=number in lively))
            sound = _read(kept.read_bytes())
            loudness = _LEVEL * (_SHOUTING if line.loud else 1.0) / max(float(np.sqrt(np.mean(sound**2))), 1e-6)
            yield line, np.clip(sound * loudness, -0.99, 0.99).astype(np.float32)


def _synthesised(text: str, voice: str, *, lively: bool) -> bytes:
    manner = ["-m"] if lively else []
    said = f"<prosody {_RAISED}>{escape(text)}</prosody>" if lively else text
    command = ["espeak-ng", "-v", voice, "-s", _WORDS_A_MINUTE, *manner, "--stdout", "--", said]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout


def _read(data: bytes) -> Sound:
    """Return the samples of a WAV whose header doesn't know its length, without the silence round them."""
    with wave.open(io.BytesIO(data)) as file:
        raw = file.readframes(len(data) // 2)
    sound = np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2").astype(np.float32) / 32_768
    heard = np.flatnonzero(np.abs(sound) > 0.01)
    return sound[heard[0] : heard[-1] + 1] if heard.size else sound


def _room(line: Line) -> float:
    return 0.0 if isinstance(line, Said) else line.seconds


def _mixed(performance: Performance, sounds: list[Sound | None]) -> Sound:
    dice = np.random.default_rng(7)
    track = dice.normal(0, _HISS, int(performance.duration * RATE) + 1).astype(np.float32)
    for line, span, sound in zip(performance.script.lines, performance.spans, sounds, strict=True):
        piece = sound if sound is not None else _reacting(line, dice)
        begin = int(span.start * RATE)
        track[begin : begin + len(piece)] += piece[: len(track) - begin]
    return np.clip(track, -0.99, 0.99)


def _reacting(line: Line, dice: np.random.Generator) -> Sound:
    """Return noise: of all colours for applause, darker and in bursts for laughter."""
    count = int(_room(line) * RATE)
    noise = dice.normal(0, 1, count)
    time = np.arange(count) / RATE
    swell = np.minimum(1.0, np.minimum(time, time[::-1]) / 0.3)
    if not isinstance(line, Said) and line.kind == "laughter":
        noise = np.convolve(noise, np.hanning(25) / 12, mode="same")
        swell = swell * (0.6 + 0.4 * np.sin(2 * np.pi * 4.5 * time))
    return (0.08 * noise * swell).astype(np.float32)


def _write(path: Path, sound: Sound) -> None:
    part = path.with_suffix(".part")
    with wave.open(str(part), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 32_767).astype("<i2").tobytes())
    part.rename(path)


def _write_cues(performance: Performance, path: Path) -> None:
    rows = (
        f"{n}\n{srt_time(span.start)} --> {srt_time(span.end)}\n{text}\n"
        for n, (span, text) in enumerate(cues_of(performance), 1)
    )
    path.write_text("\n".join(rows), encoding="utf-8")
