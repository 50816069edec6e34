"""How well the camera keeps people in view, and how calmly: from a detector that errs to the crop of every frame.

``python -m bench.framing`` measures generated scenes with known truth, and compares ways to lead the camera.
``python -m bench.framing FILE… [--size 640x360] [--fps 30] [--cuts FRAME,FRAME]`` scores files of boxes that people drew,
a line ``frame,x,y,w,h`` each, in pixels or fractions: detections are made from them, and what the camera keeps of the
boxes is told beside what a crop in the middle keeps. ``--json FILE`` as in every benchmark.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.camera_rivals import RIVALS, Rival
from bench.figures import Figure, at_least, at_most, report
from bench.framing_scenes import CLEAN, FPS, ORDINARY, POOR, Drawn, Faults, Person, Scene, drawn, scenes, seen, windows
from omni.contracts import Framing, Segment, Source, VideoStream
from omni.framing.camera import aim_across, boxes_of, frame_clip, shots_within
from omni.framing.paths import reversals
from omni.framing.scoring import CONTAINED, containment, middle_at
from omni.framing.subjects import Size, subject_of

DETECTORS = {"clean": CLEAN, "ordinary": ORDINARY, "poor": POOR}
SEEDS = 3
CROP = Size(81 / 256, 1.0)
"""9:16 out of 16:9."""

Path2D = NDArray[np.float64]


@dataclass(frozen=True)
class Score:
    """One camera on one scene."""

    held: float
    """Part of the frames in which a face is inside (95 % of its box)."""
    kept: float
    """Part of the boxes' area that is inside, on average."""
    iou: float
    """Overlap of the crop with the one that has the box in its middle."""
    jitter: float
    """Mean absolute second difference of the crop's middle a frame, in frame widths."""
    turns: float
    """Reversals a second."""
    jumps: int
    hardest: float
    """Largest acceleration, frame widths/s²."""
    resting: float
    """Part of the frames in which the camera stands."""


def main() -> None:
    """Score the files that are given, else the generated scenes."""
    options, files = _arguments(sys.argv[1:])
    if files:
        rate = float(options.get("--fps", FPS))
        tracks = [drawn(Path(f), size=options.get("--size"), fps=rate, cuts=options.get("--cuts")) for f in files]
        report(_windows("drawn boxes", tracks))
        return
    _compare()
    report([*_bars(), *_windows("hand-drawn windows", windows())])


def _bars() -> list[Figure]:
    """Return the bars of TARGETS.md §2 on the worst of the generated scenes, for each detector."""
    figures: list[Figure] = []
    for name, faults in DETECTORS.items():
        print(f"\n{name} detector: faces off by {faults.noise:.0%} of their size, {faults.lost:.0%} lost")
        worst = [_told(scene, [produced(scene, faults, seed) for seed in range(SEEDS)]) for scene in scenes()]
        figures += [
            at_least(f"face inside the crop, {name} detector, worst scene", min(s.held for s in worst), 0.97),
            at_most(f"camera jitter, {name} detector, worst scene", 1e6 * max(s.jitter for s in worst), 600, "1e-6"),
            at_most(f"reversals, {name} detector, worst scene", max(s.turns for s in worst), 0.3, "1/s"),
            at_most(f"jumps but on a cut, {name} detector", max(s.jumps for s in worst), 0, "frames"),
        ]
    return figures


