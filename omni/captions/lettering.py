"""Which face draws which character of a text, and how wide the text becomes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from omni.captions.fontfaces import FontFace
from omni.captions.scripts import COMMON, INHERITED, is_invisible, is_mark, script

# One font draws all of these together; a phrase mixes them.
_EAST_ASIAN = frozenset({"Hani", "Hira", "Kana", "Hrkt", "Bopo", "Hang"})


@dataclass(frozen=True)
class Run:
    """Characters in a row that one face draws."""

    text: str
    face: FontFace


@dataclass(frozen=True)
class Lettering:
    """The faces in use for a text, in order of preference, and the characters that none of them has."""

    faces: tuple[FontFace, ...]
    missing: str = ""

    @classmethod
    def of(cls, text: str, faces: tuple[FontFace, ...]) -> "Lettering":
        """Find what the faces miss of a text."""
        covered: set[int] = set()
        for face in faces:
            covered |= face.advances.keys()
        lacking = dict.fromkeys(char for char in text if not is_invisible(char) and ord(char) not in covered)
        return cls(faces=faces, missing="".join(lacking))

    def runs(self, text: str, before: FontFace | None = None) -> tuple[Run, ...]:
        """Cut a text where the face must change; ``before`` is the face in use, kept as long as it covers.

        Missing characters are left out.
        """
        found: list[Run] = []
        for char in text:
            face = self._face(char, found[-1].face if found else before)
            if face is None:
                continue
            if found and found[-1].face is face:
                found[-1] = Run(found[-1].text + char, face)
            else:
                found.append(Run(char, face))
        return tuple(found)

    def drawable(self, text: str) -> str:
        """Return a word without its missing characters, and without the blanks that stood before them."""
        kept = "".join(run.text for run in self.runs(text))
        return re.sub("[\u00a0\u202f]{2,}", "\u00a0", kept.strip("\u00a0\u202f"))

    def width(self, text: str) -> float:
        """Sum of the advances in ems: exact for Latin; joined scripts come out up to a third narrower than this."""
        return sum(run.face.advances.get(ord(char), 0.0) for run in self.runs(text) for char in run.text)

    def line(self, text: str) -> float:
        """Height of a line with this text, in ems: that of its tallest face."""
        return max((run.face.line for run in self.runs(text)), default=0.0)

    def _face(self, char: str, current: FontFace | None) -> FontFace | None:
        if is_invisible(char) or is_mark(char):
            # A mark stays with its letter: shaping joins them only inside one face.
            return current
        code = ord(char)
        if current is not None and script(char) == COMMON and code in current.advances:
            return current
        return next((face for face in self.faces if code in face.advances), None)


def groups(text: str) -> Iterator[frozenset[int]]:
    """Yield the code points of a text by script, then its digits and signs one by one; each group wants one font."""
    letters: dict[str, set[int]] = {}
    signs: dict[int, None] = {}
    last = "Latn"
    for char in text:
        own = script(char)
        if is_invisible(char):
            continue
        if own == COMMON:
            signs[ord(char)] = None
            continue
        if own != INHERITED:
            last = "Hani" if own in _EAST_ASIAN else own
        letters.setdefault(last, set()).add(ord(char))
    yield from map(frozenset, letters.values())
    for code in signs:
        yield frozenset({code})
