"""What must hold for any input whatever: generated words, shots, speech regions and briefs, broken ones included."""

import os
from itertools import pairwise

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from talk_builder import dossier

from omni.analysis.cuts import cutter_for
from omni.analysis.edges import sliver_seconds
from omni.analysis.offline import OfflineAnalyst
from omni.analysis.paging import page_of
from omni.contracts import (
    Analysis,
    Brief,
    Curve,
    Dossier,
    Footage,
    Loudness,
    Sentence,
    Shot,
    SoundEvent,
    Span,
    Transcript,
    Word,
)
from omni.errors import NothingToClip

TEXTS = (
    "So",
    "we",
    "never",
    "shipped",
    "boxes.",
    "Why?",
    "It",
    "is",
    "12",
    "harbour,",
    "但是",
    "I",
    "thank",
    "you!",
    "…",
)

GAPS = (-0.2, -0.05, 0.0, 0.0, 0.0, 0.03, 0.03, 0.1, 0.1, 0.3, 0.3, 0.9, 4.0)
LENGTHS = (0.0, 0.08, 0.25, 0.4, 0.4, 0.7)

quick = settings(
    max_examples=int(os.environ.get("OMNI_EXAMPLES", "20")),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=(
        Phase.explicit,
        Phase.generate,
    ),  # shrinking such talks takes minutes; add Phase.shrink by hand to study one
)


