"""A form with a file in it (RFC 7578), read piece by piece: the file goes to the disk without being held."""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

from deployments.pages.errors import FormUnusable

HEAD_BYTES = 4096
FIELD_BYTES = 16 * 1024
PARTS = 200
_BOUNDARY = re.compile(r'multipart/form-data\s*;\s*boundary="?([^\s";,]{1,70})"?\s*', re.IGNORECASE)
_NAME = re.compile(r'[;\s]name="([^"]*)"')
_FILE_NAME = re.compile(r'[;\s]filename="([^"]*)"')
_ESCAPES = {"%22": '"', "%0D": "\r", "%0A": "\n"}
"""What browsers write for these in names (HTML, multipart/form-data encoding algorithm)."""


@dataclass(frozen=True)
class Part:
    """One field, or one file; ``file_name`` is None for a field, and empty where no file was chosen."""

    name: str
    file_name: str | None
    body: AsyncIterator[bytes]

    async def text(self) -> str:
        """Return the whole of a field; raises FormUnusable."""
        held = bytearray()
        async for piece in self.body:
            held += piece
            if len(held) > FIELD_BYTES:
                raise FormUnusable(reason=f"the field {self.name[:40]} is too long")
        try:
            return held.decode()
        except UnicodeDecodeError as error:
            raise FormUnusable(reason="it isn't UTF-8") from error


def boundary_of(content_type: str) -> bytes:
    """Return what stands between the parts; raises FormUnusable for another kind of body."""
    found = _BOUNDARY.fullmatch(content_type.strip())
    if found is None:
        raise FormUnusable(reason="it isn't a form with a file")
    return found[1].encode()


async def parts_of(chunks: AsyncIterator[bytes], boundary: bytes) -> AsyncGenerator[Part]:
    """Yield the parts of a form in their order; what is left of one when the next is asked for is skipped.

    Raises FormUnusable for a form that breaks off or isn't one.
    """
    reader = _Reader(chunks, b"\r\n--" + boundary)
    async for _ in reader.until_delimiter():
        pass  # what stands before the first part means nothing
    for _ in range(PARTS):
        if await reader.taken(2) == b"--":
            return
        head = await reader.head()
        body = reader.until_delimiter()
        yield _part(head, body)
        async for _ in body:
            pass
    raise FormUnusable(reason="it has too many parts")


def _part(head: str, body: AsyncIterator[bytes]) -> Part:
    line = next((line for line in head.split("\r\n") if line.lower().startswith("content-disposition:")), "")
    name, file_name = _NAME.search(line), _FILE_NAME.search(line)
    if name is None:
        raise FormUnusable(reason="one of its parts has no name")
    return Part(_unescaped(name[1]), _unescaped(file_name[1]) if file_name else None, body)


def _unescaped(name: str) -> str:
    for escape, character in _ESCAPES.items():
        name = name.replace(escape, character)
    return name


class _Reader:
    """Bytes that come in pieces of any size, and a delimiter that may lie across two of them."""

    def __init__(self, chunks: AsyncIterator[bytes], delimiter: bytes) -> None:
        self._chunks = chunks
        self._delimiter = delimiter
        self._held = bytearray(b"\r\n")  # the first delimiter may stand at the very beginning

    async def until_delimiter(self) -> AsyncGenerator[bytes]:
        """Yield what stands before the next delimiter, and take the delimiter away."""
        while (at := self._held.find(self._delimiter)) < 0:
            safe = len(self._held) - len(self._delimiter) + 1
            if safe > 0:
                piece = bytes(self._held[:safe])
                del self._held[:safe]
                yield piece
            await self._more()
        piece = bytes(self._held[:at])
        del self._held[: at + len(self._delimiter)]
        if piece:
            yield piece

    async def head(self) -> str:
        """Return the header lines of a part, and take the empty line after them away."""
        while (at := self._held.find(b"\r\n\r\n")) < 0:
            if len(self._held) > HEAD_BYTES:
                raise FormUnusable(reason="the head of one of its parts is too long")
            await self._more()
        head = bytes(self._held[:at])
        del self._held[: at + 4]
        return head.decode(errors="replace")

    async def taken(self, count: int) -> bytes:
        """Return the next few bytes."""
        while len(self._held) < count:
            await self._more()
        piece = bytes(self._held[:count])
        del self._held[:count]
        return piece

    async def _more(self) -> None:
        try:
            self._held += await anext(self._chunks)
        except StopAsyncIteration:
            raise FormUnusable(reason="it broke off before its end") from None
