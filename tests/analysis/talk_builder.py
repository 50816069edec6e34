"""Dossiers written by hand: text in, words with times out, as a measured transcript would have them."""

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from omni.contracts import (
    Brief,
    Curve,
    Dossier,
    Footage,
    Loudness,
    Precedents,
    Sentence,
    Shot,
    SoundEvent,
    Source,
    Span,
    Transcript,
    VideoStream,
    Word,
)

RATE = 2.6
"""Words a second of a calm speaker."""


@dataclass
class Talk:
    """Grows word by word; ``marks`` are the spans of the paragraphs written with a leading ``*``."""

    t: float = 0.6
    words: list[Word] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    events: list[SoundEvent] = field(default_factory=list)
    marks: list[Span] = field(default_factory=list)

    def say(self, line: str, pause: float = 0.35) -> None:
        """Speak one sentence, then pause."""
        first = len(self.words)
        tokens = line.split()
        share = len(tokens) / RATE / sum(len(t) + 2 for t in tokens)
        for token in tokens:
            length = share * (len(token) + 2)
            self.words.append(Word(start=round(self.t, 3), end=round(self.t + length * 0.92, 3), text=token))
            self.t += length
        start, end = self.words[first].start, self.words[-1].end
        self.sentences.append(Sentence(start=start, end=end, first=first, last=len(self.words), text=line))
        self.t = end + pause

    def react(self, kind: str, seconds: float = 2.0) -> None:
        """Let the room laugh or clap."""
        self.events.append(SoundEvent(start=self.t, end=self.t + seconds, kind=kind, confidence=0.9))
        self.t += seconds + 0.3

    def transcript_text(self, span: Span) -> str:
        """What is said within a span."""
        return " ".join(w.text for w in self.words if span.start <= w.start and w.end <= span.end)


def spoken(text: str) -> Talk:
    """Speak a text: a line is a sentence, a blank line a pause of 1 s, ``[applause]`` an event, ``*`` marks a paragraph."""
    talk = Talk()
    for block in text.strip().split("\n\n"):
        begin = len(talk.words)
        for line in block.strip().lstrip("*").splitlines():
            if line.startswith("["):
                talk.react(line.strip("[]"))
            else:
                talk.say(line.strip())
        if block.startswith("*"):
            talk.marks.append(Span(start=talk.words[begin].start, end=talk.words[-1].end))
        talk.t += 0.65
    return talk


def source(duration: float, *, fps: float = 25.0, picture: bool = True, title: str = "Talk") -> Source:
    """A probed source of this length."""
    video = VideoStream(
        index=0, codec="h264", width=1280, height=720, coded_width=1280, coded_height=720, fps=fps, frame_rate=f"{fps}"
    )
    return Source(
        path=Path("talk.mp4"),
        sha256="0" * 64,
        size_bytes=1,
        container="mp4",
        duration=duration,
        video=video if picture else None,
        audio=None,
        title=title,
    )


def transcript(talk: Talk, **changes: object) -> Transcript:
    """The talk as a transcript; ``changes`` replace fields."""
    fields: dict[str, object] = {
        "words": tuple(talk.words),
        "sentences": tuple(talk.sentences),
        "events": tuple(talk.events),
        "speech": speech_of(talk),
        "loudness": Loudness(integrated_lufs=-18.0, true_peak_dbtp=-2.0, curve=Curve(step=1.0)),
        "language": "en",
        "engine": "test",
        "word_times": "measured",
    }
    return Transcript.model_validate(fields | changes)


def speech_of(talk: Talk) -> tuple[Span, ...]:
    """Speech regions: the sentences, joined over pauses below 0.3 s, 50 ms wider than the words."""
    regions: list[Span] = []
    for s in talk.sentences:
        start, end = max(0.0, s.start - 0.05), s.end + 0.05
        if regions and start - regions[-1].end < 0.2:
            start = regions.pop().start
        regions.append(Span(start=start, end=end))
    return tuple(regions)


def dossier(
    heard: Transcript,
    duration: float,
    *,
    shots: tuple[float, ...] = (),
    brief: Brief | None = None,
    used: tuple[Span, ...] = (),
    fps: float = 25.0,
    footage: Footage | None = None,
    title: str = "Talk",
) -> Dossier:
    """All that an analyst may know; ``shots`` are the times of the cuts."""
    borders = (0.0, *shots, duration)
    seen = footage or Footage(shots=tuple(Shot(start=a, end=b) for a, b in pairwise(borders)), engine="test")
    return Dossier(
        source=source(duration, fps=fps, title=title),
        transcript=heard,
        footage=seen,
        precedents=Precedents(used=used),
        brief=brief or Brief(),
    )
