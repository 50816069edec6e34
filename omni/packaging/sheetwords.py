"""The words of a contact sheet, beside the frames of each Short."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from omni.captions.fontbook import FontBook
from omni.captions.fontfaces import FontFace
from omni.captions.lettering import Lettering
from omni.contracts import Clip, Short
from omni.ports.media import Lettered, SheetLayout
from omni.timecode import clock

MARGIN = 18
FAMILY = "Noto Sans"
WHITE, GREY, GREEN, RED = "FFFFFF", "A8B0C0", "7FD67F", "FF8080"
LEADING = 1.35
"""Height of a line in ems."""
# A brace opens an override of libass, which has no escape for the backslash: a word joiner keeps it from what follows.
_ESCAPES = str.maketrans({"{": r"\{", "}": r"\}", "\\": "\\\u2060"})


@dataclass(frozen=True)
class Line:
    """A text of one row: where it begins, how large it is (em, in pixels), and on how many lines it may stand."""

    top: int
    em: int
    colour: str
    limit: int
    text: str


def sheet_words(
    rows: Sequence[tuple[Short, Clip]], layout: SheetLayout, fonts: FontBook, language: str | None
) -> Lettered:
    """Return the words as an ASS file, drawn by fonts that have their letters; what no font has is left out."""
    lines = [
        (place * layout.row_height + line.top, line)
        for place, (short, clip) in enumerate(rows)
        for line in _lines(short, clip)
    ]
    text = " ".join(line.text for _, line in lines)
    lettering = fonts.lettering(f"{text} …", family=FAMILY, language=language)
    room = layout.panel_width - 2 * MARGIN
    events: list[str] = []
    faces: dict[FontFace, None] = {}
    for top, line in lines:
        for number, part in enumerate(wrapped(line.text, lettering, room / line.em, line.limit)):
            events.append(_event(part, lettering, line, round(top + number * line.em * LEADING)))
            faces |= dict.fromkeys(run.face for run in lettering.runs(part))
    head = _head(layout.panel_width + layout.row_width, layout.row_height * len(rows))
    return Lettered(script="\n".join((*head, *events, "")), fonts=tuple(dict.fromkeys(face.path for face in faces)))


def verdict_of(short: Short) -> tuple[str, str]:
    """Return the verdict in words, and its colour."""
    failed = [check.name for check in short.checks if check.passed is False]
    judged = sum(check.passed is not None for check in short.checks)
    if not failed:
        return f"all {judged} checks passed", GREEN
    told = f"{len(failed)} of {judged} checks failed: {', '.join(failed)}"
    return (told if short.usable else f"not delivered; {told}"), RED


def wrapped(text: str, lettering: Lettering, ems: float, limit: int) -> list[str]:
    """Break a text into at most ``limit`` lines of a width in ems; what is longer ends with an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        if lines and lettering.width(f"{lines[-1]} {word}") <= ems:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > limit:
        lines = [*lines[: limit - 1], f"{lines[limit - 1]}…"]
    return [_shortened(line, lettering, ems) for line in lines]


def _shortened(line: str, lettering: Lettering, ems: float) -> str:
    while len(line) > 1 and lettering.width(line) > ems:
        line = f"{line.removesuffix('…')[:-1].rstrip()}…"
    return line


def _lines(short: Short, clip: Clip) -> Iterator[Line]:
    verdict, colour = verdict_of(short)
    where = f"{clock(clip.start)}–{clock(clip.end)} · {short.duration:.0f} s · {short.layout}"
    yield Line(10, 34, WHITE, 1, f"{short.number} · {clip.score:.0f} of 100")
    yield Line(60, 17, GREY, 1, where)
    yield Line(92, 22, WHITE, 3, clip.title)
    yield Line(186, 17, GREY, 3, f"“{clip.hook}”" if clip.hook else "no words")
    yield Line(262, 16, colour, 3, verdict)


def _head(width: int, height: int) -> tuple[str, ...]:
    return (
        "[Script Info]",
        "ScriptType: v4.00+",
        f"PlayResX: {width}",
        f"PlayResY: {height}",
        "WrapStyle: 2",
        "YCbCr Matrix: None",
        "",
        "[V4+ Styles]",
        "Format: Name, Fontname, Fontsize, PrimaryColour, Bold, BorderStyle, Outline, Shadow, Alignment, Encoding",
        f"Style: words,{FAMILY},20,&H00FFFFFF,-1,1,0,0,7,-1",
        "",
        "[Events]",
        "Format: Layer, Start, End, Style, MarginL, MarginR, MarginV, Effect, Text",
    )


def _event(text: str, lettering: Lettering, line: Line, top: int) -> str:
    runs = "".join(
        rf"{{\fn{run.face.family}\fs{line.em * run.face.line:.1f}}}{run.text.translate(_ESCAPES)}"
        for run in lettering.runs(text)
    )
    colour = line.colour[4:6] + line.colour[2:4] + line.colour[0:2]  # ASS colours are blue-green-red
    return rf"Dialogue: 0,0:00:00.00,0:01:00.00,words,0,0,0,,{{\pos({MARGIN},{top})\c&H{colour}&}}{runs}"
