"""Which channels, how much gain, how high the peaks: decided from measurements."""

from collections.abc import Callable

import pytest
from builders import plan, source
from fakes.ffmpeg import FakeMedia

from omni.contracts import ClipPlan, Loudness, Source
from omni.encoding.mixing import choose_channels, settle_mix
from omni.ports.media import ChannelLevels, Mix


class Limited(FakeMedia):
    """A source whose limiter takes back a part of every decibel above −20 LUFS."""

    def __init__(self, left: Callable[[float], float]) -> None:
        super().__init__()
        self.left = left
        self.rehearsals = 0

    def rehearse(self, source: Source, plan: ClipPlan, mix: Mix) -> Loudness:
        self.rehearsals += 1
        return Loudness(integrated_lufs=self.left(mix.gain_db), true_peak_dbtp=-2.0)


def test_the_gain_brings_the_cut_to_minus_14_lufs() -> None:
    assert settle_mix(source(), plan(), FakeMedia(level=-24.0)).gain_db == 10.0


def test_the_gain_of_a_near_silent_source_is_capped() -> None:
    assert settle_mix(source(), plan(), FakeMedia(level=-60.0)).gain_db == 30.0


@pytest.mark.parametrize("level", [None, -14.1])
def test_silence_and_the_right_level_need_no_gain(level: float | None) -> None:
    assert settle_mix(source(), plan(), FakeMedia(level=level)).gain_db == 0.0


def test_a_source_without_sound_is_not_measured() -> None:
    assert settle_mix(source(audio=None), plan(), FakeMedia()) == Mix()


@pytest.mark.parametrize("slope", [0.9, 0.6, 0.3])
def test_a_limiter_that_takes_gain_back_is_given_more(slope: float) -> None:
    def heard(gain: float) -> float:
        return min(-20.0, -30 + gain) + max(0.0, gain - 10) * slope

    media = Limited(heard)
    mix = settle_mix(source(), plan(), media)

    assert heard(mix.gain_db) == pytest.approx(-14, abs=0.5) or mix.gain_db == 30
    assert media.rehearsals <= 5


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (None, "all"),
        ((-20, -21, -20.5), "all"),
        ((-20, -32, -23), "all"),
        ((-20, -41, -26), "left"),
        ((-120, -18, -24), "right"),
        ((-20, -20, -60), "left"),
        ((-120, -120, -120), "all"),
        ((-20, -20, -23), "all"),
    ],
)
def test_a_dead_channel_and_one_turned_over_are_found(levels: tuple[float, float, float] | None, expected: str) -> None:
    told = ChannelLevels(left=levels[0], right=levels[1], middle=levels[2]) if levels else None

    assert choose_channels(told) == expected


def test_the_channel_that_is_heard_is_the_one_that_is_measured() -> None:
    mix = settle_mix(source(), plan(), FakeMedia(channels=ChannelLevels(left=-20, right=-90, middle=-26)))

    assert (mix.channels, mix.gain_db) == ("left", 10.0)
