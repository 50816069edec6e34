"""The small copy that a model looks at: its t = 0, its end and its frames lie where the source's do."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from media import make

from omni.contracts import Source, Span
from omni.sourcing.ingesting import ingest
from omni.wiring import wire

pytestmark = pytest.mark.ffmpeg

SPAN = Span(start=1.5, end=4.75)
"""Of the flashes and tones of ``sync`` at 1, 3 and 5 s, the second lies in it, at its own 1.5 s."""


def remade(*options: str, into: str = "mkv", before: tuple[str, ...] = ()) -> Callable[[str, Path, Path], Path]:
    """Return a maker of another file from ``sync``."""

    def maker(ffmpeg: str, sync: Path, folder: Path) -> Path:
        path = folder / f"source.{into}"
        subprocess.run([ffmpeg, "-v", "error", *before, "-i", str(sync), *options, str(path)], check=True)
        return path

    return maker


SOURCES = {
    "as it is": remade("-c", "copy", into="mp4"),
    "container starts at 3.2 s": remade("-c", "copy", "-output_ts_offset", "3.2"),
    "variable rate": remade(
        "-vf", "select='not(mod(n,3))+between(n,24,27)+between(n,74,77)+between(n,124,127)'", "-fps_mode", "vfr",
        "-c:v", "libx264", "-c:a", "copy",
    ),
    "turned": remade("-c", "copy", into="mp4", before=("-display_rotation:v:0", "90")),
    "sound only": remade("-vn", "-c:a", "copy", into="m4a"),
    "picture only": remade("-an", "-c:v", "copy", into="mp4"),
}  # fmt: skip


def flashes(path: Path) -> list[float]:
    """Return the times of the white frames."""
    with av.open(str(path)) as container:
        seen = [(float(f.pts * f.time_base), f.to_ndarray(format="gray").mean()) for f in container.decode(video=0)]
    usual = np.median([brightness for _, brightness in seen])
    return [t for t, brightness in seen if brightness > usual + 40]


def tones(path: Path) -> list[float]:
    """Return when tones begin, by the times that a player goes by."""
    with av.open(str(path)) as container:
        frames = list(container.decode(audio=0))
    times = np.concatenate([float(f.pts * f.time_base) + np.arange(f.samples) / f.sample_rate for f in frames])
    sound = np.abs(np.concatenate([f.to_ndarray().mean(axis=0) for f in frames]))
    on = times[sound > 0.2 * sound.max()]
    return [float(t) for t, gap in zip(on, np.diff(on, prepend=-9.0), strict=True) if gap > 0.5]


def shown(path: Path, span: Span, folder: Path) -> tuple[Source, Path]:
    """Return the source and its proxy."""
    workshop = wire()
    source = ingest(path, workshop.prober, workshop.limits)
    proxy = folder / "proxy.mp4"
    workshop.media.proxy(source, span, proxy)
    return source, proxy


@pytest.mark.parametrize("name", SOURCES)
def test_flash_and_tone_are_where_they_were_and_the_copy_ends_with_its_span(
    name: str, ffmpeg: str, made: Path, tmp_path: Path
) -> None:
    path = SOURCES[name](ffmpeg, make("sync", ffmpeg, made).path, tmp_path)

    source, proxy = shown(path, SPAN, tmp_path)

    if source.video:
        assert flashes(proxy) == [pytest.approx(1.5, abs=0.01)]
    if source.audio:
        assert tones(proxy) == [pytest.approx(1.5, abs=0.01)]
    with av.open(str(proxy)) as container:
        assert container.duration / 1e6 == pytest.approx(SPAN.length, abs=0.26)
        assert all(float((s.start_time or 0) * s.time_base) == pytest.approx(0, abs=0.01) for s in container.streams)


def test_the_copy_is_small_upright_two_frames_a_second_and_mono(ffmpeg: str, made: Path, tmp_path: Path) -> None:
    path = SOURCES["turned"](ffmpeg, make("sync", ffmpeg, made).path, tmp_path)

    _, proxy = shown(path, Span(start=0, end=6), tmp_path)

    with av.open(str(proxy)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.width, video.height, video.average_rate, video.frames) == (180, 320, 2, 12)
        assert (audio.channels, audio.sample_rate) == (1, 16_000)
    assert flashes(proxy) == [1.0, 3.0, 5.0]
