"""What came back: read, counted and judged before anybody parses it."""

import json
import re
from dataclasses import dataclass
from enum import Enum
from typing import Any, NoReturn, cast

from omni.adapters.gemini.faults import Fault, Kind, senseless
from omni.adapters.gemini.questions import tokens_in
from omni.spending.prices import Tokens

Answer = dict[str, Any]
"""The JSON of ``generateContent``, of whatever shape."""

_DECLINED = {
    "SAFETY", "PROHIBITED_CONTENT", "RECITATION", "BLOCKLIST", "SPII", "LANGUAGE", "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION",
}  # fmt: skip
"""Reasons to end that another try doesn't change."""


class Outcome(Enum):
    """What can be done with an answer."""

    COMPLETE = "complete"
    CUT_OFF = "cut off"
    DECLINED = "declined"
    UNUSABLE = "unusable"


@dataclass(frozen=True)
class Verdict:
    """``words``: the JSON text when it is complete, else the reason."""

    outcome: Outcome
    words: str


def read(body: str | None) -> Answer | Fault:
    """Return the JSON object of a response; a fault when it is none."""
    try:
        answer: Any = json.loads(body or "")
    except ValueError:
        return senseless(body or "")
    if not isinstance(answer, dict):
        return Fault(Kind.BUSY, "the answer has a shape that isn't known")
    return cast("Answer", answer)


def is_empty(answer: Answer) -> bool:
    """Tell whether there is neither a candidate nor a reason why not: a hiccup of the service, cured by asking again."""
    return not _candidate(answer) and not _block_reason(answer)


def tokens_of(answer: Answer, most: Tokens) -> Tokens | None:
    """Return what the service counted, thoughts as output; its own count missing, ``most`` of what was asked.

    ``None``: nothing was answered and nothing counted.
    """
    usage = _dict(answer.get("usageMetadata"))
    if not usage:
        return Tokens(most.input, tokens_in(_text(answer))) if _candidate(answer) else None
    prompt = _count(usage, "promptTokenCount")
    cached = min(prompt, _count(usage, "cachedContentTokenCount"))
    return Tokens(prompt, _count(usage, "candidatesTokenCount") + _count(usage, "thoughtsTokenCount"), cached)


def judged(answer: Answer) -> Verdict:
    """Return what an answer is worth; its text counts only when the model ended by itself."""
    if blocked := _block_reason(answer):
        return Verdict(Outcome.DECLINED, f"the question was blocked ({_word(blocked)})")
    reason = _word(_candidate(answer).get("finishReason"))
    if reason in _DECLINED:
        return Verdict(Outcome.DECLINED, reason)
    if reason == "MAX_TOKENS":
        return Verdict(Outcome.CUT_OFF, "it is longer than the tokens allowed")
    if reason != "STOP":
        return Verdict(Outcome.UNUSABLE, f"it ended with {reason or 'no reason'}")
    found = json_in(_text(answer))
    return Verdict(Outcome.UNUSABLE, "it isn't complete JSON") if found is None else Verdict(Outcome.COMPLETE, found)


def json_in(text: str) -> str | None:
    """Return the one JSON object or list of a text, without fences and words around it; ``None`` when it is cut off."""
    fenced = re.search(r"```(?:json)?\s*([\[{].*)", text, re.DOTALL | re.IGNORECASE)
    bare = re.search(r"[\[{].*", text, re.DOTALL)
    found = fenced[1] if fenced and not text.lstrip().startswith(("{", "[")) else bare[0] if bare else ""
    try:
        _, end = json.JSONDecoder(parse_constant=_no_number).raw_decode(found)
    except (ValueError, RecursionError):
        return None
    return found[:end]


def _no_number(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads and JSON hasn't."""
    raise ValueError(name)


def _candidate(answer: Answer) -> Answer:
    candidates = answer.get("candidates")
    return _dict(cast("list[Any]", candidates)[0]) if isinstance(candidates, list) and candidates else {}


def _block_reason(answer: Answer) -> object:
    return _dict(answer.get("promptFeedback")).get("blockReason")


def _text(answer: Answer) -> str:
    """Return what was said, without what was thought."""
    parts = _dict(_candidate(answer).get("content")).get("parts")
    told = [_dict(part) for part in cast("list[Any]", parts)] if isinstance(parts, list) else []
    return "".join(str(part.get("text") or "") for part in told if not part.get("thought"))


def _word(reason: object) -> str:
    """Return an enum's value as it may be shown, whatever was sent."""
    return re.sub(r"[^A-Z_0-9]", "", str(reason or ""))[:60]


def _count(usage: Answer, name: str) -> int:
    found = usage.get(name)
    return max(0, found) if isinstance(found, int) else 0


def _dict(value: object) -> Answer:
    return cast("Answer", value) if isinstance(value, dict) else {}
