"""What a model that does its work well would answer: made of the very question, so that it holds for any source."""

import json
import re
from typing import Any

_LINE = re.compile(r"^(\d+)-(\d+) \[[\d:]+\] (.+)$", re.MULTILINE)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Answer as analyst or as copywriter, whichever the schema asks for; ``GeminiServer.answer`` takes it."""
    prompt = "".join(part.get("text", "") for content in asked["contents"] for part in content["parts"])
    fields = asked["generationConfig"]["responseJsonSchema"]["properties"]
    return _analysis(prompt) if "clips" in fields else _campaign(prompt, fields)


def _analysis(prompt: str) -> dict[str, Any]:
    """Propose all lines of the transcript as one clip."""
    lines = _LINE.findall(prompt)
    first, last = lines[0], lines[-1]
    clip = {
        "first_word": int(first[0]), "last_word": int(last[1]), "opening": first[2], "closing": last[2],
        "title": first[2], "hook": first[2], "reason": "answers the question that it asks", "score": 91,
    }  # fmt: skip
    return {"topic": "team", "titles": [first[2]], "keywords": ["team"], "clips": [clip]}


def _campaign(prompt: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Post the words of each clip, with a sentence of its own before them."""
    data = json.loads(prompt[prompt.index("DATA\n") + 5 :].split("\n\n", maxsplit=1)[0])
    said = {clip["clip"]: clip for clip in data["clips"]}
    wanted = re.findall(r"^Posts for clip (\d+) on (.+)\.$", prompt, re.MULTILINE)
    posts = [
        {
            "clip": int(number), "platform": platform, "title": said[int(number)]["title"],
            "text": f"Think about this before you hire. {said[int(number)]['opens_with']}", "hashtags": ["team"],
        }
        for number, platforms in wanted
        for platform in platforms.split(", ")
    ]  # fmt: skip
    strategy = {
        "angle": "Start with the question that everybody has asked.", "audience": "People who lead teams.",
        "order": [{"clip": number, "why": "It answers its own question."} for number in said],
        "cadence": "Leave each post its days.",
        "approaches": [{"platform": p["platform"], "text": "Put the question first."} for p in data["platforms"]],
        "measures": ["How many watch to the end."],
    }  # fmt: skip
    return {"posts": posts} | ({"strategy": strategy} if "strategy" in fields else {})
