"""Which frame rate a Short gets."""

import pytest
from builders import video

from omni.encoding.rates import short_rate


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("30", "30"),
        ("25", "25"),
        ("24000/1001", "24000/1001"),
        ("30000/1001", "30000/1001"),
        ("60", "60"),
        ("120", "60"),
        ("240", "60"),
        ("15", "30"),
        ("12", "30"),
    ],
)
def test_a_short_keeps_the_rate_that_platforms_take(given: str, expected: str) -> None:
    assert short_rate(video(frame_rate=given)) == expected


def test_a_variable_rate_becomes_thirty() -> None:
    assert short_rate(video(frame_rate="1500/43", variable_rate=True)) == "30"


def test_a_source_without_a_picture_has_thirty() -> None:
    assert short_rate(None) == "30"
