"""Captions and hook title as an ASS script for libass: one event for every word being said."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from omni.captions.fontfaces import FontFace
from omni.captions.lettering import Lettering
from omni.captions.measuring import Ruler
from omni.captions.pages import Page
from omni.captions.pens import Ink, Pen, bgr, number, transparency
from omni.captions.scripts import is_right_to_left
from omni.contracts import Area, Cue, CueWord, HookTitle

_STYLE_FIELDS = (
    "Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, "
    "StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, "
    "Encoding"
)
_EVENT_FIELDS = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
# Border styles: letters with an edge, a box behind each run of letters, one box behind the whole event (libass's own).
_EDGE, _BOX, _GROUND = 1, 3, 4
# Blocks lie under letters, and the title over both; libass moves events of one layer apart, and none of different ones.
_UNDER, _LETTERS, _OVER = 0, 1, 2
_LEFT_TO_RIGHT_MARK, _RIGHT_TO_LEFT_MARK = "\u200e", "\u200f"

_Line = list[tuple[CueWord, str]]


@dataclass(frozen=True)
class Sheet:
    """What every event of one style shares."""

    page: Page
    lettering: Lettering
    ruler: Ruler
    face: FontFace
    """The face of the style line: the one that draws most letters."""
    right_to_left: bool

    @classmethod
    def of(cls, texts: Sequence[str], page: Page, lettering: Lettering) -> "Sheet":
        """Prepare for texts of which at least one has a glyph."""
        letters = Counter(dict.fromkeys(lettering.faces, 0))
        for run in (run for text in texts for run in lettering.runs(text)):
            letters[run.face] += len(run.text)
        return cls(
            page=page,
            lettering=lettering,
            ruler=Ruler(lettering, page),
            face=letters.most_common(1)[0][0],
            right_to_left=_is_mostly_right_to_left("".join(texts)),
        )

    def faces(self, texts: Iterable[str]) -> Iterator[FontFace]:
        """Yield the faces that are named for texts, that of the style line first."""
        yield self.face
        yield from (run.face for text in texts for run in self.lettering.runs(text))


def script(page: Page, styles: Iterable[str], events: Iterable[str]) -> str:
    """Return a whole script."""
    head = (
        "[Script Info]",
        "ScriptType: v4.00+",
        f"PlayResX: {page.width}",
        f"PlayResY: {page.height}",
        "WrapStyle: 2",
        "ScaledBorderAndShadow: yes",
        "YCbCr Matrix: None",
        "",
        "[V4+ Styles]",
        f"Format: {_STYLE_FIELDS}",
    )
    return "\n".join((*head, *styles, "", "[Events]", f"Format: {_EVENT_FIELDS}", *events, ""))


def caption_styles(sheet: Sheet) -> Iterator[str]:
    """Yield the style lines of captions: the letters', and the block's where the style has one."""
    style, scale = sheet.page.style, sheet.page.scale
    if style.ground is None:
        shade = _colour(style.shade, style.shade_alpha)
        yield _style(sheet, style.name, style.edge, shade, (_EDGE, style.outline * scale, style.shadow * scale))
    else:
        # The ground reaches as far beyond the letters as the shadow would.
        ground = _colour(style.ground, style.ground_alpha)
        yield _style(sheet, style.name, style.edge, ground, (_GROUND, 0, style.padding * scale))
    if style.block is not None:
        yield _style(sheet, _block(sheet), style.block, _colour(style.shade, 0), (_BOX, style.padding * scale, 0))


def title_style(sheet: Sheet) -> str:
    """Return the style line of the hook title: a card behind each of its lines."""
    style = sheet.page.style
    border = (_BOX, style.padding * sheet.page.scale, 0)
    return _style(sheet, style.name, style.ground or style.edge, _colour(style.shade, 0), border)


def caption_events(cue: Cue, sheet: Sheet) -> Iterator[str]:
    """Yield one event a word, each beginning in the centisecond in which the one before ends."""
    words = [word for line in cue.lines for word in line]
    borders = [cue.start, *(word.start for word in words[1:]), cue.end]
    for i, (start, end) in enumerate(pairwise(borders)):
        if round(start * 100) < round(end * 100):
            if sheet.page.style.block is not None:
                yield _event(sheet, (_UNDER, start, end), cue.place, _block_text(cue, i, sheet))
            yield _event(sheet, (_LETTERS, start, end), cue.place, _text(cue, i, sheet))


def title_event(title: HookTitle, sheet: Sheet) -> str:
    """Return the event of the hook title: there from the first frame, which feeds show, and gone without a fade.

    Half transparent, the cards of two lines would show where they overlap.
    """
    pen = Pen(sheet.page, sheet.lettering, sheet.face, _size(title.lines, sheet))
    for i, line in enumerate(title.lines):
        if i:
            pen.break_line()
        pen.write(_direction(line, sheet) + line)
    return _event(sheet, (_OVER, title.start, title.end), title.place, pen.text)


def _style(sheet: Sheet, name: str, edge: str, back: str, border: tuple[int, float, float]) -> str:
    page, style = sheet.page, sheet.page.style
    kind, outline, shadow = border
    side = round(page.width / 2 - page.half_width)
    fields = (
        name,
        sheet.face.family,
        number(page.em * sheet.face.line),
        *(_colour(style.said), _colour(style.spoken)),
        _colour(edge, style.edge_alpha),
        back,
        *(-1, 0, 0, 0, 100, 100, 0, 0, kind),
        *(number(outline), number(shadow)),
        *(2, side, side, page.height - page.column.bottom),
        # −1: the direction of a line is that of its text, and reordering spans colour and font changes. Measured with
        # libass of FFmpeg 5.1 and 9.0; with 1, a highlighted word tears a right-to-left line apart.
        -1,
    )
    return f"Style: {','.join(map(str, fields))}"


def _event(sheet: Sheet, when: tuple[int, float, float], place: Area | None, text: str) -> str:
    layer, start, end = when
    margin = 0 if place is None or place.bottom == sheet.page.column.bottom else sheet.page.height - place.bottom
    return f"Dialogue: {layer},{_time(start)},{_time(end)},{sheet.page.style.name},,0,0,{margin},,{text}"


def _text(cue: Cue, at: int, sheet: Sheet) -> str:
    """Return the text of a cue while word ``at`` is said; tags stand only between words or faces."""
    style = sheet.page.style
    inks = {-1: Ink(style.said), 0: Ink(style.spoken, edge=style.block), 1: Ink(style.unsaid, style.unsaid_alpha)}
    pen = _pen(cue, sheet)
    for number_, blank, text in _written(cue, sheet, pen):
        pen.write(blank)
        pen.dip(inks[(number_ > at) - (number_ < at)])
        pen.write(text)
    return pen.text


def _block_text(cue: Cue, at: int, sheet: Sheet) -> str:
    """Return the same text with nothing to be seen of it but a block where word ``at`` stands."""
    pen = _pen(cue, sheet)
    pen.hide()
    for number_, blank, text in _written(cue, sheet, pen):
        pen.write(blank)
        if number_ == at:
            pen.begin(_block(sheet))
        pen.write(text)
        if number_ == at:
            pen.begin("")
            pen.hide()
    return pen.text


def _pen(cue: Cue, sheet: Sheet) -> Pen:
    return Pen(sheet.page, sheet.lettering, sheet.face, _size(cue.text.split("\n"), sheet))


def _size(lines: Sequence[str], sheet: Sheet) -> float:
    return min((sheet.ruler.scale(line) for line in lines), default=1.0)


def _written(cue: Cue, sheet: Sheet, pen: Pen) -> Iterator[tuple[int, str, str]]:
    """Yield (number, what stands before it, text) of each word that leaves something to draw, breaking lines between."""
    order = {id(word): i for i, word in enumerate(word for line in cue.lines for word in line)}
    for i, line in enumerate(_drawable_lines(cue, sheet)):
        if i:
            pen.break_line()
        mark = _direction("".join(text for _, text in line), sheet)
        for k, (word, text) in enumerate(line):
            yield order[id(word)], mark if k == 0 else "" if word.joined else " ", text


def _drawable_lines(cue: Cue, sheet: Sheet) -> list[_Line]:
    """Return the words that leave something to draw, each with what it leaves."""
    lines = ([(word, text) for word in line if (text := sheet.lettering.drawable(word.text))] for line in cue.lines)
    return [line for line in lines if line]


def _direction(line: str, sheet: Sheet) -> str:
    """Return the invisible mark that gives a line the direction of the whole where its first letter tells another."""
    own = is_right_to_left(line)
    if sheet.right_to_left:
        return "" if own else _RIGHT_TO_LEFT_MARK
    return _LEFT_TO_RIGHT_MARK if own else ""


def _is_mostly_right_to_left(text: str) -> bool:
    directions = Counter(unicodedata.bidirectional(char) for char in text)
    return directions["R"] + directions["AL"] > directions["L"]


def _block(sheet: Sheet) -> str:
    return f"{sheet.page.style.name}-block"


def _colour(colour: str, alpha: float = 1.0) -> str:
    return f"&H{transparency(alpha)}{bgr(colour)}"


def _time(seconds: float) -> str:
    ticks = round(seconds * 100)
    return f"{ticks // 360000}:{ticks // 6000 % 60:02d}:{ticks // 100 % 60:02d}.{ticks % 100:02d}"
