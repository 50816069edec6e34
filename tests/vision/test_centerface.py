"""The face model as it is used: any size of picture, boxes as fractions, one box a face."""

from pathlib import Path

import numpy as np
import pytest

from omni.adapters import centerface
from omni.adapters.centerface import CenterFaceDetector, any_size, model_path
from omni.errors import EngineUnavailable

MONTAGE = Path(__file__).parents[3] / "shared/media/montage.mp4"


def maps(*faces, rows=48, columns=80):
    """Return the model's maps for faces (row, column, height, width, score) in cells of four pixels."""
    heat = np.zeros((rows, columns), np.float32)
    scale = np.zeros((2, rows, columns), np.float32)
    offset = np.zeros((2, rows, columns), np.float32)
    for row, column, high, wide, score in faces:
        heat[row, column] = score
        scale[:, row, column] = np.log(high), np.log(wide)
    return heat, scale, offset


def test_a_peak_of_the_heat_map_becomes_a_box_in_pixels():
    boxes, scores = centerface._decode(*maps((10, 20, 6, 4, 0.8)), 0.35)
    assert boxes == pytest.approx(np.array([[74, 30, 90, 54]]))
    assert scores == pytest.approx([0.8])


def test_peaks_under_the_threshold_are_no_faces_and_the_best_comes_first():
    boxes, scores = centerface._decode(*maps((10, 20, 6, 4, 0.5), (30, 60, 6, 4, 0.9), (40, 5, 6, 4, 0.3)), 0.35)
    assert len(boxes) == 2
    assert scores == pytest.approx([0.9, 0.5])


def test_of_boxes_that_overlap_the_surest_stands():
    boxes, scores = centerface._decode(*maps((10, 20, 8, 8, 0.9), (10, 21, 8, 8, 0.7), (10, 40, 8, 8, 0.6)), 0.35)
    assert centerface._strongest(boxes, scores) == [0, 2]


def test_the_model_takes_pictures_of_any_size_and_sees_no_face_in_noise():
    detector = CenterFaceDetector()
    rng = np.random.default_rng(1)
    for height, width in ((180, 320), (320, 180), (33, 65)):
        assert detector.detect(rng.integers(0, 255, (height, width, 3), dtype=np.uint8), 0.0) == ()


def test_weights_are_constants_after_the_edit_and_the_rest_is_untouched():
    model = model_path().read_bytes()
    edited = any_size(model)
    inputs = [content for number, content, _ in centerface._fields(_graph(edited)) if number == 11]
    assert len(inputs) == 1
    for kept in (1, 5):  # nodes and weights
        assert _parts(model, kept) == _parts(edited, kept)


def test_a_package_without_its_model_is_a_typed_error(monkeypatch):
    monkeypatch.setattr(centerface, "find_spec", lambda name: None)
    with pytest.raises(EngineUnavailable, match="centerface"):
        model_path()


@pytest.mark.footage
@pytest.mark.skipif(not MONTAGE.exists(), reason="the shared footage is absent")
def test_the_speaker_at_the_desk_is_found_once_with_a_tight_box():
    import av

    with av.open(str(MONTAGE)) as container:
        container.seek(30_000_000)
        frame = next(f for f in container.decode(video=0) if f.time is not None and f.time >= 31)
        picture = frame.reformat(width=320, height=180, format="rgb24").to_ndarray()
    (face,) = CenterFaceDetector().detect(picture, 31.0)
    assert face.t == 31.0
    assert face.centre == pytest.approx((0.41, 0.52), abs=0.05)
    assert (face.w, face.h) == pytest.approx((0.28, 0.63), abs=0.08)


def _graph(model: bytes) -> bytes:
    return next(content for number, content, _ in centerface._fields(model) if number == 7)


def _parts(model: bytes, number: int) -> list[bytes]:
    return [whole for field, _, whole in centerface._fields(_graph(model)) if field == number]
