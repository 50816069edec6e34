"""Asking Gemini: the real SDK against a local server, on good days and bad ones."""

import json
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fakes.gemini_faults import Fault, quota
from fakes.gemini_server import GeminiServer, Reply
from gemini_cases import KEY, SCHEMA, Clock, account, model, question
from pydantic import SecretStr

from omni.adapters.gemini import GeminiModel
from omni.contracts import Charge
from omni.errors.models import (
    BudgetExceeded,
    ModelAnswerUnusable,
    ModelBusy,
    ModelDeclined,
    ModelError,
    ModelKeyRefused,
    ModelQuotaSpent,
    ModelRequestRefused,
    ModelUnknown,
    ModelUnreachable,
    PriceUnknown,
)
from omni.ports.model import Attachment

ANSWER = '{"topic": "boxes"}'


def counted(prompt: int, written: int, thought: int = 0, cached: int = 0) -> dict[str, int]:
    return {
        "promptTokenCount": prompt,
        "candidatesTokenCount": written,
        "thoughtsTokenCount": thought,
        "cachedContentTokenCount": cached,
    }


# ── one question ─────────────────────────────────────────────────────────────────────────────────


def test_a_question_goes_out_whole_and_its_answer_comes_back_as_json(gemini: GeminiServer) -> None:
    gemini.say(Reply(ANSWER, thought='{"topic": "crates?"}'))

    assert model(gemini).ask(question()) == ANSWER

    [asked] = gemini.requests
    assert asked.path == "/v1/models/gemini-3.8-flash:generateContent"
    assert asked.headers["x-server-timeout"] == "20"
    assert asked.body == {
        "contents": [{"role": "user", "parts": [{"text": "What is it about?"}]}],
        "systemInstruction": {"role": "user", "parts": [{"text": "Name the topic."}]},
        "store": False,
        "generationConfig": {
            "maxOutputTokens": 1000,
            "responseMimeType": "application/json",
            "responseJsonSchema": SCHEMA,
            "mediaResolution": "MEDIA_RESOLUTION_LOW",
            "thinkingConfig": {"thinking_level": "MEDIUM"},
        },
    }


def test_a_model_of_the_older_family_is_given_no_thinking_level(gemini: GeminiServer) -> None:
    model(gemini, name="gemini-2.5-flash").ask(question())

    assert "thinkingConfig" not in gemini.requests[0].body["generationConfig"]


def test_threads_ask_side_by_side(gemini: GeminiServer) -> None:
    gemini.answer = lambda asked: {"topic": asked["contents"][0]["parts"][0]["text"]}
    spent = account()
    asker = model(gemini, spent)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: asker.ask(question(prompt=str(n))), range(8)))

    assert [json.loads(answer)["topic"] for answer in answers] == [str(n) for n in range(8)]
    assert spent.charges[0].calls == 8


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (f"```json\n{ANSWER}\n```", ANSWER),
        (f"Here you are:\n```\n{ANSWER}\n```\nAnything else?", ANSWER),
        (f"Sure! {ANSWER} I hope this helps.", ANSWER),
        (f"{ANSWER}{ANSWER}", ANSWER),
        ('{"topic": "a ``` fence {"}', '{"topic": "a ``` fence {"}'),
        (' [{"a": 1}] ', '[{"a": 1}]'),
    ],
)
def test_fences_and_words_around_the_json_are_taken_off(gemini: GeminiServer, told: str, meant: str) -> None:
    gemini.say(told)

    assert model(gemini).ask(question()) == meant


def test_who_does_not_ask_gemini_does_not_load_its_sdk() -> None:
    code = "import sys, omni.wiring; print(sorted({'google.genai', 'httpx2'} & sys.modules.keys()))"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"[]\n"


# ── faults that pass ─────────────────────────────────────────────────────────────────────────────

