"""One pass over the frames gives the whole footage."""

import json
import tracemalloc
from itertools import chain, islice
from pathlib import Path

import pytest
from fakes.centerface import MISSING, FakeFaceDetector
from media import TALK
from scenes import FakeFrames, black, noisy, pan, scene, source, still

from omni.contracts import Span
from omni.errors import EngineUnavailable
from omni.vision.watching import viewing_size, watch

A, B = scene(1), scene(2)
FACE = (0.4, 0.3, 0.1, 0.2)


def two_shots():
    return chain(noisy(still(A, 60), seed=1), noisy(pan(B, 60, speed=2), seed=2), black(30))


def test_shots_faces_motion_and_black_come_from_one_decode():
    media = FakeFrames(two_shots)
    detector = FakeFaceDetector(lambda t: [FACE] if t < 2 else [])
    footage = watch(source(duration=5), media=media, detector=detector)
    assert [(s.start, s.end) for s in footage.shots] == [(0, 2), (2, 4), (4, 5)]
    assert [t.shot for t in footage.tracks] == [0]
    assert footage.black == (Span(start=4, end=5),)
    assert len(footage.motion.values) == 5
    assert footage.motion.values[2] > 2 * footage.motion.values[0]
    assert footage.motion.values[4] == 0.0
    assert (footage.engine, footage.warnings) == ("fake-faces", ())
    assert media.asked == [(320, 180, 30.0)]


@pytest.mark.parametrize("rate", ["30/1", "25/1", "24000/1001", "15/1", "10/1"])
def test_a_face_at_rest_is_one_track_through_its_shot_at_any_rate(rate):
    media = FakeFrames(lambda: pan(A, 240, speed=1))
    footage = watch(source(rate=rate), media=media, detector=FakeFaceDetector(lambda t: [FACE]))
    (track,) = footage.tracks
    (shot,) = footage.shots
    assert (track.boxes[0].t, track.boxes[-1].t) == pytest.approx((0.0, shot.end), abs=0.11)


def test_the_same_frames_give_the_same_footage():
    first, second = (
        watch(source(duration=5), media=FakeFrames(two_shots), detector=FakeFaceDetector(lambda t: [FACE]))
        for _ in range(2)
    )
    assert first.digest() == second.digest()


def test_progress_never_goes_back_and_ends_at_one():
    told = []
    watch(source(duration=5), media=FakeFrames(two_shots), detector=FakeFaceDetector(), on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_source_without_picture_is_told_and_nothing_is_decoded():
    media = FakeFrames(two_shots)
    footage = watch(source(picture=False), media=media, detector=FakeFaceDetector())
    assert (footage.engine, footage.shots, media.asked) == ("none", (), [])
    assert len(footage.warnings) == 1


def test_a_picture_without_one_decodable_frame_is_told():
    footage = watch(source(), media=FakeFrames(lambda: ()), detector=FakeFaceDetector())
    assert footage.shots == ()
    assert len(footage.warnings) == 1


def test_a_missing_model_is_a_typed_error_and_the_decode_is_given_up():
    media = FakeFrames(lambda: pan(A, 600, speed=2))
    with pytest.raises(EngineUnavailable):
        watch(source(duration=20), media=media, detector=FakeFaceDetector(failing=MISSING))
    assert media.closed


def test_of_each_frame_only_a_few_figures_are_kept():
    """A kept picture would cost 170 kB a frame; the figures kept cost 71 bytes."""

    def peak(frames: int) -> int:
        tracemalloc.start()
        watch(source(), media=FakeFrames(lambda: pan(A, frames, speed=2)), detector=FakeFaceDetector())
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(100)  # what is allocated once

    assert (peak(1500) - peak(500)) / 1000 < 5000


@pytest.mark.parametrize(
    ("size", "rate", "expected"),
    [
        ((1280, 720), "30/1", (320, 180, 30.0)),
        ((1920, 880), "60/1", (320, 146, 30.0)),
        ((1080, 1920), "25/1", (180, 320, 25.0)),
        ((3840, 2160), "60000/1001", (320, 180, 30000 / 1001)),
        ((640, 480), "50/1", (320, 240, 25.0)),
        ((640, 480), "240/1", (320, 240, 30.0)),
        ((4000, 100), "24/1", (320, 32, 24.0)),
    ],
)
def test_the_view_keeps_the_aspect_and_shows_only_frames_that_the_source_has(size, rate, expected):
    video = source(size=size, rate=rate).video
    assert video is not None
    assert viewing_size(video) == pytest.approx(expected)


MONTAGE = Path(__file__).parents[3] / "shared/media/montage.mp4"
MONTAGE_CUTS = [20, 82, 212, 277, 684, 870, 1456, 1606, 1960, 2076, 2295, 2506, 3406, 3826, 4115]
"""Read off the frames by eye; the fade from black around frame 1650 is left out."""


@pytest.mark.footage
@pytest.mark.ffmpeg
@pytest.mark.skipif(not MONTAGE.exists(), reason="the shared footage is absent")
def test_every_cut_of_the_montage_is_found_to_the_frame():
    from omni.sourcing.ingesting import ingest
    from omni.wiring import wire

    shop = wire()
    montage = ingest(MONTAGE, prober=shop.prober, limits=shop.limits)
    footage = watch(montage, media=shop.media, detector=FakeFaceDetector())
    starts = [round(shot.start * 30) for shot in footage.shots[1:]]
    assert [s for s in starts if not 1600 < s < 1700] == [c for c in MONTAGE_CUTS if not 1600 < c < 1700]


class FirstMinute:
    """The real decoder, for a minute."""

    def __init__(self, media) -> None:
        self._media = media

    def frames(self, source, *, width, height, fps):
        return islice(self._media.frames(source, width=width, height=height, fps=fps), round(60 * fps))


@pytest.mark.ffmpeg
@pytest.mark.skipif(not TALK.exists(), reason="the sample talk is absent")
def test_the_sample_talk_has_its_cuts_to_the_frame_and_its_speaker_in_every_shot():
    from omni.sourcing.ingesting import ingest
    from omni.wiring import wire

    shop = wire()
    truth = json.loads(TALK.with_suffix(".truth.json").read_text())
    talk = ingest(TALK, prober=shop.prober, limits=shop.limits)
    footage = watch(talk, media=FirstMinute(shop.media), detector=shop.faces)
    firsts = [shot["first_frame"] for shot in truth["shots"] if shot["start"] < 60]
    assert [round(shot.start * truth["fps"]) for shot in footage.shots] == firsts
    seen = [face for face in truth["faces"] if face[0] < 60 and face[1] is not None]
    found = [any(overlaps(track, *face) for track in footage.tracks) for face in seen]
    assert sum(found) / len(found) >= 0.98


def overlaps(track, t, x, y, w, h) -> bool:
    near = min(track.boxes, key=lambda box: abs(box.t - t))
    if abs(near.t - t) > 0.3:
        return False
    wide = min(near.x + near.w, x + w) - max(near.x, x)
    high = min(near.y + near.h, y + h) - max(near.y, y)
    return wide > 0.4 * w and high > 0.4 * h
