"""Completeness: a viewer who sees nothing else must understand the beginning and get the end."""

from collections.abc import Iterator, Sequence

from omni.analysis.evidence.sign import Sign, shortened
from omni.analysis.lexicon import Lexicon
from omni.analysis.material import Material, Window
from omni.analysis.terms import tokenize

_PAUSE = 0.6
"""Seconds after which a listener hears that a thought has ended."""
_TIGHT = 0.25
"""Seconds: less doesn't leave the 0.2 s that TARGETS §2 asks for after the last word."""
_LEFT_OPEN = 1.0
"""Seconds of pause after which a question is meant to stay with the listener."""
_EARLY = 6
"""Words in which a person must be named to be known when a pronoun follows."""
_UNNAMED = 0.6
"""Strength of such a pronoun: less confusing than a sentence that begins with one."""
_BEGUN = 0.6
"""Strength of a start after the first sentence of an answer: it may stand, but the first one is better."""
_ASKED = 0.3
"""“So why did it win?” is understood by anybody: a question stands almost alone."""


def wholeness(window: Window, material: Material) -> Iterator[Sign]:
    """Yield how self-contained the window is."""
    if material.timeline.ground == "picture":
        return
    yield from _beginning(window, material)
    yield from _ending(window, material)
    yield from _subject(window, material)


def _beginning(window: Window, material: Material) -> Iterator[Sign]:
    lead = material.units[window.first]
    words = lead.text.split()
    if not lead.opens:
        yield Sign("whole.torn_start", -1.0, "begins inside a sentence")
    elif lead.goes_on:
        yield Sign("whole.leaning", -_BEGUN, "begins in the middle of what somebody has just begun to say")
    elif lead.leans:
        strength = _ASKED if material.traits[window.first].asks else 1.0
        yield Sign("whole.leaning", -strength, f"begins with “{words[0].strip(',')}”, which points back")
    elif unnamed := _unnamed(words, material.timeline.lexicon):
        yield Sign("whole.leaning", -_UNNAMED, f"speaks of “{unnamed}” before saying who that is")
    elif material.has_words:
        yield Sign("whole.start", 1.0, "begins with a sentence that stands by itself")
    if window.first > 0 and material.traits[window.first - 1].asks and not material.traits[window.first].asks:
        yield Sign("whole.lost_question", -1.0, "answers a question that is left out")


def _unnamed(words: Sequence[str], lexicon: Lexicon) -> str:
    """Return the pronoun of a person that stands early in a sentence before any name, "" when there is none."""
    for i, word in enumerate(words[:_EARLY]):
        tokens = tokenize(word)
        if tokens and tokens[0].split("'", 1)[0] in lexicon.he:
            return tokens[0]
        if i > 0 and word[:1].isupper() and tokens and tokens[0] not in lexicon.me:
            return ""
    return ""


def _ending(window: Window, material: Material) -> Iterator[Sign]:
    close, traits = material.units[window.last - 1], material.traits[window.last - 1]
    after = material.units[window.last] if window.last < len(material.units) else None
    pause = (after.start if after else material.timeline.duration) - close.end
    if not close.closes:
        yield Sign("whole.torn_end", -1.0, "ends inside a sentence")
        return
    if traits.asks:
        rhetorical = pause >= _LEFT_OPEN or window.last in material.topics
        yield Sign("whole.open_end", -_ASKED if rhetorical else -1.0, "ends on a question that it leaves open")
        return
    if traits.polite:
        yield Sign("whole.polite_end", -1.0, "ends on courtesies or housekeeping")
    elif pause >= _PAUSE or after is None:
        yield Sign(
            "whole.end", 1.0, f"ends where the speaker pauses for {pause:.1f} s" if after else "ends with the talk"
        )
    elif pause < _TIGHT:
        yield Sign("whole.tight_end", -1.0, "ends with hardly a breath before the next word")
    if after and material.has_words and after.leans and pause < _PAUSE and window.last not in material.topics:
        yield Sign("whole.continued", -1.0, f"stops although the next sentence goes on with “{after.text.split()[0]}”")
    short = 2 <= traits.words <= 14
    if short and (traits.strong or traits.sums or traits.turns) and window.last - window.first > 1:
        yield Sign("whole.payoff", 1.0, f"ends on a point, “{shortened(close.text)}”")


def _subject(window: Window, material: Material) -> Iterator[Sign]:
    if not material.has_words:
        return
    if window.first in material.topics and window.first > 0:
        yield Sign("whole.new_subject", 1.0, "begins where the talk takes up a new subject")
    elif window.first and material.units[window.first].start - material.units[window.first - 1].end >= _PAUSE:
        yield Sign("whole.new_subject", 0.6, "begins after a pause")
    if window.last in material.topics:
        yield Sign("whole.subject_done", 1.0, "ends where the subject does")
    crossed = [i for i in range(window.first + 1, window.last) if i in material.topics]
    if crossed:
        yield Sign("whole.drift", -1.0, "runs on into another subject")
