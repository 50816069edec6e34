"""What went wrong in a call: the SDK's and the network's exceptions as plain facts, without key, address or answer."""

import json
import re
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast
from urllib.parse import quote

import httpx2
from google.genai import errors

from omni.addresses import redacted
from omni.errors.models import (
    ModelBusy,
    ModelError,
    ModelFileRefused,
    ModelKeyRefused,
    ModelQuotaSpent,
    ModelRequestRefused,
    ModelUnknown,
    ModelUnreachable,
)

FOREIGN = (errors.APIError, httpx2.HTTPError, httpx2.InvalidURL, ValueError, LookupError, TypeError, AttributeError)
"""All that the SDK lets through. The last four: what it makes of an answer that isn't JSON, or JSON of another shape."""

_REASON_CHARACTERS = 200
_KEY_REASONS = {"API_KEY_INVALID", "API_KEY_EXPIRED"}
_PASSING_CODES = {408, 425, 499}


class Kind(Enum):
    """Classes of faults, by what can be done."""

    KEY = "key"
    MODEL = "model"
    REQUEST = "request"
    QUOTA = "quota"
    GONE = "gone"
    """A file that isn't there, isn't ours or has expired: the service answers 403 to all three."""
    TAKEN = "taken"
    """A file of this name is there already."""
    BUSY = "busy"
    AWAY = "away"

    @property
    def passes(self) -> bool:
        """Whether the same call may succeed later."""
        return self in {Kind.BUSY, Kind.AWAY}


@dataclass(frozen=True)
class Fault:
    """Why a call failed, in words that may be shown; ``wait`` are the seconds that the service asks for."""

    kind: Kind
    reason: str
    wait: float | None = None
    tries: int = 1


_ERRORS: dict[Kind, type[ModelError]] = {
    Kind.KEY: ModelKeyRefused,
    Kind.MODEL: ModelUnknown,
    Kind.REQUEST: ModelRequestRefused,
    Kind.GONE: ModelFileRefused,
    Kind.TAKEN: ModelFileRefused,
    Kind.BUSY: ModelBusy,
    Kind.AWAY: ModelUnreachable,
}


def fault_of(error: Exception, key: str) -> Fault:
    """Return what an exception of :data:`FOREIGN` means; ``key`` is what its words must not hold."""
    if isinstance(error, errors.APIError):
        return _told(error, key)
    if isinstance(error, (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpx2.LocalProtocolError)):
        return Fault(Kind.REQUEST, scrubbed(f"OMNI_GEMINI_BASE_URL can't be asked ({type(error).__name__})", key))
    if isinstance(error, httpx2.HTTPError):
        return Fault(Kind.AWAY, scrubbed(f"{type(error).__name__} {error}", key))
    if isinstance(error, json.JSONDecodeError):
        return senseless(error.doc)
    return Fault(Kind.BUSY, f"the answer has a shape that isn't known ({type(error).__name__})")


def senseless(text: str) -> Fault:
    """Return the fault of an answer that isn't what the API answers: cut off, or another one's (a log-in page)."""
    if text.lstrip().startswith("<"):
        return Fault(Kind.AWAY, "something else answers in its place, with a web page")
    return Fault(Kind.BUSY, "the answer was empty" if not text.strip() else "the answer was cut off")


def error_of(fault: Fault, model: str) -> ModelError:
    """Return the error to raise."""
    if fault.kind is Kind.QUOTA:
        return ModelQuotaSpent(model=model, quota=fault.reason)
    facts = {"tries": fault.tries} if fault.kind.passes else {}
    return _ERRORS[fault.kind](model=model, reason=fault.reason, **facts)


def scrubbed(text: str, key: str) -> str:
    """Return foreign words as they may be shown: one short line without keys, and of addresses only the host."""
    for secret in {key, quote(key, safe="")} - {""}:
        text = text.replace(secret, "…")
    text = re.sub(r"AIza[\w-]{10,}", "…", text)  # what Google's keys begin with
    text = re.sub(r"\w+://\S+", lambda found: redacted(found[0]), text)
    line = " ".join(text.split())
    return (f"{line[: _REASON_CHARACTERS - 1]}…" if len(line) > _REASON_CHARACTERS else line).rstrip(". ")


def _told(error: errors.APIError, key: str) -> Fault:
    """Classify what the service answered."""
    code, message = error.code, error.message or ""
    about = _details(error)
    is_page = message.lstrip().startswith("<")
    reason = scrubbed(f"{code} {error.status or ''} {'' if is_page else message}", key)
    if code == 429:
        return _limited(about, reason)
    if code in _PASSING_CODES or code >= 500 or code == 204:
        return Fault(Kind.BUSY, reason, _asked_wait(about))
    if code < 400:
        return Fault(Kind.AWAY, f"{reason}: something else answers in its place")
    return Fault(_refusal(code, error.status or "", message, about), reason)


def _refusal(code: int, status: str, message: str, about: list[dict[str, Any]]) -> Kind:
    """Return what was refused with a status from 400 to 499."""
    is_about_file = re.search(r"\bfiles?\b", message, re.IGNORECASE) is not None
    if code == 400 and ("API key" in message or _KEY_REASONS & {str(entry.get("reason")) for entry in about}):
        return Kind.KEY
    if code == 400 and status == "FAILED_PRECONDITION" and is_about_file:
        return Kind.BUSY  # "is not in an ACTIVE state": it was, a moment ago, on another of their machines
    if code in {401, 403}:
        return Kind.GONE if is_about_file else Kind.KEY
    return {404: Kind.GONE if is_about_file else Kind.MODEL, 409: Kind.TAKEN}.get(code, Kind.REQUEST)


def _limited(about: list[dict[str, Any]], reason: str) -> Fault:
    """Tell the quota of a minute, which passes, from that of a day."""
    violations: list[dict[str, Any]] = [v for entry in about for v in entry.get("violations") or ()]
    daily = [quota for v in violations if "PerDay" in (quota := str(v.get("quotaId")))]
    if daily:
        return Fault(Kind.QUOTA, scrubbed(daily[0], ""))
    return Fault(Kind.BUSY, reason, _asked_wait(about))


def _asked_wait(about: list[dict[str, Any]]) -> float | None:
    for entry in about:
        found = re.fullmatch(r"(\d+(?:\.\d+)?)s", str(entry.get("retryDelay")))
        if found:
            return float(found[1])
    return None


def _details(error: errors.APIError) -> list[dict[str, Any]]:
    """Return the ``details`` of an answer, which is whatever the other side sent."""
    body: Any = error.details  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    inner: Any = cast("dict[str, Any]", body).get("error", body) if isinstance(body, dict) else None
    found: Any = cast("dict[str, Any]", inner).get("details") if isinstance(inner, dict) else None
    entries = cast("list[Any]", found) if isinstance(found, list) else []
    return [cast("dict[str, Any]", entry) for entry in entries if isinstance(entry, dict)]
