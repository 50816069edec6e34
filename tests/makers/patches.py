"""Stripes of known colours in every way in which a file can write them, computed here and not by FFmpeg."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, RATE, SECONDS = 256, 144, 10, 4

COLOURS: NDArray[np.float64] = np.array(
    [(0.1,) * 3, (0.45,) * 3, (0.72,) * 3, (0.7, 0.2, 0.2), (0.2, 0.7, 0.2), (0.2, 0.2, 0.7), (0.74, 0.54, 0.45), (0.7, 0.65, 0.1)]
)  # fmt: skip
"""R, G, B of each stripe as BT.709 display values, 0–1: greys, primaries, a skin, a yellow; below every tone curve's knee."""

NITS = (2.0, 10.0, 26.0, 60.0, 100.0, 203.0, 500.0, 1000.0)
"""Luminance of each grey stripe of the HDR files; 203 is diffuse white and 26 a grey of 18 % seen under it (BT.2408)."""

LUMA = {"bt709": (0.2126, 0.0722), "bt601": (0.299, 0.114), "bt2020": (0.2627, 0.0593)}
"""Weights of red and blue."""

TO_2020: NDArray[np.float64] = np.array([(0.6274, 0.3293, 0.0433), (0.0691, 0.9195, 0.0114), (0.0164, 0.0880, 0.8956)])
"""Linear BT.709 to linear BT.2020 (BT.2087)."""


TO_P3: NDArray[np.float64] = np.array([(0.8225, 0.1775, 0.0), (0.0332, 0.9668, 0.0), (0.0171, 0.0724, 0.9105)])
"""Linear BT.709 to linear Display P3, both with white at D65."""


@dataclass(frozen=True)
class Paint:
    """How colours are written: matrix, range, depth, and what the file says about it."""

    matrix: str = "bt709"
    """A key of ``LUMA``, or ``rgb``: no matrix at all, as a screen recorder writes."""
    full: bool = False
    bits: int = 8
    tags: tuple[str, ...] = ("bt709", "bt709", "bt709")
    """Primaries, transfer, matrix; empty: the file says nothing."""
    height: int = HEIGHT
    signal: Callable[[NDArray[np.float64]], NDArray[np.float64]] = lambda rgb: rgb
    """From the colours told to the R'G'B' that is written."""


