"""The ground that cuts are made on: what may not be cut through, and the units between which one may cut."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from omni.analysis.edges import Obstacles, merged, sliver_seconds
from omni.analysis.lexicon import Lexicon, lexicon_for
from omni.analysis.terms import tokenize
from omni.analysis.units import Unit, clean_words, picture_units, region_units, spoken_units
from omni.contracts import Dossier, Footage, Span, Transcript, Word

Ground = Literal["words", "regions", "picture"]
"""What the units are made of."""

_TALK_SHARE = 0.2
"""Below this share of the source, speech is an incident, and the moments are found by picture and sound."""
_LOOSE_SHARE = 0.5
"""Share of what is heard that must lie in phrases that a clip can hold; else a detector took noise or music for speech."""
_PICTURE_STEP = 5.0
"""Seconds of a unit without speech: long enough for an event, short enough that windows can be placed."""
_FPS = 25.0
"""Assumed rate of a source without picture."""
_BEGUN = 12.0
"""Seconds from which what somebody says stands by itself: two or three sentences into an answer."""
_SAME = 0.05
"""Seconds that two starts may differ and be the same."""
_JOIN = 0.35
"""Speech regions nearer than this belong to one phrase (a breath takes about 0.4 s)."""


@dataclass(frozen=True)
class Timeline:
    """``atoms`` are words or, without enough of them, stretches of speech: in time order, never cut through."""

    duration: float
    ground: Ground
    lexicon: Lexicon
    words: tuple[Word, ...]
    atoms: tuple[Span, ...]
    units: tuple[Unit, ...]
    obstacles: Obstacles
    guarded: bool
    """See :func:`is_guarded`."""
    applause: tuple[float, ...]
    """Starts of applause and laughter."""


def timeline_of(dossier: Dossier) -> Timeline:
    """Return the ground for one dossier: made of words if there are enough, else of speech regions, else of the picture."""
    transcript, duration = dossier.transcript, dossier.source.duration
    words = clean_words(transcript, duration)
    speech = merged(_inside(transcript.speech, duration))
    cuts = _cuts(dossier.footage, duration)
    phrases = merged((*speech, *words), gap=_JOIN)
    short = tuple(p for p in phrases if p.length <= dossier.brief.max_seconds)
    ground = _ground(words, phrases, short, duration)
    atoms: dict[Ground, tuple[Span, ...]] = {"words": words, "regions": phrases, "picture": merged((*short, *words))}
    longest = max(1.0, min(0.6 * dossier.brief.max_seconds, dossier.brief.max_seconds - 1.5))
    lexicon = lexicon_for(transcript.language, tokenize(" ".join(w.text for w in words)))
    units: dict[Ground, Sequence[Unit]] = {
        "words": _leaning(spoken_units(transcript, words, longest), lexicon, transcript.turns)
        if ground == "words"
        else (),
        "regions": region_units(phrases) if ground == "regions" else (),
        "picture": picture_units(duration, cuts, min(_PICTURE_STEP, longest)) if ground == "picture" else (),
    }
    return Timeline(
        duration=duration,
        ground=ground,
        lexicon=lexicon,
        words=words,
        atoms=atoms[ground],
        units=tuple(units[ground]),
        obstacles=_obstacles(dossier, cuts, speech),
        guarded=is_guarded(transcript),
        applause=tuple(sorted(e.start for e in transcript.events if e.kind != "music")),
    )


def is_guarded(transcript: Transcript) -> bool:
    """Tell whether an edge must fall into a silence: word times are estimates and speech regions are known."""
    return bool(transcript.speech) and bool(transcript.words) and transcript.word_times != "measured"


def _leaning(units: Sequence[Unit], lexicon: Lexicon, turns: Sequence[float]) -> tuple[Unit, ...]:
    return tuple(
        u._replace(leans=not u.opens or lexicon.leans(u.text) or goes_on, goes_on=goes_on)
        for u in units
        for goes_on in (_goes_on(u, turns),)
    )


def _goes_on(unit: Unit, turns: Sequence[float]) -> bool:
    """Tell whether a unit stands within the first sentences of a speaker, but isn't the first."""
    i = bisect_right(turns, unit.start + _SAME) - 1
    return i >= 0 and _SAME < unit.start - turns[i] <= _BEGUN


def _obstacles(dossier: Dossier, cuts: tuple[float, ...], speech: tuple[Span, ...]) -> Obstacles:
    fps = dossier.source.video.fps if dossier.source.video else _FPS
    return Obstacles(cuts=cuts, sliver=sliver_seconds(fps), speech=speech, dark=merged(dossier.footage.black))


def _ground(words: Sequence[Word], phrases: Sequence[Span], short: Sequence[Span], duration: float) -> Ground:
    """Return the ground: of words that cover a talk, else of its phrases, unless most of them are longer than a clip (noise, music)."""
    if words and _seconds(merged(words)) >= _TALK_SHARE * duration:
        return "words"
    if _seconds(phrases) >= _TALK_SHARE * duration and _seconds(short) >= _LOOSE_SHARE * _seconds(phrases):
        return "regions"
    return "picture"


def _seconds(spans: Iterable[Span]) -> float:
    return sum(s.length for s in spans)


def _cuts(footage: Footage, duration: float) -> tuple[float, ...]:
    edges = {t for shot in footage.shots for t in (shot.start, shot.end)}
    return tuple(sorted(t for t in edges if 0.01 < t < duration - 0.01))


def _inside(spans: Sequence[Span], duration: float) -> list[Span]:
    return [Span(start=s.start, end=min(s.end, duration)) for s in spans if s.start < duration]
