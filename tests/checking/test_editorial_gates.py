"""Gates that are decided by the plan."""

from itertools import pairwise

import pytest
from builders import cue, footage, plan, transcript

from omni.checking.editorial import editorial_checks
from omni.contracts import CameraKey, Captions, Check, Footage, Framing, Segment, Shot, Span, Transcript

EVERY_GATE = {
    "cut inside a word", "starts with a sentence", "ends with a sentence", "speech begins", "after the last word",
    "longest dead air", "shortest shot at an edge", "face inside the crop", "camera jitter", "camera reversals",
    "camera jumps", "caption timing", "caption reading speed, p95", "caption lines", "overlap with another Short",
}  # fmt: skip
SAID = transcript(("So why did the box win?", 10.2, 12.0), ("Because it fits every truck.", 12.4, 14.0))


def verdicts(
    cut: Span,
    said: Transcript = SAID,
    captions: Captions | None = None,
    *,
    seen: Footage | None = None,
    framing: Framing | None = None,
    kept: tuple[Span, ...] = (),
    others: tuple[Span, ...] = (),
) -> dict[str, Check]:
    made = plan(cut=cut, kept=kept, framing=framing, captions=captions or Captions())
    return {check.name: check for check in editorial_checks(made, said, seen or footage(), others)}


def follow(*keys: tuple[float, float]) -> Segment:
    path = tuple(CameraKey(t=t, x=x, y=0.5) for t, x in keys)
    return Segment(start=keys[0][0], end=keys[-1][0], layout="follow", path=path)


def filmed(*segments: Segment) -> Framing:
    return Framing(crop_w=0.3, crop_h=1, segments=segments)


def shown(*edges: float) -> Footage:
    return Footage(shots=tuple(Shot(start=a, end=b) for a, b in pairwise((0.0, *edges, 60.0))), engine="test")


CUT = Span(start=10.05, end=14.4)
STILL = filmed(follow((0, 0.5), (4.35, 0.5)))
WORDS = Captions(
    cues=(
        cue("So why did", 0.15, 1.05),
        cue("the box win?", 1.05, 1.95),
        cue("Because it fits", 2.35, 3.31),
        cue("every truck.", 3.31, 3.95),
    )
)


def test_a_whole_cut_passes_everything_and_every_gate_is_told() -> None:
    found = verdicts(CUT, captions=WORDS, framing=STILL, seen=shown())

    assert [c.name for c in found.values() if c.passed is not True] == ["face inside the crop"]
    assert set(found) == EVERY_GATE


def test_what_cannot_be_measured_is_told_without_a_verdict() -> None:
    found = verdicts(CUT, Transcript(engine="none", word_times="none"))

    assert set(found) == EVERY_GATE
    assert {c.name: c.value for c in found.values() if c.passed is not None} == {"overlap with another Short": "0%"}
    assert {found[n].value for n in ("cut inside a word", "longest dead air", "camera jitter")} == {
        "no words", "no speech", "no picture",
    }  # fmt: skip


def test_a_cut_inside_a_word_is_found() -> None:
    found = verdicts(Span(start=10.05, end=13.85))

    assert found["cut inside a word"].passed is False
    assert found["cut inside a word"].value == "truck."


def test_a_cut_that_drops_the_end_of_a_sentence_is_found() -> None:
    found = verdicts(Span(start=10.05, end=13.04))

    assert found["ends with a sentence"].passed is False
    assert found["starts with a sentence"].passed is True


def test_a_late_start_and_a_short_tail_are_found() -> None:
    found = verdicts(Span(start=9.5, end=14.1))

    assert found["speech begins"].passed is False
    assert found["after the last word"].passed is False


def test_dead_air_is_found() -> None:
    said = transcript(("One.", 10.2, 11.0), ("Two.", 12.5, 13.0))

    assert verdicts(Span(start=10.0, end=13.4), said)["longest dead air"].passed is False


def test_captions_too_fast_or_too_wide_are_found() -> None:
    captions = Captions(cues=(cue("containerisation transformed everything", 0, 1),))

    found = verdicts(Span(start=10.05, end=14.4), captions=captions)

    assert found["caption reading speed, p95"].passed is False
    assert found["caption lines"].passed is False


def test_without_words_the_cut_is_not_judged() -> None:
    silent = Transcript(engine="none", word_times="none")

    assert verdicts(Span(start=10, end=20), silent)["cut inside a word"].passed is None


def test_dead_air_is_measured_on_what_is_left_of_a_tightened_cut() -> None:
    said = transcript(("One.", 10.2, 11.0), ("Two.", 13.5, 14.0))
    kept = (Span(start=10.0, end=11.4), Span(start=13.2, end=14.4))

    found = verdicts(Span(start=10.0, end=14.4), said, kept=kept)

    assert found["longest dead air"].value == "0.70 s"
    assert found["after the last word"].value == "0.40 s"


def test_a_join_inside_a_word_is_found() -> None:
    kept = (Span(start=10.05, end=11.0), Span(start=11.45, end=14.4))

    assert verdicts(CUT, kept=kept)["cut inside a word"].value == "did, box"


def test_without_words_dead_air_is_what_the_voice_detector_leaves() -> None:
    speech = (Span(start=10.2, end=11.0), Span(start=12.5, end=14.0))
    said = Transcript(speech=speech, engine="none", word_times="none")

    assert verdicts(CUT, said)["longest dead air"].passed is False


@pytest.mark.parametrize(("border", "passed"), [(10.15, False), (10.25, True), (14.3, False), (12.0, True)])
def test_a_shot_that_flashes_up_at_an_edge_is_found(border: float, *, passed: bool) -> None:
    found = verdicts(CUT, framing=STILL, seen=shown(border))

    assert found["shortest shot at an edge"].passed is passed


def test_a_shot_that_flashes_up_beside_a_join_is_found_and_one_that_begins_there_is_none() -> None:
    kept = (Span(start=10.05, end=12.05), Span(start=12.35, end=14.4))

    assert verdicts(CUT, framing=STILL, seen=shown(12.45), kept=kept)["shortest shot at an edge"].value == "3 frames"
    assert verdicts(CUT, framing=STILL, seen=shown(12.2), kept=kept)["shortest shot at an edge"].passed is True


@pytest.mark.parametrize(("other", "passed"), [(Span(start=14, end=20), True), (Span(start=12, end=15), False)])
def test_two_shorts_of_the_same_moment_are_found(other: Span, *, passed: bool) -> None:
    assert verdicts(CUT, others=(other,))["overlap with another Short"].passed is passed