@st.composite
def talks(draw: st.DrawFn) -> Dossier:
    """Time-ordered words with gaps of all sizes, zero and slightly negative ones included, in a source that may be too short."""
    bytes_ = draw(st.binary(min_size=draw(st.sampled_from((0, 60, 120))), max_size=200))
    t, words = draw(st.floats(0, 3)), list[Word]()
    for b in bytes_:
        start = max(0.0, t + GAPS[b % len(GAPS)])
        length = LENGTHS[b // len(GAPS) % len(LENGTHS)]
        words.append(Word(start=start, end=start + length, text=TEXTS[b % len(TEXTS)]))
        t = start + length
    duration = max(0.5, t + draw(st.sampled_from((-2.0, 0.0, 0.01, 1.0, 30.0))))
    times = st.floats(0, duration, allow_nan=False)
    cuts = sorted(draw(st.lists(times, max_size=25, unique=True)))
    brief = _brief(draw)
    return dossier(
        Transcript(
            words=tuple(words),
            sentences=_sentences(draw, words),
            speech=draw(st.lists(st.builds(_span, times, times), max_size=8).map(tuple)),
            loudness=Loudness(
                integrated_lufs=-20,
                true_peak_dbtp=None,
                curve=Curve(step=1.0, values=tuple(draw(st.lists(st.floats(-80, 0), max_size=60)))),
            ),
            events=draw(st.lists(st.builds(_event, times, times), max_size=4).map(tuple)),
            language=draw(st.sampled_from((None, "en", "de", "xx", "zh"))),
            engine="test",
            word_times=draw(st.sampled_from(("measured", "estimated"))),
        ),
        duration,
        brief=brief,
        used=tuple(draw(st.lists(st.builds(_span, times, times), max_size=2))),
        fps=draw(st.sampled_from((5.0, 23.976, 25.0, 60.0))),
        footage=Footage(
            shots=tuple(Shot(start=a, end=b) for a, b in zip((0.0, *cuts), (*cuts, duration), strict=True)),
            black=tuple(draw(st.lists(st.builds(_span, times, times), max_size=2))),
            motion=Curve(step=0.5, values=tuple(draw(st.lists(st.floats(0, 1), max_size=30)))),
            engine="test",
        ),
    )


def _brief(draw: st.DrawFn) -> Brief:
    low = draw(st.sampled_from((3.0, 8.0, 15.0, 30.0)))
    return Brief(
        min_seconds=low,
        max_seconds=low + draw(st.sampled_from((0.0, 5.0, 40.0))),
        clips=draw(st.sampled_from((None, None, 1, 3, 20))),
        directives=draw(
            st.sampled_from(("", "topic: boxes", "from 0:05 to 0:40", "only questions", "avoid: harbour; fun"))
        ),
        repeat=draw(st.booleans()),
    )


def _sentences(draw: st.DrawFn, words: list[Word]) -> tuple[Sentence, ...]:
    """Sentences of any lengths; some sources have none, or leave words out."""
    found: list[Sentence] = []
    at = 0
    for length in draw(st.binary(max_size=40)):
        last = min(len(words), at + length % 30)
        inside = words[at:last]
        if inside:
            end = max(inside[0].start, *(w.end for w in inside))
            text = " ".join(w.text for w in inside)
            found.append(Sentence(start=inside[0].start, end=end, first=at, last=last, text=text))
        at = last
    return tuple(found)


def _span(a: float, b: float) -> Span:
    return Span(start=min(a, b), end=max(a, b))


def _event(a: float, b: float) -> SoundEvent:
    return SoundEvent(start=min(a, b), end=max(a, b), kind="laughter", confidence=0.8)


def analysed(given_: Dossier) -> Analysis | None:
    try:
        return page_of(OfflineAnalyst().analyze(given_), given_)
    except NothingToClip:
        return None


def cuts_a_word(t: float, given_: Dossier) -> bool:
    """Whether ``t`` lies deeper than the tolerance of 40 ms inside a word."""
    end = given_.source.duration
    return any(w.start + 0.04 < t < min(w.end, end) - 0.04 for w in given_.transcript.words)


@quick
@given(talks())
def test_every_edge_is_in_the_source_outside_of_words_and_leaves_no_sliver_of_a_shot(talk: Dossier) -> None:
    found = analysed(talk)
    duration, sliver = talk.source.duration, min(0.5, 5 / talk.source.video.fps)
    for clip in found.clips if found else ():
        assert 0 <= clip.start < clip.end <= duration + 1e-9
        assert not cuts_a_word(clip.start, talk)
        assert not cuts_a_word(clip.end, talk)
        whole = clip.start == 0 and clip.end == duration
        for cut in (s.start for s in talk.footage.shots[1:]):
            if 0.01 < cut < duration - 0.01 and not whole:
                assert not clip.start + 1e-6 < cut < clip.start + sliver - 1e-6
                assert not clip.end - sliver + 1e-6 < cut < clip.end - 1e-6


@quick
@given(talks())
def test_clips_never_overlap_keep_the_bounds_and_are_numbered_by_falling_score(talk: Dossier) -> None:
    found = analysed(talk)
    if found is None:
        return
    spans = sorted(found.clips, key=lambda c: c.start)
    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(spans))
    assert [c.number for c in found.clips] == list(range(1, len(spans) + 1))
    assert [c.score for c in found.clips] == sorted((c.score for c in spans), reverse=True)
    for clip in spans:
        assert 3 - 1e-3 <= clip.length <= talk.brief.max_seconds + 1e-3
        short = clip.length < talk.brief.min_seconds - 1e-3
        assert not short or any("min_seconds" in w for w in found.warnings)


@quick
@given(talks())
def test_the_same_input_gives_the_same_output_and_used_moments_stay_out_unless_asked(talk: Dossier) -> None:
    found = analysed(talk)
    assert found == analysed(talk)
    if found and not talk.brief.repeat:
        for clip in found.clips:
            assert sum(clip.overlap(u) for u in talk.precedents.used) <= 0.3 * clip.length + 1e-6


@quick
@given(talks(), st.floats(0, 120), st.floats(0.1, 90))
def test_the_cutter_keeps_every_promise_for_any_rough_window(talk: Dossier, start: float, length: float) -> None:
    cutter = cutter_for(talk)
    span = cutter.cut(Span(start=start, end=start + length))
    if span is None:
        return
    assert cutter.shortest - 1e-3 <= span.length <= cutter.longest + 1e-3
    assert not cuts_a_word(span.start, talk)
    assert not cuts_a_word(span.end, talk)
    sliver = sliver_seconds(talk.source.video.fps)
    cuts = cutter.timeline.obstacles.cuts
    assert not any(span.start + 1e-5 < c < span.start + sliver - 1e-5 for c in cuts)
    assert not any(span.end - sliver + 1e-5 < c < span.end - 1e-5 for c in cuts)
