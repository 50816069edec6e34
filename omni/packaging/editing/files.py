"""The files of the folder ``edit/``, each read again before anybody gets it."""

import logging
from fractions import Fraction
from pathlib import Path

from omni.contracts import Warnings
from omni.errors import EditFileUnusable
from omni.packaging.delivering import Parcel
from omni.packaging.editing.edl import edl
from omni.packaging.editing.fcpxml import fcpxml
from omni.packaging.editing.planning import cut_list, remarks
from omni.ports.editing import CutList, Interchange, Timelines
from omni.timecode import frames_of_a_day

log = logging.getLogger("omni.editing")


def edit_files(parcel: Parcel, timelines: Timelines, places: tuple[Path, ...] = ()) -> tuple[dict[str, str], Warnings]:
    """Return texts by file name, and what to know about them: ``job.*`` has all Shorts, ``01-….otio`` one.

    A file that doesn't say what was meant when it is read again is left out with a warning: the Shorts are done.
    """
    cuts = cut_list(parcel, places)
    files: dict[str, str] = {}
    left_out: list[str] = []
    for name, meant in _wanted(cuts).items():
        try:
            files[name] = _proven(name, meant, timelines)
        except EditFileUnusable as error:
            log.warning("%s is left out: %s", name, error)
            left_out.append(f"edit/{name} is missing. {error}")
    return files, (*remarks(parcel.source), *left_out)


def _wanted(cuts: CutList) -> dict[str, CutList]:
    """Return what each file is to say, by its name."""
    whole = {f"job.{kind}": cuts for kind in ("otio", "fcpxml", "edl")}
    return whole | {
        f"{cut.stem}.otio": cuts.model_copy(update={"title": cut.name, "cuts": (cut,)}) for cut in cuts.cuts
    }


def _proven(name: str, meant: CutList, timelines: Timelines) -> str:
    """Return the text of a file that says what is meant; raises EditFileUnusable."""
    if name.endswith(".edl"):
        text, kind = edl(meant), "edl"
    elif name.endswith(".fcpxml"):
        text, kind = fcpxml(meant), "fcpxml"
    else:
        text, kind = timelines.otio(meant), "otio"
    fault = _difference(meant, timelines.takes_in(text, kind, meant.reel.fps), kind)
    if fault:
        raise EditFileUnusable(kind=kind, reason=fault)
    return text


def _difference(meant: CutList, read: tuple[tuple[Fraction, Fraction], ...], kind: Interchange) -> str | None:
    """Return what a file says wrongly; ``None`` when each of its clips is in its place, to the frame."""
    fps, takes = meant.reel.fps, [take for cut in meant.cuts for take in cut.takes]
    if len(read) != len(takes):
        return f"it has {len(read)} clips instead of {len(takes)}"
    # OpenTimelineIO's reader of FCPXML cuts times down to whole frames, and rates to whole numbers: 29 for 29.97
    slack = (Fraction(1, int(fps)) if kind == "fcpxml" else Fraction(1, 2) / fps) + Fraction(1, 10**6)
    day = frames_of_a_day(fps, drop_frame=meant.reel.drop_frame)
    for place, (take, (start, length)) in enumerate(zip(takes, read, strict=True), 1):
        first = take.first % day if kind == "edl" else take.first  # clocks begin anew at midnight, counted frames don't
        if max(abs(start - first / fps), abs(length - take.frames / fps)) > slack:
            return f"its clip {place} begins at {float(start):.3f} s and lasts {float(length):.3f} s"
    return None
