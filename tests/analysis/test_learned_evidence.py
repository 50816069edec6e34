"""What outcomes taught tips a balance, says why, and never excuses a broken clip."""

import pytest
from fakes.qdrant import FakeMemory
from talk_builder import Talk, dossier, spoken, transcript

from omni.analysis.cuts import cutter_for
from omni.analysis.judgement import evidence_on, merit_of
from omni.analysis.material import Material, Window, material_of
from omni.analysis.offline import OfflineAnalyst
from omni.analysis.weights import WEIGHTS
from omni.contracts import Analysis, Brief, Dossier, Evidence, Lesson, Precedents, Span
from omni.lessons import band_of
from omni.memory.recalling import recall

TEXT = """
Why does bread rise at all?
Yeast eats the sugar and breathes out.
It takes 12 hours in a cold room.

And that is the whole secret.
My grandfather told me this when I was seven.
He said that nobody can hurry a loaf.
"""
BROKEN = ("whole.torn_start", "whole.torn_end", "whole.leaning", "whole.open_end", "pace.dead_air", "see.black")


def lesson(kind: str, value: str, effect: float) -> Lesson:
    told = f"20 clips with {value} got 40 % more views than your others (since March 2026)"
    return Lesson.model_validate({"kind": kind, "value": value, "effect": effect, "count": 20, "because": told})


def given(*lessons: Lesson, talk: Talk | None = None, **more: object) -> Dossier:
    told = talk or spoken(TEXT)
    made = dossier(transcript(told), told.t + 1, brief=Brief(min_seconds=3))
    return made.model_copy(update={"precedents": Precedents.model_validate({"lessons": lessons, **more})})


def material(*lessons: Lesson) -> Material:
    made = given(*lessons)
    return material_of(made, cutter_for(made).timeline)


def window(m: Material, first: int, last: int) -> Window:
    span = cutter_for(m.dossier).trim(first, last, strict=False)
    assert span is not None
    return Window(first, last, span)


def signs(m: Material, first: int, last: int) -> list[Evidence]:
    return [e for e in evidence_on(window(m, first, last), m) if e.kind == "learned"]


def test_a_lesson_speaks_for_the_clip_that_has_the_trait_and_for_no_other() -> None:
    m = material(lesson("hook", "question", 0.5))

    (sign,) = signs(m, 0, 3)

    assert sign.weight == 0.5 * WEIGHTS["learned"].value
    assert sign.text.startswith("does what worked for you: 20 clips with question got 40 % more views")
    assert signs(m, 3, 6) == []


def test_a_bad_experience_speaks_against() -> None:
    (sign,) = signs(material(lesson("hook", "question", -0.5)), 0, 3)

    assert sign.weight < 0
    assert sign.text.startswith("does what didn't work for you")


def test_lengths_and_subjects_are_met_too_and_posts_are_no_matter_of_the_moment() -> None:
    plain = material()
    band = band_of(window(plain, 0, 3).span.length).value

    assert len(signs(material(lesson("length", band, 0.5)), 0, 3)) == 1
    assert len(signs(material(lesson("topic", "loaves", 0.5)), 3, 6)) == 0
    assert len(signs(material(lesson("topic", "loaf", 0.5)), 3, 6)) == 1
    assert len(signs(material(lesson("topic", "loaf", 0.5)), 0, 3)) == 0
    assert signs(material(lesson("post", "question", 0.5)), 0, 3) == []


def test_all_lessons_together_are_no_stronger_than_one_and_outweigh_no_fault() -> None:
    m = material(
        lesson("hook", "question", 1.0),
        lesson("topic", "yeast", 1.0),
        lesson("topic", "sugar", 1.0),
        lesson("length", band_of(window(material(), 0, 3).span.length).value, 1.0),
    )

    whole = sum(e.weight for e in signs(m, 0, 3))

    assert len(signs(m, 0, 3)) == 4
    assert whole <= WEIGHTS["learned"].value + 1e-9
    assert all(WEIGHTS["learned"].value < WEIGHTS[fault].value for fault in BROKEN)


def test_the_merit_is_the_sum_that_the_evidence_shows() -> None:
    m = material(lesson("hook", "question", 0.5), lesson("topic", "yeast", -0.3))
    w = window(m, 0, 3)

    assert abs(merit_of(w, m) - sum(e.weight for e in evidence_on(w, m))) < 0.02


def analysis_of(dossier: Dossier) -> Analysis:
    return OfflineAnalyst().analyze(dossier)


def long_talk() -> Talk:
    return spoken("\n".join(TEXT.replace("bread", f"bread of kind {n}") for n in range(6)))


def test_an_empty_memory_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The analysis is the same to the byte as that of a craft which has never heard of outcomes."""
    made = given(talk=long_talk())
    told = recall(FakeMemory(), made.source, made.transcript, made.brief)

    found = analysis_of(made.model_copy(update={"precedents": told}))
    monkeypatch.setattr("omni.analysis.judgement.learned", lambda *_: ())

    assert found.model_dump_json() == analysis_of(made).model_dump_json()


def test_a_lesson_changes_which_moments_come_first_and_the_clip_says_why() -> None:
    """The twin of the test above: what it would notice."""
    plain = analysis_of(given(talk=long_talk()))
    wiser = analysis_of(given(lesson("hook", "question", -1.0), talk=long_talk()))

    assert wiser.clips != plain.clips
    assert any(e.kind == "learned" for clip in (*wiser.clips, *wiser.reserves) for e in clip.evidence)


def test_a_retold_or_refused_moment_is_proposed_by_nobody() -> None:
    talk = long_talk()
    first = analysis_of(given(talk=talk)).clips[0]
    taken = Span(start=first.start, end=first.end)

    for how in ("retold", "refused"):
        clips = analysis_of(given(talk=talk, **{how: (taken,)})).clips
        assert all(clip.overlap(taken) <= 0.3 * min(clip.length, taken.length) + 1e-6 for clip in clips)