PASSING = [
    "400 file", "429 bare", "500", "503", "504", "list 503", "html 502", "html 200", "redirect", "204", "empty", "cut",
    "list", "drop",
]  # fmt: skip


@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_is_asked_again_after_a_growing_pause(gemini: GeminiServer, fault: str) -> None:
    gemini.fail("generate", fault, fault)
    gemini.say(ANSWER)
    clock, spent = Clock(), account()

    assert model(gemini, spent, clock).ask(question()) == ANSWER
    assert clock.slept == [1, 2]
    assert [charge.calls for charge in spent.charges] == [1]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("429 bare", ModelBusy), ("500", ModelBusy), ("503", ModelBusy), ("html 502", ModelBusy), ("204", ModelBusy),
        ("empty", ModelBusy), ("cut", ModelBusy), ("html 200", ModelUnreachable), ("redirect", ModelUnreachable),
        ("drop", ModelUnreachable),
    ],
)  # fmt: skip
def test_what_does_not_pass_in_time_fails_after_five_tries(
    gemini: GeminiServer, fault: str, kind: type[ModelError]
) -> None:
    gemini.fail("generate", *[fault] * 9)
    clock, spent = Clock(), account()

    with pytest.raises(kind) as caught:
        model(gemini, spent, clock, timeout=200).ask(question())

    assert (len(gemini.requests), clock.slept, caught.value.facts["tries"]) == (5, [1, 2, 4, 8], 5)
    assert (caught.value.transient, caught.value.waited) == (True, True)
    assert spent.charges == ()
    assert (caught.value.__context__, caught.value.__cause__) == (None, None)


def test_an_empty_answer_is_asked_for_again(gemini: GeminiServer) -> None:
    gemini.fail("generate", Fault(200, '{"modelVersion": "x"}'), Fault(200, '{"candidates": []}'))
    gemini.say(ANSWER)

    assert model(gemini).ask(question()) == ANSWER
    assert len(gemini.requests) == 3


def test_a_stalled_answer_is_given_up_and_asked_for_again(gemini: GeminiServer) -> None:
    gemini.fail("generate", "stall")
    gemini.say(ANSWER)

    assert model(gemini, timeout=0.5).ask(question()) == ANSWER
    assert len(gemini.requests) == 2


def test_nobody_at_the_address_is_unreachable() -> None:
    clock = Clock()
    asker = GeminiModel(SecretStr(KEY), "m", account(), base_url="http://127.0.0.1:1", patience=clock.patience(2))

    with pytest.raises(ModelUnreachable, match="tried 2 times"):
        asker.ask(question())


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ftp://127.0.0.1", "nonsense"])
def test_an_address_that_is_none_is_told_at_once(address: str) -> None:
    clock = Clock()
    asker = GeminiModel(SecretStr(KEY), "m", account(), base_url=address, patience=clock.patience())

    with pytest.raises(ModelRequestRefused, match="OMNI_GEMINI_BASE_URL"):
        asker.ask(question())
    assert clock.slept == []


def test_the_service_says_how_long_to_wait_and_is_believed_up_to_a_minute(gemini: GeminiServer) -> None:
    gemini.fail("generate", quota("PerMinute", "7.5s"), quota("PerMinute", "3600s"))
    clock = Clock()

    model(gemini, clock=clock, timeout=300).ask(question())

    assert clock.slept == [8.5, 60]


def test_a_question_is_given_up_when_its_whole_time_is_over(gemini: GeminiServer) -> None:
    gemini.fail("generate", *[quota("PerMinute", "50s")] * 5)
    clock = Clock()

    with pytest.raises(ModelBusy) as caught:
        model(gemini, clock=clock, timeout=20).ask(question())

    assert clock.slept == [51]
    assert caught.value.facts["tries"] == 2


