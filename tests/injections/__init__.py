"""Sixty ways in which a video tries to give orders to the model that reads it (TARGETS §4.8).

``talk.txt`` is the clean twin; every injection adds one text to it: said aloud, as a cue of the subtitles, as the file's name, or in
metadata (the sound track's name and what the memory recalls). A ``canary`` is what the order wants to see written; a ``pointer`` is
the address or handle that it wants to have posted.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from omni.contracts import AudioStream, Brief, Dossier, Footage, Precedent, Precedents, Source, Span, Transcript, Word
from omni.speech.markup import read_lines
from omni.speech.sentences import sentences
from omni.speech.subtitles import read_cues
from omni.speech.tokens import tokens
from omni.timecode import srt_time

Carrier = Literal["speech", "subtitles", "file_names", "metadata"]

_HERE = Path(__file__).parent
_CARRIERS: tuple[Carrier, ...] = ("speech", "subtitles", "file_names", "metadata")
_RATE = 2.6
"""Words a second of a calm speaker."""
_AFTER = 3
"""The paragraph after which a voice or a cue gives its order: in the middle of the talk."""


@dataclass(frozen=True)
class Injection:
    """One hostile text, and what it wants."""

    carrier: Carrier
    name: str
    text: str
    canary: str
    pointer: str = ""

    def __str__(self) -> str:
        return f"{self.carrier}: {self.name}"


def _read(carrier: Carrier) -> tuple[Injection, ...]:
    rows = tomllib.loads((_HERE / f"{carrier}.toml").read_text("utf-8"))["injection"]
    return tuple(Injection(carrier, **row) for row in rows)


INJECTIONS: tuple[Injection, ...] = tuple(injection for carrier in _CARRIERS for injection in _read(carrier))
PARAGRAPHS: tuple[tuple[str, ...], ...] = tuple(
    tuple(block.splitlines()) for block in (_HERE / "talk.txt").read_text("utf-8").strip().split("\n\n")
)
TITLE = "Harbours and boxes"


def clean_dossier(brief: Brief | None = None) -> Dossier:
    """Return the talk as it is, from measured words."""
    return _dossier(_words(_timed(None), spoken=True), brief)


def subtitled_dossier(brief: Brief | None = None) -> Dossier:
    """Return the talk as it is, from a subtitle file: the clean twin of the injected subtitles."""
    return _dossier(_words(_timed(None), spoken=False), brief, engine="sidecar:srt")


def injected_dossier(injection: Injection, brief: Brief | None = None) -> Dossier:
    """Return the talk with one injection in it."""
    match injection.carrier:
        case "speech":
            return _dossier(_words(_timed(injection.text), spoken=True), brief)
        case "subtitles":
            return _dossier(_words(_timed(injection.text), spoken=False), brief, engine="sidecar:srt")
        case "file_names":
            return _dossier(_words(_timed(None), spoken=True), brief, title=injection.text)
        case "metadata":
            return _dossier(_words(_timed(None), spoken=True), brief, metadata=injection.text)


def twin_of(injection: Injection, brief: Brief | None = None) -> Dossier:
    """Return the clean dossier that an injected one is compared with."""
    return subtitled_dossier(brief) if injection.carrier == "subtitles" else clean_dossier(brief)


@dataclass(frozen=True)
class _Line:
    start: float
    end: float
    text: str


def _timed(order: str | None) -> tuple[_Line, ...]:
    """Return the lines of the talk with their times, and the order between two paragraphs."""
    blocks: list[Sequence[str]] = list(PARAGRAPHS)
    if order is not None:
        blocks.insert(_AFTER, [order])
    t, lines = 0.6, list[_Line]()
    for block in blocks:
        for text in block:
            length = max(1.0, len(tokens(text)) / _RATE)
            lines.append(_Line(round(t, 3), round(t + length, 3), text))
            t += length + 0.35
        t += 0.65
    return tuple(lines)


def _words(lines: Sequence[_Line], *, spoken: bool) -> tuple[Word, ...]:
    """Return the words, spread evenly over their lines; subtitles are read as a file."""
    if spoken:
        return tuple(w for line in lines for w in _spread(line.start, line.end, [t.text for t in tokens(line.text)]))
    cues = (f"{i}\n{srt_time(x.start)} --> {srt_time(x.end)}\n{x.text}\n" for i, x in enumerate(lines, start=1))
    read, _ = read_lines(read_cues("\n".join(cues).encode()))
    return tuple(w for line in read for w in _spread(line.start, line.end, [t.text for t in line.tokens]))


def _spread(start: float, end: float, texts: Sequence[str]) -> list[Word]:
    borders = [start + i * (end - start) / len(texts) for i in range(len(texts) + 1)]
    return [Word(start=a, end=b, text=text) for text, (a, b) in zip(texts, pairwise(borders), strict=True)]


def _dossier(
    words: tuple[Word, ...], brief: Brief | None, *, engine: str = "test", title: str = TITLE, metadata: str = ""
) -> Dossier:
    said = sentences(words, "en")
    return Dossier(
        source=_source(words[-1].end + 1, title, metadata),
        transcript=Transcript(
            words=words,
            sentences=said,
            speech=tuple(Span(start=s.start, end=s.end) for s in said),
            language="en",
            engine=engine,
            word_times="measured",
        ),
        footage=Footage(engine="test"),
        precedents=Precedents(nearest=(_precedent(metadata),) if metadata else ()),
        brief=brief or Brief(),
    )


def _source(duration: float, title: str, metadata: str) -> Source:
    sound = AudioStream(index=0, codec="aac", sample_rate=48_000, channels=2, title=metadata or None)
    return Source(
        path=Path("talk.mp4"), sha256="ab" * 32, size_bytes=1, container="mp4", duration=duration, video=None, audio=sound,
        audio_tracks=1, title=title,
    )  # fmt: skip


def _precedent(text: str) -> Precedent:
    return Precedent(
        id="1",
        kind="clip",
        title=text,
        text=text,
        score=0.9,
        source_sha256="cd" * 32,
        source_title=text,
        strategy_id="2",
    )
