"""What the cut engine promises for every analyst and any input: for clean talks tight bars, for broken ones no harm."""

import os
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from talk_builder import dossier
from test_offline_properties import cuts_a_word, talks

from omni.analysis.candidates import candidates
from omni.analysis.choice import Count, choose, further
from omni.analysis.cuts import Cutter, cutter_for
from omni.analysis.edges import sliver_seconds
from omni.analysis.material import material_of
from omni.contracts import Brief, Dossier, Sentence, Span, Transcript, Word

EXAMPLES = int(os.environ.get("OMNI_EXAMPLES", "25"))
quick = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)


@st.composite
def clean_talks(draw: st.DrawFn) -> Dossier:
    """Whole sentences with pauses of 0–3 s between them, words that touch or nearly, speech regions that hold exactly what is said."""
    t = draw(st.floats(0.3, 2))
    words, sentences, regions = list[Word](), list[Sentence](), list[Span]()
    for length in draw(st.lists(st.integers(2, 12), min_size=3, max_size=14)):
        first, begin = len(words), t
        for i in range(length):
            end = t + draw(st.sampled_from((0.2, 0.3, 0.45)))
            words.append(
                Word(
                    start=round(t, 3),
                    end=round(end, 3),
                    text="Boxes" if i == 0 else "end." if i == length - 1 else "go",
                )
            )
            t = end + draw(st.sampled_from((0.0, 0.02, 0.08)))
        close = words[-1].end
        text = " ".join(w.text for w in words[first:])
        sentences.append(Sentence(start=words[first].start, end=close, first=first, last=len(words), text=text))
        regions.append(Span(start=max(0.0, begin - 0.03), end=close + 0.03))
        t = close + draw(st.sampled_from((0.0, 0.1, 0.3, 0.6, 1.0, 3.0)))
    duration = t + draw(st.sampled_from((0.0, 0.5, 2.0)))
    cuts = tuple(sorted(draw(st.lists(st.floats(0.5, duration), max_size=12, unique=True))))
    heard = Transcript(
        words=tuple(words),
        sentences=tuple(sentences),
        speech=tuple(regions),
        language="en",
        engine="test",
        word_times=draw(st.sampled_from(("measured", "estimated"))),
    )
    brief = Brief(min_seconds=3, max_seconds=draw(st.sampled_from((8.0, 20.0, 60.0))))
    return dossier(heard, duration, shots=cuts, brief=brief, fps=draw(st.sampled_from((25.0, 60.0))))


rough_windows = st.tuples(st.floats(0, 60), st.floats(1, 40)).map(lambda w: Span(start=w[0], end=w[0] + w[1]))


def trims(cutter: Cutter) -> list[tuple[int, int, Span]]:
    """Every run of units that can be cut, with its span."""
    count = len(cutter.timeline.units)
    runs = ((i, j) for i in range(count) for j in range(i + 1, min(count, i + 6) + 1))
    return [(i, j, span) for i, j in runs if (span := cutter.trim(i, j))]


@quick
@given(clean_talks())
def test_lead_in_and_tail_keep_the_bars_wherever_the_pause_leaves_room(talk: Dossier) -> None:
    cutter = cutter_for(talk)
    units = cutter.timeline.units
    for first, last, span in trims(cutter):
        assert 0 <= units[first].start - span.start <= 0.5 + 1e-6
        tail = span.end - units[last - 1].end
        after = units[last].start if last < len(units) else talk.source.duration
        assert -1e-6 <= tail <= 0.8 + 1e-6
        near_cut = any(abs(c - span.end) < 2 * cutter.timeline.obstacles.sliver for c in cutter.timeline.obstacles.cuts)
        assert tail >= 0.2 - 1e-6 or after - units[last - 1].end < 0.25 + 0.06 or near_cut


@quick
@given(clean_talks())
def test_neighbouring_clips_share_a_pause_and_never_a_frame_of_speech(talk: Dossier) -> None:
    cutter = cutter_for(talk)
    count = len(cutter.timeline.units)
    for border in range(1, count):
        before, after = cutter.trim(0, border, strict=False), cutter.trim(border, count, strict=False)
        if before and after:
            assert before.end <= after.start + 1e-9


