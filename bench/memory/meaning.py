"""How often an embedder puts what was said in other words first, by language, and how long a text takes it."""

import time
import tomllib
from pathlib import Path

import numpy as np

from bench.figures import Figure, at_least
from omni.adapters.minilm import MiniLmEmbedder
from omni.errors import EngineUnavailable
from omni.memory.hashing import HashingEmbedder
from omni.ports.model import Embedder

PAIRS = Path(__file__).parents[2] / "tests/memory/paraphrases.toml"
BAR = 10
"""Of the twelve English pairs (issue 7); there is none for other languages."""


def figures() -> list[Figure]:
    """Compare the embedders that need no key."""
    sets = {name: told["pairs"] for name, told in tomllib.loads(PAIRS.read_text(encoding="utf-8")).items()}
    for embedder in (HashingEmbedder(), MiniLmEmbedder()):
        try:
            embedder.embed(["loaded"])
        except EngineUnavailable as error:
            print(f"skipped: {error}")
            return []
        for name, pairs in sets.items():
            print(f"{embedder.name}: {name} {firsts(embedder, pairs)} of {len(pairs)}")
        print(
            f"{embedder.name}: {_milliseconds(embedder, sets['english']):.0f} ms of processor time for 100 English words"
        )
    return [at_least("MiniLM: paraphrases found first", firsts(MiniLmEmbedder(), sets["english"]), BAR, "of 12")]


def firsts(embedder: Embedder, pairs: list[list[str]]) -> int:
    """Return how many questions have their own text nearest."""
    texts, questions = (np.array(embedder.embed([pair[side] for pair in pairs])) for side in (0, 1))
    return int(((questions @ texts.T).argmax(axis=1) == np.arange(len(pairs))).sum())


def _milliseconds(embedder: Embedder, pairs: list[list[str]]) -> float:
    words = " ".join(text for pair in pairs for text in pair).split()
    clips = [" ".join((words * 2)[first : first + 100]) for first in range(0, len(words), 25)]
    began = time.process_time()
    embedder.embed(clips)
    return 1000 * (time.process_time() - began) / len(clips)
