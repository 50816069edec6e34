"""Our choice in other people's opinion: score files as TVSum has them, ``second,score`` for each annotator."""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from omni.analysis.candidates import candidates
from omni.analysis.finding import search_for
from omni.analysis.offline import OfflineAnalyst
from omni.analysis.showing import merit_curve
from omni.contracts import Brief, Dossier, FileRef, Footage, Precedents, Source, Span
from omni.sourcing.ingesting import ingest
from omni.speech.listening import listen
from omni.vision.watching import watch
from omni.wiring import Workshop

Scores = NDArray[np.float64]
"""One value a second."""


@dataclass(frozen=True)
class Opinion:
    """What several people's scores say of our choice."""

    annotators: int
    percentile: float
    """Mean share of all windows of the same length that people like less than ours; 0.5 is chance."""
    tau: float
    """Kendall's tau-b between our seconds and each person's, on average; 0 is chance."""
    human_tau: float | None
    """The same between each person and the mean of the others; ``None`` for one person."""


def read_scores(paths: Sequence[Path]) -> list[Scores]:
    """Return each annotator's scores by second: a file may hold several, one a column; gaps repeat the last value.

    Raises ValueError for a file without numbers.
    """
    return [scores for path in paths for scores in _columns(path)]


def opinion_on(picks: Sequence[Span], ours: Scores, people: Sequence[Scores]) -> Opinion:
    """Compare windows and our score of each second with people's."""
    seconds = min(len(ours), *(len(p) for p in people))
    cut = [p[:seconds] for p in people]
    others = [np.mean([p for p in cut if p is not own], axis=0) for own in cut] if len(cut) > 1 else []
    return Opinion(
        annotators=len(cut),
        percentile=float(np.mean([percentile(pick, p) for pick in picks for p in cut])),
        tau=float(np.mean([kendall_tau(ours[:seconds], p) for p in cut])),
        human_tau=float(np.mean([kendall_tau(a, b) for a, b in zip(cut, others, strict=True)])) if others else None,
    )


def percentile(window: Span, scores: Scores) -> float:
    """Return the share of windows of the same length whose mean score is lower, those of equal score counted half."""
    size = max(1, min(len(scores), round(window.length)))
    means = np.convolve(scores, np.full(size, 1 / size), mode="valid")
    own = means[min(len(means) - 1, round(window.start))]
    return float(np.mean(means < own - 1e-9) + 0.5 * np.mean(np.abs(means - own) <= 1e-9))


def kendall_tau(a: Scores, b: Scores) -> float:
    """Return Kendall's tau-b, which allows for ties; 0.0 when one side is the same all along."""
    concord, ties_a, ties_b = 0.0, 0, 0
    for i in range(len(a) - 1):
        one, two = np.sign(a[i + 1 :] - a[i]), np.sign(b[i + 1 :] - b[i])
        concord += float(one @ two)
        ties_a += int(np.sum(one == 0))
        ties_b += int(np.sum(two == 0))
    pairs = len(a) * (len(a) - 1) / 2
    norm = np.sqrt((pairs - ties_a) * (pairs - ties_b))
    return concord / norm if norm else 0.0


def opinion_of(people: Sequence[Scores], workshop: Workshop, video: Path | None, subtitles: Path | None) -> Opinion:
    """Analyse a video, or subtitles alone, without a wish of any kind, and compare."""
    brief = Brief()
    if video:
        dossier = _seen_and_heard(video, brief, workshop)
    else:
        dossier = _read(subtitles or Path(), float(max(len(p) for p in people)), brief, workshop)
    search = search_for(dossier)
    weighed = candidates(search.material, search.cutter, strict=False)
    clips = OfflineAnalyst().analyze(dossier).clips
    return opinion_on(clips, merit_curve(dossier.source.duration, weighed, search.material), people)


def _seen_and_heard(video: Path, brief: Brief, workshop: Workshop) -> Dossier:
    source = ingest(video, workshop.prober, workshop.limits)
    footage = watch(source, media=workshop.media, detector=workshop.faces)
    return _dossier(source, footage, brief, workshop)


def _read(subtitles: Path, duration: float, brief: Brief, workshop: Workshop) -> Dossier:
    data = subtitles.read_bytes()
    sidecar = FileRef(path=subtitles, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data))
    source = Source(
        path=subtitles,
        sha256=sidecar.sha256,
        size_bytes=len(data),
        container="none",
        duration=duration,
        video=None,
        audio=None,
        sidecar=sidecar,
        title=subtitles.stem,
    )
    return _dossier(source, Footage(engine="none"), brief, workshop)


def _dossier(source: Source, footage: Footage, brief: Brief, workshop: Workshop) -> Dossier:
    transcript = listen(source, brief, workshop.ears)
    return Dossier(source=source, transcript=transcript, footage=footage, precedents=Precedents(), brief=brief)


def _columns(path: Path) -> Iterator[Scores]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row and _is_number(row[0])]
    if not rows:
        msg = f"{path} holds no line of second,score"
        raise ValueError(msg)
    table = sorted((float(row[0]), *map(float, row[1:])) for row in rows)
    times = np.array([row[0] for row in table])
    last = np.searchsorted(times, np.arange(int(times[-1]) + 1), side="right") - 1
    for column in range(1, min(len(row) for row in table)):
        yield np.array([row[column] for row in table])[np.maximum(last, 0)]


def _is_number(text: str) -> bool:
    return text.strip().replace(".", "", 1).isdigit()
