"""A rendered split against the known truth of its source: each half follows its own, in one pass."""

from pathlib import Path

import av
import numpy as np
import pytest
from makers.making import H264, run

from omni.contracts import CameraKey, Captions, ClipPlan, Framing, Segment, Source, Span
from omni.ports.media import Mix
from omni.sourcing.ingesting import ingest
from omni.wiring import wire

pytestmark = pytest.mark.ffmpeg

SECONDS = 3.0
RED, BLUE = (120, 140), (460, 200)
"""Middle of each square at the start, in pixels of a 640 × 360 frame."""
RED_SPEED, BLUE_SPEED = 20, -16
"""Pixels a second, to the right."""


@pytest.fixture(scope="module")
def squares(ffmpeg: str, tmp_path_factory: pytest.TempPathFactory) -> Source:
    """A red square that moves to the right, and a blue one, lower, that moves to the left."""
    path = tmp_path_factory.mktemp("split") / "squares.mp4"
    square = "color=c={}:s=40x40:r=25:d={}"
    graph = (
        f"[0:v][1:v]overlay=x='{RED[0] - 20}+{RED_SPEED}*t':y={RED[1] - 20}[a];"
        f"[a][2:v]overlay=x='{BLUE[0] - 20}+{BLUE_SPEED}*t':y={BLUE[1] - 20}[v]"
    )
    inputs = [f"color=c=gray:s=640x360:r=25:d={SECONDS}", *(square.format(c, SECONDS) for c in ("red", "blue"))]
    arguments = [word for source in inputs for word in ("-f", "lavfi", "-i", source)]
    run(ffmpeg, *arguments, "-filter_complex", graph, "-map", "[v]", *H264, str(path))
    workshop = wire()
    return ingest(path, workshop.prober, workshop.limits)


def way(start: tuple[int, int], speed: float) -> tuple[CameraKey, ...]:
    return tuple(CameraKey(t=t, x=(start[0] + speed * t) / 640, y=start[1] / 360) for t in (0, SECONDS))


def rendered(source: Source, scale: float, folder: Path) -> list[np.ndarray]:
    segments = (
        Segment(start=0, end=2, layout="split", path=way(RED, RED_SPEED), lower=way(BLUE, BLUE_SPEED), scale=scale),
        Segment(start=2, end=SECONDS, layout="fit"),
    )
    plan = ClipPlan(
        number=1, cut=Span(start=0, end=SECONDS), framing=Framing(crop_w=0.31640625, crop_h=1.0, segments=segments),
        captions=Captions(), frame_rate="25", width=540, height=960,
    )  # fmt: skip
    wire().media.render(source, plan, folder / "short.mp4", mix=Mix())
    with av.open(str(folder / "short.mp4")) as container:
        return [frame.to_ndarray(format="rgb24").astype(int) for frame in container.decode(video=0)]


def middle_of(picture: np.ndarray, channel: int) -> tuple[float, float]:
    others = picture.sum(axis=2) - picture[..., channel]
    rows, columns = np.nonzero(picture[..., channel] > others)
    return float(columns.mean()), float(rows.mean())


def test_each_half_of_a_split_glides_with_its_own(squares: Source, tmp_path: Path) -> None:
    pictures = rendered(squares, 1.1, tmp_path)

    assert len(pictures) == 75
    assert {picture.shape for picture in pictures} == {(960, 540, 3)}
    for picture in pictures[:49]:
        # the source's own squares stand on even pixels, which are 4.8 pixels of the Short apart
        assert middle_of(picture[:480], 0) == pytest.approx((269.5, 239.5), abs=6)
        assert middle_of(picture[480:], 2) == pytest.approx((269.5, 239.5), abs=6)
    red, blue = middle_of(pictures[60], 0), middle_of(pictures[60], 2)  # the whole frame again
    assert red[0] < blue[0]
    assert abs(red[1] - 480) < 80
