"""One face of a font file: the name under which libass finds it, what it covers, how wide its glyphs are."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTCollection, TTFont, TTLibError

SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})

# Placeholder fonts that claim every character and draw boxes or nothing.
_BLANKS = ("last resort", "lastresort", "adobe blank", "adobenotdef", "unifont")
# Signs that would end or alter an override tag or a style line of the script.
_UNSAFE = frozenset("\\{},;\n\r@")


@dataclass(frozen=True)
class FontFace:
    """A face. ``ranges`` are the OS/2 Unicode range bits: what the maker says it supports, cheap to read."""

    path: Path
    number: int
    family: str
    weight: int
    italic: bool
    line: float
    """Height that libass scales to the font size, in ems: the font size for a given em is ``em * line``."""
    ranges: frozenset[int]

    @cached_property
    def advances(self) -> Mapping[int, float]:
        """Width of each covered code point, in ems."""
        with TTFont(self.path, fontNumber=self.number, lazy=True) as font:
            tables: Any = font
            em: int = tables["head"].unitsPerEm
            metrics: dict[str, tuple[int, int]] = tables["hmtx"].metrics
            cmap: dict[int, str] = tables.getBestCmap() or {}
            return {code: metrics[glyph][0] / em for code, glyph in cmap.items()}


def read_faces(path: Path) -> tuple[FontFace, ...]:
    """Return the usable faces of a file; none when it is damaged, colour-only, or named unsafely."""
    try:
        return tuple(face for i in range(_count(path)) if (face := _face(path, i)) is not None)
    except (TTLibError, OSError, KeyError, ValueError, AttributeError, AssertionError, struct.error):
        return ()


def _count(path: Path) -> int:
    if path.suffix.lower() not in {".ttc", ".otc"}:
        return 1
    with TTCollection(str(path), lazy=True) as collection:
        untyped: Any = collection
        return len(untyped.fonts)


def _face(path: Path, number: int) -> FontFace | None:
    with TTFont(path, fontNumber=number, lazy=True) as font:
        if not {"glyf", "CFF ", "CFF2"} & set(font.keys()):
            return None
        family = _family(font)
        if not family or _UNSAFE & set(family) or family.lower().startswith(_BLANKS):
            return None
        os2: Any = font["OS/2"]
        head: Any = font["head"]
        return FontFace(
            path=path,
            number=number,
            family=family,
            weight=int(os2.usWeightClass),
            italic=bool(os2.fsSelection & 1),
            line=(os2.usWinAscent + os2.usWinDescent) / head.unitsPerEm,
            ranges=frozenset(os2.getUnicodeRanges()),
        )


def _family(font: TTFont) -> str:
    """Name 1 as libass matches it: Windows' own before Macintosh's, which may differ, and English before others."""
    table: Any = font["name"]
    names: list[Any] = [record for record in table.names if record.nameID == 1]
    names.sort(key=lambda record: (record.platformID != 3, record.langID not in {0x409, 0}))
    return str(names[0]).strip() if names else ""
