"""Which clip of the memory a delivered file is: told by the manifest beside it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from omni.contracts import Brief
from omni.memory.records import strategy_id
from omni.memory.results import Place, Row
from omni.packaging.delivering import MANIFEST
from omni.packaging.manifest import read_manifest

_JOB = 8
"""Characters of a job's id that end the name of its folder."""


@dataclass(frozen=True)
class Traced:
    """A delivery as the memory knows it; ``clips`` are the numbers of its clips by the names of their videos."""

    folder: Path
    workspace: str
    strategy_id: str
    clips: dict[str, int]


def traced_below(output: Path) -> tuple[Traced, ...]:
    """Return every delivery in an output folder whose manifest can be read, by name."""
    return tuple(_each(output))


def traced(folder: Path) -> Traced | None:
    """Return the delivery in a folder; ``None`` where there is none, or one of another version."""
    try:
        told: dict[str, Any] = read_manifest(folder / MANIFEST)
        brief = Brief.model_validate(told["brief"])
        clips = {Path(short["files"]["video"]["path"]).name: int(short["number"]) for short in told["shorts"]}
        request = strategy_id(brief.workspace, str(told["source"]["sha256"]), brief)
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        return None
    return Traced(folder, brief.workspace, request, clips)


def finder(deliveries: Sequence[Traced], workspace: str) -> Callable[[Row], Place]:
    """Return what names the clip of a row of results; ``workspace`` is that of rows which name a strategy."""

    def find(row: Row) -> Place:
        if "file" in row.cells:
            return _of_file(PurePath(row.cells["file"].replace("\\", "/")), deliveries)
        if "job" in row.cells:
            return _of_job(row.cells, deliveries)
        return Place(workspace, _strategy(row.cells), _number(row.cells.get("clip", "")))

    return find


def _of_file(path: PurePath, deliveries: Sequence[Traced]) -> Place:
    fitting = [one for one in deliveries if path.name in one.clips]
    if len(path.parts) > 1:
        fitting = [one for one in fitting if one.folder.name in path.parts] or fitting
    requests = {one.strategy_id: one for one in fitting}
    if len(requests) != 1:
        found = ", ".join(sorted(one.folder.name for one in requests.values()))
        msg = (
            f"{path.name} lies in several deliveries ({found}); put the folder before it"
            if found
            else (f"no delivery in the output folder has a clip {path.name}")
        )
        raise ValueError(msg)
    (one,) = requests.values()
    return Place(one.workspace, one.strategy_id, one.clips[path.name])


def _of_job(cells: Mapping[str, str], deliveries: Sequence[Traced]) -> Place:
    job = cells["job"]
    fitting = [one for one in deliveries if len(job) >= _JOB and one.folder.name.endswith(f"-{job[:_JOB]}")]
    if not fitting:
        msg = f"no delivery of job {job} lies in the output folder"
        raise ValueError(msg)
    one, clip = fitting[0], cells.get("clip", "")
    return Place(one.workspace, one.strategy_id, one.clips[clip] if clip in one.clips else _number(clip))


def _strategy(cells: Mapping[str, str]) -> str:
    told = cells.get("strategy_id", "")
    try:
        return str(UUID(told))
    except ValueError:
        msg = f"{told!r} is no strategy_id" if told else "it says neither file, job nor strategy_id"
        raise ValueError(msg) from None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        msg = f"{text!r} is no number of a clip" if text else "it names no clip"
        raise ValueError(msg)
    return int(text)


def _each(output: Path) -> Iterator[Traced]:
    for manifest in sorted(output.glob(f"*/{MANIFEST}")):
        if found := traced(manifest.parent):
            yield found
