"""The moments that evidence alone finds: all of the offline analyst's choice, and what is missing in a model's."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf

from omni.analysis.candidates import Candidate, candidates, is_asked, is_unused, windows
from omni.analysis.choice import Count, choose, count_for, further
from omni.analysis.cuts import SHORTEST_CLIP, Cutter, cutter_for
from omni.analysis.judgement import merit_of
from omni.analysis.material import Material, Window, material_of
from omni.contracts import PAGES, Dossier, Span
from omni.errors import NothingToClip
from omni.timecode import clock


@dataclass(frozen=True)
class Search:
    """One dossier, measured and ready to be cut, and how many clips it should give."""

    material: Material
    cutter: Cutter
    count: Count

    @cached_property
    def clean(self) -> tuple[Candidate, ...]:
        """The windows whose edges are clean."""
        return candidates(self.material, self.cutter, strict=True)

    @cached_property
    def loose(self) -> tuple[Candidate, ...]:
        """The windows whose edges may cut through speech that no word is known for."""
        return candidates(self.material, self.cutter, strict=False) if self.material.timeline.guarded else ()


def search_for(dossier: Dossier) -> Search:
    """Measure one dossier."""
    cutter = cutter_for(dossier)
    return Search(
        material=material_of(dossier, cutter.timeline),
        cutter=cutter,
        count=count_for(dossier.brief.clips, dossier.source.duration),
    )


def found(search: Search) -> tuple[Candidate, ...]:
    """Return the chosen windows; raises :class:`NothingToClip` with what stands in the way."""
    material, cutter, count = search.material, search.cutter, search.count
    brief, duration = material.dossier.brief, material.timeline.duration
    if duration < SHORTEST_CLIP:
        raise _nothing(material, f"it lasts {duration:.1f} s, and a Short needs {SHORTEST_CLIP:.0f} s")
    if duration < brief.min_seconds:
        return (_whole(material, cutter),)
    chosen = choose(search.clean, count, material)
    if len(chosen) < count.fewest and search.loose:
        loose = choose(search.loose, count, material)
        chosen = loose if len(loose) > len(chosen) else chosen
    if not chosen:
        shorter = Cutter(material.timeline, shortest=SHORTEST_CLIP, longest=brief.max_seconds)
        brief_ones = candidates(material, shorter, strict=False)
        longest = max((c.span.length for c in brief_ones), default=0.0)
        chosen = choose([c for c in brief_ones if c.span.length >= 0.8 * longest], count, material)
    return chosen or (_whole(material, cutter),)


def found_beside(taken: Sequence[Span], most: int, search: Search) -> tuple[Candidate, ...]:
    """Return at most ``most`` windows, the best that overlap none of ``taken``."""
    free = [candidate for candidate in search.clean if not any(candidate.span.overlap(span) for span in taken)]
    return choose(free, Count(most, most), search.material) if free and most > 0 else ()


def found_further(chosen: Sequence[Candidate], most: int, search: Search) -> tuple[Candidate, ...]:
    """Return the windows for further pages, at most ``most``, best first: those with clean edges while there are any."""
    return further(search.clean, chosen, most, search.material) or further(search.loose, chosen, most, search.material)


def reserve_of(chosen: Sequence[Candidate], search: Search) -> int:
    """Return how many windows all further pages hold."""
    return (PAGES - 1) * (search.material.dossier.brief.clips or len(chosen))


def _whole(material: Material, cutter: Cutter) -> Candidate:
    """Return all that is said as one window, else the whole source."""
    units, brief = material.units, material.dossier.brief
    spoken = cutter.trim(0, len(units), strict=False) if units else None
    source = Span(start=0.0, end=material.timeline.duration)
    for span in (spoken, source):
        if span and SHORTEST_CLIP <= span.length <= brief.max_seconds:
            window = Window(0, len(units), span)
            used = material.dossier.precedents.barred(brief)
            if not is_unused(span, used) or not is_asked(window, material):
                break
            return Candidate(window, merit_of(window, material))
    raise _nothing(material, _obstacle(material, cutter))


def _obstacle(material: Material, cutter: Cutter) -> str:
    dossier, wishes = material.dossier, material.wishes
    possible = list(windows(material, cutter, strict=False))
    if wishes.within and all(low == inf for low, _ in wishes.within):
        return "the times in the directives exclude each other, and nothing is left; take one of them out"
    if wishes.within and all(low >= dossier.source.duration for low, _ in wishes.within):
        return f"the directives allow no time before its end at {clock(dossier.source.duration)}"
    if any(is_asked(w, material) for w in possible) or (dossier.precedents.barred(dossier.brief) and not possible):
        return "its moments were already used by earlier briefs; set `repeat` to propose them again"
    if possible:
        return "no whole sentence of the asked length lies within what the directives allow; widen them"
    low, high = dossier.brief.min_seconds, dossier.brief.max_seconds
    return f"no stretch of {low:.0f}–{high:.0f} s begins and ends between two words"


def _nothing(material: Material, reason: str) -> NothingToClip:
    return NothingToClip(path=str(material.dossier.source.path), reason=reason)
