"""ingest: a path becomes a ``Source``, or a typed error that says what to do."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from omni.contracts import AudioStream, FileRef, Image, Source, VideoStream
from omni.errors import (
    BriefUnusable,
    SourceEmpty,
    SourceError,
    SourceNotFound,
    SourceTooLarge,
    SourceTooLong,
    SourceTooShort,
    SourceUnreadable,
)
from omni.ports import AudioTrack, Probe, Prober
from omni.roots import admitted, open_admitted, require_sayable

SHORTEST_SECONDS = 3.0
"""The shortest Short that every platform takes (TARGETS.md §1)."""
SILENT_DBFS = -60.0
SIDECAR_SUFFIXES = (".srt", ".vtt", ".ass")
WIDE_PRIMARIES = {"bt2020": "BT.2020", "smpte432": "Display P3"}
HEADER_TOLERANCE = 0.05
"""A header may be this much longer than what can be read before it is told as damage."""


@dataclass(frozen=True)
class Limits:
    """What a source may be."""

    max_seconds: float
    max_bytes: int
    roots: tuple[Path, ...] = ()
    """Where subtitles beside it may lead; empty: anywhere."""


def ingest(path: Path, prober: Prober, limits: Limits) -> Source:
    """Open, measure and fingerprint a file; raises a :class:`omni.errors.SourceError`."""
    path = _regular_file(path)
    require_sayable(path)
    size = path.stat().st_size
    if size == 0:
        raise SourceEmpty(path=path)
    if size > limits.max_bytes:
        raise SourceTooLarge(path=path, what=f"{size} bytes, {limits.max_bytes} are accepted")
    probe = prober.probe(path)
    picture = max(probe.pictures, key=lambda p: (p.width * p.height, -p.index), default=None)
    track = choose_track(probe.tracks)
    if picture is None and track is None:
        raise SourceUnreadable(path=path, reason="it holds neither a picture nor a sound that can be decoded")
    duration = round(probe.picture_end if picture else probe.sound_end, 3)
    if duration < SHORTEST_SECONDS:
        raise SourceTooShort(path=path, duration=duration, limit=SHORTEST_SECONDS)
    if duration > limits.max_seconds:
        raise SourceTooLong(path=path, duration=duration, limit=limits.max_seconds)
    sidecar = _sidecar(path, limits.roots)
    return Source(
        path=path,
        sha256=digest_of(path, limits.roots),
        size_bytes=size,
        container=probe.container,
        duration=duration,
        video=picture,
        audio=AudioStream(**track.model_dump(exclude={"is_default", "peak_dbfs"})) if track else None,
        audio_tracks=len(probe.tracks),
        subtitles=probe.subtitles,
        sidecar=_reference(sidecar, limits.roots) if sidecar else None,
        title=readable_title(path),
        warnings=tuple(report(probe, picture, track, duration)),
    )


def choose_track(tracks: tuple[AudioTrack, ...]) -> AudioTrack | None:
    """Return the default track unless it is silent and another one is not."""
    return max(tracks, key=lambda t: (not _is_silent(t), t.is_default, -t.index), default=None)


def report(probe: Probe, picture: VideoStream | None, track: AudioTrack | None, duration: float) -> list[str]:
    """Return what an operator should know about this source, in plain sentences."""
    said: list[str] = []
    if picture is None:
        said.append("The source has no picture: the Shorts show captions on a plain ground with the sound's wave.")
    else:
        said += _picture_report(picture)
    if track is None:
        said.append("The source has no sound: the Shorts are silent.")
    elif len(probe.tracks) > 1:
        named = f" ({track.language or track.title})" if track.language or track.title else ""
        said.append(f"The source has {len(probe.tracks)} audio tracks; stream {track.index}{named} is used.")
    if len(probe.pictures) > 1 and picture is not None:
        said.append(f"The source has {len(probe.pictures)} picture tracks; stream {picture.index} is used.")
    header = probe.header_duration
    if header and header > duration * (1 + HEADER_TOLERANCE) + 1:
        said.append(f"The file claims {header:.0f} s, but only {duration:.0f} s can be read: it may be cut off.")
    if picture and track and probe.sound_end < duration * 0.9:
        said.append(f"The sound ends after {probe.sound_end:.0f} s of {duration:.0f} s.")
    return said


def readable_title(path: Path) -> str:
    """Return the file's stem as a title: separators become blanks, control characters are dropped."""
    stem = os.fsencode(path.stem).decode("utf-8", errors="replace").replace("\ufffd", "")
    words = "".join(c if c.isprintable() else " " for c in stem).replace("_", " ").replace("-", " ").split()
    return " ".join(words)[:100] or "Untitled"


