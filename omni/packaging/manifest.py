"""The manifest: what was made from what, why, and how it was checked. The same job gives the same bytes."""

import json
from pathlib import Path
from typing import Any

from omni.contracts import Analysis, Brief, Campaign, Clip, FileRef, Short, Source

SCHEMA = 1


def manifest(
    source: Source, brief: Brief, analysis: Analysis, campaign: Campaign, shorts: list[dict[str, Any]], told: Any
) -> str:
    """Return the manifest as JSON text; ``shorts`` come from :func:`short_entry`, ``told`` are contact sheet, documents, engines, cost and warnings."""
    document = {
        "schema": SCHEMA,
        "source": source.model_dump(mode="json", exclude={"path": True, "sidecar": {"path"}})
        | {"file": source.path.name},
        "brief": brief.model_dump(mode="json"),
        "topic": analysis.topic,
        "titles": analysis.titles,
        "keywords": analysis.keywords,
        "language": analysis.language,
        "shorts": shorts,
        "posts": [post.model_dump(mode="json") for post in campaign.posts],
        **told,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def short_entry(short: Short, clip: Clip, files: dict[str, str]) -> dict[str, Any]:
    """Return one Short of the manifest; ``files`` maps a role to a path relative to the manifest."""
    refs = short.roles
    return {
        "number": short.number,
        "title": clip.title,
        "hook": clip.hook,
        "start": clip.start,
        "end": clip.end,
        "kept": [(span.start, span.end) for span in short.kept],
        "duration": short.duration,
        "score": clip.score,
        "reason": clip.reason,
        "evidence": [e.model_dump(mode="json") for e in clip.evidence],
        "layout": short.layout,
        "layouts": [span.model_dump(mode="json") for span in short.layouts],
        "encoder": short.encoder,
        "draft": short.draft,
        "usable": short.usable,
        "checks": [c.model_dump(mode="json") for c in short.checks],
        "files": {role: file_entry(refs[role], files[role]) for role in refs},
        "warnings": short.warnings,
    }


def file_entry(ref: FileRef, relative: str) -> dict[str, str | int]:
    """Return one file of the manifest; ``relative`` is its path from the manifest's folder."""
    return {"path": relative, "sha256": ref.sha256, "size_bytes": ref.size_bytes}


def read_manifest(path: Path) -> dict[str, Any]:
    """Return a manifest that was written before."""
    return json.loads(path.read_text(encoding="utf-8"))
