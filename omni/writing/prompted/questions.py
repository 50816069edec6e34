"""What is put to the model: the operator's wishes, the words of strangers as data, and the task."""

import json
from collections.abc import Sequence
from typing import Any

from omni.contracts import Advice, Analysis, Clip, Lesson, Platform, Precedent
from omni.ports.model import Question
from omni.writing.limits import PlatformLimits, TextUnit, limits_of
from omni.writing.owed import platforms_of
from omni.writing.prompted.answers import schema
from omni.writing.prompted.commission import Commission, Correction, Key, Portion
from omni.writing.prompted.leaks import instructions
from omni.writing.sanitizing import plain, sound_cues_removed

# Characters of each kind of text: 90 s of fast speech are about 2,000; what is longer is no title, and no speech of one clip.
_WORDS, _WORDS_IN_SHORT, _SENTENCE, _TITLE = 4000, 300, 300, 150
# How many of each: more of them tell a writer nothing new.
_TITLES, _KEYWORDS, _KEY_SENTENCES, _PRECEDENTS = 3, 15, 12, 5
# A correction shows what was written as far as it can be recognised by, and so many of its faults.
_WRITTEN, _FAULT, _FAULTS = 600, 160, 6

_COUNTED: dict[TextUnit, str] = {
    "characters": "characters",
    "utf16": "characters, an emoji counts two",
    "utf8": "bytes of UTF-8",
    "x_weighted": "characters; emoji, Chinese, Japanese and Korean ones count two, an address 23",
}


def question(commission: Commission, portion: Portion) -> Question:
    """Return the question for one portion; nothing of a stranger stands outside the strings of its JSON."""
    directives = commission.brief.directives.strip()
    parts = (
        f"WISHES\n{_json(directives)}" if directives else "",
        f"DATA\n{_json(_data(commission, portion))}",
        f"CORRECTIONS\n{_json([_correction(each, commission) for each in portion.corrections])}"
        if portion.corrections
        else "",
        f"TASK\n{_task(commission, portion)}",
    )
    return Question(
        role="copywriter",
        instructions=instructions(),
        prompt="\n\n".join(part for part in parts if part),
        answer=schema(portion),
    )


def _task(commission: Commission, portion: Portion) -> str:
    wanted = commission.tongues.wanted
    language = f"the language with the ISO 639 code {wanted}" if wanted else "the language of the clips' words"
    strategy = ["The strategy for all clips."] if portion.strategy else []
    posts = [f"Posts for clip {clip} on {', '.join(names)}." for clip, names in _by_clip(portion.posts).items()]
    again = (
        "Your last answer had faults. Write again what is listed here, and only that, without them."
        if (portion.corrections)
        else "Write what is listed here, each once."
    )
    taught = (
        [
            "`learned` in DATA is what the studio's own figures taught: lean towards what did better where the words carry it."
        ]
        if commission.precedents.lessons
        else []
    )
    return "\n".join((f"{again} The language is {language}.", *taught, *strategy, *posts))


def _by_clip(keys: Sequence[Key]) -> dict[int, list[Platform]]:
    found: dict[int, list[Platform]] = {}
    for clip, platform in keys:
        found.setdefault(clip, []).append(platform)
    return found


def _data(commission: Commission, portion: Portion) -> dict[str, Any]:
    analysis = commission.analysis
    asked = set(_by_clip(portion.posts))
    clips = [clip for clip in analysis.clips if portion.strategy or clip.number in asked]
    platforms = platforms_of(commission.brief)
    named = platforms if portion.strategy else tuple(p for p in platforms if p in {name for _, name in portion.posts})
    return {
        "video": _video(analysis),
        "clips": [_clip(clip, _WORDS if clip.number in asked else _WORDS_IN_SHORT) for clip in clips],
        "platforms": [_platform(platform, limits_of(platform)) for platform in named],
        "made_before": [_precedent(each) for each in commission.precedents.nearest[:_PRECEDENTS]],
        **_learned(commission.precedents.lessons),
    }


def _learned(lessons: Sequence[Lesson]) -> dict[str, Any]:
    """Return what outcomes taught; nothing at all where they taught nothing."""
    return {"learned": [_said(lesson.because, _SENTENCE) for lesson in lessons]} if lessons else {}


def _video(analysis: Analysis) -> dict[str, Any]:
    return {
        "topic": _said(analysis.topic, _SENTENCE),
        "titles": [_said(title, _TITLE) for title in analysis.titles[:_TITLES]],
        "keywords": [_said(keyword, _TITLE) for keyword in analysis.keywords[:_KEYWORDS]],
        "key_sentences": [_said(sentence, _SENTENCE) for sentence in analysis.key_sentences[:_KEY_SENTENCES]],
    }


def _clip(clip: Clip, words: int) -> dict[str, Any]:
    return {
        "clip": clip.number,
        "title": _said(clip.title, _TITLE),
        "opens_with": _said(clip.hook, _SENTENCE),
        "words": _said(clip.text, words),
        "chosen_because": _said(clip.reason, _SENTENCE),
        "score": round(clip.score),
        "seconds": round(clip.length),
    }


def _platform(platform: Platform, limits: PlatformLimits) -> dict[str, Any]:
    return {
        "platform": platform.value,
        "called": limits.label,
        "title_max": limits.title_max,
        "text_max": limits.text_max,
        "counted_in": _COUNTED[limits.text_unit],
        "refused_characters": limits.forbidden,
        "first_seen": limits.visible_characters,
        "hashtags": list(limits.hashtags_advised),
        "best_seconds": list(limits.advised_seconds),
        "posts_every_days": limits.spacing_days,
    }


def _precedent(precedent: Precedent) -> dict[str, str]:
    return {
        "title": _said(precedent.title, _TITLE),
        "text": _said(precedent.text, _SENTENCE),
        "video": _said(precedent.source_title, _TITLE),
        **({"what_came_of_it": _said(precedent.reception.text, _SENTENCE)} if precedent.reception else {}),
    }


def _correction(correction: Correction, commission: Commission) -> dict[str, Any]:
    allowed = commission.brief.directives
    written = correction.written
    text = written.text if isinstance(written, Advice) else f"{written.title or ''} {written.text}" if written else ""
    about = (
        {"clip": correction.key[0], "platform": correction.key[1].value} if correction.key else {"about": "strategy"}
    )
    return {
        **about,
        "written": _said(text, _WRITTEN, allowed),
        "wrong": [_said(fault, _FAULT, allowed) for fault in correction.wrong[:_FAULTS]],
    }


def _said(text: str, limit: int, allowed: str = "") -> str:
    """Return a stranger's text as one plain line that points nowhere: what the model never reads it can't post."""
    line = sound_cues_removed(plain(text, allowed))
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
