"""One small conversation with the real Gemini: ``make test-live``."""

import hashlib
import json
import logging
import math
from pathlib import Path
from typing import Any

import pytest
from makers.making import run
from media import TALK

from omni.adapters.gemini import GeminiEmbedder, GeminiModel
from omni.contracts import FileRef
from omni.ports.model import Question
from omni.settings import Settings
from omni.spending.account import Account
from omni.spending.prices import Prices

pytestmark = pytest.mark.live

BUDGET_USD = 0.05
EXPECTED_USD = 0.02
SECONDS = 30
ANSWER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "topic": {"type": "string"},
        "words": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 3},
    },
    "required": ["topic", "words"],
}


@pytest.fixture(scope="module")
def settings() -> Settings:
    told = Settings()
    if not told.gemini_api_key:
        pytest.skip("GEMINI_API_KEY is not set: nothing was asked")
    return told


@pytest.fixture(scope="module")
def spent(settings: Settings) -> Account:
    """One account for the whole conversation, with a budget that it can't exceed."""
    account = Account(Prices(settings.prices))
    account.open(BUDGET_USD)
    return account


@pytest.fixture(scope="module")
def asker(settings: Settings, spent: Account) -> GeminiModel:
    assert settings.gemini_api_key
    return GeminiModel(
        settings.gemini_api_key,
        settings.gemini_model,
        spent,
        base_url=settings.gemini_base_url,
        thinking="low",
        timeout_seconds=120,
    )


def asked(**fields: Any) -> Question:
    told = {
        "role": "analyst",
        "instructions": "Say what a talk is about, and two or three of its words.",
        "answer": ANSWER,
        "max_output_tokens": 2000,
    }
    return Question.model_validate(told | fields)


def assert_keeps_the_schema(answer: str) -> None:
    found = json.loads(answer)
    assert isinstance(found["topic"], str)
    assert found["topic"]
    assert all(isinstance(word, str) for word in found["words"])


def booked(spent: Account, role: str) -> tuple[int, int, float]:
    """Return calls, tokens and US dollars of a role."""
    [charge] = [charge for charge in spent.charges if charge.role == role]
    assert charge.usd is not None
    return charge.calls, charge.input_tokens + charge.output_tokens, charge.usd


def test_the_key_may_use_the_model(asker: GeminiModel) -> None:
    asker.check()


def test_a_question_about_text_is_answered_in_the_schema_and_booked(asker: GeminiModel, spent: Account) -> None:
    answer = asker.ask(
        asked(role="copywriter", prompt="The box that moved the world: how containers changed shipping.")
    )

    assert_keeps_the_schema(answer)
    calls, tokens, usd = booked(spent, "copywriter")
    assert calls >= 1
    assert tokens > 20
    assert 0 < usd < EXPECTED_USD


@pytest.mark.ffmpeg
def test_a_question_about_a_video_is_answered_and_nothing_of_it_stays(
    asker: GeminiModel, spent: Account, ffmpeg: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    proxy = tmp_path / "proxy.mp4"
    picture = (
        "-vf",
        "scale=320:-2,fps=2",
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "32",
        "-pix_fmt",
        "yuv420p",
    )
    sound = ("-c:a", "aac", "-ac", "1", "-ar", "16000", "-b:a", "32k")
    run(ffmpeg, "-t", str(SECONDS), "-i", str(TALK), *picture, *sound, str(proxy))
    content = proxy.read_bytes()
    file = FileRef(path=proxy, sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))

    with caplog.at_level(logging.WARNING), asker.attached(file, "video/mp4", SECONDS) as attachment:
        answer = asker.ask(asked(prompt=f"The video is {SECONDS} s long.", attachment=attachment))

    assert_keeps_the_schema(answer)
    assert caplog.records == [], "the file could not be deleted"
    assert 0 < booked(spent, "analyst")[2] < EXPECTED_USD


def test_texts_become_unit_vectors_and_like_is_near_like(settings: Settings, spent: Account) -> None:
    assert settings.gemini_api_key
    embedder = GeminiEmbedder(
        settings.gemini_api_key, settings.gemini_embedding_model, spent, base_url=settings.gemini_base_url
    )

    vectors = embedder.embed(["container ships", "container ships", "a recipe for carbonara"])

    def near(one: list[float], other: list[float]) -> float:
        return sum(a * b for a, b in zip(one, other, strict=True))

    assert [len(v) for v in vectors] == [embedder.dimensions] * 3
    assert [math.hypot(*v) for v in vectors] == pytest.approx([1, 1, 1])
    assert near(vectors[0], vectors[1]) > near(vectors[0], vectors[2])
    assert 0 < booked(spent, "embedder")[2] < EXPECTED_USD


def test_the_whole_conversation_cost_about_a_cent(spent: Account) -> None:
    total = sum(charge.usd or 0 for charge in spent.charges)

    assert 0 < total < EXPECTED_USD
