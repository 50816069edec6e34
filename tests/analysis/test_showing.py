"""The evidence timeline: what was chosen and what it was chosen from, for any source."""

from itertools import combinations

from hypothesis import given
from talk_builder import dossier, spoken, transcript
from test_offline_properties import quick, talks

from omni.analysis.offline import OfflineAnalyst
from omni.analysis.showing import timeline_for
from omni.contracts import Curve, Dossier, EvidenceTimeline, Pitch
from omni.errors import NothingToClip

TEXT = """
Why does bread rise at all, and why does it fall again?
Yeast eats the sugar in the flour and breathes out a gas.
The gas blows up the dough like 1000 little balloons.
[laughter]

Let me talk about ovens.
An oven needs stone, and stone needs time to become hot.
My grandfather heated his oven for 6 hours before he baked.
He never opened the door of the oven to look.
"""


def shown(talk_text: str = TEXT) -> tuple[Dossier, EvidenceTimeline]:
    talk = spoken(talk_text)
    basis = dossier(transcript(talk), talk.t + 1)
    return basis, timeline_for(basis, OfflineAnalyst().analyze(basis))


def track(timeline: EvidenceTimeline, name: str) -> tuple[float, ...]:
    return next(t.values for t in timeline.tracks if t.name == name)


def test_questions_numbers_and_laughter_stand_at_the_seconds_in_which_they_are_heard() -> None:
    basis, timeline = shown()
    laughter = basis.transcript.events[0]
    questions, reactions = track(timeline, "questions"), track(timeline, "reactions")
    assert questions[1] == 1.0
    assert reactions[int(laughter.start)] > 0 == reactions[int(laughter.start) - 1]


def test_the_voice_s_pitch_is_shown_around_the_middle() -> None:
    talk = spoken(TEXT)
    values = tuple(6.0 if second == 3 else 0.0 for second in range(int(talk.t) + 1))
    pitch = Pitch(voiced=Curve(step=1.0, values=tuple(0.5 for _ in values)), excursion=Curve(step=1.0, values=values))
    basis = dossier(transcript(talk, pitch=pitch), talk.t + 1)
    curve = track(timeline_for(basis, OfflineAnalyst().analyze(basis)), "pitch")
    assert curve[2:5] == (0.5, 1.0, 0.5)
    assert "pitch" not in {t.name for t in shown()[1].tracks}


def test_subjects_are_titled_by_words_that_are_said_in_them() -> None:
    basis, timeline = shown()
    assert len(timeline.subjects) > 1
    for subject in timeline.subjects:
        said = " ".join(w.text for w in basis.transcript.words if subject.start <= w.start < subject.end)
        assert all(word in said for word in subject.title.split(", "))


def test_every_clip_is_among_the_contenders_and_no_other_window_is_the_same_moment() -> None:
    basis, timeline = shown(TEXT * 4)
    clips = OfflineAnalyst().analyze(basis).clips
    assert [(c.start, c.end) for c in timeline.contenders if c.number] == sorted((c.start, c.end) for c in clips)
    others = [c for c in timeline.contenders if c.number is None]
    assert others
    assert all(c.reason for c in others)
    for a, b in combinations(others, 2):
        assert a.overlap(b) < 0.5 * (a.length + b.length - a.overlap(b))


@quick
@given(talks())
def test_whatever_was_analysed_can_be_shown(basis: Dossier) -> None:
    try:
        analysis = OfflineAnalyst().analyze(basis)
    except NothingToClip:
        return
    timeline = timeline_for(basis, analysis)
    for curve in timeline.tracks:
        assert len(curve.values) == len(timeline.tracks[0].values)
        assert all(0 <= value <= 1 for value in curve.values)
