"""What a job left, read for the pages: manifest, transcript, evidence, and whether its source can be shown."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar, cast

from fastapi import Request
from prefect.client.schemas.objects import FlowRun
from pydantic import BaseModel, ValidationError

from deployments.door.errors import SourceNotShown
from deployments.door.shelf import Manifest, Shelf, Shelved, find
from deployments.errors import FileNotDelivered
from deployments.pages.drawing import Drawing, drawing
from deployments.pages.rewording import Words
from deployments.pages.telling import name_of
from omni.contracts import EvidenceTimeline, Production
from omni.errors import OmniError
from omni.record import record_of

TRANSCRIPT, EVIDENCE = "transcript.json", "evidence.json"
LARGEST = 32_000_000
"""Bytes; the words of a day of speech take about half of it."""

M = TypeVar("M", bound=BaseModel)
log = logging.getLogger("omni.api")


@dataclass(frozen=True)
class Material:
    """What there is of a job. ``unshown`` says why its source can't be seen; it is empty when it can."""

    name: str
    manifest: Manifest | None = None
    drawing: Drawing | None = None
    unshown: str = "the job has made nothing yet"


def material_of(request: Request, run: FlowRun) -> Material:
    """Return what a job left by now; reads a disk or a store."""
    result, video = record_of(run.labels).result, str(run.parameters.get("video", ""))
    manifest = _manifest(request, result) if result else None
    if result is None or manifest is None:
        return Material(name_of(video, upload=request.app.state.uploads.named(video)))
    told = _read(request, result, EVIDENCE, EvidenceTimeline)
    return Material(
        name_of(video, manifest), manifest, drawing(told) if told else None, _unshown(request, video, manifest)
    )


def words_of(request: Request, run: FlowRun) -> Words:
    """Return what was said; nothing where no transcript was delivered."""
    result = record_of(run.labels).result
    return (_read(request, result, TRANSCRIPT, Words) if result else None) or Words()


def named(request: Request, video: str) -> str:
    """Return what the source of a job is called, without reading what the job left."""
    return name_of(video, upload=request.app.state.uploads.named(video))


def _manifest(request: Request, result: Production) -> Manifest | None:
    return _shelf(request).manifest(result)


def _read(request: Request, result: Production, name: str, kind: type[M]) -> M | None:
    """Return a document of a job; one that isn't there, or is of another version, is only not shown."""
    shelf = _shelf(request)
    try:
        file = find(shelf, result, name)
        if file.size_bytes > LARGEST:
            return None
        return cast("M", _document(shelf, file, kind))
    except (FileNotDelivered, OSError):
        return None
    except ValidationError:
        log.warning("%s of %s can't be read", name, result.output_dir.name)
        return None


@lru_cache(maxsize=4)
def _document(shelf: Shelf, file: Shelved, kind: type[BaseModel]) -> BaseModel:
    """Return a document, read once as long as its file stays: a page looks again and again (a day of words takes 40 MB)."""
    return kind.model_validate_json(b"".join(shelf.read(file, 0, file.size_bytes)))


def _unshown(request: Request, video: str, manifest: Manifest) -> str:
    if manifest.source is None:
        return "the job doesn't say what it was"
    try:
        request.app.state.sources.find(video, manifest.source.file_entry)
    except SourceNotShown as error:
        return str(error.facts["reason"])
    except OmniError as error:
        return error.cause
    return ""


def _shelf(request: Request) -> Shelf:
    return request.app.state.shelf
