import numpy as np

from omni.contracts import Span
from omni.speech.regions import speech_regions

HOP = 0.032


def probabilities(*runs: tuple[int, float]) -> np.ndarray:
    return np.concatenate([np.full(count, value, np.float32) for count, value in runs])


def test_a_region_is_padded_by_30_milliseconds() -> None:
    found = speech_regions(probabilities((20, 0.0), (20, 0.9), (20, 0.0)), HOP, 1.92)
    assert found == (Span(start=0.61, end=1.31),)


def test_a_wavering_probability_does_not_chop_a_word() -> None:
    """Hysteresis: once open, a region stays open down to 0.35."""
    found = speech_regions(probabilities((10, 0.0), (10, 0.9), (10, 0.4), (10, 0.9), (10, 0.0)), HOP, 1.6)
    assert len(found) == 1


def test_what_never_reaches_the_threshold_is_no_speech() -> None:
    assert speech_regions(probabilities((100, 0.45)), HOP, 3.2) == ()


def test_a_click_is_no_speech_and_a_stop_is_no_pause() -> None:
    click = probabilities((10, 0.0), (7, 0.9), (10, 0.0))
    stop = probabilities((20, 0.9), (3, 0.0), (20, 0.9))
    assert speech_regions(click, HOP, 0.864) == ()
    assert len(speech_regions(stop, HOP, 1.376)) == 1


def test_regions_stay_inside_the_sound_and_apart() -> None:
    found = speech_regions(probabilities((20, 0.9), (4, 0.0), (20, 0.9)), HOP, 1.4)
    assert [(span.start, span.end) for span in found] == [(0.0, 0.67), (0.738, 1.4)]


def test_silence_and_nothing_give_nothing() -> None:
    assert speech_regions(np.zeros(0, np.float32), HOP, 1.0) == ()
