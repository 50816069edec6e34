"""The text of one ASS event: letters, and the tags that change face, size and colour between words."""

from dataclasses import dataclass

from omni.captions.fontfaces import FontFace
from omni.captions.lettering import Lettering
from omni.captions.pages import Page

# libass knows \{ and \} but no escape for the backslash: the word joiner, never drawn, keeps it from the next letter.
_ESCAPES = str.maketrans({"{": r"\{", "}": r"\}", "\\": "\\\u2060"})


@dataclass(frozen=True)
class Ink:
    """How words are filled; an alpha of 0 makes them invisible with all that surrounds them."""

    colour: str
    alpha: float = 1.0
    edge: str | None = None
    """Colour of the edge, then without a shadow; ``None``: the style's own."""


class Pen:
    """Writes runs of text, naming a face or an ink only where it changes."""

    def __init__(self, page: Page, lettering: Lettering, face: FontFace, size: float) -> None:
        """Begin in ``face`` and the style's own ink, at ``size`` times the style's letters."""
        self._page = page
        self._lettering = lettering
        self._line_face = self._face = face
        self._size = size
        self._base = self._ink = Ink(page.style.said)
        self._parts: list[str] = []
        self._tags: list[str] = []
        if page.style.blur:
            self._tags.append(rf"\blur{number(page.style.blur * page.scale)}")
        self._shrink()

    @property
    def text(self) -> str:
        """What was written so far."""
        return "".join(self._parts)

    def hide(self) -> None:
        """Write invisibly from here on: the words keep their places."""
        self._tags.append(r"\alpha&HFF&")

    def begin(self, style: str) -> None:
        """Go on in another style line of the script; ``""`` is the event's own."""
        self._tags.append(rf"\r{style}")
        self._face = self._line_face
        self._shrink()

    def dip(self, ink: Ink) -> None:
        """Go on in another ink."""
        if ink.colour != self._ink.colour:
            self._tags.append(r"\c" if ink.colour == self._base.colour else rf"\c&H{bgr(ink.colour)}&")
        if ink.alpha != self._ink.alpha:
            self._tags.append(r"\alpha" if ink.alpha == 1 else rf"\alpha&H{transparency(ink.alpha)}&")
        if ink.edge != self._ink.edge:
            self._tags.append(r"\3c\4a" if ink.edge is None else rf"\3c&H{bgr(ink.edge)}&\4a&HFF&")
        self._ink = ink

    def break_line(self) -> None:
        """Begin the next line."""
        self._put(r"\N")

    def write(self, text: str) -> None:
        """Write a text that libass draws as it stands, whatever signs it holds; characters without a glyph are left out."""
        for run in self._lettering.runs(text, self._face):
            if run.face is not self._face:
                self._face = run.face
                self._tags.append(rf"\fn{run.face.family}\fs{self._font_size(run.face)}")
            self._put(run.text.translate(_ESCAPES))

    def _shrink(self) -> None:
        if self._size < 1:
            self._tags.append(rf"\fs{self._font_size(self._face)}")

    def _put(self, text: str) -> None:
        if self._tags:
            self._parts.append(f"{{{''.join(self._tags)}}}")
            self._tags = []
        self._parts.append(text)

    def _font_size(self, face: FontFace) -> str:
        return number(self._page.em * self._size * face.line)


def bgr(colour: str) -> str:
    """Return a colour as ASS wants it: blue, green, red."""
    return colour[4:6] + colour[2:4] + colour[0:2]


def transparency(alpha: float) -> str:
    """Return an alpha as ASS wants it: FF is invisible."""
    return f"{round(255 * (1 - alpha)):02X}"


def number(value: float) -> str:
    """Return a number with one decimal at most."""
    return f"{round(value, 1):g}"
