"""Captions as an ASS script for libass: one event for every word being said."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from omni.captions.fontfaces import FontFace
from omni.captions.lettering import Lettering
from omni.captions.measuring import Ruler
from omni.captions.scripts import is_right_to_left
from omni.captions.styles import Page
from omni.contracts import Cue, CueWord

_STYLE_FIELDS = (
    "Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, "
    "StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, "
    "Encoding"
)
_EVENT_FIELDS = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"

# libass knows \{ and \} but no escape for the backslash: the word joiner, never drawn, keeps it from the next letter.
_ESCAPES = str.maketrans({"{": r"\{", "}": r"\}", "\\": "\\\u2060"})
_LEFT_TO_RIGHT_MARK, _RIGHT_TO_LEFT_MARK = "\u200e", "\u200f"


_Line = list[tuple[CueWord, str]]


@dataclass(frozen=True)
class Sheet:
    """What every event of a script shares."""

    page: Page
    lettering: Lettering
    ruler: Ruler
    face: FontFace
    """The face of the style line: the one that draws most letters."""
    right_to_left: bool


def script(cues: Sequence[Cue], *, page: Page, lettering: Lettering, ruler: Ruler) -> tuple[str, tuple[FontFace, ...]]:
    """Return the script, and the faces that it names in order of first use; at least one cue must have a glyph."""
    drawn = [run for cue in cues for word in _words(cue) for run in lettering.runs(word.text)]
    letters = Counter(dict.fromkeys(lettering.faces, 0))
    for run in drawn:
        letters[run.face] += len(run.text)
    sheet = Sheet(
        page=page,
        lettering=lettering,
        ruler=ruler,
        face=letters.most_common(1)[0][0],
        right_to_left=_is_mostly_right_to_left(cues),
    )
    events = [event for cue in cues for event in _events(cue, sheet)]
    faces = dict.fromkeys((sheet.face, *(run.face for run in drawn)))
    return "\n".join((*_head(sheet), *events, "")), tuple(faces)


def _head(sheet: Sheet) -> tuple[str, ...]:
    page, style = sheet.page, sheet.page.style
    fields = (
        style.name,
        sheet.face.family,
        _number(page.em * sheet.face.line),
        *(_colour(colour) for colour in (style.text, style.spoken, style.edge)),
        _colour(style.shade, style.shade_alpha),
        *(-1, 0, 0, 0, 100, 100, 0, 0, 1),
        _number(style.outline * page.scale),
        _number(style.shadow * page.scale),
        *(2, page.side_margin, page.side_margin, page.bottom_margin),
        # −1: the direction of a line is that of its text, and reordering spans colour and font changes. Measured with
        # libass of FFmpeg 5.1 and 9.0; with 1, a highlighted word tears a right-to-left line apart.
        -1,
    )
    return (
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
        f"Style: {','.join(map(str, fields))}",
        "",
        "[Events]",
        f"Format: {_EVENT_FIELDS}",
    )


def _events(cue: Cue, sheet: Sheet) -> Iterator[str]:
    """Yield one event a word, each beginning in the centisecond in which the one before ends."""
    words = _words(cue)
    borders = [cue.start, *(word.start for word in words[1:]), cue.end]
    for i, (start, end) in enumerate(pairwise(borders)):
        if round(start * 100) < round(end * 100):
            text = _text(cue, words[i], sheet)
            yield f"Dialogue: 0,{_time(start)},{_time(end)},{sheet.page.style.name},,0,0,0,,{text}"


def _text(cue: Cue, spoken: CueWord, sheet: Sheet) -> str:
    """Return the text of a cue while one of its words is said; tags stand only between words or faces."""
    size = min((sheet.ruler.scale(line) for line in cue.text.split("\n")), default=1.0)
    pen = _Pen(sheet, size)
    for i, line in enumerate(_drawable_lines(cue, sheet)):
        if i:
            pen.break_line()
        pen.write(_direction(line, sheet))
        for k, (word, text) in enumerate(line):
            if k and not word.joined:
                pen.write(" ")
            if word is spoken:
                pen.tag(rf"\c&H{_bgr(sheet.page.style.spoken)}&")
            pen.write(text)
            if word is spoken:
                pen.tag(r"\c")
    return pen.text


def _drawable_lines(cue: Cue, sheet: Sheet) -> list[_Line]:
    """Return the words that leave something to draw, each with what it leaves."""
    lines = ([(word, text) for word in line if (text := sheet.lettering.drawable(word.text))] for line in cue.lines)
    return [line for line in lines if line]


class _Pen:
    """Writes runs of text, naming a face only where it changes."""

    def __init__(self, sheet: Sheet, size: float) -> None:
        self._sheet = sheet
        self._size = size
        self._face = sheet.face
        self._parts: list[str] = []
        self._tags = [rf"\blur{_number(sheet.page.style.blur * sheet.page.scale)}"]
        if size < 1:
            self._tags.append(rf"\fs{self._font_size(sheet.face)}")

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def tag(self, tag: str) -> None:
        self._tags.append(tag)

    def break_line(self) -> None:
        self._put(r"\N")

    def write(self, text: str) -> None:
        for run in self._sheet.lettering.runs(text, self._face):
            if run.face is not self._face:
                self._face = run.face
                self._tags.append(rf"\fn{run.face.family}\fs{self._font_size(run.face)}")
            self._put(run.text.translate(_ESCAPES))

    def _put(self, text: str) -> None:
        if self._tags:
            self._parts.append(f"{{{''.join(self._tags)}}}")
            self._tags = []
        self._parts.append(text)

    def _font_size(self, face: FontFace) -> str:
        return _number(self._sheet.page.em * self._size * face.line)


def _direction(line: _Line, sheet: Sheet) -> str:
    """Return the invisible mark that gives a line the direction of the whole where its first letter tells another."""
    own = is_right_to_left("".join(text for _, text in line))
    if sheet.right_to_left:
        return "" if own else _RIGHT_TO_LEFT_MARK
    return _LEFT_TO_RIGHT_MARK if own else ""


def _is_mostly_right_to_left(cues: Sequence[Cue]) -> bool:
    directions = Counter(unicodedata.bidirectional(char) for cue in cues for char in cue.text)
    return directions["R"] + directions["AL"] > directions["L"]


def _words(cue: Cue) -> tuple[CueWord, ...]:
    return tuple(word for line in cue.lines for word in line)


def _bgr(colour: str) -> str:
    return colour[4:6] + colour[2:4] + colour[0:2]


def _colour(colour: str, alpha: float = 1.0) -> str:
    """ASS colours are blue-green-red, and their alpha is transparency."""
    return f"&H{round(255 * (1 - alpha)):02X}{_bgr(colour)}"


def _number(value: float) -> str:
    return f"{round(value, 1):g}"


def _time(seconds: float) -> str:
    ticks = round(seconds * 100)
    return f"{ticks // 360000}:{ticks // 6000 % 60:02d}:{ticks // 100 % 60:02d}.{ticks % 100:02d}"
