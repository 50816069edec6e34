"""The windows that could be clips: from unit to unit, within the bounds, allowed by brief and memory."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from omni.analysis.cuts import Cutter
from omni.analysis.judgement import merit_of
from omni.analysis.material import Material, Window
from omni.contracts import Span

_MOST = 24_000
"""Windows judged for one source: about two seconds of work on one core."""
_ENDS = (4, 16)
"""Ends tried for one start: the fewest in a very long source, the most in a short one."""
_USED = 0.3
"""Share of a clip, or of the earlier clip, that may be shown again."""


@dataclass(frozen=True)
class Candidate:
    """A window and the sum of its evidence."""

    window: Window
    merit: float

    @property
    def span(self) -> Span:
        """The cut-ready span."""
        return self.window.span


def candidates(material: Material, cutter: Cutter, *, strict: bool) -> tuple[Candidate, ...]:
    """Return the judged windows in time order; ``strict`` leaves out edges that may cut through speech."""
    barred = material.dossier.precedents.barred(material.dossier.brief)
    return tuple(
        Candidate(window, merit_of(window, material))
        for window in windows(material, cutter, strict=strict)
        if is_unused(window.span, barred) and is_asked(window, material)
    )


def windows(material: Material, cutter: Cutter, *, strict: bool) -> Iterator[Window]:
    """Yield every window that can be cut and keeps the bounds; of too many ends, those that close best."""
    units = material.units
    most = max(_ENDS[0], min(_ENDS[1], _MOST // max(1, len(units))))
    for first in range(len(units)):
        found: list[Window] = []
        for last in range(first + 1, len(units) + 1):
            if units[last - 1].start - units[first].start > cutter.longest:
                break
            span = cutter.trim(first, last, strict=strict)
            if span and cutter.fits(span):
                found.append(Window(first, last, span))
        if len(found) > most:
            found = sorted(sorted(found, key=lambda w: (_looseness(w, material), w.last))[:most], key=lambda w: w.last)
        yield from found


def is_unused(span: Span, used: Iterable[Span]) -> bool:
    """Tell whether a span shows little that earlier briefs already used."""
    taken = [(span.overlap(u), u.length) for u in used]
    shown = sum(shared for shared, _ in taken)
    again = any(shared > _USED * length for shared, length in taken if length > 0)
    return shown <= _USED * span.length and not again


def is_asked(window: Window, material: Material) -> bool:
    """Tell whether the directives allow a window."""
    wishes = material.wishes
    if not wishes.allows(window.span.start, window.span.end):
        return False
    return not (wishes.questions and material.has_words) or _asks(window, material)


def _asks(window: Window, material: Material) -> bool:
    """Tell whether a question leads: among the first two sentences, with an answer after it."""
    return any(t.asks for t in material.inside(window)[:-1][:2])


def _looseness(window: Window, material: Material) -> tuple[bool, float]:
    """Order ends: sentence ends before torn ones, longer pauses before shorter."""
    close: Sequence[float] = (material.units[window.last].start,) if window.last < len(material.units) else ()
    pause = (close[0] if close else material.timeline.duration) - material.units[window.last - 1].end
    return not material.units[window.last - 1].closes, -min(pause, 2.0)
