"""Answers of a model as good as they come, and ways to spoil them."""

import json
import re
from typing import Any

from omni.contracts import Platform
from omni.ports.model import Question

TEXTS = {
    1: "He sat on a pier and waited all day while men carried cotton, bale by bale. Why not lift the whole truck?",
    2: "The box didn't win by being strong. It won because everybody agreed on it, and he gave his patents away.",
}
STRATEGY: dict[str, Any] = {
    "angle": "An invention wins when everybody agrees on it, and that is what these clips show.",
    "audience": "People who build things and wonder why the best one doesn't always win.",
    "order": [{"clip": 2, "why": "It gives the answer first."}, {"clip": 1, "why": "It tells where it began."}],
    "cadence": "One clip at a time, and the next one when the first has had its days.",
    "approaches": [
        {"platform": p.value, "text": f"Open with the question and stop: room {p.value}."} for p in Platform
    ],
    "measures": ["How many stay until the answer.", "How many ask for the other clip."],
}


def asked(question: Question) -> list[tuple[int, str]]:
    """Return which posts a question asks for."""
    lines = re.findall(r"^Posts for clip (\d+) on (.*)\.$", question.prompt, re.MULTILINE)
    return [(int(clip), name) for clip, names in lines for name in names.split(", ")]


def asks_for_the_strategy(question: Question) -> bool:
    return "strategy" in question.answer["properties"]


def post(clip: int, platform: str, **changes: Any) -> dict[str, Any]:
    fine = {
        "clip": clip,
        "platform": platform,
        "title": "Why the box won" if platform == "youtube" else "",
        "text": TEXTS[1 + (clip - 1) % 2],
        "hashtags": ["box", "truck"] if platform == "x" else ["box", "truck", "steelbox"],
    }
    return fine | changes


def good(question: Question) -> dict[str, Any]:
    """Answer as asked, without a fault."""
    posts = {"posts": [post(*key) for key in asked(question)]}
    others = [each["clip"] for each in data_of(question)["clips"][2:]]
    order = [*STRATEGY["order"], *({"clip": number, "why": "It goes on from there."} for number in others)]
    return posts | ({"strategy": STRATEGY | {"order": order}} if asks_for_the_strategy(question) else {})


def spoiled(clip: int, platform: str, **changes: Any):
    """Return an answerer whose one post has ``changes``, as often as it is asked for it."""

    def answer(question: Question) -> dict[str, Any]:
        said = good(question)
        said["posts"] = [p | changes if (p["clip"], p["platform"]) == (clip, platform) else p for p in said["posts"]]
        return said

    return answer


def data_of(question: Question) -> dict[str, Any]:
    """Return the data of a question."""
    return json.loads(re.search(r"^DATA\n(.*)$", question.prompt, re.MULTILINE).group(1))


def corrections_of(question: Question) -> list[dict[str, Any]]:
    """Return what a question wants corrected."""
    found = re.search(r"^CORRECTIONS\n(.*)$", question.prompt, re.MULTILINE)
    return json.loads(found.group(1)) if found else []
