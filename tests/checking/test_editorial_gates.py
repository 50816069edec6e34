"""Gates that are decided by the plan."""

from builders import cue, footage, plan, transcript

from omni.checking.editorial import editorial_checks
from omni.contracts import Captions, Check, Span, Transcript

SAID = transcript(("So why did the box win?", 10.2, 12.0), ("Because it fits every truck.", 12.4, 14.0))


def verdicts(cut: Span, said: Transcript = SAID, captions: Captions | None = None) -> dict[str, Check]:
    made = plan(cut=cut, framing=None, captions=captions or Captions())
    return {check.name: check for check in editorial_checks(made, said, footage())}


def test_a_whole_cut_passes_everything() -> None:
    found = verdicts(Span(start=10.05, end=14.4))

    assert [c.name for c in found.values() if c.passed is not True] == []


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
