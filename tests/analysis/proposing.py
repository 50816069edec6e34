"""Answers as a good model would give them, made of the transcript; tests spoil them."""

from pathlib import Path
from typing import Any

from fakes.ffmpeg import FakeMedia
from fakes.model import Answer, FakeModel

from omni.analysis.paging import page_of
from omni.analysis.prompted.analyst import ModelAnalyst
from omni.contracts import Analysis, Dossier

GOOD = {"topic": "Harbours", "titles": [], "keywords": []}


def proposed(given: Dossier, first: int, last: int, **changes: object) -> dict[str, Any]:
    """Return a clip of the sentences from ``first`` to ``last``, the latter included."""
    words, sentences = given.transcript.words, given.transcript.sentences
    a, b = sentences[first].first, sentences[last].last - 1
    said = [w.text for w in words[a : b + 1]]
    return {
        "first_word": a,
        "last_word": b,
        "opening": " ".join(said[:6]),
        "closing": " ".join(said[-6:]),
        "title": sentences[first].text,
        "hook": sentences[first].text,
        "reason": "tells a story that ends well",
        "score": 80,
    } | changes


def without(clip: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return a clip without some of its fields."""
    return {name: value for name, value in clip.items() if name not in names}


def answered(*clips: object, **changes: object) -> dict[str, Any]:
    """Return an answer of these clips."""
    return {**GOOD, "clips": list(clips), **changes}


def analysed(given: Dossier, work: Path, *answers: Answer) -> tuple[Analysis, FakeModel]:
    """Let a model answer, and return the page that became of it."""
    whole, model = analysed_whole(given, work, *answers)
    return page_of(whole, given), model


def analysed_whole(given: Dossier, work: Path, *answers: Answer) -> tuple[Analysis, FakeModel]:
    """Let a model answer, and return the analysis that all pages come from."""
    model = FakeModel(answers)
    return ModelAnalyst(model, FakeMedia(), work).analyze(given), model
