import numpy as np
import pytest

from omni.speech.cepstra import Cepstrograph
from omni.speech.features import Soundtap

NOISE = np.random.default_rng(1).normal(0, 0.1, 16_000 * 3).astype(np.float32)


def blocks(size: int) -> list[np.ndarray]:
    return [NOISE[i : i + size] for i in range(0, len(NOISE), size)]


@pytest.mark.parametrize("size", [333, 512, 16_000])
def test_the_size_of_the_blocks_changes_nothing(size: int) -> None:
    whole, parts = Soundtap(3.0), Soundtap(3.0)
    list(whole.through(iter([NOISE])))
    list(parts.through(iter(blocks(size))))
    assert np.allclose(whole.texture.flatness, parts.texture.flatness)
    assert np.allclose(whole.cepstra, parts.cepstra, atol=1e-4)
    assert whole.seconds == parts.seconds == 3.0


def test_blocks_pass_unchanged_and_progress_rises_to_one() -> None:
    told: list[float] = []
    tap = Soundtap(3.0, told.append)
    out = list(tap.through(iter(blocks(16_000))))
    assert np.array_equal(np.concatenate(out), NOISE)
    assert told == pytest.approx([1 / 3, 2 / 3, 1.0])


def test_a_tone_is_told_from_noise_by_its_colour() -> None:
    t = np.arange(16_000) / 16_000
    tap = Soundtap(1.0)
    list(tap.through(iter([np.sin(2 * np.pi * 1000 * t).astype(np.float32) * 0.5])))
    assert float(tap.texture.flatness.max()) < 0.01
    assert float(np.median(tap.texture.centroid)) == pytest.approx(1000, abs=30)
    assert float(np.median(tap.texture.level)) == pytest.approx(-9, abs=0.3)


def test_there_are_a_hundred_cepstra_a_second() -> None:
    graph = Cepstrograph()
    graph.feed(NOISE)
    assert graph.values.shape == (299, 8)
