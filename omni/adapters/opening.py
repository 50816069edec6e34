"""Opening containers through PyAV by descriptor, under the guards; foreign errors are translated."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError

from omni.adapters import boxes
from omni.adapters.guards import FORMATS, MAX_PIXELS
from omni.errors import SourceTruncated, SourceUnreadable

OPEN_SECONDS = 20.0
_BOXES_LOOKED_AT = 10_000
"""An ordinary file has a handful of outermost boxes, a fragmented one two for each fragment."""


@dataclass(frozen=True)
class File:
    """A file that was opened once, and what its readers may be shown of it."""

    descriptor: int
    path: Path
    """What errors call it."""
    max_pixels: int = MAX_PIXELS

    @contextmanager
    def opened(self) -> Generator[Any]:
        """Open the container from its beginning; raises SourceUnreadable, SourceTruncated, MemoryError."""
        name = f"/dev/fd/{self.descriptor}"
        try:
            with av.open(
                f"file:{name}",
                options={"protocol_whitelist": "file", "format_whitelist": FORMATS, "max_pixels": str(self.max_pixels)},
                metadata_errors="replace",
                timeout=(OPEN_SECONDS, OPEN_SECONDS),
            ) as container:
                yield container
        except MemoryError:
            raise
        except FFmpegError as error:
            reason = (error.strerror or str(error)).lower()
            if _looks_cut_off(Path(name)):
                raise SourceTruncated(path=self.path, reason=reason) from error
            raise SourceUnreadable(path=self.path, reason=reason) from error


def _looks_cut_off(path: Path) -> bool:
    """Tell an MP4 that begins well and has no index, or a Matroska header with nothing behind it."""
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp":
        kinds = list(islice(boxes.top_level(path), _BOXES_LOOKED_AT))
        return b"moov" not in kinds and len(kinds) < _BOXES_LOOKED_AT
    return head[:4] == b"\x1a\x45\xdf\xa3"
