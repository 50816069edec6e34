"""The boxes of an MP4 file, read without a library: order of the index, and edit lists (ISO/IEC 14496-12)."""

import struct
from collections.abc import Iterator
from pathlib import Path


def top_level(path: Path) -> Iterator[bytes]:
    """Yield the kinds of the outermost boxes, in file order: a hostile file has millions."""
    return (kind for kind, _, _ in _boxes(path, 0, path.stat().st_size))


def index_is_first(path: Path) -> bool:
    """Whether ``moov`` stands before ``mdat``: a player can begin before everything is there."""
    return next((kind for kind in top_level(path) if kind in (b"moov", b"mdat")), b"") == b"moov"


def count_edit_lists(path: Path) -> int:
    """Return how many edit lists the file has; Meta refuses them."""
    return _count(path, 0, path.stat().st_size)


def _count(path: Path, start: int, end: int) -> int:
    count = 0
    for kind, first, last in _boxes(path, start, end):
        if kind == b"elst":
            count += 1
        elif kind in (b"moov", b"trak", b"edts"):
            count += _count(path, first, last)
    return count


def _boxes(path: Path, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (kind, content start, content end) of the boxes between two offsets."""
    with path.open("rb") as file:
        at = start
        while at + 8 <= end:
            file.seek(at)
            header = file.read(16)
            size, kind = struct.unpack(">I4s", header[:8])
            body = at + 8
            if size == 1 and len(header) == 16:
                size, body = struct.unpack(">Q", header[8:])[0], at + 16
            if size < 8:
                return
            yield kind, body, min(at + size, end)
            at += size
