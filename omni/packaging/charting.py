"""The evidence's timeline as one picture: an SVG that needs no script, readable on light and on dark ground."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from omni.contracts import Contender, EvidenceTimeline, EvidenceTrack, Span, Subject
from omni.timecode import clock

WIDTHS = (1040, 7200)
"""Pixels of the shortest and of the widest picture; in between a second is one pixel."""
_MARGIN = 10
_TICKS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_TICK_APART = 70
_LETTER = 6.2
"""Pixels that a letter of 11 px takes on average in a sans serif."""
_AXIS, _PICK, _LANE, _BAND, _CURVE, _GAP = 22, 24, 7, 18, 34, 6
"""Heights in pixels: axis, picks, a lane of other windows, a band of subjects or marks, a curve, the room between rows."""
_POINTS = 900
"""Points of a curve: more can't be seen."""

STYLE = """
svg{font:11px system-ui,sans-serif;--ground:#fff;--ink:#1f2328;--quiet:#64748b;--line:#d7dce3;--pick:#2563eb;--good:#15803d;--bad:#b45309}
@media(prefers-color-scheme:dark){svg{--ground:#14161b;--ink:#e6e8eb;--quiet:#9aa3af;--line:#333a45;--pick:#60a5fa;--good:#4ade80;--bad:#fbbf24}}
.ground{fill:var(--ground)}text{fill:var(--ink)}.quiet{fill:var(--quiet)}.halo{paint-order:stroke;stroke:var(--ground);stroke-width:3px}
.line{stroke:var(--line)}.column{fill:var(--pick);opacity:.1}.pick{fill:var(--pick)}.number{fill:var(--ground);font-weight:700}
.other{fill:var(--quiet)}.curve{fill:var(--quiet);fill-opacity:.25;stroke:var(--quiet);stroke-width:1}
.subject{fill:var(--quiet);opacity:.14}.good{fill:var(--good)}.bad{fill:var(--bad)}
"""


class Marked(Span):
    """A stretch that somebody marked by hand, to be compared with the choice."""

    title: str
    wanted: bool


def chart(timeline: EvidenceTimeline, marks: Sequence[Marked] = ()) -> str:
    """Return the picture: what was chosen, what was marked, what else was weighed, subjects and curves, one below the other."""
    return tostring(_drawn(timeline, marks), encoding="unicode")


def _drawn(timeline: EvidenceTimeline, marks: Sequence[Marked]) -> Element:
    sheet = _Sheet(timeline.duration)
    picks = [c for c in timeline.contenders if c.number is not None]
    sheet.axis()
    sheet.picks(picks)
    if marks:
        sheet.marks(marks)
    sheet.others([c for c in timeline.contenders if c.number is None])
    sheet.subjects(timeline.subjects)
    for track in timeline.tracks:
        sheet.curve(track)
    return sheet.finished(picks)