def _windows(what: str, tracks: Sequence[Scene]) -> list[Figure]:
    """Return what is kept of windows that people would crop to, against a crop in the middle (bar: TARGETS.md §2)."""
    figures: list[Figure] = []
    for name, faults in DETECTORS.items():
        told = [produced(track, faults, seed) for seed, track in enumerate(tracks)]
        mean = _mean(told)
        print(f"{what}, {name} detector ({len(told)}): {_line(mean)}")
        figures.append(at_least(f"{what}: part kept, {name} detector", mean.kept, 0.85))
        figures.append(at_most(f"{what}: jitter, {name} detector", 1e6 * mean.jitter, 600, "1e-6"))
        figures.append(at_most(f"{what}: reversals, {name} detector", mean.turns, 0.3, "1/s"))
    middle = _mean([_led(track, CLEAN, 0, RIVALS["centre"])[0] for track in tracks])
    print(f"{what}, crop in the middle ({len(tracks)}): {_line(middle)}")
    kept = _mean([produced(track, POOR, seed) for seed, track in enumerate(tracks)]).kept
    return [*figures, at_least(f"{what}: kept more than in the middle, poor detector", kept - middle.kept, 0.0, "")]


def _compare() -> None:
    """Print the ways to lead a camera side by side, on the scenes where one crop is enough."""
    chosen = [scene for scene in scenes() if scene.name != "interview in one shot"]
    heads = "held", "worst", "IoU", "jitter", "turns/s", "worst", "hardest", "resting", "CPU ms"
    for name, faults in DETECTORS.items():
        print(f"\n{name + ' detector':<20}" + "".join(f"{head:>9}" for head in heads))
        for rival, lead in RIVALS.items():
            runs = [_led(scene, faults, seed, lead) for scene in chosen for seed in range(SEEDS)]
            told, mean = [score for score, _ in runs], _mean([score for score, _ in runs])
            spent = 1000 * sum(seconds for _, seconds in runs) / len(runs)
            print(
                f"{rival:<20}{mean.held:>9.4f}{min(s.held for s in told):>9.3f}{mean.iou:>9.3f}{mean.jitter:>9.6f}"
                f"{mean.turns:>9.3f}{max(s.turns for s in told):>9.2f}{max(s.hardest for s in told):>9.2f}"
                f"{mean.resting:>9.2f}{spent:>9.1f}"
            )


def produced(scene: Scene, faults: Faults, seed: int) -> Score:
    """Score what the product itself would do."""
    framing = frame_clip(scene.cut, _source(), seen(scene, faults, seed))
    if framing is None:
        raise AssertionError
    crops = [_crops(framing, segment) for segment in framing.segments]
    return _score(scene, [(segment.start, segment.end) for segment in framing.segments], crops)


def _led(scene: Scene, faults: Faults, seed: int, lead: Rival) -> tuple[Score, float]:
    """Score one way to lead the camera on the subjects that the product chose; and tell its CPU seconds."""
    footage = seen(scene, faults, seed)
    parts, crops, spent = shots_within(scene.cut, footage), list[list[tuple[Path2D, Size]]](), 0.0
    for shot, span in parts:
        aims = [aim_across(box, CROP) for box in boxes_of(subject_of(span, shot, footage, CROP), span)]
        begun = time.process_time()
        keys = lead(aims, CROP.w, span.length)
        spent += time.process_time() - begun
        across = np.interp(_times(span.start, span.end) - span.start, [t for t, _ in keys], [x for _, x in keys])
        crops.append([(np.stack((across, np.full(len(across), 0.5)), axis=1), CROP)])
    return _score(scene, [(span.start, span.end) for _, span in parts], crops), spent


def _crops(framing: Framing, segment: Segment) -> list[tuple[Path2D, Size]]:
    """Return the middle of each crop of a segment on every frame; none when the whole frame is shown."""
    size, times = Size(*framing.crop_of(segment)), _times(segment.start, segment.end)
    return [(np.array([middle_at(keys, t) for t in times]), size) for keys in (segment.path, segment.lower) if keys]


