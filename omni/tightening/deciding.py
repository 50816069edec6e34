"""What stays of a cut: long pauses shortened and fillers left out, never inside a word, never into a sliver of a shot."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from omni.contracts import Footage, Seconds, Span, Tighten, Transcript, Word
from omni.tightening.fillers import is_filler

REVISION = 1
"""Raise it when the same words would be tightened otherwise: it is part of the render cache key."""

LONGEST_PAUSE = 0.7
"""Seconds of silence that stay as they are: speakers pause 0.2–0.6 s between sentences (TARGETS.md §2 allows 1.2 s)."""
AFTER, BEFORE = 0.25, 0.2
"""Seconds that stay of a shortened pause, after the word before it and before the word after it: a breath."""
GUARD = 0.03
"""Seconds between a join and a word: the crossfade reaches 10 ms to both sides of the join."""
LEAST_GAIN = 0.2
"""Seconds below which leaving out a pause isn't worth a jump in the picture; a filler is worth any."""
SHORTEST_PIECE = 0.5
"""Seconds between two joins; quicker ones stutter."""
SLIVER_FRAMES = 5
"""A shot of fewer frames at a join is a flash (TARGETS.md §2)."""
_SLACK = 1e-6


@dataclass(frozen=True)
class Room:
    """What may be left out between two sounds that stay; with a filler, ``must`` is the stretch that has to go."""

    gap: Span
    must: Span | None = None


def kept_pieces(
    cut: Span,
    transcript: Transcript,
    footage: Footage,
    *,
    how: Tighten,
    frame: float,
    shortest: Seconds = 0.0,
) -> tuple[Span, ...]:
    """Return what stays of ``cut``, in source time; one piece when nothing is left out.

    Joins lie on the grid of ``frame`` seconds counted from the cut's start, so that picture and sound part at the same
    instant. The Short stays as long as ``shortest``. Word times that are estimates hide no pause that the voice
    detector didn't hear too, and no filler is found by them.
    """
    if how is Tighten.NONE:
        return (cut,)
    borders = [shot.start for shot in footage.shots if cut.start < shot.start < cut.end]
    grid = _Grid(cut.start, frame)
    wished = [
        removal
        for room in rooms(cut, transcript, fillers=how is Tighten.FILLERS)
        if (removal := _removal(room, grid, borders)) is not None
    ]
    return _apart(cut, _affordable(cut, wished, shortest))


def rooms(cut: Span, transcript: Transcript, *, fillers: bool) -> tuple[Room, ...]:
    """Return the silences between the sounds of a cut; its lead-in and its tail are none."""
    measured = transcript.word_times == "measured"
    words = [word for word in transcript.words if word.end > cut.start and word.start < cut.end]
    hesitations = [w for w in words if fillers and measured and _is_dispensable(w, transcript)]
    stays = [word for word in words if word not in hesitations]
    voice = _without(transcript.speech, _surroundings(hesitations, stays))
    sounds = _merged([*stays, *voice, *transcript.events], within=cut)
    found: list[Room] = []
    for before, after in pairwise(sounds):
        inside = [w for w in hesitations if before.end - _SLACK <= w.start and w.end <= after.start + _SLACK]
        must = Span(start=inside[0].start, end=inside[-1].end) if inside else None
        found.append(Room(Span(start=before.end, end=after.start), must))
    return tuple(found)


@dataclass(frozen=True)
class _Grid:
    origin: float
    frame: float

    def up(self, t: float) -> float:
        return self.origin + math.ceil((t - self.origin) / self.frame - _SLACK) * self.frame

    def down(self, t: float) -> float:
        return self.origin + math.floor((t - self.origin) / self.frame + _SLACK) * self.frame


def _removal(room: Room, grid: _Grid, borders: Sequence[float]) -> Span | None:
    """Return what is left out of one room; ``None`` when it isn't worth it, or can't be done cleanly."""
    gap, must = room.gap, room.must
    if must is None and gap.length <= LONGEST_PAUSE:
        return None
    sliver = SLIVER_FRAMES * grid.frame
    start, end = gap.start + AFTER, gap.end - BEFORE
    if must is None:
        first, last = grid.up(start), grid.down(end)
    else:
        first, last = grid.down(min(start, must.start)), grid.up(max(end, must.end))
        first, last = max(first, grid.up(gap.start + GUARD)), min(last, grid.down(gap.end - GUARD))
    # what would be left of a shot beside the join: rather show more of it than a flash
    first = max([first, *(grid.up(b + sliver) for b in borders if b < first < b + sliver - _SLACK)])
    last = min([last, *(grid.down(b - sliver) for b in borders if b - sliver + _SLACK < last < b)])
    least = grid.frame - _SLACK if must else LEAST_GAIN
    is_clean = must is None or (first <= must.start + _SLACK and last >= must.end - _SLACK)
    return Span(start=first, end=last) if is_clean and last - first >= least else None


def _affordable(cut: Span, wished: Sequence[Span], shortest: float) -> list[Span]:
    """Return the largest removals that leave the clip long enough and no piece too short, in order."""
    left = cut.length
    taken: list[Span] = []
    for removal in sorted(wished, key=lambda r: (-r.length, r.start)):
        trial = sorted([*taken, removal], key=lambda r: r.start)
        pieces = _apart(cut, trial)
        if left - removal.length >= shortest - _SLACK and all(p.length >= SHORTEST_PIECE for p in pieces):
            taken, left = trial, left - removal.length
    return taken


def _apart(cut: Span, removals: Iterable[Span]) -> tuple[Span, ...]:
    pieces: list[Span] = []
    start = cut.start
    for removal in removals:
        pieces.append(Span(start=start, end=removal.start))
        start = removal.end
    return (*pieces, Span(start=start, end=cut.end))


def _is_dispensable(word: Word, transcript: Transcript) -> bool:
    """Tell whether a word is a filler and not a whole sentence of its own, which may be an answer."""
    if not is_filler(word.text, transcript.language):
        return False
    return not any(
        s.last - s.first == 1 and s.start - _SLACK <= word.start and word.end <= s.end + _SLACK
        for s in transcript.sentences
    )


def _surroundings(hesitations: Sequence[Word], stays: Sequence[Word]) -> list[Span]:
    """Return the stretches from the word before a filler to the word after it: what is heard there is the filler."""
    found: list[Span] = []
    for word in hesitations:
        start = max((w.end for w in stays if w.end <= word.start + _SLACK), default=word.start)
        end = min((w.start for w in stays if w.start >= word.end - _SLACK), default=word.end)
        found.append(Span(start=min(start, word.start), end=max(end, word.end)))
    return found


def _without(spans: Iterable[Span], holes: Sequence[Span]) -> list[Span]:
    left = list(spans)
    for hole in holes:
        left = [
            Span(start=a, end=b)
            for span in left
            for a, b in ((span.start, min(span.end, hole.start)), (max(span.start, hole.end), span.end))
            if b - a > _SLACK
        ]
    return left


def _merged(spans: Iterable[Span], *, within: Span) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        start, end = max(span.start, within.start), min(span.end, within.end)
        if end <= start:
            continue
        if merged and start <= merged[-1].end:
            merged[-1] = Span(start=merged[-1].start, end=max(merged[-1].end, end))
        else:
            merged.append(Span(start=start, end=end))
    return merged
