"""Flash and beep at the end of a clip that is cut late from a longer file, whatever way the file tells time."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from makers.clocks import CLOCKS, Clock

from omni.contracts import CameraKey, Captions, ClipPlan, Framing, Segment, Source, Span
from omni.encoding.rates import short_rate
from omni.ports.media import Mix
from omni.sourcing.ingesting import ingest
from omni.wiring import wire

pytestmark = pytest.mark.ffmpeg

START, END = 8.4, 13.4
RATE = 48_000


def flashes(levels: np.ndarray, frame: float) -> list[float]:
    """Return when the picture turns bright."""
    bright = levels > (levels.max() + np.median(levels)) / 2
    return [i * frame for i in range(1, len(bright)) if bright[i] and not bright[i - 1]]


def beeps(sound: np.ndarray, rate: int) -> list[float]:
    """Return when sound rises from near silence."""
    moments = np.flatnonzero(np.abs(sound) > 0.2 * np.abs(sound).max()) / rate
    return [float(at) for at, gap in zip(moments, np.diff(moments, prepend=-1.0), strict=True) if gap > 0.5]


@pytest.fixture(scope="module", params=CLOCKS)
def timed(
    request: pytest.FixtureRequest, ffmpeg: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Clock, Source]:
    """One file of each kind, made and opened once."""
    clock = CLOCKS[request.param](ffmpeg, tmp_path_factory.mktemp("clocks"))
    return clock, ingest(clock.path, wire().prober, wire().limits)


def short_of(source: Source, folder: Path) -> tuple[list[float], list[float], float]:
    """Render START–END small; return flashes, beeps and the length of a frame."""
    still = (CameraKey(t=0, x=0.5, y=0.5),)
    segment = Segment(start=0, end=END - START, layout="follow", path=still)
    plan = ClipPlan(
        number=1, cut=Span(start=START, end=END), framing=Framing(crop_w=0.31640625, crop_h=1.0, segments=(segment,)),
        captions=Captions(), frame_rate=short_rate(source.video), width=90, height=160,
    )  # fmt: skip
    wire().media.render(source, plan, folder / "short.mp4", mix=Mix())
    frame = float(1 / Fraction(plan.frame_rate))
    with av.open(str(folder / "short.mp4")) as container:
        levels = np.array([f.to_ndarray(format="gray").mean() for f in container.decode(video=0)])
    with av.open(str(folder / "short.mp4")) as container:
        sound = np.concatenate([f.to_ndarray().mean(axis=0) for f in container.decode(audio=0)])
    return flashes(levels, frame), beeps(sound, RATE), frame


def test_picture_and_sound_are_within_a_frame_at_the_end_of_a_late_clip(
    timed: tuple[Clock, Source], tmp_path: Path
) -> None:
    clock, source = timed

    seen, heard, frame = short_of(source, tmp_path)

    expected = [beat - START for beat in clock.beats if START < beat < END]
    assert seen == pytest.approx(expected, abs=frame + 0.001)
    assert heard == pytest.approx(expected, abs=frame)
    assert heard[-1] - seen[-1] == pytest.approx(0, abs=frame + 0.001)


def test_the_analysis_sees_and_hears_at_the_same_times(timed: tuple[Clock, Source]) -> None:
    clock, source = timed
    media = wire().media
    assert source.video is not None
    fps = min(30.0, source.video.fps)

    levels = np.array([p.mean() for p in media.frames(source, width=32, height=18, fps=fps)])
    sound = np.concatenate(list(media.sound(source, rate=16_000, block_seconds=8)))

    expected = [beat for beat in clock.beats if beat > 0.1]
    assert flashes(levels, 1 / fps) == pytest.approx(expected, abs=1 / fps + 0.001)
    assert beeps(sound, 16_000) == pytest.approx(expected, abs=1 / fps)
