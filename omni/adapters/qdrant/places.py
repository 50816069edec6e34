"""The places that Qdrant's client opens: RAM, and a server."""

import json
import threading
from collections.abc import Generator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from urllib.parse import urlsplit

from qdrant_client import QdrantClient
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException

from omni.adapters.qdrant.collection import LOCAL_INDEXES, SERVER_INDEXES
from omni.adapters.qdrant.requests import LaidOut, Requests, reason
from omni.adapters.qdrant.store import Store
from omni.errors import MemoryUnavailable

_SERVER_SECONDS = 10
"""Time-out of one request; an upsert of a job's dozen points takes milliseconds."""


class Ram:
    """One client for the life of the object; threads take turns, for the local Qdrant isn't thread-safe."""

    name = where = "ram"
    most = None

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._client = QdrantClient(":memory:")
        self._changes = 0

    def exists(self) -> bool:
        return True

    def stamp(self) -> str | None:
        return str(self._changes)

    def equip(self) -> None:
        """Do nothing: it is loaded."""

    def changes(self) -> None:
        self._changes += 1

    def scrub(self) -> None:
        """There is no disk."""

    @contextmanager
    def open(self) -> Generator[Store]:
        with self._turn:
            yield LaidOut(self._client, LOCAL_INDEXES)

    def translated(self) -> AbstractContextManager[None]:
        return nullcontext()


class Server:
    """A Qdrant server; one client a turn, so that neither a fork nor an idle connection can break it."""

    name = "server"
    most = None

    def __init__(self, url: str, api_key: str | None) -> None:
        self._url = url
        self._key = (api_key or "").strip()  # a secret that comes from a file ends in a line break
        self.where = _without_secrets(url)

    def exists(self) -> bool:
        return True

    def stamp(self) -> str | None:
        return None

    def equip(self) -> None:
        """Do nothing: it is loaded."""

    def changes(self) -> None:
        """Nobody lays out what a server keeps."""

    def scrub(self) -> None:
        """Leave it to the server's optimizer, which does it in its own time."""

    @contextmanager
    def open(self) -> Generator[Store]:
        if not (self._key.isascii() and self._key.isprintable()):  # else the HTTP library's error would quote it
            raise MemoryUnavailable(where=self.where, reason="QDRANT_API_KEY holds characters that no header can carry")
        # The key as a header is the same request as ``api_key=`` without its warning about http on a private network.
        headers = {"api-key": self._key} if self._key else {}
        try:
            client = QdrantClient(url=self._url, headers=headers, timeout=_SERVER_SECONDS, check_compatibility=False)
        except ValueError:
            reason = "QDRANT_URL is not an http or https address"
            raise MemoryUnavailable(where=self.where, reason=reason) from None  # the original quotes the URL
        with closing(client):
            yield Requests(client, SERVER_INDEXES)

    @contextmanager
    def translated(self) -> Generator[None]:
        try:
            yield
        except (ApiException, QdrantException, json.JSONDecodeError, OSError) as error:
            # None: theirs quote the answer, and an answer may repeat the key that was sent
            raise MemoryUnavailable(where=self.where, reason=reason(error)) from None


def _without_secrets(url: str) -> str:
    """Return scheme, host and path of a URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "QDRANT_URL"
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
