"""The fonts of this machine, and the choice among them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from fontTools.ttLib.tables import O_S_2f_2 as os2

from omni.captions.fontfaces import SUFFIXES, FontFace, read_faces
from omni.captions.lettering import Lettering, groups
from omni.captions.scripts import is_letter

BUNDLED = Path(__file__).parent / "fonts"

# Linux and BSD, macOS, Windows; those that don't exist are skipped.
SYSTEM = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.local/share/fonts"),
    Path("~/.fonts"),
    Path("/System/Library/Fonts"),
    Path("/Library/Fonts"),
    Path("~/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)

# What a style's own family lacks is drawn by this one and its siblings.
_HOUSE = "Noto Sans"
# Han letters are drawn differently by country: the last word of the family names the country.
_COUNTRY = {"ja": "JP", "ko": "KR", "zh": "SC", "yue": "HK"}
# Words of a family name that speak against a caption font when another one covers the same.
_PLAIN_AGAINST = frozenset({"serif", "mono", "song", "ming", "mincho", "sung", "condensed", "display", "ui", "looped"})


@dataclass(frozen=True)
class FontBook:
    """Font files in order of trust; they are opened when a text needs them."""

    bundled: tuple[Path, ...]
    own: tuple[Path, ...] = ()
    """The operator's."""
    system: tuple[Path, ...] = ()

    @classmethod
    def scan(cls, extra: tuple[Path, ...] = (), *, system: tuple[Path, ...] = SYSTEM) -> "FontBook":
        """List the bundled folder, the operator's folders and the system's; folders that don't exist are skipped."""
        return cls(bundled=_files((BUNDLED,)), own=_files(extra), system=_files(system))

    def lettering(self, text: str, *, family: str, language: str | None = None) -> Lettering:
        """Choose a face for every character of a text; ``family`` is preferred, and its siblings by name.

        Characters that no font has are told in ``Lettering.missing``.
        """
        faces: list[FontFace] = []
        for group in groups(text):
            wanted = set(group)
            for face in faces:
                wanted -= face.advances.keys()
            for tier in (self._named(family), *self._tiers(group)):
                while wanted and (face := _best(tier, wanted, family, _country(text, language))) is not None:
                    faces.append(face)
                    wanted -= face.advances.keys()
        # The style's own face draws whatever it can, be it a comma among words of another script.
        return Lettering.of(text, tuple(sorted(faces, key=lambda face: face.family != family)))

    def family(self, name: str) -> str | None:
        """Return the family that a name means, be it a family's or a file's (``Brand-Bold.ttf``), in any case of letters."""
        wanted = name.casefold()
        for face in (face for shelf in self._shelves() for face in shelf):
            if wanted in {face.family.casefold(), face.path.name.casefold(), face.path.stem.casefold()}:
                return face.family
        return None

    @property
    def own_families(self) -> tuple[str, ...]:
        """The families of the operator's folders, by name."""
        return tuple(sorted({face.family for face in self._own_faces}))

    def _named(self, family: str) -> tuple[FontFace, ...]:
        """Return the faces of a family, from the first shelf that has it."""
        found = (tuple(face for face in shelf if face.family == family) for shelf in self._shelves())
        return next((faces for faces in found if faces), ())

    def _shelves(self) -> Iterator[tuple[FontFace, ...]]:
        yield self._bundled_faces
        yield self._own_faces
        yield self._system_faces

    def _tiers(self, group: frozenset[int]) -> Iterator[tuple[FontFace, ...]]:
        """Yield faces by trust; the system's hundreds are opened for letters, not for the sake of an emoji."""
        yield self._bundled_faces
        yield self._own_faces
        if any(is_letter(chr(code)) for code in group):
            yield self._system_faces

    @cached_property
    def _bundled_faces(self) -> tuple[FontFace, ...]:
        return tuple(face for path in self.bundled for face in read_faces(path))

    @cached_property
    def _own_faces(self) -> tuple[FontFace, ...]:
        return tuple(face for path in self.own for face in read_faces(path))

    @cached_property
    def _system_faces(self) -> tuple[FontFace, ...]:
        return tuple(face for path in self.system for face in read_faces(path))


def _best(tier: tuple[FontFace, ...], wanted: set[int], family: str, country: str | None) -> FontFace | None:
    """Return the nearest face of a tier that has all that is wanted, else the one that has most; none has none."""
    untyped: Any = os2
    claims: set[int] = untyped.intersectUnicodeRanges(wanted)
    best, most = None, 0
    for face in sorted(tier, key=lambda face: _distance(face, family, country)):
        if claims and not face.ranges & claims:
            continue
        count = len(wanted & face.advances.keys())
        if count > most:
            best, most = face, count
        if most == len(wanted):
            break
    return best


def _files(folders: Iterable[Path]) -> tuple[Path, ...]:
    found: dict[Path, None] = {}
    for folder in folders:
        try:
            paths = sorted(folder.expanduser().rglob("*"))
        except RuntimeError:  # nobody's home: a container may run under a user without one
            continue
        for path in paths:
            if path.suffix.lower() in SUFFIXES:
                found[path] = None
    return tuple(found)


def _country(text: str, language: str | None) -> str | None:
    """Which country's Han letters to draw; kana and hangul tell it when the language is unknown."""
    if language is not None:
        return _COUNTRY.get(language)
    if any("\u3041" <= char <= "\u30ff" for char in text):
        return "JP"
    return "KR" if any("\uac00" <= char <= "\ud7a3" for char in text) else "SC"


def _distance(
    face: FontFace, family: str, country: str | None
) -> tuple[bool, bool, bool, bool, bool, int, int, str, int]:
    """Order equals in coverage: upright, country, kinship with the style's family or else the house's, plain, near bold."""
    words = face.family.split()
    return (
        face.italic,
        words[-1] != country,
        face.family != family,
        not face.family.startswith(f"{family} "),
        not f"{face.family} ".startswith(f"{_HOUSE} "),
        len(_PLAIN_AGAINST & {word.lower() for word in words}),
        abs(face.weight - 700),
        str(face.path),
        face.number,
    )
