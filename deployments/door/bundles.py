"""All files of a job as one archive, made while it is sent: nothing is written, nothing is held."""

import io
import zipfile
from collections.abc import Iterable, Iterator

from deployments.door.serving import Reads
from deployments.door.shelf import Shelved

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Files in an archive have a date; the same job gives the same bytes with this one."""


def bundle(shelf: Reads, files: Iterable[Shelved], folder: str) -> Iterator[bytes]:
    """Yield a zip of these files below ``folder``, stored as they are: films and pictures don't get smaller."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(f"{folder}/{file.name}", EPOCH)
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=file.size_bytes >= zipfile.ZIP64_LIMIT) as opened:
                for piece in shelf.read(file, 0, file.size_bytes):
                    opened.write(piece)
                    yield sink.taken()
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Takes what the archive writes until it is sent; it can't be rewound, so sizes follow their files."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]  # any buffer
        piece = bytes(data)  # pyright: ignore[reportArgumentType]
        self._held += piece
        return len(piece)

    def taken(self) -> bytes:
        """Return what has come since the last time."""
        held, self._held = bytes(self._held), bytearray()
        return held
