"""Known colours through the whole render: what a Short shows, against what the file meant."""

from pathlib import Path

import av
import numpy as np
import pytest
from makers.patches import COLOURS, GREYS, NITS, PAINTS, painted
from numpy.typing import NDArray

from omni.contracts import CameraKey, Captions, ClipPlan, Framing, Segment, Span
from omni.encoding.rates import short_rate
from omni.ports.media import Mix
from omni.sourcing.ingesting import ingest
from omni.wiring import wire

pytestmark = pytest.mark.ffmpeg

LEVEL = 1 / 255
STILL = (CameraKey(t=0, x=0.5, y=0.5),)
WIDTH, HEIGHT = 180, 320


def shown(path: Path, layout: str, folder: Path) -> NDArray[np.float64]:
    """Render a file and return R, G, B of each stripe as a BT.709 display shows them."""
    source = ingest(path, wire().prober, wire().limits)
    assert source.video is not None
    segment = Segment.model_validate(
        {"start": 0, "end": 3, "layout": layout, "path": STILL if layout == "follow" else ()}
    )
    plan = ClipPlan(
        number=1, cut=Span(start=0.5, end=3.5), framing=Framing(crop_w=0.31640625, crop_h=1, segments=(segment,)),
        captions=Captions(), frame_rate=short_rate(source.video), width=WIDTH, height=HEIGHT,
    )  # fmt: skip
    wire().media.render(source, plan, folder / "short.mp4", mix=Mix())
    band = HEIGHT if layout == "follow" else WIDTH * source.video.height / source.video.width
    return stripes_of(folder / "short.mp4", (HEIGHT - band) / 2, band)


def stripes_of(path: Path, top: float, band: float) -> NDArray[np.float64]:
    with av.open(str(path)) as container:
        frame = next(frame for number, frame in enumerate(container.decode(video=0)) if number == 15)
    planes = frame.to_ndarray().astype(float)
    y = planes[:HEIGHT]
    cb, cr = planes[HEIGHT:].reshape(2, HEIGHT // 2, WIDTH // 2)
    colours: list[tuple[float, float, float]] = []
    for stripe in range(len(COLOURS)):
        row = int(top + (stripe + 0.5) * band / len(COLOURS))
        luma = (float(np.median(y[row - 2 : row + 2])) - 16) / 219
        blue, red = ((float(np.median(plane[row // 2 - 1 : row // 2 + 1])) - 128) / 224 for plane in (cb, cr))
        colours.append((luma + 1.5748 * red, luma - 0.1873 * blue - 0.4681 * red, luma + 1.8556 * blue))
    return np.array(colours)


@pytest.mark.parametrize(
    ("name", "layout"), [*((name, "follow") for name in PAINTS), ("BT.601", "fit"), ("BT.2020", "fit"), ("PQ", "fit")]
)
def test_a_colour_comes_out_as_it_was_meant(name: str, layout: str, ffmpeg: str, tmp_path: Path) -> None:
    """6 of 255 levels are for 4:2:0, 8 bits and the encoder; a wrong matrix misses by 15, forgotten primaries by 60."""
    found = shown(painted(ffmpeg, tmp_path, PAINTS[name]), layout, tmp_path)

    assert np.abs(found - COLOURS).max() <= 6 * LEVEL


@pytest.mark.parametrize("name", GREYS)
def test_light_of_hdr_is_kept_up_to_a_bright_face_and_rolled_off_above(name: str, ffmpeg: str, tmp_path: Path) -> None:
    nits = np.array(NITS)
    found = shown(painted(ffmpeg, tmp_path, GREYS[name], nits[:, None].repeat(3, axis=1)), "follow", tmp_path)

    kept = nits <= 100
    assert found[kept].mean(axis=1) == pytest.approx((nits[kept] / 203) ** (1 / 2.4), abs=2 * LEVEL)
    assert found[~kept].mean(axis=1) == pytest.approx([0.895, 0.973, 1.0], abs=2 * LEVEL)
    assert np.ptp(found, axis=1).max() <= LEVEL