def stripes(rgb: NDArray[np.float64], paint: Paint) -> tuple[NDArray[Any], ...]:
    """Return the planes Y, Cb, Cr of 4:2:0 stripes."""
    red, blue = LUMA[paint.matrix]
    y = rgb @ (red, 1 - red - blue, blue)
    cb, cr = (rgb[:, 2] - y) / (2 * (1 - blue)), (rgb[:, 0] - y) / (2 * (1 - red))
    unit, top = 2 ** (paint.bits - 8), 2**paint.bits - 1
    low, span, chroma = (0, top, top) if paint.full else (16 * unit, 219 * unit, 224 * unit)
    levels = (low + span * y, 128 * unit + chroma * cb, 128 * unit + chroma * cr)
    kind = np.uint8 if paint.bits == 8 else np.uint16
    sizes = ((paint.height, WIDTH), (paint.height // 2, WIDTH // 2), (paint.height // 2, WIDTH // 2))
    return tuple(
        np.repeat(np.clip(np.rint(level), 0, top).astype(kind), size[0] // len(rgb))[:, None].repeat(size[1], axis=1)
        for level, size in zip(levels, sizes, strict=True)
    )


def painted(ffmpeg: str, folder: Path, paint: Paint, colours: NDArray[np.float64] = COLOURS) -> Path:
    """Write ``SECONDS`` of stripes."""
    signal = paint.signal(colours)
    if paint.matrix == "rgb":
        rows = np.rint(255 * signal).astype(np.uint8).repeat(HEIGHT // len(signal), axis=0)
        frame, pixels = rows[:, None].repeat(WIDTH, axis=1).tobytes(), "rgb24"
        path, codec = folder / "painted.mov", ["-c:v", "qtrle"]
    else:
        frame = b"".join(plane.tobytes() for plane in stripes(signal, paint))
        pixels = {8: "yuv420p", 10: "yuv420p10le"}[paint.bits]
        path, codec = folder / "painted.mp4", ["-c:v", "libx264", "-preset", "ultrafast", "-qp", "8", *_said(paint)]
    command = [
        ffmpeg, "-nostdin", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", pixels, "-s", f"{WIDTH}x{paint.height}",
        "-r", str(RATE), "-i", "-", *codec, str(path),
    ]  # fmt: skip
    subprocess.run(command, input=frame * (RATE * SECONDS), check=True, timeout=60)
    return path


def _said(paint: Paint) -> list[str]:
    """Return arguments that mark frames and stream alike: FFmpeg 5.1 reads the stream's, 9.0 the frames'."""
    if not paint.tags:
        return []
    primaries, transfer, matrix = paint.tags
    span = "pc" if paint.full else "tv"
    frames = f"setparams=color_primaries={primaries}:color_trc={transfer}:colorspace={matrix}:range={span}"
    stream = ("-color_primaries", primaries, "-color_trc", transfer, "-colorspace", matrix, "-color_range", span)
    return ["-vf", frames, *stream]


def wide_light(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return BT.709 display values (BT.1886) as the light of BT.2020 primaries."""
    return rgb**2.4 @ TO_2020.T


def wide(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return BT.709 display values as those of a BT.2020 display that shows the same."""
    return wide_light(rgb) ** (1 / 2.4)


def display_p3(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return BT.709 display values as those of a Display P3 screen that shows the same."""
    return (rgb**2.4 @ TO_P3.T) ** (1 / 2.4)


def graded(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return BT.709 display values as the PQ signal of a programme whose diffuse white is at 203 nits."""
    return pq(203 * wide_light(rgb))


def pq(nits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the PQ signal of luminances (SMPTE ST 2084)."""
    y = (nits / 10_000) ** (2610 / 16384)
    return ((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y)) ** 78.84375


def hlg(nits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the HLG signal that a display of 1000 nits shows as these luminances (BT.2100; greys only)."""
    scene = (nits / 1000) ** (1 / 1.2)
    high = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), high)


PAINTS = {
    "BT.709": Paint(),
    "BT.709, full range": Paint(full=True),
    "BT.709, 10 bits": Paint(bits=10),
    "BT.601": Paint("bt601", tags=("smpte170m", "smpte170m", "smpte170m")),
    "BT.601, full range": Paint("bt601", full=True, tags=("bt470bg", "smpte170m", "bt470bg")),
    "untagged, 144 lines": Paint("bt601", tags=()),
    "untagged, 720 lines": Paint("bt709", tags=(), height=720),
    "BT.2020": Paint("bt2020", bits=10, tags=("bt2020", "bt2020-10", "bt2020nc"), signal=wide),
    "BT.2020, full range": Paint("bt2020", full=True, bits=10, tags=("bt2020", "bt2020-10", "bt2020nc"), signal=wide),
    "Display P3": Paint(tags=("smpte432", "bt709", "bt709"), signal=display_p3),
    "RGB": Paint("rgb"),
    "PQ": Paint("bt2020", bits=10, tags=("bt2020", "smpte2084", "bt2020nc"), signal=graded),
}
"""Each shows ``COLOURS``."""

GREYS = {
    "PQ": Paint("bt2020", bits=10, tags=("bt2020", "smpte2084", "bt2020nc"), signal=pq),
    "PQ, full range": Paint("bt2020", full=True, bits=10, tags=("bt2020", "smpte2084", "bt2020nc"), signal=pq),
    "HLG": Paint("bt2020", bits=10, tags=("bt2020", "arib-std-b67", "bt2020nc"), signal=hlg),
}
"""Each shows ``NITS``."""
