"""How much a line may hold."""

from collections.abc import Iterable

from omni.captions.lettering import Lettering
from omni.captions.pages import Page
from omni.captions.wording import Token

# TARGETS.md §2.
LINE_CHARACTERS = 24
# A single wide word may be drawn this much smaller before it is divided.
_SHRINK = 0.75


class Ruler:
    """Measures lines in pixels with the glyphs that will be drawn, each word once."""

    def __init__(self, lettering: Lettering, page: Page, characters: int = LINE_CHARACTERS) -> None:
        """Measure lines of at most ``characters``."""
        self._characters = characters
        self._lettering = lettering
        self._em = page.em
        self._line_width = page.line_width
        self._words: dict[str, float] = {}

    def fits(self, words: Iterable[Token]) -> bool:
        """Tell whether tokens fit on one line at full size."""
        characters, ems = 0, 0.0
        for i, word in enumerate(words):
            blank = i > 0 and not word.joined
            characters += len(word.text) + blank
            ems += self._ems(word.text) + blank * self._ems(" ")
        return characters <= self._characters and ems * self._em <= self._line_width

    def fits_alone(self, text: str) -> bool:
        """Tell whether a word can stand whole on a line of its own, drawn smaller when needed."""
        return len(text) <= self._characters and self._ems(text) * self._em * _SHRINK <= self._line_width

    def scale(self, text: str) -> float:
        """Return by how much a line must be drawn smaller to fit, 1.0 when it fits."""
        return min(1.0, self._line_width / max(self._ems(text) * self._em, 1.0))

    def size(self, lines: Iterable[str]) -> tuple[int, int]:
        """Return width and height in pixels that lines of text take at the size that lets the longest fit."""
        rows = list(lines)
        shrunk = min((self.scale(row) for row in rows), default=1.0)
        widest = max((self._ems(row) for row in rows), default=0.0)
        tall = sum(self._lettering.line(row) for row in rows)
        return round(widest * shrunk * self._em), round(tall * shrunk * self._em)

    def _ems(self, text: str) -> float:
        if text not in self._words:
            self._words[text] = self._lettering.width(text)
        return self._words[text]
