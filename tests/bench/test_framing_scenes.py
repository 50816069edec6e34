"""The benchmark of the camera: its files, and the bars on a few of its scenes."""

from pathlib import Path

import pytest

from bench.framing import DETECTORS, produced
from bench.framing_scenes import drawn, scenes, windows

SCENES = {scene.name: scene for scene in scenes()}


@pytest.mark.parametrize("name", ["walker", "runner", "close-up", "speaker and passer-by", "interview in one shot"])
def test_the_bars_are_met_on_the_true_faces_behind_an_ordinary_detector(name: str) -> None:
    score = produced(SCENES[name], DETECTORS["ordinary"], 0)

    assert score.held >= 0.97
    assert score.jitter <= 0.0006
    assert score.turns <= 0.3
    assert score.jumps == 0


def test_windows_that_people_drew_are_kept_behind_a_poor_detector() -> None:
    kept = [produced(window, DETECTORS["poor"], n).kept for n, window in enumerate(windows(6))]

    assert min(kept) >= 0.85


def test_a_file_of_boxes_is_read_in_pixels_and_in_fractions_with_and_without_a_heading(tmp_path: Path) -> None:
    pixels, fractions = tmp_path / "pixels.csv", tmp_path / "fractions.csv"
    pixels.write_text("frame,x,y,w,h\n" + "".join(f"{n},{200 + n},0,120,360\n" for n in range(90)))
    fractions.write_text("".join(f"{n},{(200 + n) / 640},0,{120 / 640},1\n" for n in range(90)))

    boxes = [drawn(file, size=None, fps=30, cuts=None).people[0].box(1.0) for file in (pixels, fractions)]

    assert boxes[0] == boxes[1]
    assert boxes[0] is not None
    assert (boxes[0].x, boxes[0].h) == (230 / 640, 1)


def test_a_line_that_is_no_box_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("0,1,2,3,4\n1,here,2,3,4\n")

    with pytest.raises(SystemExit, match="line 2"):
        drawn(tmp_path / "bad.csv", size=None, fps=30, cuts=None)
