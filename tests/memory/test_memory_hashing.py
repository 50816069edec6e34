"""The embedder without a model."""

import hashlib
import json
import math
import subprocess
import sys
import unicodedata

import pytest

from omni.memory.hashing import HashingEmbedder

TEXTS = [
    "How containers changed shipping",
    "Wie der Container die Schifffahrt veränderte",
    "कंटेनर ने जहाज़रानी को कैसे बदला",
    "集装箱如何改变航运",
    "كيف غيرت الحاويات الشحن",
    "🚢📦",
    "!!! …",
    "",
    "a" * 100_000,
]


def cosine(one: str, other: str) -> float:
    first, second = HashingEmbedder().embed([one, other])
    return sum(a * b for a, b in zip(first, second, strict=True))


def test_every_text_gets_a_unit_vector_of_the_promised_length():
    embedder = HashingEmbedder()
    for text, vector in zip(TEXTS, embedder.embed(TEXTS), strict=True):
        assert len(vector) == embedder.dimensions, text
        assert math.hypot(*vector) == pytest.approx(1), text


def test_no_text_gives_no_vector():
    assert HashingEmbedder().embed([]) == []


def test_another_process_with_another_hash_seed_computes_the_same():
    code = (
        "import json, sys; from omni.memory.hashing import HashingEmbedder; "
        "print(json.dumps(HashingEmbedder().embed(json.load(sys.stdin))))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(TEXTS),
        env={"PYTHONHASHSEED": "1234", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(answer.stdout) == HashingEmbedder().embed(TEXTS)


def test_the_space_is_the_one_its_name_stands_for():
    """A change of features without a change of name would compare what can't be compared."""
    rounded = [[round(value, 6) + 0.0 for value in vector] for vector in HashingEmbedder().embed(TEXTS[:5])]
    digest = hashlib.sha256(json.dumps(rounded).encode()).hexdigest()[:16]
    assert (HashingEmbedder().name, digest) == ("hashing-v1", "daf63d526c4e4883")


def test_case_and_composition_make_no_difference():
    assert cosine("CAFÉ Straße ﬁn", unicodedata.normalize("NFD", "café strasse fin")) == pytest.approx(1)


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("shipping containers", "the container that ships use", "guitar lessons for beginners"),
        ("container port", "Containerhafen in Hamburg", "Gitarre lernen für Anfänger"),
        ("航运", "集装箱如何改变航运", "吉他入门课程"),
        ("जहाज़रानी", "कंटेनर ने जहाज़रानी को कैसे बदला", "शुरुआती लोगों के लिए गिटार"),
        ("контейнеры", "морской контейнер", "уроки гитары"),
    ],
)
def test_shared_words_stems_and_compounds_are_nearer_than_none(question: str, near: str, far: str):
    assert cosine(question, near) > cosine(question, far) + 0.1


def test_a_word_said_a_hundred_times_does_not_drown_the_rest():
    assert cosine("ports cranes " + "container " * 100, "ports cranes") > 0.2
