"""Who is followed: the one who speaks, else the largest and most central; never who only passes by."""

import pytest
from stagings import at, footage, source, swaying, track, walking

from omni.contracts import Span
from omni.framing.camera import frame_clip
from omni.framing.scoring import middle_at
from omni.framing.subjects import Size, fits, pair_of, subject_of, weigh

STRETCH = Span(start=0, end=20)
CROP = Size(0.31640625, 1.0)
SPEECH = (Span(start=1, end=9), Span(start=11, end=19))


def talking(t):
    return 0.12 if any(span.start <= t < span.end for span in SPEECH) else 0.01


def silent(t):
    return 0.01


def subject(*tracks, speech=SPEECH):
    return subject_of(STRETCH, 0, footage(tracks, 0, 20), CROP, speech)


@pytest.mark.parametrize("speaker", [0, 1])
def test_of_two_faces_of_one_size_the_one_whose_mouth_moves_with_the_speech_is_followed(speaker):
    mouths = (talking, silent) if speaker == 0 else (silent, talking)
    people = [track(at(x), 0, 20, mouth=mouth) for x, mouth in zip((0.2, 0.8), mouths, strict=True)]
    framing = frame_clip(STRETCH, source(), footage(people, 0, 20), speech=SPEECH)
    assert framing is not None
    assert [s.layout for s in framing.segments] == ["follow"]
    assert middle_at(framing.segments[0].path, 10)[0] == pytest.approx((0.2, 0.8)[speaker], abs=0.03)


def test_a_mouth_that_moves_while_nobody_is_heard_is_only_chewing():
    people = [track(at(0.2), 0, 20, mouth=talking), track(at(0.8), 0, 20, mouth=silent)]
    assert subject(*people, speech=()).captured == pytest.approx(0.5, abs=0.01)


def test_two_who_speak_in_turns_matter_both():
    turns = (lambda t: talking(t) if t < 10 else 0.01, lambda t: talking(t) if t >= 10 else 0.01)
    people = [track(at(x), 0, 20, mouth=turn) for x, turn in zip((0.2, 0.8), turns, strict=True)]
    framing = frame_clip(STRETCH, source(), footage(people, 0, 20), speech=SPEECH)
    assert framing is not None
    assert [s.layout for s in framing.segments] == ["split"]


def test_a_face_too_small_for_its_mouth_is_neither_favoured_nor_punished():
    people = [track(at(0.2), 0, 20), track(at(0.5), 0, 20, mouth=talking), track(at(0.8), 0, 20, mouth=silent)]
    plain = weigh(STRETCH, 0, footage(people, 0, 20))
    heard = weigh(STRETCH, 0, footage(people, 0, 20), SPEECH)
    assert heard[0] == plain[0]
    assert heard[1] > plain[1]
    assert heard[2] < plain[2]


def test_without_speech_the_largest_and_most_central_is_followed():
    large, central, aside = track(at(0.2), 0, 20, height=0.3), track(at(0.5), 0, 20), track(at(0.9), 0, 20)
    assert subject(large, central, aside).tracks[0] == large
    assert subject(central, aside).tracks[0] == central


def test_who_passes_by_behind_a_speaker_does_not_move_the_camera():
    speaker, passing = track(at(0.4), 0, 20, height=0.3), track(walking(0.0, 1.0, 5, 14), 5, 14, height=0.12)
    framing = frame_clip(STRETCH, source(), footage([speaker, passing], 0, 20))
    assert framing is not None
    assert [key.x for key in framing.segments[0].path] == pytest.approx([0.4, 0.4], abs=0.01)


def test_two_faces_are_one_subject_only_when_they_stay_together():
    one, near, leaving = track(at(0.4), 0, 20), track(at(0.55), 0, 20), track(walking(0.55, 0.9, 2, 6), 0, 20)
    assert fits([one, near], STRETCH, CROP)
    assert not fits([one, leaving], STRETCH, CROP)


def test_a_pair_is_two_people_who_stay_and_who_cannot_share_a_crop():
    left, right = track(at(0.2), 0, 20), track(swaying(0.8, 1), 0, 20)
    pair = pair_of(STRETCH, 0, footage([right, left], 0, 20), CROP)
    assert pair is not None
    assert (pair.left.tracks, pair.right.tracks, pair.scale) == ((left,), (right,), 1.0)
    assert pair_of(STRETCH, 0, footage([left, track(at(0.35), 0, 20)], 0, 20), CROP) is None
    assert pair_of(STRETCH, 0, footage([left, track(at(0.8), 0, 7)], 0, 20), CROP) is None
    assert pair_of(STRETCH, 0, footage([left], 0, 20), CROP) is None


def test_large_faces_get_larger_crops_until_the_frame_ends():
    def scale(height):
        people = [track(at(x, 0.5), 0, 20, height=height) for x in (0.25, 0.75)]
        pair = pair_of(STRETCH, 0, footage(people, 0, 20), CROP)
        return pair and pair.scale

    assert scale(0.2) == 1.0
    assert scale(0.4) == pytest.approx(0.4 / (0.55 * 0.5), abs=0.01)
    assert scale(0.6) is None
