"""The hook title: the clip's promise as a card over the first seconds, where nothing else stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from omni.captions.dividing import divided
from omni.captions.fontbook import FontBook
from omni.captions.lettering import Lettering
from omni.captions.measuring import Ruler
from omni.captions.pages import Page
from omni.captions.phrasing import parting
from omni.captions.placing import Scene, covered, slots
from omni.captions.scripts import is_letter
from omni.captions.wording import Token, running_text, untimed
from omni.contracts import Area, Cue, HookTitle, Span

# Long enough to be read at 15 characters a second, an easy pace for a line that is read once; gone before it bores.
_PACE = 15.0
_SHORTEST, _LONGEST = 2.5, 4.5
# Of a very short clip it never takes more than this part.
_SHARE = 0.4
_LINES = 3
# A headline is read once and at leisure, so its lines may be longer than a caption's 24.
_CHARACTERS = 30
# Tried in this order; below, a title is no headline any more, and is left out.
_SIZES = (1.0, 0.88, 0.78, 0.7)
# Fewer letters promise nothing.
_LETTERS = 6
# A title that shares its first letters with what is being said would stand twice on the screen.
_OPENING = 15
# Heights that are tried: more than captions have, for a title stands once and moves nowhere.
_STEPS = 13
# The part of the column's width that parts title and captions: 43 px hold the card's rim, a caption's edge and a gap.
_AIR = 16


@dataclass(frozen=True)
class Draft:
    """A title set in lines, and the page and letters that draw it."""

    title: HookTitle
    page: Page
    lettering: Lettering


def hook_title(
    candidates: Iterable[str],
    cues: Sequence[Cue],
    scene: Scene,
    *,
    page: Page,
    fonts: FontBook,
    clip: tuple[float, str | None],
) -> Draft | None:
    """Return the first candidate that says something new, can be drawn, and finds room beside captions, faces and logo.

    ``clip`` is the clip's length in seconds and its language.
    """
    length, language = clip
    for text in candidates:
        lettering = fonts.lettering(f"{running_text(untimed(text))} -", family=page.style.family, language=language)
        words = [replace(word, text=kept) for word in untimed(text) if (kept := lettering.drawable(word.text))]
        said = running_text(words)
        span = Span(start=0, end=round(min(max(_SHORTEST, len(said) / _PACE), _LONGEST, length * _SHARE), 2))
        if len(_letters(said)) < _LETTERS or any(map(is_letter, lettering.missing)) or _is_said(said, cues, span):
            continue
        for size in _SIZES:
            smaller = replace(page, style=replace(page.style, em=page.style.em * size))
            ruler = Ruler(lettering, smaller, _CHARACTERS)
            lines = _lines([piece for word in words for piece in divided(word, ruler.fits_alone)], ruler, language)
            if lines and (place := _place(ruler.size(lines), span, cues, smaller.column, scene)):
                return Draft(HookTitle(start=0, end=span.end, lines=lines, place=place), smaller, lettering)
    return None


def _is_said(text: str, cues: Sequence[Cue], span: Span) -> bool:
    """Tell whether a title begins with words that the captions show while it would stand there."""
    shown = "".join(cue.text for cue in cues if cue.start < span.end)
    return _letters(text)[:_OPENING] in _letters(shown)


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _lines(words: Sequence[Token], ruler: Ruler, language: str | None) -> tuple[str, ...]:
    """Set words in as few lines as hold them, near in length, parted where it hurts least; none when they don't fit."""
    if len(running_text(words)) > _LINES * _CHARACTERS:
        return ()
    for count in range(1, _LINES + 1):
        settings = [
            [words[a:b] for a, b in zip((0, *breaks), (*breaks, len(words)), strict=True)]
            for breaks in combinations(range(1, len(words)), count - 1)
        ]
        fitting = [rows for rows in settings if all(ruler.fits(row) for row in rows)]
        if fitting:
            best = min(fitting, key=lambda rows: _harm(rows, language))
            return tuple(running_text(row) for row in best)
    return ()


def _harm(rows: Sequence[Sequence[Token]], language: str | None) -> float:
    sizes = [len(running_text(row)) for row in rows]
    parted = sum(parting(above[-1], below[0], language) for above, below in pairwise(rows))
    return parted + max(sizes) - min(sizes)


def _place(size: tuple[int, int], span: Span, cues: Sequence[Cue], column: Area, scene: Scene) -> Area | None:
    """Return the highest place that is free for the whole time."""
    captions = [cue.place for cue in cues if cue.place and cue.start < span.end]
    for bottom in reversed(slots(column, size[1], _STEPS)):
        left = (column.left + column.right - size[0]) // 2
        place = Area(left=left, top=bottom - size[1], right=left + size[0], bottom=bottom)
        airy = _with_air(place, column.width // _AIR)
        taken = any(airy.overlap(box) for box in (*captions, *((scene.logo,) if scene.logo else ())))
        if not taken and not covered(place, span, scene):
            return place
    return None


def _with_air(place: Area, air: int) -> Area:
    return Area(left=place.left - air, top=place.top - air, right=place.right + air, bottom=place.bottom + air)
