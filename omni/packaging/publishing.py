"""publish: what a folder in the store lacks and has too much of, decided before anything is sent."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from omni.contracts import Contract, Delivery, Sha256
from omni.errors import StoreKeyRefused
from omni.ports.storage import Storage

COMMIT_MARK = "manifest.json"
"""``omni.packaging.delivering.MANIFEST``, said again: the API reads the store without the rooms that make a job."""
INDEX = ".published.json"
"""What was sent last, beside the files; most stores don't keep a sha256."""
LONGEST_KEY_BYTES = 800
"""S3 takes 1 024 bytes in a key; the rest is for the prefix that OMNI_STORE names."""
WORTH_COPYING_BYTES = 1 << 20
"""A copy inside S3 takes two requests, sending a small file one."""


class Content(Contract):
    """What tells one file's bytes from another's."""

    sha256: Sha256
    size_bytes: int


_CONTENTS = TypeAdapter(dict[str, Content])


@dataclass(frozen=True)
class Publication:
    """Steps in their order; names are relative to the folder, and neither the manifest nor the index is among them."""

    delete: tuple[str, ...] = ()
    send: tuple[str, ...] = ()
    copy: tuple[tuple[str, str], ...] = ()
    """From a name that is in the store by then, to one of the same bytes: a Short stands in a folder a platform."""


def published(delivery: Delivery, storage: Storage | None) -> Delivery:
    """Publish a delivered folder where a store is set; doing it again sends nothing."""
    if storage is None:
        return delivery
    url = storage.publish(delivery.output_dir, delivery.output_dir.name)
    return delivery.model_copy(update={"published": url})


def plan(wanted: Mapping[str, Content], sent: Mapping[str, Content], present: Mapping[str, int]) -> Publication | None:
    """Return what makes the store's folder equal to ``wanted``, or ``None`` when it is.

    ``sent`` is the index of the last publication, ``present`` the sizes of what the store holds now; a file is left
    alone only when both agree with what is wanted.
    """
    kept = {n for n, c in wanted.items() if sent.get(n) == c and present.get(n) == c.size_bytes}
    surplus = sorted(present.keys() - wanted.keys() - {INDEX})
    if len(kept) == len(wanted) and not surplus:
        return None
    origin = {wanted[name].sha256: name for name in sorted(kept - {COMMIT_MARK}, reverse=True)}
    send: list[str] = []
    copy: list[tuple[str, str]] = []
    for name in sorted(wanted.keys() - kept - {COMMIT_MARK}):
        content = wanted[name]
        if content.size_bytes >= WORTH_COPYING_BYTES and content.sha256 in origin:
            copy.append((origin[content.sha256], name))
        else:
            send.append(name)
            origin.setdefault(content.sha256, name)
    return Publication(delete=tuple(surplus), send=tuple(send), copy=tuple(copy))


def unlike(wanted: Mapping[str, Content], present: Mapping[str, int]) -> tuple[str, ...]:
    """Return the names that the store lacks or holds in another size."""
    return tuple(name for name, content in sorted(wanted.items()) if present.get(name) != content.size_bytes)


def contents_of(folder: Path) -> dict[str, Content]:
    """Return every regular file below a folder; a file under several names (hard links) is read once."""
    known: dict[tuple[int, int], str] = {}
    contents: dict[str, Content] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        status = path.stat()
        file = status.st_dev, status.st_ino
        if file not in known:
            with path.open("rb") as data:
                known[file] = hashlib.file_digest(data, "sha256").hexdigest()
        contents[path.relative_to(folder).as_posix()] = Content(sha256=known[file], size_bytes=status.st_size)
    return contents


def index_text(contents: Mapping[str, Content]) -> str:
    """Return the index as JSON."""
    return json.dumps({name: content.model_dump() for name, content in sorted(contents.items())}, ensure_ascii=False)


def read_index(text: bytes) -> dict[str, Content]:
    """Return what an index says; nothing when it is damaged, so that everything is sent again."""
    try:
        return _CONTENTS.validate_json(text)
    except ValidationError:
        return {}


def checked(key: str) -> str:
    """Return a key that can't leave the store; raises StoreKeyRefused."""
    parts = key.split("/")
    is_fine = (
        all(part not in {"", ".", ".."} for part in parts)
        and key.isprintable()
        and "\\" not in key
        and "::" not in key  # fsspec's sign for one filesystem inside another
        and "://" not in key
        and not key.startswith("~")
        and len(key.encode(errors="replace")) <= LONGEST_KEY_BYTES
    )
    if not is_fine:
        raise StoreKeyRefused(key=key)
    return key