@quick
@given(clean_talks())
def test_an_edge_beside_estimated_words_lies_in_a_silence_or_the_run_is_refused(talk: Dossier) -> None:
    cutter = cutter_for(talk)
    for _, _, span in trims(cutter):
        if cutter.timeline.guarded:
            assert not any(
                r.start + 0.03 < t < r.end - 0.03 for r in talk.transcript.speech for t in (span.start, span.end)
            )


@quick
@given(clean_talks(), rough_windows)
def test_a_repair_never_loses_the_ending_that_was_meant(talk: Dossier, rough: Span) -> None:
    """The last sentence of which the window holds more than a touch is whole in the cut."""
    cutter = cutter_for(talk)
    cut = cutter.cut(rough)
    meant = [
        u
        for u in cutter.timeline.units
        if rough.overlap(Span(start=u.start, end=u.end)) > min(1.0, 0.25 * (u.end - u.start))
    ]
    if cut and meant:
        assert cut.end >= meant[-1].end - 1e-6


@quick
@given(clean_talks(), rough_windows)
def test_a_cut_of_clean_speech_begins_and_ends_with_whole_sentences(talk: Dossier, rough: Span) -> None:
    cut = cutter_for(talk).cut(rough)
    if cut is None or cutter_for(talk).timeline.ground != "words":
        return
    words = talk.transcript.words
    inside = [i for i, w in enumerate(words) if cut.start - 0.05 <= w.start and w.end <= cut.end + 0.05]
    if inside and not _is_split(talk):  # a window where nothing is said is kept
        assert words[inside[0]].text == "Boxes"
        assert words[inside[-1]].text == "end."


def _is_split(talk: Dossier) -> bool:
    """Whether a sentence is longer than a clip may be: then it is cut at a breath."""
    return any(s.length > 0.6 * talk.brief.max_seconds for s in talk.transcript.sentences)


@quick
@given(clean_talks(), rough_windows)
def test_an_edge_is_five_frames_from_a_shot_s_edge_or_on_it(talk: Dossier, rough: Span) -> None:
    cutter = cutter_for(talk)
    sliver, cuts = sliver_seconds(talk.source.video.fps), cutter.timeline.obstacles.cuts
    for span in (cutter.cut(rough), *(s for _, _, s in trims(cutter))):
        if span:
            assert not any(1e-5 < c - span.start < sliver - 1e-5 for c in cuts)
            assert not any(1e-5 < span.end - c < sliver - 1e-5 for c in cuts)


@quick
@given(talks(), rough_windows, st.floats(0, 60))
def test_any_input_whatever_gives_the_same_span_again_or_a_refusal(talk: Dossier, rough: Span, floor: float) -> None:
    cutter = cutter_for(talk)
    span = cutter.cut(rough, floor)
    assert span == cutter_for(talk).cut(rough, floor)
    if span:
        assert cutter.fits(span)
        assert 0 <= span.start < span.end <= talk.source.duration + 1e-9
        assert not cuts_a_word(span.start, talk)
        assert not cuts_a_word(span.end, talk)
        assert span.start >= floor


@quick
@given(talks(), st.integers(1, 4))
def test_the_chosen_and_the_further_never_overlap(talk: Dossier, most: int) -> None:
    cutter = cutter_for(talk)
    material = material_of(talk, cutter.timeline)
    pool = candidates(material, cutter, strict=False)
    chosen = choose(pool, Count(most, most), material)
    spans = sorted((c.span for c in (*chosen, *further(pool, chosen, 5, material))), key=lambda s: s.start)
    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(spans))


@pytest.mark.parametrize("at", [0.0, 0.02, 0.2])
def test_a_clip_at_the_very_beginning_needs_no_lead_in(at: float) -> None:
    words = (Word(start=at, end=2, text="Boxes"), Word(start=2, end=4, text="end."))
    heard = Transcript(words=words, engine="test", word_times="measured")
    cut = cutter_for(dossier(heard, 4.0, brief=Brief(min_seconds=3))).trim(0, 1)
    assert cut == Span(start=0, end=4)