class _Sheet:
    """Grows downward, row by row; ``_y`` is where the next one begins."""

    def __init__(self, duration: float) -> None:
        self._duration = duration
        self.width = round(max(WIDTHS[0], min(WIDTHS[1], duration)))
        self._scale = (self.width - 2 * _MARGIN) / duration
        self._rows = Element("g")
        self._y = 4.0

    def axis(self) -> None:
        """Draw the clock."""
        step = next((s for s in _TICKS if s * self._scale >= _TICK_APART), _TICKS[-1])
        for second in range(0, int(self._duration) + 1, step):
            x = _number(self._x(second))
            _add(self._rows, "line", {"class": "line", "x1": x, "x2": x, "y1": _number(self._y + 14), "y2": "100%"})
            self._text(clock(second), self._x(second) + 2, 10, "quiet")
        self._y += _AXIS

    def picks(self, picks: Sequence[Contender]) -> None:
        """Draw what was chosen, with its number."""
        self._caption("chosen")
        for pick in picks:
            box = self._box(pick, "pick", _PICK - 4)
            _titled(box, f"{pick.number} · {_told(pick)}")
            middle = self._x((pick.start + pick.end) / 2) - 3 * len(str(pick.number))
            self._text(str(pick.number), middle, _PICK - 9, "number")
        self._y += _PICK + _GAP

    def marks(self, marks: Sequence[Marked]) -> None:
        """Draw what was marked by hand, wanted and unwanted."""
        self._caption("marked by hand")
        for mark in marks:
            box = self._box(mark, "good" if mark.wanted else "bad", _BAND - 6)
            _titled(box, f"{'highlight' if mark.wanted else 'distractor'}: {mark.title}")
        self._y += _BAND + _GAP

    def others(self, others: Sequence[Contender]) -> None:
        """Draw the windows that weren't chosen, the better the stronger, in as many lanes as they need."""
        if not others:
            return
        self._caption("also weighed")
        begin, lanes = self._y, list[float]()
        for other in others:
            lane = next((i for i, end in enumerate(lanes) if end <= other.start), len(lanes))
            lanes[lane : lane + 1] = [other.end]
            self._y = begin + lane * _LANE
            box = self._box(other, "other", _LANE - 2)
            box.set("opacity", f"{0.15 + 0.85 * other.score / 100:.2f}")
            _titled(box, _told(other))
        self._y = begin + len(lanes) * _LANE + _GAP

    def subjects(self, subjects: Sequence[Subject]) -> None:
        """Draw the subjects, each with as much of its title as there is room for."""
        if not subjects:
            return
        self._caption("subjects")
        for subject in subjects:
            box = self._box(subject, "subject", _BAND)
            _titled(box, f"{clock(subject.start)}–{clock(subject.end)} · {_plain(subject.title)}")
            room = int((subject.length * self._scale - 6) / _LETTER)
            title = _plain(subject.title)
            if room >= 4:
                self._text(title if len(title) <= room else title[: room - 1] + "…", self._x(subject.start) + 3, 13)
        self._y += _BAND + _GAP

    def curve(self, track: EvidenceTrack) -> None:
        """Draw one kind of evidence."""
        self._caption(track.label)
        base = self._y + _CURVE
        points = [(self._x(at), base - value * (_CURVE - 2)) for at, value in _thinned(track.values)]
        if points:
            outline = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
            path = f"M{_number(points[0][0])},{_number(base)} L{outline} L{_number(points[-1][0])},{_number(base)} Z"
            _add(self._rows, "path", {"class": "curve", "d": path})
        self._y += _CURVE + _GAP

    def finished(self, picks: Sequence[Contender]) -> Element:
        """Return the picture, the choice shining through all its rows."""
        height = round(self._y)
        size = {"width": str(self.width), "height": str(height), "viewBox": f"0 0 {self.width} {height}"}
        svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "aria-label": "evidence", **size})
        SubElement(svg, "style").text = STYLE
        _add(svg, "rect", {"class": "ground", "width": "100%", "height": "100%"})
        for pick in picks:
            wide = _number(max(1.0, pick.length * self._scale))
            _add(svg, "rect", {"class": "column", "x": _number(self._x(pick.start)), "width": wide, "height": "100%"})
        svg.append(self._rows)
        return svg

    def _x(self, second: float) -> float:
        return _MARGIN + second * self._scale

    def _box(self, span: Span, kind: str, height: float) -> Element:
        place = {"x": _number(self._x(span.start)), "y": _number(self._y)}
        size = {"width": _number(max(1.0, span.length * self._scale)), "height": _number(height)}
        return _add(self._rows, "rect", {"class": kind, "rx": "2", **place, **size})

    def _caption(self, label: str) -> None:
        self._text(label, _MARGIN, 10, "quiet halo")
        self._y += 14

    def _text(self, text: str, x: float, below: float, kind: str = "") -> None:
        place = {"x": _number(x), "y": _number(self._y + below)}
        _add(self._rows, "text", {**({"class": kind} if kind else {}), **place}).text = text


def _thinned(values: Sequence[float]) -> Iterator[tuple[float, float]]:
    """Yield second and value, the peak of each stretch when there are more than can be seen."""
    step = max(1, -(-len(values) // _POINTS))
    for first in range(0, len(values), step):
        yield first + min(step, len(values) - first) / 2, max(values[first : first + step])


def _told(window: Contender) -> str:
    return f"{clock(window.start)}–{clock(window.end)} · {window.score:.0f} of 100 · {_plain(window.reason)}"


def _titled(box: Element, text: str) -> None:
    """Give a box the words that a pointer shows."""
    SubElement(box, "title").text = text


def _add(parent: Element, tag: str, attributes: dict[str, str]) -> Element:
    return SubElement(parent, tag, attributes)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _plain(text: str) -> str:
    """Return text that XML takes: what was said may hold anything."""
    return "".join(c for c in text if c.isprintable())
