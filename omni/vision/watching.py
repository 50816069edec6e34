"""What is seen: shots, face tracks, motion, black and frozen stretches, from one decode at low resolution."""

from collections.abc import Sequence
from fractions import Fraction

from omni.contracts import Curve, Footage, Source, VideoStream
from omni.ports import FaceDetector, Media, Progress
from omni.vision.sampling import FaceSampler
from omni.vision.shots import Boundary, ShotDetector, shots_between
from omni.vision.stillness import StillnessFinder
from omni.vision.thumbnails import shrink
from omni.vision.tracks import link

REVISION = 3
"""Raise it when the same video would give another ``Footage``."""

LONG_SIDE = 320
"""Pixels of the longer side: CenterFace finds 97–98 % of the faces of stage and desk talks at this size."""

MAX_FPS = 30.5
MOTION_SECONDS = 1.0


def watch(source: Source, *, media: Media, detector: FaceDetector, on_progress: Progress | None = None) -> Footage:
    """Return what is seen in the source. Frames are streamed; none is kept longer than a few seconds."""
    if source.video is None:
        return Footage(engine="none", warnings=("The source has no picture: no shots and no faces were looked for.",))
    width, height, fps = viewing_size(source.video)
    shots, stillness, faces = ShotDetector(fps), StillnessFinder(fps), FaceSampler(detector, fps)
    expected = max(1.0, source.duration * fps)
    try:
        for number, picture in enumerate(media.frames(source, width=width, height=height, fps=fps)):
            thumbnail = shrink(picture)
            shots.push(thumbnail)
            stillness.push(thumbnail)
            faces.push(picture)
            if on_progress and number % 100 == 0:
                on_progress(min(1.0, number / expected))
        sightings = faces.finish()
    finally:
        faces.close()
    boundaries = shots.finish()
    spans = shots_between(boundaries, len(shots.changes), fps)
    black, frozen = stillness.finish()
    if on_progress:
        on_progress(1.0)
    return Footage(
        shots=spans,
        tracks=link(sightings, spans, 1 / fps),
        motion=motion_curve(shots.luma_changes, boundaries, fps),
        black=black,
        frozen=frozen,
        engine=detector.engine,
        warnings=() if spans else ("No frame of the picture could be decoded: no shots and no faces are known.",),
    )


def viewing_size(video: VideoStream) -> tuple[int, int, float]:
    """Return width, height (even, in the displayed aspect) and frame rate of the decode.

    The rate is the source's own, or a whole part of it when that is above 30: every frame looked at is then a frame of
    the source, and a cut found is exactly where it is.
    """
    scale = LONG_SIDE / max(video.width, video.height)
    width, height = (max(32, 2 * round(side * scale / 2)) for side in (video.width, video.height))
    rate = Fraction(video.frame_rate)
    fps = float(rate) if rate > 0 else video.fps
    return width, height, fps / max(1, -int(-fps // MAX_FPS))


def motion_curve(changes: Sequence[float], boundaries: Sequence[Boundary], fps: float) -> Curve:
    """Return the mean luma change of each second; the frames of hard cuts are left out."""
    cuts = {0, *(b.frame for b in boundaries if b.hard)}
    sums: list[float] = []
    counts: list[int] = []
    for frame, change in enumerate(changes):
        second = int(frame / fps / MOTION_SECONDS + 1e-9)
        if second >= len(sums):
            sums += [0.0] * (second + 1 - len(sums))
            counts += [0] * (second + 1 - len(counts))
        if frame not in cuts:
            sums[second] += change
            counts[second] += 1
    values = tuple(round(total / count, 5) if count else 0.0 for total, count in zip(sums, counts, strict=True))
    return Curve(step=MOTION_SECONDS, values=values)
