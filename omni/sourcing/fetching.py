"""From what the user named to a file on this machine: a path, an upload, or an address that is fetched once."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from filelock import FileLock

from omni.errors import SourceNotFound, UrlSourcesOff
from omni.roots import admitted

_UPLOAD = re.compile(r"upload:(up_[0-9a-f]{32})")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_UPLOAD_FACTS = "upload.json"
_ARRIVING = ".arriving"
_LONGEST_NAME = 100
"""Characters: four bytes each still leave room below the 255 bytes of a name."""

Fetcher = Callable[[str, Path], str | None]
"""Writes what an address holds to a file and returns the name that the server gives it, untrusted, or None."""


@dataclass(frozen=True)
class FileReference:
    """A file of this machine."""

    path: Path


@dataclass(frozen=True)
class UploadReference:
    """A file that came through the API."""

    id: str


@dataclass(frozen=True)
class UrlReference:
    """A file behind an http or https address."""

    url: str


@dataclass(frozen=True)
class SourceRules:
    """Where sources may come from; ``locate`` needs nothing else."""

    roots: tuple[Path, ...]
    """Folders that named files must lie in; empty: any file."""
    uploads: Path
    downloads: Path
    fetcher: Fetcher | None
    """None: sources can't be addresses."""
    bring: Callable[[str], Path] | None = None
    """Fetches an upload from the store; None: uploads lie in ``uploads``."""


def reference(video: str) -> FileReference | UploadReference | UrlReference:
    """Return what kind of thing a source's name names; whatever is no upload and no web address is a file's name."""
    if upload := _UPLOAD.fullmatch(video):
        return UploadReference(upload[1])
    if _ADDRESS.match(video):
        return UrlReference(video)
    return FileReference(Path(video))


def locate(video: str, rules: SourceRules) -> Path:
    """Return the local file that ``video`` names, fetching it when it is an address.

    Raises SourceNotFound, SourceUnreadable, UrlSourcesOff or what the fetcher raises. An address is fetched once and
    kept, so that the retry of a job reads the same bytes again, also when the address has other ones by then.
    """
    match reference(video):
        case FileReference(path):
            return admitted(path, rules.roots)
        case UploadReference(upload):
            file = rules.bring(upload) if rules.bring else _only_file(rules.uploads / upload)
            if file is None:
                raise SourceNotFound(path=video)
            return admitted(file, (file.parent,))
        case UrlReference(url):
            if rules.fetcher is None:
                raise UrlSourcesOff
            return _fetched(url, rules.downloads, rules.fetcher)


def safe_name(told: str | None, url: str) -> str:
    """Return a file name that is safe in any folder, from what the server or the address calls the file."""
    last = unquote(url.partition("?")[0].partition("#")[0].partition("://")[2].partition("/")[2]).rstrip("/")
    for name in (told or "", last):
        base = re.split(r"[/\\]", name)[-1]
        clean = (
            "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in base)
            .removesuffix(".part")
            .strip(" .-")
        )
        if clean:
            stem, suffix = Path(clean).stem, Path(clean).suffix[:10]
            return stem[: _LONGEST_NAME - len(suffix)] + suffix
    return "source"


def _fetched(url: str, downloads: Path, fetcher: Fetcher) -> Path:
    key = hashlib.sha256(url.encode("utf-8", errors="surrogatepass")).hexdigest()[:16]
    folder = downloads / key
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(downloads / f"{key}.lock"):  # two jobs with one source fetch it once
        if kept := _only_file(folder):
            return admitted(kept, (folder,))
        for left_over in folder.iterdir():  # of a fetch that was killed
            left_over.unlink()
        arriving = folder / _ARRIVING
        name = safe_name(fetcher(url, arriving), url)
        return admitted(arriving.rename(folder / name), (folder,))


def _only_file(folder: Path) -> Path | None:
    """Return the one file of a folder that is complete: not hidden, not a part, not what was noted about it."""
    try:
        names = [
            f
            for f in folder.iterdir()
            if not f.name.startswith(".") and f.suffix != ".part" and f.name != _UPLOAD_FACTS
        ]
    except OSError:
        return None
    return names[0] if len(names) == 1 else None
