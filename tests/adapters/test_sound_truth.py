"""The sound of a rendered Short against the known truth of its source, in decoded samples."""

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from adapters.test_short_truth import brightness, loud_moments, opened, planned
from media import BEATS
from numpy.typing import NDArray

from omni.contracts import ClipPlan, Fades, Source, Span
from omni.encoding.mixing import settle_mix
from omni.ports.media import Mix
from omni.wiring import wire

pytestmark = pytest.mark.ffmpeg

RATE = 48_000


def rendered(source: Source, plan: ClipPlan, folder: Path, mix: Mix | None = None) -> Path:
    media = wire().media
    target = folder / "short.mp4"
    media.render(source, plan, target, mix=mix or settle_mix(source, plan, media))
    return target


def samples(path: Path) -> NDArray[np.float32]:
    """Return the decoded sound, shape (channels, n)."""
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)


def level(sound: NDArray[np.float32]) -> float:
    return float(20 * np.log10(max(1e-6, np.sqrt(np.mean(sound.astype(float) ** 2)))))


@pytest.mark.parametrize("name", ["plain", "mono_low_rate", "surround", "dead_channel", "turned_over", "peaky"])
def test_whatever_its_channels_a_voice_is_at_its_level_on_both_sides_and_on_one_loudspeaker(
    name: str, ffmpeg: str, made: Path, tmp_path: Path
) -> None:
    source = opened(name, ffmpeg, made)
    plan = planned(source, 0.5, 5.5)
    short = rendered(source, plan, tmp_path)
    seen, sound = wire().media.inspect(short), samples(short)

    assert seen.integrated_lufs == pytest.approx(-14, abs=1)
    assert seen.true_peak_dbtp is not None
    assert seen.true_peak_dbtp <= -1
    assert sound.shape[0] == 2
    assert level(sound[0]) == pytest.approx(level(sound[1]), abs=1)
    assert level(sound.mean(axis=0)) == pytest.approx(level(sound[0]), abs=1)


def test_silence_stays_silent(ffmpeg: str, made: Path, tmp_path: Path) -> None:
    source = opened("silent_audio", ffmpeg, made)
    plan = planned(source, 0.5, 4.5)

    assert settle_mix(source, plan, wire().media).gain_db == 0
    assert np.abs(samples(rendered(source, plan, tmp_path))).max() < 1e-4


def tight(source: Source, start: float, end: float, *kept: tuple[float, float]) -> ClipPlan:
    """Plan a cut of which some stretches stay; all times on its frame grid of 1/25 s."""
    pieces = tuple(Span(start=a, end=b) for a, b in kept)
    length = sum(piece.length for piece in pieces)
    plan = planned(source, 0, length)
    return plan.model_copy(update={"cut": Span(start=start, end=end), "kept": pieces})


def test_flash_and_beep_stay_together_over_joins_to_the_end(ffmpeg: str, made: Path, tmp_path: Path) -> None:
    source = opened("sync", ffmpeg, made)
    plan = tight(source, 0.48, 5.48, (0.48, 1.48), (2.6, 3.48), (4.44, 5.48))
    short = rendered(source, plan, tmp_path)

    light = brightness(short)
    flashes = [i / 25 for i in range(1, len(light)) if light[i] - light[i - 1] > 30]
    beeps = loud_moments(short)

    assert flashes == pytest.approx([0.52, 1.4, 2.44], abs=0.001)
    assert beeps == pytest.approx(flashes, abs=0.01)
    assert len(BEATS) == len(beeps)
    seen = wire().media.inspect(short)
    assert seen.video_duration == pytest.approx(plan.length, abs=0.041)
    assert seen.audio_duration == pytest.approx(plan.length, abs=0.041)


def test_joins_make_no_click(ffmpeg: str, made: Path, tmp_path: Path) -> None:
    """A hum cut at whatever phase: without crossfades its jumps would stand out of the second difference."""
    source = opened("hum", ffmpeg, made)
    plan = tight(source, 0.5, 5.5, (0.5, 1.5), (1.9, 2.9), (3.26, 4.1), (4.46, 5.5))
    sound = samples(rendered(source, plan, tmp_path, Mix(gain_db=10)))[0]

    bends = np.abs(np.diff(sound.astype(float), 2))
    usual = float(np.quantile(bends[RATE // 10 : -RATE // 4], 0.999))
    for join in (1.0, 2.0, 2.84):
        near = bends[int((join - 0.03) * RATE) : int((join + 0.03) * RATE)]
        assert near.max() < 2 * usual
        loud = [level(sound[None, int((join + d) * RATE) :][:, : RATE // 50]) for d in (-0.2, -0.01, 0.2)]
        assert loud[1] == pytest.approx(loud[0], abs=4)
        assert loud[1] == pytest.approx(loud[2], abs=4)


def test_a_short_begins_and_ends_without_a_click(ffmpeg: str, made: Path, tmp_path: Path) -> None:
    source = opened("hum", ffmpeg, made)
    plan = planned(source, 0.503, 3.5).model_copy(update={"fades": Fades(rise=0.02, fall=0.12)})
    sound = samples(rendered(source, plan, tmp_path, Mix(gain_db=10)))[0]

    bends = np.abs(np.diff(sound.astype(float), 2))
    usual = float(np.quantile(bends[RATE // 10 : -RATE // 4], 0.999))
    end = round(plan.length * RATE)
    assert bends[: RATE // 20].max() < 2 * usual
    assert bends[end - RATE // 5 : end + 2000].max() < 2 * usual
    assert np.abs(sound[end - 200 : end]).max() < 0.02


def test_a_tightened_sound_without_a_picture_shows_its_own_wave(ffmpeg: str, made: Path, tmp_path: Path) -> None:
    source = opened("wav", ffmpeg, made)
    pieces = (Span(start=0.5, end=2.3), Span(start=3.1, end=5.3))
    plan = planned(source, 0.5, 5.3).model_copy(update={"kept": pieces})
    seen = wire().media.inspect(rendered(source, plan, tmp_path))

    assert seen.video_duration == pytest.approx(4.0, abs=0.04)
    assert seen.audio_duration == pytest.approx(4.0, abs=0.04)


def test_no_frame_is_shown_twice_or_lost_at_a_join(ffmpeg: str, made: Path, tmp_path: Path) -> None:
    """The test picture changes in every frame; a repeated one would stand still."""
    source = opened("plain", ffmpeg, made)
    plan = tight(source, 0.4, 5.4, (0.4, 1.4), (2.0, 3.0), (4.2, 5.4))
    with av.open(str(rendered(source, plan, tmp_path))) as container:
        pictures = [frame.to_ndarray(format="gray").astype(float) for frame in container.decode(video=0)]

    changes = [np.abs(b - a).mean() for a, b in pairwise(pictures)]
    assert len(pictures) == 80
    assert min(changes) > 0.2
