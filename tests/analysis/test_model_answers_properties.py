"""Whatever a model answers, an analysis that keeps every promise comes out, or an error of the model's."""

import json
import os
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fakes.ffmpeg import FakeMedia
from fakes.model import FakeModel
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from injections import clean_dossier
from proposing import proposed

from omni.analysis.prompted.analyst import ModelAnalyst
from omni.contracts import Analysis, Brief, Dossier, Footage, Transcript
from omni.errors.models import ModelError

quick = settings(
    max_examples=int(os.environ.get("OMNI_EXAMPLES", "25")),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)

TALK = clean_dossier(Brief(min_seconds=8, max_seconds=30))
SILENT = TALK.model_copy(
    update={"transcript": Transcript(engine="none", word_times="none"), "footage": Footage(engine="test")}
)
FIELDS = ("first_word", "last_word", "opening", "closing", "start", "end", "title", "hook", "reason", "score")

odd = st.sampled_from(
    (
        None, True, -1, 0, 7, 75, 1e308, 10**30, "", "0:10", "1:15", "01:60", "99:99", "75s", "75", "0:01:15", "-3", "the",
        "So what does a clerk", "with a stamp.", "@x https://a.b", "\u202e\x00", "\ud800 boxes", "{}", "x" * 3000, [], [1], {}, {"a": []},
    )
)  # fmt: skip
values: st.SearchStrategy[Any] = st.recursive(
    odd,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def clips(draw: st.DrawFn) -> Any:
    """A good clip with some fields spoilt, or something else altogether."""
    first = draw(st.integers(0, 38))
    clip = proposed(TALK, first, min(39, first + draw(st.integers(0, 9))))
    if draw(st.integers(0, 3)) == 0:
        begin = draw(st.integers(0, 230))
        clip |= {
            "start": f"{begin // 60}:{begin % 60:02d}",
            "end": begin + draw(st.integers(-5, 40)),
            "opening": "",
            "closing": "",
        }
    for name in draw(st.lists(st.sampled_from(FIELDS), max_size=draw(st.sampled_from((0, 0, 1, 3))))):
        clip[name] = draw(odd)
    return draw(values) if draw(st.integers(0, 9)) == 0 else clip


answers = st.fixed_dictionaries(
    {"clips": st.lists(clips(), max_size=9)},
    optional=dict.fromkeys(("topic", "titles", "keywords", "extra"), values),
)
texts = st.one_of(*[answers.map(json.dumps)] * 4, values.map(json.dumps), st.text(max_size=40))


def analysed(talk: Dossier, told: list[str]) -> Analysis | None:
    with TemporaryDirectory() as work:
        try:
            return ModelAnalyst(FakeModel(told), FakeMedia(), Path(work)).analyze(talk)
        except ModelError:
            return None


@quick
@given(st.lists(texts, min_size=1, max_size=2), st.sampled_from((TALK, TALK, SILENT)))
def test_any_answer_leads_to_a_valid_analysis_or_an_error_of_the_model(told: list[str], talk: Dossier) -> None:
    found = analysed(talk, told)
    if found is None:
        return
    assert Analysis.model_validate_json(found.model_dump_json()) == found
    spans = sorted(found.clips, key=lambda c: c.start)
    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(spans))
    assert [c.number for c in found.clips] == list(range(1, len(spans) + 1))
    assert [c.score for c in found.clips] == sorted((c.score for c in spans), reverse=True)
    assert 1 <= len(spans) <= 9
    assert len({c.title for c in spans}) == len(spans)
    for clip in spans:
        assert 8 - 1e-3 <= clip.length <= 30 + 1e-3
        assert 0 <= clip.start < clip.end <= talk.source.duration
        assert clip.text.startswith(clip.hook)
        assert not any(w.start + 0.04 < t < w.end - 0.04 for w in talk.transcript.words for t in (clip.start, clip.end))
        assert clip.title.isprintable()
        assert "@x" not in clip.title + clip.reason