def _score(scene: Scene, spans: Sequence[tuple[float, float]], crops: Sequence[list[tuple[Path2D, Size]]]) -> Score:
    held, kept, overlaps = list[bool](), list[float](), list[float]()
    paths: list[Path2D] = []
    for (start, end), views in zip(spans, crops, strict=True):
        paths += [path for path, _ in views]
        for number, t in enumerate(_times(start, end)):
            for person in scene.people:
                _judge(person, float(t), [(path[number], size) for path, size in views], held, kept, overlaps)
    bends = np.concatenate([np.abs(np.diff(path[:, 0], 2)) for path in paths] or [np.zeros(1)])
    paces = [np.diff(path, axis=0) * FPS for path in paths if len(path) > 1]
    turns = sum(reversals([round(float(x), 5) for x in path[:, axis]]) for path in paths for axis in (0, 1))
    return Score(
        held=float(np.mean(held)),
        kept=float(np.mean(kept)),
        iou=float(np.mean(overlaps)) if overlaps else 1.0,
        jitter=float(bends.mean()),
        turns=turns / scene.cut.length / max(1, *map(len, crops)),
        jumps=sum(int((np.abs(pace).max(axis=1) > 0.5).sum()) for pace in paces),
        hardest=max((float(np.abs(np.diff(pace[::6, 0])).max(initial=0)) / 0.2 for pace in paces), default=0.0),
        resting=float(np.mean(np.concatenate([np.abs(pace).max(axis=1) < 0.002 for pace in paces]))) if paces else 1.0,
    )


def _judge(
    person: Person | Drawn, t: float, views: Sequence[tuple[Path2D, Size]],
    held: list[bool], kept: list[float], overlaps: list[float],
) -> None:  # fmt: skip
    box = person.box(t)
    if box is None:
        return
    inside = [containment(box, (float(middle[0]), float(middle[1])), size) for middle, size in views]
    held.append(not views or max(inside) >= CONTAINED)
    kept.append(max(inside) if views else 1.0)
    if views:
        middle, size = views[int(np.argmax(inside))]
        ideal = float(np.clip(box.centre[0], size.w / 2, 1 - size.w / 2))
        shared = max(0.0, size.w - abs(ideal - float(middle[0])))
        overlaps.append(shared / (2 * size.w - shared))


def _told(scene: Scene, scores: Sequence[Score]) -> Score:
    """Print the mean of some runs and return the worst of each figure."""
    print(f"  {scene.name:<24}{_line(_mean(scores))}")
    return Score(
        held=min(s.held for s in scores), kept=min(s.kept for s in scores), iou=min(s.iou for s in scores),
        jitter=max(s.jitter for s in scores), turns=max(s.turns for s in scores), jumps=max(s.jumps for s in scores),
        hardest=max(s.hardest for s in scores), resting=min(s.resting for s in scores),
    )  # fmt: skip


def _mean(scores: Sequence[Score]) -> Score:
    def mean(name: str) -> float:
        return float(np.mean([getattr(score, name) for score in scores]))

    names = "held", "kept", "iou", "jitter", "turns", "hardest", "resting"
    return Score(jumps=max(s.jumps for s in scores), **{name: mean(name) for name in names})


def _line(score: Score) -> str:
    return (
        f"held {score.held:.4f}  kept {score.kept:.4f}  IoU {score.iou:.3f}  jitter {score.jitter:.6f}  "
        f"turns {score.turns:.2f}/s  resting {score.resting:.2f}"
    )


def _times(start: float, end: float) -> Path2D:
    return np.arange(np.ceil(start * FPS - 1e-6), np.ceil(end * FPS - 1e-6)) / FPS


def _source() -> Source:
    video = VideoStream(
        index=0, codec="h264", width=1920, height=1080, coded_width=1920, coded_height=1080, fps=30, frame_rate="30"
    )
    return Source(
        path=Path("generated.mp4"), sha256="0" * 64, size_bytes=1, container="mp4", duration=3600, video=video,
        audio=None, title="generated",
    )  # fmt: skip


def _arguments(given: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return options with their values, and the rest."""
    values = {given[at + 1]: given[at] for at in range(len(given) - 1) if given[at].startswith("--")}
    named = {name: value for value, name in values.items()}
    return named, [
        word for before, word in pairwise(["", *given]) if not word.startswith("--") and not before.startswith("--")
    ]


if __name__ == "__main__":
    main()