def logo_reference(path: Path | None) -> Image | None:
    """Return the brief's logo; raises BriefUnusable when it is not a PNG file."""
    if path is None:
        return None
    path = path.expanduser().resolve()
    if not path.is_file():
        raise BriefUnusable(field="logo", reason=f"there is no file at {path}")
    with path.open("rb") as file:
        head = file.read(24)
    # the signature, then the first chunk: its length, IHDR, width and height
    width, height = int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
    if not head.startswith(b"\x89PNG\r\n\x1a\n") or head[12:16] != b"IHDR" or not width * height:
        raise BriefUnusable(field="logo", reason=f"{path} is not a PNG file")
    return Image(**_reference(path, ()).model_dump(), width=width, height=height)


def digest_of(path: Path, roots: tuple[Path, ...] = ()) -> str:
    """Return the sha256 of a file below the roots."""
    with os.fdopen(open_admitted(path, roots), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _regular_file(path: Path) -> Path:
    try:
        resolved = path.expanduser().resolve()
        found = resolved.is_file()
    except (OSError, RuntimeError, ValueError) as error:  # links in a circle, a home of nobody, a zero, a name too long
        raise SourceNotFound(path=path) from error
    if not found:
        raise SourceNotFound(path=path)
    if not os.access(resolved, os.R_OK):
        raise SourceUnreadable(path=path, reason="this user may not read it")
    return resolved


def _sidecar(path: Path, roots: tuple[Path, ...]) -> Path | None:
    """Return the subtitles beside a file: ``talk.srt``, or ``talk.en.srt`` when there is just the stem before it.

    A link that leads out of the roots is no subtitle file.
    """
    exact = [path.with_suffix(suffix) for suffix in SIDECAR_SUFFIXES]
    try:
        beside = list(path.parent.iterdir())
    except OSError:  # a folder may let its files be opened and not be listed
        beside = []
    tagged = sorted(f for f in beside if f.suffix in SIDECAR_SUFFIXES and f.stem.rpartition(".")[0] == path.stem)
    return next((f for f in (*exact, *tagged) if _is_admitted(f, roots)), None)


def _is_admitted(path: Path, roots: tuple[Path, ...]) -> bool:
    try:
        return admitted(path, roots).is_absolute()
    except SourceError:
        return False


def _reference(path: Path, roots: tuple[Path, ...]) -> FileRef:
    return FileRef(path=path, sha256=digest_of(path, roots), size_bytes=path.stat().st_size)


def _is_silent(track: AudioTrack) -> bool:
    return track.peak_dbfs is not None and track.peak_dbfs < SILENT_DBFS


def _picture_report(picture: VideoStream) -> list[str]:
    said: list[str] = []
    if picture.rotation:
        said.append(f"The picture is turned upright by its {picture.rotation}° rotation tag.")
    if picture.sample_aspect != "1:1":
        said.append(
            f"Pixels are not square ({picture.sample_aspect}); the picture is shown as {picture.width}×{picture.height}."
        )
    if picture.variable_rate:
        said.append(f"The frame rate varies (about {picture.fps:.1f}); the Shorts have a constant one.")
    if picture.interlaced:
        said.append("The picture is interlaced; it is deinterlaced.")
    if picture.hdr:
        name = {"pq": "HDR (PQ)", "hlg": "HDR (HLG)"}[picture.hdr]
        told = "" if picture.primaries and picture.matrix else " Its colour tags are incomplete; BT.2020 is assumed."
        said.append(f"The picture is {name}; it is tone-mapped to BT.709.{told}")
    elif picture.bit_depth > 8:
        untold = (
            "" if picture.transfer else " It has no colour tags: it is taken for BT.709, and looks pale if it is HDR."
        )
        said.append(f"The picture has {picture.bit_depth} bits a channel; the Shorts have 8.{untold}")
    if picture.primaries in WIDE_PRIMARIES and not picture.hdr:
        said.append(f"The colours are those of {WIDE_PRIMARIES[picture.primaries]}; they are converted to BT.709.")
    if min(picture.width, picture.height) < 480:
        said.append(
            f"The picture is small ({picture.width}×{picture.height}); the Shorts are enlarged and will look soft."
        )
    return said
