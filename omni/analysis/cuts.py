"""The one cut engine, used by every analyst: a rough window in, a cut-ready span out, or a refusal.

An edge never falls inside a word, leaves no sliver of another shot, and lies in silence where word times are only estimates. The
engine rather starts earlier than it cuts an ending.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from omni.analysis.edges import Side
from omni.analysis.timeline import Timeline, timeline_of
from omni.contracts import Dossier, Span

SHORTEST_CLIP = 3.0
"""Seconds: no platform takes less (TARGETS §1)."""
_LEAD, _LONGEST_LEAD = 0.2, 0.5
"""Seconds before the first word: typical, and the bar of TARGETS §2."""
_TAIL, _SHORTEST_TAIL, _LONGEST_TAIL = 0.4, 0.2, 0.8
"""Seconds after the last word: typical, and the bars of TARGETS §2."""
_CLAP_TAIL = 0.75
"""Seconds of tail when applause or laughter answers: the viewer should hear it begin."""
_TIGHT_GAP = 0.25
"""A pause shorter than this is cut in its middle: a full tail would touch the next word."""
_TOLERANCE = 0.04
"""Words may overlap by twice this and still be cut between them (±40 ms, TARGETS §2)."""
_DRIFT = 0.5
"""How far an edge without words may move to find a shot cut or a silence."""
_RUN_UP = 4
"""Units, the meant one included, among which a start that stands by itself is looked for."""
_SLACK = 1e-6


@dataclass(frozen=True)
class Edge:
    """A placed edge; ``clean`` when it lies in a silence wherever that is asked for."""

    t: float
    clean: bool


class Cutter:
    """Cuts one source. ``shortest`` and ``longest`` bound a clip in seconds."""

    def __init__(self, timeline: Timeline, *, shortest: float, longest: float) -> None:
        self.timeline = timeline
        self.shortest, self.longest = shortest, longest

    def trim(self, first: int, last: int, *, strict: bool = True) -> Span | None:
        """Return the span of ``units[first:last]``, ``None`` when it can't be cut; ``strict`` insists on clean edges."""
        start, end = self.starts[first], self.ends[last - 1]
        if start is None or end is None or end.t - start.t <= _SLACK:
            return None
        if strict and not (start.clean and end.clean):
            return None
        return Span(start=start.t, end=end.t)

    def fits(self, span: Span) -> bool:
        """Tell whether a span keeps the bounds."""
        return self.shortest - _SLACK <= span.length <= self.longest + _SLACK

    def cut(self, rough: Span, floor: float = 0.0) -> Span | None:
        """Return the best cut-ready span for a window that a person or a model proposed; ``None`` refuses it.

        It begins no earlier than ``floor``: what lies before belongs to another clip.
        """
        under = self._units_under(rough) if self.timeline.ground != "picture" else None
        if under is None:
            free = self._cut_freely(rough, floor)
            if free is None or self.timeline.ground == "picture" or not self._tears(free):
                return free
            under = self._units_under(free) or (0, 0)
        for strict in (True, False):
            for first, last in self._repairs(*under):
                span = self.trim(first, last, strict=strict)
                if span and span.start >= floor and self.fits(span):
                    return span
        return None

    def _cut_freely(self, rough: Span, floor: float) -> Span | None:
        """Cut where nothing is said: near the wished times, stretched or shortened into the bounds."""
        duration = self.timeline.duration
        length = min(duration, self.longest, max(self.shortest, rough.length))
        begin = max(0.0, min(rough.start, duration - length), min(floor, duration))
        for nudge in (0.0, 0.5, -0.5, 1.0, -1.0):
            start = self._free_edge("start", begin)
            end = self._free_edge("end", min(duration, begin + length + nudge))
            if start and end and floor <= start.t < end.t and self.fits(span := Span(start=start.t, end=end.t)):
                return span
        return None

    @cached_property
    def starts(self) -> tuple[Edge | None, ...]:
        """The edge before each unit."""
        return tuple(self._edge("start", i) for i in range(len(self.timeline.units)))

    @cached_property
    def ends(self) -> tuple[Edge | None, ...]:
        """The edge after each unit."""
        return tuple(self._edge("end", i) for i in range(len(self.timeline.units)))

    def _edge(self, side: Side, index: int) -> Edge | None:
        unit = self.timeline.units[index]
        if unit.last == unit.first:
            return self._free_edge(side, unit.start if side == "start" else unit.end)
        return self._start_edge(unit.first) if side == "start" else self._end_edge(unit.last - 1)

    def _start_edge(self, atom: int) -> Edge | None:
        before, onset = self._end_before(atom), self.timeline.atoms[atom].start
        if before > onset:
            return self._overlapping(before, onset)
        hushed, heard = self._pause(before, onset)
        room = heard - hushed
        lead = min(_LEAD, room - self._tail(before, room)) if atom else min(_LEAD, room)
        return self._placed("start", (max(before, onset - _LONGEST_LEAD), onset), heard - lead)

    def _end_edge(self, atom: int) -> Edge | None:
        release, after = self._end_before(atom + 1), self._start_after(atom)
        if release > after:
            return self._overlapping(release, after)
        hushed, heard = self._pause(release, after)
        room = heard - hushed
        limit = min(after, release + _LONGEST_TAIL)
        wish = min(limit, hushed + self._tail(release, room))
        roomy = self._placed("end", (min(release + _SHORTEST_TAIL, wish), limit), wish) if room >= _TIGHT_GAP else None
        return roomy or self._placed("end", (release, limit), wish)

    def _pause(self, release: float, onset: float) -> tuple[float, float]:
        """Return when speech is last heard after a word and first heard before the next: both edges share what lies between."""
        hushed, heard = self._heard_to(release, onset), self._heard_from(onset, release)
        middle = (hushed + heard) / 2
        return min(hushed, middle), max(heard, middle)

    def _tail(self, release: float, room: float) -> float:
        """Return the tail for a pause of ``room`` seconds: a fair share, at least the bar, and the rest is the next lead-in."""
        if self._answered(release):
            return min(_CLAP_TAIL, 0.8 * room)
        if room < _TIGHT_GAP:
            return room / 2
        return max(_SHORTEST_TAIL, min(_TAIL, 0.6 * room))

    def _overlapping(self, later: float, earlier: float) -> Edge | None:
        if later - earlier > 2 * _TOLERANCE:
            return None
        middle = (later + earlier) / 2
        return self._placed("start", (middle, middle), middle) and self._placed("end", (middle, middle), middle)

    def _placed(self, side: Side, zone: tuple[float, float], wish: float) -> Edge | None:
        obstacles = self.timeline.obstacles
        t = obstacles.place(side, zone, wish)
        return None if t is None else Edge(t, not (self.timeline.guarded and obstacles.in_speech(t)))

    def _free_edge(self, side: Side, t: float) -> Edge | None:
        """Place an edge where no unit of speech ends: near ``t``, between the atoms."""
        gap = self._gap_near(t)
        if gap is None:
            return None
        zone = max(gap[0], t - _DRIFT), min(gap[1], t + _DRIFT)
        wish = min(zone[1], max(zone[0], t))
        return self._placed(side, zone, wish)

    def _gap_near(self, t: float) -> tuple[float, float] | None:
        """Return the part of [t − drift, t + drift] between two atoms that is nearest to ``t``."""
        atoms, duration = self.timeline.atoms, self.timeline.duration
        first = max(0, bisect_left(self._reach, t - _DRIFT) - 1)
        last = bisect_right(atoms, t + _DRIFT, key=lambda a: a.start)
        edges = [(self._end_before(i), atoms[i].start if i < len(atoms) else duration) for i in range(first, last + 1)]
        near = [(a, b) for a, b in edges if b >= a and a <= t + _DRIFT and b >= t - _DRIFT]
        return min(near, key=lambda gap: max(gap[0] - t, t - gap[1], 0.0), default=None)

    @cached_property
    def _reach(self) -> tuple[float, ...]:
        """The latest end among the atoms up to each: words of a broken subtitle file overlap."""
        reach: list[float] = []
        for atom in self.timeline.atoms:
            reach.append(max(atom.end, reach[-1] if reach else 0.0))
        return tuple(reach)

    def _end_before(self, atom: int) -> float:
        return self._reach[atom - 1] if atom else 0.0

    def _start_after(self, atom: int) -> float:
        atoms = self.timeline.atoms
        return atoms[atom + 1].start if atom + 1 < len(atoms) else self.timeline.duration

    def _heard_from(self, onset: float, before: float) -> float:
        """Return where speech is first heard: a region may begin a little before the word's measured start."""
        speech = self.timeline.obstacles.speech
        i = bisect_right(speech, onset, key=lambda s: s.start) - 1
        begins = speech[i].start if i >= 0 and speech[i].end > onset else onset
        return max(begins, before) if onset - begins <= _LONGEST_LEAD - 0.1 and begins >= before else onset

    def _heard_to(self, release: float, after: float) -> float:
        """Return where speech is last heard: a region may end a little after the word's measured end."""
        speech = self.timeline.obstacles.speech
        i = bisect_right(speech, release, key=lambda s: s.start) - 1
        ends = speech[i].end if i >= 0 and speech[i].end > release else release
        return ends if ends - release <= _TAIL and ends <= after else release

    def _answered(self, release: float) -> bool:
        i = bisect_left(self.timeline.applause, release - 0.2)
        return i < len(self.timeline.applause) and self.timeline.applause[i] <= release + 1.5

    def _units_under(self, rough: Span) -> tuple[int, int] | None:
        """Return the unit range a rough window means: outward to whole units, but not for a mere touch."""
        units = self.timeline.units
        first = bisect_right(units, rough.start, key=lambda u: u.end)
        last = bisect_left(units, rough.end, key=lambda u: u.start)
        if first + 1 < last and units[first].end - rough.start < _touch(units[first].end - units[first].start):
            first += 1
        if last - 1 > first and rough.end - units[last - 1].start < _touch(units[last - 1].end - units[last - 1].start):
            last -= 1
        return (first, last) if first < last else None

    def _tears(self, span: Span) -> bool:
        """Tell whether an edge lies within a unit."""
        return any(
            u.start < t < u.end for u in self.timeline.units for t in (span.start + _TOLERANCE, span.end - _TOLERANCE)
        )

    def _repairs(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Yield the unit ranges to try, best first: as meant, then starting earlier, then later; the ending moves only outward.

        A start that leans on what was said before comes after an earlier one that stands by itself.
        """
        units = self.timeline.units
        near = [first - i for i in range(_RUN_UP) if first >= i]
        earlier = sorted(near, key=lambda i: (units[i].leans, -i)) + list(
            range(first - _RUN_UP, max(-1, first - 13), -1)
        )
        for end in range(last, min(last + 4, len(self.timeline.units)) + 1):
            later = range(first + 1, end)
            yield from ((start, end) for start in (*earlier, *later))


def cutter_for(dossier: Dossier) -> Cutter:
    """Return the cutter for one source, with the bounds of its brief; a source too short for them may be used whole."""
    timeline, brief = timeline_of(dossier), dossier.brief
    shortest = min(brief.min_seconds, max(SHORTEST_CLIP, timeline.duration))
    return Cutter(timeline, shortest=shortest, longest=brief.max_seconds)


def _touch(length: float) -> float:
    """Return how much of a unit a window may overlap without meaning it."""
    return min(1.0, 0.25 * length)