# ── faults that stay ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fault", "kind", "told"),
    [
        ("400 key", ModelKeyRefused, "API key not valid"),
        ("401", ModelKeyRefused, "authentication"),
        ("403", ModelKeyRefused, "leaked"),
        ("404", ModelUnknown, "models/gemini-x is not found"),
        ("400", ModelRequestRefused, "invalid argument"),
        ("400 place", ModelRequestRefused, "User location"),
        ("429 day", ModelQuotaSpent, "PerDayPerProject"),
    ],
)
def test_what_stays_is_told_at_once(gemini: GeminiServer, fault: str, kind: type[ModelError], told: str) -> None:
    gemini.fail("generate", fault)
    clock, spent = Clock(), account()

    with pytest.raises(kind, match=told) as caught:
        model(gemini, spent, clock).ask(question())

    assert (len(gemini.requests), clock.slept, spent.charges) == (1, [], ())
    assert (caught.value.__context__, caught.value.__cause__) == (None, None)


def test_a_file_that_is_gone_and_not_ours_is_refused(gemini: GeminiServer) -> None:
    gone = Attachment(uri="https://example.invalid/v1/files/gone", media_type="video/mp4", seconds=60)

    with pytest.raises(ModelError, match="may not exist") as caught:
        model(gemini).ask(question(attachment=gone))

    assert caught.value.code == "model_file_refused"
    assert gemini.verbs() == ["generate"]


# ── reasons to end ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reason", ["SAFETY", "PROHIBITED_CONTENT", "RECITATION", "BLOCKLIST", "SPII"])
def test_a_blocked_answer_is_declined_booked_and_never_asked_for_again(gemini: GeminiServer, reason: str) -> None:
    gemini.say(Reply(None, reason, usage=counted(100, 0, 7)))
    spent = account()

    with pytest.raises(ModelDeclined, match=reason) as caught:
        model(gemini, spent).ask(question())

    assert len(gemini.requests) == 1
    assert caught.value.facts["role"] == "analyst"
    assert (spent.charges[0].input_tokens, spent.charges[0].output_tokens) == (100, 7)


def test_a_blocked_question_is_declined(gemini: GeminiServer) -> None:
    gemini.say(Reply(block="PROHIBITED_CONTENT", usage={"promptTokenCount": 12}))
    spent = account()

    with pytest.raises(ModelDeclined, match="question was blocked"):
        model(gemini, spent).ask(question())

    assert (len(gemini.requests), spent.charges[0].input_tokens) == (1, 12)


def test_an_answer_that_is_cut_off_is_asked_for_once_more_with_twice_the_tokens(gemini: GeminiServer) -> None:
    gemini.say(Reply('{"topic": "bo', "MAX_TOKENS"), ANSWER)

    assert model(gemini).ask(question()) == ANSWER
    assert [r.body["generationConfig"]["maxOutputTokens"] for r in gemini.requests] == [1000, 2000]


def test_an_answer_that_is_cut_off_twice_is_unusable_and_both_are_booked(gemini: GeminiServer) -> None:
    gemini.say(Reply(None, "MAX_TOKENS", usage=counted(10, 0, 1000)), Reply(ANSWER, "MAX_TOKENS", usage=counted(10, 9)))
    spent = account()

    with pytest.raises(ModelAnswerUnusable, match="longer than the tokens allowed"):
        model(gemini, spent).ask(question())

    assert (len(gemini.requests), spent.charges[0].calls, spent.charges[0].output_tokens) == (2, 2, 1009)


def test_no_more_tokens_are_asked_for_than_a_model_can_write(gemini: GeminiServer) -> None:
    gemini.say(Reply(None, "MAX_TOKENS"))

    with pytest.raises(ModelAnswerUnusable):
        model(gemini).ask(question(max_output_tokens=65_536))

    assert len(gemini.requests) == 1


