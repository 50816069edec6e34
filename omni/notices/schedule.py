"""Whether a webhook has arrived, and when it is sent again."""

import hashlib
from dataclasses import dataclass

from omni.errors import AddressRefused, NoticeUnaddressed, OmniError
from omni.ports import Answer

MINUTE, HOUR = 60.0, 3600.0
DELAYS = (5.0, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
"""Seconds before the second and each later attempt, as Standard Webhooks proposes: three days in all."""
LONGEST_REST = 24 * HOUR
"""How long a receiver may ask to be left alone."""
JITTER = 0.1
"""An attempt is up to this fraction of its delay late, so that a thousand jobs don't return to a receiver together."""


@dataclass(frozen=True)
class Delivered:
    """The receiver has it."""

    reason: str


@dataclass(frozen=True)
class TryAgain:
    """It has to be sent again."""

    after_seconds: float
    reason: str


@dataclass(frozen=True)
class GivenUp:
    """It won't be sent again by itself."""

    reason: str


Verdict = Delivered | TryAgain | GivenUp


def verdict(answer: Answer | OmniError, attempt: int, delivery: str) -> Verdict:
    """Judge what came of an attempt (1 is the first): an answer, or the error instead of one.

    Whatever may pass is tried again: redirects aren't followed, and a receiver that is misconfigured today is put
    right tomorrow.
    """
    match answer:
        case AddressRefused() | NoticeUnaddressed():
            return GivenUp(answer.cause)
        case OmniError():
            return _next(answer.cause, attempt, delivery, rest=0.0)
        case _ if 200 <= answer.status < 300:
            return Delivered(f"The receiver answered {answer.status}.")
        case _ if answer.status == 410:
            return GivenUp("The receiver answered 410: it wants no more.")
        case _:
            rest = answer.retry_after if answer.status in {429, 503} else None
            return _next(f"The receiver answered {answer.status}.", attempt, delivery, rest=rest or 0.0)


def _next(reason: str, attempt: int, delivery: str, *, rest: float) -> TryAgain | GivenUp:
    if attempt > len(DELAYS):
        return GivenUp(f"{reason} It was attempt {attempt}, the last one.")
    planned = DELAYS[attempt - 1] * (1 + JITTER * _fraction(f"{delivery}:{attempt}"))
    return TryAgain(max(planned, min(rest, LONGEST_REST)), reason)


def _fraction(text: str) -> float:
    """Return a number in [0, 1) that is the same for the same text on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) / 2**32
