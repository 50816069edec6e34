"""Where captions stand: low by habit, elsewhere for a face's or a logo's sake, and seldom moved."""

from collections.abc import Sequence
from dataclasses import dataclass

from omni.captions.faces import Sighting
from omni.contracts import Area, Span

# Costs in the currency of a second in which a quarter of a face, or of a caption, is over the other; they order these
# wishes, and nothing else hangs on them.
_HIDDEN = 4.0
# The highest place costs this much: captions are looked for below, and return there at a cut.
_AWAY = 0.15
# A move is worth a tenth of a face hidden for a second and a half; at a cut, where the eye jumps anyway, a third of that.
_MOVE, _MOVE_AT_CUT = 0.65, 0.2
# Less than this is the rim of a box that is drawn around a round head.
_TOUCHED = 0.04
# A logo is never written over.
_OVER_LOGO = 10.0
# Tracks have a few boxes a second: the shortest captions are judged by those this many seconds around their middle.
_AROUND = 0.25
# Heights to choose from: two lines of 182 px stand 150 px apart on the 935 px of the strict area's column.
_HEIGHTS = 6
# What a caption meets in its first or last moment, as the shot changes, is gone before it is seen.
_GLIMPSE = 0.12


@dataclass(frozen=True)
class Scene:
    """What a Short shows beside its captions, in clip time."""

    faces: tuple[Sighting, ...] = ()
    logo: Area | None = None
    cuts: tuple[float, ...] = ()


def slots(column: Area, height: int, count: int = _HEIGHTS) -> tuple[int, ...]:
    """Return the lower edges that a block may have, lowest first, evenly spread from a column's bottom to its top."""
    room = max(0, column.height - height)
    return tuple(round(column.bottom - room * step / (count - 1)) for step in range(count))


def place_captions(spans: Sequence[Span], sizes: Sequence[tuple[int, int]], column: Area, scene: Scene) -> list[Area]:
    """Return where each caption of (width, height) stands: the sequence of places that costs least over the clip."""
    if not spans:
        return []
    choices = range(_HEIGHTS)
    places = [_places(column, size, max(height for _, height in sizes)) for size in sizes]
    costs, ways = [0.0] * _HEIGHTS, list[list[int]]()
    for number, span in enumerate(spans):
        met = _met(span, scene)
        move = 0.0 if number == 0 else _move(spans[number - 1], span, scene)
        came = [min(choices, key=lambda before, now=now: costs[before] + move * (before != now)) for now in choices]
        costs = [
            costs[came[now]] + move * (came[now] != now) + span.length * _loss(place, now / (_HEIGHTS - 1), met, scene)
            for now, place in enumerate(places[number])
        ]
        ways.append(came)
    now = min(choices, key=lambda choice: costs[choice])
    chosen: list[Area] = []
    for number in range(len(spans) - 1, -1, -1):
        chosen.append(places[number][now])
        now = ways[number][now]
    return chosen[::-1]


def covered(place: Area, span: Span, scene: Scene) -> float:
    """Return how much a place is over a face, 0–1: the most hidden face at each moment, averaged over the moments.

    What both share is measured against the smaller of them: a line across the mouth of a face that fills the picture
    hides little of it, and is all over it.
    """
    return _shared(place, _met(span, scene))


def _shared(place: Area, met: Sequence[Sighting]) -> float:
    worst: dict[float, float] = {}
    for face in met:
        share = place.overlap(face.box) / max(1, min(_size(face.box), _size(place)))
        worst[face.t] = max(worst.get(face.t, 0.0), share if share > _TOUCHED else 0.0)
    return sum(worst.values()) / len(worst) if worst else 0.0


def _size(box: Area) -> int:
    return box.width * box.height


def _met(span: Span, scene: Scene) -> list[Sighting]:
    """Return the faces seen during a span, without its first and last moment."""
    middle, reach = (span.start + span.end) / 2, max(_AROUND, span.length / 2 - _GLIMPSE)
    return [face for face in scene.faces if abs(face.t - middle) <= reach]


def has_room(place: Area, span: Span, area: Area, scene: Scene) -> bool:
    """Tell whether a caption could have stood higher or lower in an area, beside every face and the logo."""
    moved = [
        place.model_copy(update={"top": bottom - place.height, "bottom": bottom})
        for bottom in slots(area, place.height)
    ]
    return any(covered(block, span, scene) == 0 and not _is_blocked(block, scene) for block in moved)


def _places(column: Area, size: tuple[int, int], tallest: int) -> list[Area]:
    """Return where a caption may stand at each height.

    At one height, one line and two share their last line, above the middle their first: what is read doesn't jump.
    """
    width, height = size
    left = (column.left + column.right) // 2 - width // 2
    bottoms = [
        bottom if number < _HEIGHTS / 2 else bottom - tallest + height
        for number, bottom in enumerate(slots(column, tallest))
    ]
    return [Area(left=left, top=bottom - height, right=left + width, bottom=bottom) for bottom in bottoms]


def _loss(place: Area, height: float, met: Sequence[Sighting], scene: Scene) -> float:
    """Return what a second of a caption at a place costs; ``height`` is 0 for the lowest one."""
    return _HIDDEN * _shared(place, met) + _AWAY * height + _OVER_LOGO * _is_blocked(place, scene)


def _is_blocked(place: Area, scene: Scene) -> bool:
    return scene.logo is not None and place.overlap(scene.logo) > 0


def _move(before: Span, after: Span, scene: Scene) -> float:
    cut = any(before.start < cut <= after.start + 0.1 for cut in scene.cuts)
    return _MOVE_AT_CUT if cut else _MOVE
