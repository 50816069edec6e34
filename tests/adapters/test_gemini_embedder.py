"""Vectors by Gemini: the real SDK against a local server."""

import json
import math

import pytest
from fakes.gemini_faults import Fault
from fakes.gemini_server import GeminiServer
from gemini_cases import Clock, account, embedder
from pydantic import SecretStr

from omni.adapters.gemini import GeminiEmbedder
from omni.errors.models import BudgetExceeded, ModelAnswerUnusable, ModelBusy, ModelKeyRefused


def answer(*vectors: list[float], **more: object) -> Fault:
    return Fault(200, json.dumps({"embeddings": [{"values": v} for v in vectors]} | more))


def test_each_text_gets_its_own_vector_of_length_one(gemini: GeminiServer) -> None:
    vectors = embedder(gemini).embed(["a box", "a crate", "a box"])

    [asked] = gemini.requests
    assert asked.path == "/v1/models/gemini-embedding-2:batchEmbedContents"
    assert [r["content"]["parts"] for r in asked.body["requests"]] == [
        [{"text": t}] for t in ("a box", "a crate", "a box")
    ]
    assert {r["outputDimensionality"] for r in asked.body["requests"]} == {8}
    assert [math.hypot(*v) for v in vectors] == pytest.approx([1, 1, 1])
    assert vectors[0] == vectors[2] != vectors[1]


def test_many_texts_go_in_batches_and_come_back_in_order(gemini: GeminiServer) -> None:
    texts = [f"text {n}" for n in range(205)]
    spent = account()

    vectors = embedder(gemini, spent).embed(texts)

    assert [len(r.body["requests"]) for r in gemini.requests] == [100, 100, 5]
    assert vectors[150] == embedder(gemini).embed(["text 150"])[0]
    assert spent.charges[0].calls == 3


def test_no_text_asks_nothing(gemini: GeminiServer) -> None:
    assert embedder(gemini).embed([]) == []
    assert gemini.requests == []


def test_the_name_tells_the_model_and_the_length(gemini: GeminiServer) -> None:
    assert embedder(gemini).name == "gemini-embedding-2-8"
    usual = GeminiEmbedder(SecretStr("k"), "gemini-embedding-2", account())
    assert (usual.name, usual.dimensions) == ("gemini-embedding-2-768", 768)


def test_vectors_are_not_guessed_when_one_is_missing(gemini: GeminiServer) -> None:
    gemini.fail("embed", answer([1.0] * 8))

    with pytest.raises(ModelAnswerUnusable, match="1 vectors came for 2 texts"):
        embedder(gemini).embed(["a", "b"])


@pytest.mark.parametrize("vector", [[1.0] * 7, [0.0] * 8, []])
def test_a_vector_that_has_no_direction_or_another_length_is_refused(gemini: GeminiServer, vector: list[float]) -> None:
    gemini.fail("embed", answer(vector))

    with pytest.raises(ModelAnswerUnusable, match="a vector has"):
        embedder(gemini).embed(["a"])


@pytest.mark.parametrize("fault", ["503", "drop", "html 200", "empty", "cut", "list", "no vectors"])
def test_what_passes_is_asked_again(gemini: GeminiServer, fault: str) -> None:
    gemini.fail("embed", fault)
    clock, spent = Clock(), account()

    assert len(embedder(gemini, spent, clock).embed(["a"])) == 1
    assert (clock.slept, spent.charges[0].calls) == ([1], 1)


def test_what_does_not_pass_fails_after_five_tries(gemini: GeminiServer) -> None:
    gemini.fail("embed", *["503"] * 9)

    with pytest.raises(ModelBusy):
        embedder(gemini).embed(["a"])

    assert len(gemini.requests) == 5


def test_a_refused_key_is_told_at_once(gemini: GeminiServer) -> None:
    gemini.fail("embed", "400 key")

    with pytest.raises(ModelKeyRefused) as caught:
        embedder(gemini).embed(["a"])

    assert (len(gemini.requests), caught.value.__context__) == (1, None)


def test_tokens_are_booked_as_counted_by_the_service_or_by_us(gemini: GeminiServer) -> None:
    spent = account()
    gemini.fail("embed", answer([1.0] * 8, usageMetadata={"promptTokenCount": 3, "totalTokenCount": 3}))

    embedder(gemini, spent).embed(["a box of tea"])
    assert [(c.role, c.input_tokens) for c in spent.charges] == [("embedder", 3)]

    embedder(gemini, spent).embed(["a box of tea"])
    assert [(c.role, c.input_tokens) for c in spent.charges] == [("embedder", 3 + 12 // 3 + 1)]


def test_the_budget_stops_before_the_call(gemini: GeminiServer) -> None:
    spent = account()
    spent.open(budget_usd=1e-9)

    with pytest.raises(BudgetExceeded):
        embedder(gemini, spent).embed(["a"])

    assert gemini.requests == []
