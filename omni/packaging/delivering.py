"""deliver: the finished Shorts become a folder that a person can use; complete, or not there at all."""

import errno
import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from omni.contracts import (
    Analysis,
    Brief,
    Campaign,
    Charge,
    Clip,
    Delivery,
    EvidenceTimeline,
    FileRef,
    Platform,
    Short,
    Source,
    Transcript,
    Warnings,
    total_usd,
)
from omni.errors import DiskFull, NoUsableShort
from omni.packaging.documents import EVIDENCE, EVIDENCE_PAGE, TRANSCRIPT, evidence_document, transcript_document
from omni.packaging.evidencing import evidence_page
from omni.packaging.manifest import file_entry, manifest, short_entry
from omni.packaging.naming import slug
from omni.writing.limits import limits_of
from omni.writing.rendering import as_text

MANIFEST = "manifest.json"
CONTACT_SHEET = "contact-sheet.png"
SUFFIXES = {"video": ".mp4", "poster": ".jpg", "srt": ".srt", "vtt": ".vtt", "video_small": "-720p.mp4"}
"""By the role of a Short's file."""
EDIT = "edit"
"""Where files for editing programs lie."""
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Parcel:
    """All that goes into the folder."""

    source: Source
    brief: Brief
    analysis: Analysis
    campaign: Campaign
    shorts: tuple[Short, ...]
    engines: dict[str, str]
    warnings: Warnings
    charges: tuple[Charge, ...] = ()
    """What the job has spent when it is delivered."""
    transcript: Transcript | None = None
    evidence: EvidenceTimeline | None = None


def deliver(
    parcel: Parcel, output: Path, job: str, sheet: Path | None = None, edits: Mapping[str, str] = NOTHING
) -> Delivery:
    """Write ``output/<title>-<job>/`` beside its final name and rename it; doing it again replaces it.

    ``edits`` are texts for editing programs, by file name.
    Raises NoUsableShort when no Short may be posted, DiskFull when there is no space.
    """
    usable = tuple(short for short in parcel.shorts if short.usable)
    if not usable:
        reasons = "; ".join(w for short in parcel.shorts for w in short.warnings) or "none was rendered"
        raise NoUsableShort(count=len(parcel.shorts), reasons=reasons)
    final = output.absolute() / f"{slug(parcel.source.title)}-{job[:8]}"
    part = final.with_name(f".{final.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        _fill(part, parcel, sheet, edits)
        _put_in_place(part, final)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        if error.errno == errno.ENOSPC:
            raise DiskFull(path=final) from error
        raise
    return Delivery(
        output_dir=final,
        manifest=_reference(final / MANIFEST),
        shorts_count=len(usable),
        contact_sheet=_reference(final / CONTACT_SHEET) if sheet else None,
    )


def _fill(folder: Path, parcel: Parcel, sheet: Path | None, edits: Mapping[str, str]) -> None:
    clips = {clip.number: clip for clip in parcel.analysis.clips}
    entries: list[dict[str, Any]] = []
    for short in parcel.shorts:
        clip = clips[short.number]
        files = _place(folder, short, clip)
        entries.append(short_entry(short, clip, files))
        if short.usable:
            _sort_by_platform(folder, short, parcel, files)
    if sheet:
        shutil.copyfile(sheet, folder / CONTACT_SHEET)
    drawn = file_entry(_reference(folder / CONTACT_SHEET), CONTACT_SHEET) if sheet else None
    told = {
        "contact_sheet": drawn,
        "edit": [_written(folder, f"{EDIT}/{name}", text) for name, text in edits.items()],
        **_tell(folder, parcel),
        "engines": parcel.engines,
        "cost_usd": total_usd(parcel.charges),
        "charges": [charge.model_dump(mode="json") for charge in parcel.charges],
        "warnings": parcel.warnings,
    }
    text = manifest(parcel.source, parcel.brief, parcel.analysis, parcel.campaign, entries, told)
    (folder / "strategy.md").write_text(parcel.campaign.strategy, encoding="utf-8")
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _tell(folder: Path, parcel: Parcel) -> dict[str, Any]:
    """Write the documents; return their entries of the manifest, ``None`` for one that the parcel doesn't hold."""
    said, why = parcel.transcript, parcel.evidence
    texts = {
        "transcript": (TRANSCRIPT, transcript_document(said) if said else None),
        "evidence": (EVIDENCE, evidence_document(why) if why else None),
        "evidence_page": (EVIDENCE_PAGE, evidence_page(parcel.source.title, why) if why else None),
    }
    return {role: _written(folder, name, text) if text else None for role, (name, text) in texts.items()}


def _written(folder: Path, name: str, text: str) -> dict[str, Any]:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return file_entry(_reference(path), name)


def _place(folder: Path, short: Short, clip: Clip) -> dict[str, str]:
    """Copy the files of one Short; a Short that is unfit to post goes where nobody posts it by mistake."""
    room = folder / ("clips" if short.usable else "rejected")
    room.mkdir(exist_ok=True)
    stem = f"{short.number:02d}-{slug(clip.title)}{'-draft' if short.draft else ''}"
    for role, ref in short.roles.items():
        shutil.copyfile(ref.path, room / f"{stem}{SUFFIXES[role]}")
    return {role: f"{room.name}/{stem}{SUFFIXES[role]}" for role in short.roles}


def _sort_by_platform(folder: Path, short: Short, parcel: Parcel, files: dict[str, str]) -> None:
    """Give each platform that takes this length the video and its post; the video is one file under several names."""
    for platform in parcel.brief.platforms:
        if not fits(platform, short.duration):
            continue
        room = folder / platform.value
        room.mkdir(exist_ok=True)
        stem = Path(files["video"]).stem
        for role in ("video", "poster") if not short.draft else ():  # a draft lies where nobody posts it by mistake
            _link(folder / files[role], room / Path(files[role]).name)
        for post in parcel.campaign.posts:
            if (post.clip, post.platform) == (short.number, platform):
                (room / f"{stem}.txt").write_text(as_text(post), encoding="utf-8")
                (room / f"{stem}.json").write_text(post.model_dump_json(indent=2) + "\n", encoding="utf-8")


def fits(platform: Platform, seconds: float) -> bool:
    """Whether a platform takes a video of this length."""
    limits = limits_of(platform)
    return limits.min_seconds <= seconds <= limits.max_seconds


def _link(existing: Path, name: Path) -> None:
    try:
        os.link(existing, name)
    except OSError:  # file systems without hard links
        shutil.copyfile(existing, name)


def _put_in_place(part: Path, final: Path) -> None:
    old = final.with_name(f".{final.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if final.exists():
        final.rename(old)
    part.rename(final)
    shutil.rmtree(old, ignore_errors=True)


def _reference(path: Path) -> FileRef:
    data = path.read_bytes()
    return FileRef(path=path, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data))
