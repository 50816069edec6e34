"""Missed gates in a creator's words."""

import pytest
from builders import footage, plan, transcript
from fakes.ffmpeg import GOOD

from omni.checking.editorial import editorial_checks
from omni.checking.files import file_checks
from omni.checking.telling import SAID, told
from omni.contracts import Check
from omni.ports.media import CaptionExtent, Stillness


@pytest.mark.parametrize(
    ("name", "value", "bar", "said"),
    [
        ("cut inside a word", "machine.", "none", "the cut falls inside the word “machine”"),
        ("cut inside a word", "did, box", "none", "cuts fall inside the words “did”, “box”"),
        ("cut inside a word", "…", "none", "the cut falls inside the word “…”"),
        ("ends with a sentence", "no", "yes", "it ends in the middle of a sentence"),
        ("longest dead air", "2.40 s", "<= 1.2 s", "the longest pause lasts 2.40 s (good: at most 1.2 s)"),
        ("keyframe gap", "4.00 s", "<= 2 s", "keyframe gap: 4.00 s (good: at most 2 s)"),
        ("hook title", "{4} lines", ">= {0}", "the hook title stands in the way: {4} lines (good: at least {0})"),
    ],
)
def test_a_missed_gate_says_what_it_means(name: str, value: str, bar: str, said: str) -> None:
    assert told(Check(name=name, value=value, bar=bar, passed=False)) == said


def test_every_gate_that_has_words_is_still_called_so() -> None:
    file = file_checks(GOOD, plan(), CaptionExtent(x0=0, y0=0, x1=0, y1=0), Stillness())
    judged = {check.name for check in (*editorial_checks(plan(), transcript(), footage()), *file)}

    assert SAID.keys() - judged == {"captions beside the face", "captions in the safe area", "hook title"}