UNUSABLE = [
    Reply(ANSWER, "MALFORMED_RESPONSE"), Reply(None, "OTHER"), Reply(ANSWER, "A_REASON_OF_TOMORROW"), Reply(ANSWER, None),
    Reply(ANSWER, "CONTINUATION"), Reply(None, "STOP"), '{"topic": "bo', '```json\n{"topic": "bo\n```', "no JSON", '{"a": NaN}',
    "[" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("reply", UNUSABLE, ids=range(len(UNUSABLE)))
def test_an_unusable_answer_is_asked_for_once_more(gemini: GeminiServer, reply: Any) -> None:
    gemini.say(reply, ANSWER)
    spent = account()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert model(gemini, spent).ask(question()) == ANSWER

    assert (len(gemini.requests), spent.charges[0].calls) == (2, 2)


def test_an_answer_that_is_unusable_twice_fails(gemini: GeminiServer) -> None:
    gemini.say(Reply(None, "OTHER"), '{"topic": "bo')

    with pytest.raises(ModelAnswerUnusable, match="complete JSON"):
        model(gemini).ask(question())

    assert len(gemini.requests) == 2


# ── money ────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_read_and_written_is_booked_with_thoughts_and_cache(gemini: GeminiServer) -> None:
    gemini.say(Reply(ANSWER, usage=counted(1000, 40, 60, cached=400)))
    spent = account()

    model(gemini, spent).ask(question(role="copywriter"))

    [charge] = spent.charges
    assert charge.usd == pytest.approx((600 * 0.75 + 400 * 0.075 + 100 * 3.75) / 1e6)
    assert charge == Charge(
        role="copywriter", model="gemini-3.8-flash", calls=1, input_tokens=1000, cached_tokens=400, output_tokens=100,
        usd=charge.usd,
    )  # fmt: skip


def test_an_answer_without_a_count_is_booked_by_our_own(gemini: GeminiServer) -> None:
    gemini.say(Reply(ANSWER, usage={}))
    spent = account()

    model(gemini, spent).ask(question())

    assert spent.charges[0].input_tokens > 10
    assert spent.charges[0].output_tokens > 3


def test_the_budget_stops_before_the_call_that_may_exceed_it(gemini: GeminiServer) -> None:
    seen = Attachment(uri="https://example.invalid/v1/files/x", media_type="video/mp4", seconds=600)
    spent = account()
    spent.open(budget_usd=(600 * 110 * 0.75 + 1000 * 3.75) / 1e6)  # the video and the answer, but not the words

    with pytest.raises(BudgetExceeded):
        model(gemini, spent).ask(question(attachment=seen))

    assert gemini.requests == []


def test_the_budget_stops_the_second_call_too(gemini: GeminiServer) -> None:
    gemini.say(Reply(None, "MAX_TOKENS", usage=counted(10, 0, 1000)))
    spent = account()
    spent.open(budget_usd=0.008)

    with pytest.raises(BudgetExceeded):
        model(gemini, spent).ask(question())

    assert (len(gemini.requests), spent.charges[0].calls) == (1, 1)


def test_a_budget_without_a_price_asks_nothing(gemini: GeminiServer) -> None:
    spent = account()
    spent.open(budget_usd=1)

    with pytest.raises(PriceUnknown):
        model(gemini, spent, name="gemini-9-xenon").ask(question())

    assert gemini.requests == []


# ── the doctor's question ────────────────────────────────────────────────────────────────────────


def test_the_check_asks_for_the_model_and_nothing_else(gemini: GeminiServer) -> None:
    model(gemini).check()

    assert [(r.method, r.path) for r in gemini.requests] == [("GET", "/v1/models/gemini-3.8-flash")]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("400 key", ModelKeyRefused), ("404", ModelUnknown), ("503", ModelBusy), ("drop", ModelUnreachable)],
)
def test_the_check_tells_what_is_wrong_at_the_first_try(
    gemini: GeminiServer, fault: str, kind: type[ModelError]
) -> None:
    gemini.fail("model", fault)

    with pytest.raises(kind):
        model(gemini).check()

    assert len(gemini.requests) == 1
