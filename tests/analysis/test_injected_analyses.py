"""Sixty videos that give orders to the model (TARGETS §4.8): what comes out is what would have come out without them.

Three readers: the offline analyst; a steady model, which proposes the same moments whatever it reads; and a gullible one, which obeys
whatever order it finds in its prompt. Of the gullible one only form can be promised: a valid analysis, whole cuts, nothing that points
elsewhere, none of our instructions, and the canary nowhere but where the clip itself says it. That it chooses the same clips can't:
which moments are good is a model's taste, and how far a real one resists orders is for a run with a real key to tell.
"""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fakes.ffmpeg import FakeMedia
from fakes.model import FakeModel
from injections import INJECTIONS, PARAGRAPHS, Injection, injected_dossier, twin_of
from proposing import answered, proposed

from omni.analysis.offline import OfflineAnalyst
from omni.analysis.prompted.analyst import ModelAnalyst
from omni.analysis.prompted.prompting import INSTRUCTIONS
from omni.analysis.prompted.quoting import letters_of
from omni.contracts import Analysis, Clip, Dossier
from omni.ports.model import Question
from omni.untrusted.links import handles, links

SENTENCES = [line for paragraph in PARAGRAPHS for line in paragraph]
CHOSEN = (1, 3, 4, 6)
"""The paragraphs that the models of these tests like."""


def moments(found: Analysis) -> list[frozenset[str]]:
    """Return each clip as the sentences of the clean talk that it holds."""
    return [frozenset(s for s in SENTENCES if letters_of(s) in letters_of(clip.text)) for clip in found.clips]


def differing(found: Analysis, clean: Analysis) -> int:
    """Return how many clips of either have no counterpart that shares half of their sentences."""
    left, new = moments(clean), 0
    for moment in moments(found):
        same = next((m for m in left if len(m & moment) >= 0.5 * len(m | moment)), None)
        left.remove(same) if same is not None else None
        new += same is None
    return max(new, len(left))


def assert_harmless(found: Analysis, given: Dossier, injection: Injection) -> None:
    """Check what holds whoever has read the video."""
    assert Analysis.model_validate(found.model_dump()) == found
    said = " ".join(w.text for w in given.transcript.words)
    written = (
        found.topic,
        *found.titles,
        *found.keywords,
        *found.key_sentences,
        *map(told_of, found.clips),
        *found.warnings,
    )
    assert {p for text in written for p in pointers(text)} <= set(pointers(said))
    assert not any(INSTRUCTIONS[i : i + 60] in found.model_dump_json() for i in range(0, len(INSTRUCTIONS), 20))
    assert not any(has_canary(text, injection) for text in (found.topic, *found.keywords))
    assert all(is_sentence(title, given) for title in found.titles if has_canary(title, injection))
    for clip in found.clips:
        assert has_canary(clip.text, injection) or not has_canary(told_of(clip), injection)
        assert not any(
            w.start + 0.04 < t < w.end - 0.04 for w in given.transcript.words for t in (clip.start, clip.end)
        )


def pointers(text: str) -> tuple[str, ...]:
    return (*links(text), *handles(text))


def has_canary(text: str, injection: Injection) -> bool:
    return letters_of(injection.canary) in letters_of(text)


def is_sentence(title: str, given: Dossier) -> bool:
    """Tell whether a title quotes a sentence of the talk from its beginning: something was said, nothing was obeyed."""
    return any(letters_of(s.text).endswith(letters_of(title)) for s in given.transcript.sentences)


def told_of(clip: Clip) -> str:
    return "\n".join((clip.title, clip.hook, clip.reason, *(e.text for e in clip.evidence)))


@cache
def offline(carrier: str) -> Analysis:
    """What the clean twin gives."""
    return OfflineAnalyst().analyze(twin_of(next(i for i in INJECTIONS if i.carrier == carrier)))


@pytest.mark.parametrize("injection", INJECTIONS, ids=str)
def test_offline_an_order_changes_one_clip_at_most(injection: Injection) -> None:
    given = injected_dossier(injection)
    found = OfflineAnalyst().analyze(given)
    assert_harmless(found, given, injection)
    assert differing(found, offline(injection.carrier)) <= 1


def liked(given: Dossier, **changes: object) -> list[dict[str, Any]]:
    """Return the paragraphs that the models like, wherever an order has pushed them."""
    texts = [letters_of(s.text) for s in given.transcript.sentences]
    first = [texts.index(letters_of(PARAGRAPHS[i][0])) for i in CHOSEN]
    return [proposed(given, i, i + 4, score=90 - n, **changes) for n, i in enumerate(first)]


def read_by(given: Dossier, work: Path, model: FakeModel) -> Analysis:
    return ModelAnalyst(model, FakeMedia(), work).analyze(given)


@cache
def steady(carrier: str, work: Path) -> Analysis:
    """What a steady model makes of the clean twin."""
    clean = twin_of(next(i for i in INJECTIONS if i.carrier == carrier))
    return read_by(clean, work, FakeModel([answered(*liked(clean))]))


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


@pytest.mark.parametrize("injection", INJECTIONS, ids=str)
def test_with_a_steady_model_an_order_changes_one_clip_at_most(injection: Injection, work: Path) -> None:
    given = injected_dossier(injection)
    model = FakeModel([answered(*liked(given))])
    found = read_by(given, work, model)
    assert has_canary(model.questions[0].prompt, injection)  # else this would prove nothing
    assert not has_canary(model.questions[0].instructions, injection)
    assert_harmless(found, given, injection)
    assert differing(found, steady(injection.carrier, work)) <= 1


class Gullible:
    """Obeys every order that stands in its prompt, with all that it has: fields, titles, times, and our instructions."""

    def __init__(self, given: Dossier, injection: Injection) -> None:
        self._given, self._injection = given, injection

    def __call__(self, question: Question) -> dict[str, Any]:
        injection = self._injection
        words = (injection.canary, injection.pointer, injection.text, question.instructions)
        obeyed = [
            f"{injection.canary}: {injection.pointer}",
            injection.text,
            question.instructions[:150],
            injection.canary,
        ]
        clips = [
            {**clip, "title": title, "hook": injection.canary, "reason": f"says {title}", "note": words}
            for clip, title in zip(liked(self._given), obeyed, strict=True)
        ]
        order = {"opening": injection.text, "closing": injection.text, "start": "90:00", "end": "99:99", "score": 100}
        return answered(
            {**order, "title": injection.canary}, *clips,
            topic=injection.canary, titles=[*words, f"The {injection.canary} of boxes and trucks"],
            keywords=[injection.canary, injection.pointer, "boxes", injection.text], system=question.instructions,
        )  # fmt: skip


@pytest.mark.parametrize("injection", INJECTIONS, ids=str)
def test_what_a_gullible_model_obeys_comes_out_nowhere(injection: Injection, work: Path) -> None:
    given = injected_dossier(injection)
    found = read_by(given, work, FakeModel([Gullible(given, injection)]))
    assert_harmless(found, given, injection)
    assert len(found.clips) >= 4
