"""The files of a job, brought here: resumed where they broke off, and right to the last bit before they get their name."""

from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import httpx

from deployments.errors import ApiBusy, ApiUnreachable, TransferDamaged
from deployments.remote.answers import printable
from deployments.remote.client import DELAYS, ApiClient
from deployments.remote.transfers import Progress, sha256_of, target, unwritable, write
from deployments.schemas import FileEntry


def fetch(client: ApiClient, job_id: UUID, entry: FileEntry, folder: Path, progress: Progress) -> Path:
    """Bring one file below the folder, unless it is there already, and return its path.

    ``progress`` hears the bytes of the file that are here. Raises TransferDamaged, DiskFull, FolderUnwritable.
    """
    path = target(folder, entry.name)
    try:
        if not (path.is_file() and _is_right(path, entry)):
            part = path.with_name(path.name + ".part")
            _complete(client, f"/jobs/{job_id}/files/{quote(entry.name)}", entry, part, progress)
            part.replace(path)
    except OSError as error:
        raise unwritable(path, error) from None
    progress(entry.size_bytes)
    return path


def _complete(client: ApiClient, href: str, entry: FileEntry, part: Path, progress: Progress) -> None:
    """Bring the part to its end; a part of another file, or one that was damaged, is begun anew once."""
    resumed = part.exists()
    _download(client, href, entry, part, progress)
    if not _is_right(part, entry) and resumed:
        part.unlink()
        _download(client, href, entry, part, progress)
    if not _is_right(part, entry):
        part.unlink()
        raise TransferDamaged(name=printable(entry.name))


def _download(client: ApiClient, href: str, entry: FileEntry, part: Path, progress: Progress) -> None:
    """Fetch what is missing; a connection that breaks is taken up again while it brings something."""
    delays = iter(DELAYS)
    while True:
        before = _size(part, entry)
        try:
            _take_up(client, href, entry, part, progress)
        except (ApiUnreachable, ApiBusy):
            if _size(part, entry) > before:
                delays = iter(DELAYS)
            delay = next(delays, None)
            if delay is None:
                raise
            client.rest(delay)
        else:
            return


def _take_up(client: ApiClient, href: str, entry: FileEntry, part: Path, progress: Progress) -> None:
    start = _size(part, entry)
    if start and start == entry.size_bytes:
        return
    headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
    if start:
        headers |= {"Range": f"bytes={start}-", "If-Range": f'"{entry.sha256}"'}
    with client.stream(href, headers, delays=()) as answer:
        write(part, answer.iter_bytes(), progress, start=start if _continues(answer, start) else 0)


def _continues(answer: httpx.Response, start: int) -> bool:
    return answer.status_code == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {start}-")


def _size(part: Path, entry: FileEntry) -> int:
    """Return how much of a part can be kept: nothing, where no digest would find a mixture of two files."""
    size = part.stat().st_size if part.exists() and entry.sha256 else 0
    return size if size <= entry.size_bytes else 0


def _is_right(path: Path, entry: FileEntry) -> bool:
    if path.stat().st_size != entry.size_bytes:
        return False
    return entry.sha256 is None or sha256_of(path) == entry.sha256
