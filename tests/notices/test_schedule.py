"""When a webhook has arrived, is sent again, or is given up."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omni.errors import AddressRefused, AddressUnreachable, NoticeUnaddressed, WebhookSecretUnusable
from omni.notices.schedule import DELAYS, JITTER, Delivered, GivenUp, TryAgain, verdict

DAY = 24 * 3600.0
UNREACHABLE = AddressUnreachable(url="https://example.org", reason="it took too long")


@dataclass(frozen=True)
class Said:
    status: int
    retry_after: float | None = None


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_a_delivery(status: int) -> None:
    assert isinstance(verdict(Said(status), 1, "msg_1"), Delivered)


@pytest.mark.parametrize(
    "status", [199, 300, 301, 302, 304, 307, 400, 401, 404, 409, 411, 429, 500, 502, 503, 504, 599]
)
def test_anything_else_is_tried_again(status: int) -> None:
    judged = verdict(Said(status), 1, "msg_1")

    assert isinstance(judged, TryAgain)
    assert str(status) in judged.reason


def test_a_receiver_that_is_gone_is_given_up_at_once() -> None:
    assert isinstance(verdict(Said(410), 1, "msg_1"), GivenUp)


@pytest.mark.parametrize("error", [UNREACHABLE, WebhookSecretUnusable(where="x", reason="y")])
def test_what_may_be_put_right_is_tried_again_with_its_cause(error: AddressUnreachable | WebhookSecretUnusable) -> None:
    judged = verdict(error, 1, "msg_1")

    assert isinstance(judged, TryAgain)
    assert judged.reason == error.cause


@pytest.mark.parametrize(
    "error",
    [AddressRefused(url="http://10.0.0.1", reason="not public"), NoticeUnaddressed(job="1", reason="it was deleted")],
)
def test_what_no_waiting_helps_is_given_up_with_its_cause(error: AddressRefused | NoticeUnaddressed) -> None:
    assert verdict(error, 1, "msg_1") == GivenUp(error.cause)


def test_ten_attempts_are_made_over_three_days_and_then_no_more() -> None:
    judged = [verdict(Said(500), attempt, "msg_1") for attempt in range(1, 11)]

    waits = [j.after_seconds for j in judged if isinstance(j, TryAgain)]
    assert [isinstance(j, TryAgain) for j in judged] == [True] * 9 + [False]
    assert all(planned <= wait <= planned * (1 + JITTER) for planned, wait in zip(DELAYS, waits, strict=True))
    assert 3 * DAY < sum(waits) < 4 * DAY
    assert isinstance(judged[-1], GivenUp)
    assert isinstance(verdict(UNREACHABLE, 25, "msg_1"), GivenUp)


def test_the_delay_of_a_delivery_is_always_the_same_and_another_one_has_another() -> None:
    waits = {verdict(UNREACHABLE, 3, f"msg_{n}") for n in range(100)}

    assert verdict(UNREACHABLE, 3, "msg_1") == verdict(UNREACHABLE, 3, "msg_1")
    assert len(waits) == 100


@pytest.mark.parametrize("status", [429, 503])
def test_a_receiver_that_asks_for_rest_is_left_alone_so_long_and_at_most_a_day(status: int) -> None:
    waits = [verdict(Said(status, rest), 1, "msg_1") for rest in (120.0, 30 * DAY, 0.0, None)]

    assert [round(w.after_seconds / 10) for w in waits if isinstance(w, TryAgain)] == [12, 8640, 1, 1]


def test_other_answers_can_not_ask_for_rest() -> None:
    assert verdict(Said(500, 3600.0), 1, "msg_1") == verdict(Said(500), 1, "msg_1")


@given(st.integers(100, 599), st.one_of(st.none(), st.floats(0, 1e9)), st.integers(1, 30), st.text())
def test_no_answer_brings_an_attempt_before_its_time_or_later_than_a_day_and_its_jitter(
    status: int, rest: float | None, attempt: int, delivery: str
) -> None:
    judged = verdict(Said(status, rest), attempt, delivery)

    if isinstance(judged, TryAgain):
        assert DELAYS[attempt - 1] <= judged.after_seconds <= DAY * (1 + JITTER)
