"""A script on a clock: when each line is said, without sound by its letters, or with it by what espeak-ng needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from random import Random

from bench.selection.scripts import Line, Said, Script
from omni.contracts import (
    Brief,
    Curve,
    Dossier,
    Footage,
    Loudness,
    Pitch,
    Precedents,
    Sentence,
    SoundEvent,
    Source,
    Span,
    Transcript,
    Word,
)

LETTERS_A_SECOND = 15.5
"""About 160 words a minute in English."""
SPOKEN, SHOUTED, ROOM, SILENCE = -20.0, -12.0, -18.0, -70.0
"""LUFS."""
RAISED, _MELODY, _VOICED = 4.0, 1.6, 0.6
"""Semitones by which a raised voice of :mod:`bench.selection.sounding` is heard to go up, those by which ordinary seconds stray, and the
share of them that is voiced: as measured on it."""
_HEAD = 0.6
_AFTER_REACTION = 0.3
_BREATHS = (0.2, 0.25, 0.3, 0.3, 0.35, 0.4, 0.5, 0.9)
"""Seconds after a sentence: one in eight stops for effect."""
_BREAKS = (0.0, 0.2, 0.5, 1.0)
"""Seconds more after a paragraph: not every thought is announced by a pause, or the pauses would give the marks away."""


@dataclass(frozen=True)
class Performance:
    """``spans[i]`` is when ``script.lines[i]`` is heard."""

    script: Script
    spans: tuple[Span, ...]
    duration: float

    def marked(self, kind: str) -> tuple[Span, ...]:
        """Return the marked stretches of one kind: from the first thing heard in them to the last."""
        return tuple(
            Span(start=self.spans[m.first].start, end=self.spans[m.last - 1].end)
            for m in self.script.marks
            if m.kind == kind
        )

    @property
    def sentences(self) -> tuple[tuple[Said, Span], ...]:
        """What is said, and when."""
        pairs = zip(self.script.lines, self.spans, strict=True)
        return tuple((line, span) for line, span in pairs if isinstance(line, Said))


def performed(script: Script, seconds_of: Callable[[Line], float], reading: int = 0) -> Performance:
    """Put a script on a clock; ``seconds_of`` tells how long a line is heard, each reading pauses at other places."""
    dice = Random(f"{script.name} {reading}")
    t, spans = _HEAD, list[Span]()
    for line in script.lines:
        spans.append(Span(start=t, end=t + seconds_of(line)))
        t = spans[-1].end + _pause_after(line, dice)
    return Performance(script, tuple(spans), t + _HEAD)


def _pause_after(line: Line, dice: Random) -> float:
    if not isinstance(line, Said):
        return _AFTER_REACTION
    return dice.choice(_BREATHS) + (dice.choice(_BREAKS) if line.closes else 0.0)


def by_letters(line: Line) -> float:
    """Return how long a line takes a speaker of ordinary speed."""
    return max(0.4, len(line.text) / LETTERS_A_SECOND) if isinstance(line, Said) else line.seconds


def dossier_of(performance: Performance, brief: Brief, lively: frozenset[int] | None = None) -> Dossier:
    """Return what an analyst would be given if everything were heard perfectly; no picture.

    ``lively`` are the lines spoken with a raised voice; ``None``: the pitch isn't known.
    """
    script = performance.script
    words, sentences = _words(performance)
    transcript = Transcript(
        words=words,
        sentences=sentences,
        speech=tuple(Span(start=max(0.0, span.start - 0.05), end=span.end + 0.05) for _, span in performance.sentences),
        loudness=Loudness(integrated_lufs=SPOKEN, true_peak_dbtp=-2.0, curve=_levels(performance)),
        pitch=Pitch() if lively is None else _pitch(performance, lively),
        events=tuple(
            SoundEvent(start=span.start, end=span.end, kind=line.kind, confidence=0.9)
            for line, span in zip(script.lines, performance.spans, strict=True)
            if not isinstance(line, Said)
        ),
        language=script.language,
        engine="bench:text",
        word_times="measured",
    )
    return Dossier(
        source=_source(script, performance.duration),
        transcript=transcript,
        footage=Footage(engine="none"),
        precedents=Precedents(),
        brief=brief,
    )


def spread(text: str, span: Span) -> tuple[Word, ...]:
    """Return the words of a sentence over its time, by their letters."""
    tokens = text.split()
    whole, done, words = sum(len(t) + 1 for t in tokens), 0, list[Word]()
    for token in tokens:
        start = span.start + span.length * done / whole
        done += len(token) + 1
        words.append(Word(start=round(start, 3), end=round(span.start + span.length * done / whole, 3), text=token))
    return tuple(words)


def _words(performance: Performance) -> tuple[tuple[Word, ...], tuple[Sentence, ...]]:
    words: list[Word] = []
    sentences: list[Sentence] = []
    for said, span in performance.sentences:
        first = len(words)
        words += spread(said.text, span)
        sentences.append(
            Sentence(start=words[first].start, end=words[-1].end, first=first, last=len(words), text=said.text)
        )
    return tuple(words), tuple(sentences)


def _levels(performance: Performance) -> Curve:
    values = [SILENCE] * ceil(performance.duration)
    for line, span in zip(performance.script.lines, performance.spans, strict=True):
        level = (SHOUTED if line.loud else SPOKEN) if isinstance(line, Said) else ROOM
        for second in range(int(span.start), min(len(values), ceil(span.end))):
            values[second] = max(values[second], level)
    return Curve(step=1.0, values=tuple(values))


def _pitch(performance: Performance, lively: frozenset[int]) -> Pitch:
    """Return a melody that strays as espeak-ng's does, raised where a line is lively."""
    dice = Random(f"{performance.script.name} melody")
    count = ceil(performance.duration)
    voiced, excursion = [0.0] * count, [0.0] * count
    for number, (line, span) in enumerate(zip(performance.script.lines, performance.spans, strict=True)):
        for second in range(int(span.start), min(count, ceil(span.end))) if isinstance(line, Said) else ():
            voiced[second] = _VOICED
            excursion[second] = dice.gauss(RAISED if number in lively else 0.0, _MELODY)
    return Pitch(voiced=Curve(step=1.0, values=tuple(voiced)), excursion=Curve(step=1.0, values=tuple(excursion)))


def _source(script: Script, duration: float) -> Source:
    return Source(
        path=Path(f"{script.name}.wav"),
        sha256="0" * 64,
        size_bytes=1,
        container="wav",
        duration=duration,
        video=None,
        audio=None,
        title=script.title,
    )


def cues_of(performance: Performance, longest: int = 84) -> Sequence[tuple[Span, str]]:
    """Return subtitles: two lines of 42 letters at most, cut between words wherever that falls, as subtitlers do."""
    cues: list[tuple[Span, str]] = []
    for line, span in zip(performance.script.lines, performance.spans, strict=True):
        if not isinstance(line, Said):
            cues.append((span, f"[{line.kind}]"))
            continue
        row: list[Word] = []
        for word in spread(line.text, span):
            if row and sum(len(w.text) + 1 for w in row) + len(word.text) > longest:
                cues.append(_cue(row))
                row = []
            row.append(word)
        cues.append(_cue(row))
    return cues


def _cue(row: Sequence[Word]) -> tuple[Span, str]:
    return Span(start=row[0].start, end=row[-1].end), " ".join(w.text for w in row)
