"""Files at the service: sent once for a digest, waited for, renewed when they vanish, deleted in the end."""

import logging
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from google import genai
from google.genai import types

from omni.adapters.gemini.faults import Fault, Kind, scrubbed
from omni.adapters.gemini.service import Service
from omni.contracts import FileRef
from omni.errors.models import ModelBusy, ModelFileRefused
from omni.ports.model import Attachment

MOST_BYTES = 2 * 1024**3
"""Of one file: 2 GB is the limit that every tier has (FACTS.md)."""

_META_SECONDS = 30.0
"""Time-out of asking for a file."""

_DELETE_SECONDS = 10.0
"""Time-out of deleting one: a cancelled job is killed after half a minute, and this is tried twice."""

_PIECE_SECONDS = 120.0
"""Time-out of a piece of 8 MiB: half a megabit a second."""

_READY_SECONDS = 600.0
"""How long a file may be processed; a proxy of an hour takes a minute or two."""

_FIRST_LOOK, _LAST_LOOK = 1.0, 10.0
"""Seconds between looks at a file that is being processed, doubling."""

_ABSENT = {Kind.GONE, Kind.MODEL}

_log = logging.getLogger(__name__)


@dataclass
class _Held:
    """A file that somebody in this process needs; ``names`` is what the service may hold of it."""

    file: FileRef
    media_type: str
    users: int = 0
    uri: str = ""
    names: set[str] = field(default_factory=set[str])


class Uploads:
    """The files that one model holds for the blocks that are open. Thread-safe."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}

    @contextmanager
    def holding(self, file: FileRef, media_type: str, seconds: float) -> Generator[Attachment]:
        """Fulfil ``LanguageModel.attached``."""
        if file.size_bytes > MOST_BYTES:
            reason = f"it has {file.size_bytes / 1024**3:.1f} GB of at most 2"
            raise ModelFileRefused(model=self._service.name, reason=reason)
        held = self._enter(file, media_type)
        try:
            held.uri = self._sent(held)
            yield Attachment(uri=held.uri, media_type=media_type, seconds=seconds)
        finally:
            for name in self._leave(held):
                self._delete(name)

    def renew(self, attachment: Attachment) -> Attachment | None:
        """Send the file of an attachment again after the service has lost it; ``None`` when nobody here holds it."""
        with self._lock:
            found = [held for held in self._held.values() if held.uri == attachment.uri]
        if not found:
            return None
        return attachment.model_copy(update={"uri": self._sent(found[0])})

    def _enter(self, file: FileRef, media_type: str) -> _Held:
        with self._lock:
            held = self._held.setdefault(file.sha256, _Held(file, media_type))
            held.users += 1
            return held

    def _leave(self, held: _Held) -> set[str]:
        """Return what is to be deleted: nothing while others need it."""
        with self._lock:
            held.users -= 1
            if held.users:
                return set()
            del self._held[held.file.sha256]
            return held.names

    def _sent(self, held: _Held) -> str:
        """Return the address of the file once it can be used: the one that is there already, or a new one."""
        name = name_of(held.file)
        there = self._get(name)
        if isinstance(there, Fault):
            if there.kind not in _ABSENT:
                self._service.fail(there)
            there = self._upload(held, name)
        held.names.add(there.name or name)
        if there.state == types.FileState.FAILED:
            raise self._refused(there)
        return self._ready(there)

    def _upload(self, held: _Held, name: str) -> types.File:
        held.names.add(name)  # from now on it may be there, also when all answers are lost
        made = self._service.call(lambda client: _send(client, held, name), seconds=_PIECE_SECONDS)
        if isinstance(made, Fault) and made.kind is Kind.TAKEN:  # by another worker, or by a try whose answer was lost
            made = self._get(name)
            if isinstance(made, Fault) and made.kind in _ABSENT:  # or by one that we may not see
                made = self._service.call(lambda client: _send(client, held, None), seconds=_PIECE_SECONDS)
        if isinstance(made, Fault):
            self._service.fail(made)
        return made

    def _ready(self, file: types.File) -> str:
        """Wait until a file has been processed."""
        patience, pause, looks = self._service.patience, _FIRST_LOOK, 0
        until = patience.clock() + _READY_SECONDS
        while file.state != types.FileState.ACTIVE:
            if file.state == types.FileState.FAILED:
                raise self._refused(file)
            if patience.clock() + pause > until:
                reason = f"the video was still being processed after {_READY_SECONDS:.0f} s"
                raise ModelBusy(model=self._service.name, reason=reason, tries=looks)
            patience.sleep(pause)
            pause, looks = min(_LAST_LOOK, 2 * pause), looks + 1
            seen = self._get(file.name or "")
            if isinstance(seen, Fault):
                self._service.fail(seen)
            file = seen
        return file.uri or ""

    def _get(self, name: str) -> types.File | Fault:
        return self._service.call(lambda client: client.files.get(name=name), seconds=_META_SECONDS)

    def _delete(self, name: str) -> None:
        """Delete a file; what can't be deleted expires by itself, so that it is no reason to fail."""
        gone = self._service.call(lambda client: client.files.delete(name=name), seconds=_DELETE_SECONDS, tries=2)
        if isinstance(gone, Fault) and gone.kind not in _ABSENT:
            _log.warning("a file stays at Google until it expires after 48 hours (%s)", gone.reason)

    def _refused(self, file: types.File) -> ModelFileRefused:
        told = file.error.message if file.error else None
        return ModelFileRefused(model=self._service.name, reason=scrubbed(told or "it could not be processed", ""))


def name_of(file: FileRef) -> str:
    """Return the name of a file at the service, by its digest, so that a retry finds it: 40 of ``a-z0-9-`` are allowed."""
    return f"files/omni-{file.sha256[:32]}"


def _send(client: genai.Client, held: _Held, name: str | None) -> types.File:
    # As an open file: of a path the SDK would send the name along, which is private and not always a header.
    with held.file.path.open("rb") as content:
        return client.files.upload(file=content, config=types.UploadFileConfig(name=name, mime_type=held.media_type))
