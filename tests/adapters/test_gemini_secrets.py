"""The key goes into a header and nowhere else, whatever the service says and however its errors are kept."""

import json
import logging
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path

import cloudpickle
import pytest
from fakes.gemini_faults import FAULTS, Fault, problem
from fakes.gemini_server import GeminiServer
from gemini_cases import KEY, account, embedder, model, question, video
from pydantic import SecretStr

from omni.adapters.gemini import GeminiEmbedder, GeminiModel
from omni.errors.models import ModelError, ModelKeyRefused

ECHOES = [
    problem(code, status, f"no such key: {KEY} (https://user:{KEY}@x.example/v1?key={KEY}#{KEY}) \n {KEY}")
    for code, status in (
        (400, "INVALID_ARGUMENT"),
        (403, "PERMISSION_DENIED"),
        (404, "NOT_FOUND"),
        (503, "UNAVAILABLE"),
    )
] + [
    Fault(502, f"<html>{KEY}</html>"),
    Fault(200, f"<html>{KEY}</html>"),
    Fault(302, KEY, {"Location": f"/?key={KEY}"}),
]
"""A service that repeats what it was sent."""


def failure(call: Callable[[], object]) -> str:
    """Return all that a log, a result or another process gets to see of a call that fails."""
    with pytest.raises(ModelError) as caught:
        call()
    error = caught.value
    logging.getLogger("somebody").info("it failed", exc_info=error)
    assert (error.__context__, error.__cause__) == (None, None)
    assert type(pickle.loads(pickle.dumps(error))) is type(error)
    pickles = [pickle.dumps(error, 0), pickle.dumps(error), cloudpickle.dumps(error)]
    told = [str(error), repr(error), repr(vars(error)), *traceback.format_exception(error)]
    return "\n".join([*told, *(p.decode("latin-1") for p in pickles)])


@pytest.mark.parametrize("fault", [*FAULTS, "drop", *ECHOES], ids=[*FAULTS, "drop", *map(str, range(len(ECHOES)))])
@pytest.mark.parametrize("verb", ["generate", "start"])
def test_no_fault_gives_the_key_away(
    gemini: GeminiServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, fault: str | Fault, verb: str
) -> None:
    caplog.set_level(logging.DEBUG)
    gemini.fail(verb, *[fault] * 9)
    asker = model(gemini)

    def work() -> None:
        with asker.attached(video(tmp_path), "video/mp4", 9) as attachment:
            asker.ask(question(attachment=attachment))

    assert KEY not in failure(work) + caplog.text


def test_another_key_of_googles_is_not_shown_either(gemini: GeminiServer) -> None:
    gemini.fail("generate", problem(400, "INVALID_ARGUMENT", "consumer 'api_key:AIzaSyB-0123456789_abcdefghij' is off"))

    with pytest.raises(ModelError, match="api_key:…' is off"):
        model(gemini).ask(question())


def test_a_reason_is_one_short_line(gemini: GeminiServer) -> None:
    gemini.fail("generate", problem(400, "INVALID_ARGUMENT", "word \n\t" * 500))

    with pytest.raises(ModelError) as caught:
        model(gemini).ask(question())

    reason = str(caught.value.facts["reason"])
    assert len(reason) <= 200
    assert reason.isprintable()


def test_the_key_is_sent_in_its_header_only_and_not_with_the_pieces_of_a_file(
    gemini: GeminiServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asker = model(gemini)

    with asker.attached(video(tmp_path), "video/mp4", 9) as attachment:
        asker.ask(question(attachment=attachment))
    asker.check()
    embedder(gemini).embed(["a"])

    for request in gemini.requests:
        assert request.headers.get("x-goog-api-key") == (None if request.verb == "chunk" else KEY)
        others = {name: value for name, value in request.headers.items() if name != "x-goog-api-key"}
        assert KEY not in json.dumps([request.path, others, str(request.body)])
    assert KEY not in caplog.text


def test_a_redirect_does_not_take_the_key_elsewhere(gemini: GeminiServer) -> None:
    gemini.fail("generate", Fault(302, "", {"Location": f"{gemini.url}/v1/elsewhere"}))

    model(gemini).ask(question())

    assert gemini.verbs() == ["generate", "generate"]


def test_the_sdk_says_nothing_in_the_logs(gemini: GeminiServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    model(gemini).ask(question())

    assert caplog.records == []


@pytest.mark.parametrize("dumps", [pickle.dumps, cloudpickle.dumps])
def test_what_holds_a_key_can_not_be_pickled_and_does_not_show_it(
    gemini: GeminiServer, dumps: Callable[[object], bytes]
) -> None:
    for holder in (model(gemini), embedder(gemini)):
        assert KEY not in repr(holder) + str(holder) + repr(vars(holder))
        with pytest.raises(TypeError, match="holds a key"):
            dumps(holder)


@pytest.mark.parametrize("key", ["", "  ", "schlüssel-ä", "two\nlines", "nul\0"])
def test_a_key_that_no_header_can_carry_is_refused_before_anything_is_sent(gemini: GeminiServer, key: str) -> None:
    for call in (
        lambda: GeminiModel(SecretStr(key), "m", account(), base_url=gemini.url).ask(question()),
        lambda: GeminiEmbedder(SecretStr(key), "m", account(), base_url=gemini.url).embed(["a"]),
    ):
        with pytest.raises(ModelKeyRefused) as caught:
            call()
        assert not key.strip() or key not in str(caught.value)

    assert gemini.requests == []


def test_a_key_from_a_file_may_end_in_a_line_break(gemini: GeminiServer) -> None:
    GeminiModel(SecretStr(f"{KEY}\n"), "m", account(), base_url=gemini.url).check()

    assert gemini.requests[0].headers["x-goog-api-key"] == KEY


def test_settings_of_googles_own_do_not_lead_the_key_elsewhere(
    gemini: GeminiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "GOOGLE_GENAI_USE_VERTEXAI": "true",
        "GOOGLE_GENAI_USE_ENTERPRISE": "true",
        "GOOGLE_API_KEY": "another",
        "GOOGLE_CLOUD_PROJECT": "p",
        "GOOGLE_CLOUD_LOCATION": "x",
    }.items():
        monkeypatch.setenv(name, value)

    model(gemini).ask(question())

    assert gemini.requests[0].headers["x-goog-api-key"] == KEY
