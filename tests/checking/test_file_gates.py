"""Each gate on an encoded file fails alone, and only for its own fault."""

import pytest
from builders import cue, plan
from fakes.ffmpeg import GOOD

from omni.checking.files import file_checks, is_usable
from omni.contracts import Area, Captions, Span
from omni.ports.media import CaptionExtent, Stillness

INSIDE = CaptionExtent(x0=200, y0=900, x1=800, y1=1100)
STRICT = Area(left=65, top=288, right=888, bottom=1248)
NOTHING = CaptionExtent(x0=0, y0=0, x1=0, y1=0)


@pytest.mark.parametrize(
    ("changes", "gate", "usable"),
    [
        ({"video_codec": "hevc"}, "streams", False),
        ({"profile": "High 10"}, "streams", False),
        ({"sample_rate": 44100}, "streams", False),
        ({"audio_profile": "HE-AAC"}, "streams", False),
        ({"audio_codec": None}, "streams", False),
        ({"width": 1082}, "picture", False),
        ({"sample_aspect": "81:80"}, "picture", False),
        ({"fps": 29.97}, "picture", False),
        ({"frame_steps": (1 / 30, 2 / 30)}, "constant rate", True),
        ({"full_range": True}, "colour tags", True),
        ({"rotation": 90}, "picture", False),
        ({"colour": ("bt709", None, "bt709")}, "colour tags", True),
        ({"video_duration": 19.5, "audio_duration": 19.5}, "duration", False),
        ({"video_start": 0.08}, "starts", False),
        ({"audio_start": 0.021}, "starts", False),
        ({"audio_duration": 19.8}, "starts", False),
        ({"keyframe_gap": 4.0}, "keyframe gap", True),
        ({"edit_lists": 2}, "container", True),
        ({"faststart": False}, "container", True),
        ({"size_bytes": 21_000_000}, "bit rate", True),
        ({"integrated_lufs": -12.9}, "loudness", True),
        ({"integrated_lufs": -15.1}, "loudness", True),
        ({"true_peak_dbtp": -0.9}, "true peak", True),
        ({"stillness": Stillness(black=(Span(start=0, end=0.4),))}, "black frames", False),
        ({"stillness": Stillness(frozen=(Span(start=4, end=6),))}, "frozen frames", False),
    ],
)
def test_a_fault_fails_its_own_gate(changes: dict[str, object], gate: str, *, usable: bool) -> None:
    checks = file_checks(GOOD.model_copy(update=changes), plan(), NOTHING, Stillness())

    assert [c.name for c in checks if c.passed is False] == [gate]
    assert is_usable(checks) is usable


def test_a_good_file_passes_every_gate() -> None:
    assert all(c.passed for c in file_checks(GOOD, plan(), NOTHING, Stillness()))


def test_a_file_too_large_for_a_platform_is_found() -> None:
    checks = file_checks(GOOD.model_copy(update={"size_bytes": 400_000_000}), plan(), NOTHING, Stillness())

    assert {c.name for c in checks if c.passed is False} == {"file size", "bit rate"}


def test_a_silent_short_has_no_loudness_to_judge() -> None:
    silent = GOOD.model_copy(update={"integrated_lufs": None, "true_peak_dbtp": None})

    checks = {c.name: c for c in file_checks(silent, plan(), NOTHING, Stillness())}

    assert checks["loudness"].passed is None
    assert checks["true peak"].passed is None


@pytest.mark.parametrize(
    ("extent", "passed"),
    [
        (INSIDE, True),
        (CaptionExtent(x0=60, y0=900, x1=800, y1=1100), False),
        (CaptionExtent(x0=200, y0=900, x1=900, y1=1100), False),
        (CaptionExtent(x0=200, y0=900, x1=800, y1=1300), False),
        (NOTHING, False),
    ],
)
def test_captions_stay_inside_the_safe_area_of_their_plan(extent: CaptionExtent, *, passed: bool) -> None:
    captions = Captions(cues=(cue("So why", 0, 1),), script="[Script Info]", area=STRICT)

    checks = {c.name: c for c in file_checks(GOOD, plan(captions=captions), extent, Stillness())}

    assert checks["captions in the safe area"].passed is passed
