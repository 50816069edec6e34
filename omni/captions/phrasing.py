"""Words to phrases: which words stand together on the screen, and on which line."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from omni.captions.function_words import leans_forward
from omni.captions.measuring import Ruler
from omni.captions.scripts import is_hiragana, is_unspaced, words_in
from omni.captions.wording import Token

Phrase = tuple[tuple[Token, ...], ...]
"""One caption: its lines, one or two."""

# A pause of this length is heard as one: what follows is a new thought.
PAUSE = 0.45
# Below this a caption can't be read (two thirds of a second is broadcasters' floor for subtitles; words need less).
SHORTEST = 0.5
# TARGETS.md §2.
FASTEST = 20.0

_MOST_WORDS = 5
_GOOD_WORDS = 3.5
# A word of ten letters fills a caption by itself.
_LONG_WORD = 10

# Costs, in the currency of one word more or less than good. They order these wishes, and nothing else hangs on them:
# never cross a pause; cross a sentence's end only when a caption would flash by; keep small words with the next one.
_NEVER = float("inf")
_SENTENCE_CROSSED = 20.0
_FLASH = 60.0
_TOO_FAST, _TOO_FAST_AT_MOST = 2.0, 8.0
_LONE_WORD = 5.0
_COMMA_INSIDE = 2.0
_SECOND_LINE = 0.5
_PART_SMALL_WORD, _PART_NUMBER, _PART_NAME, _PART_PLAIN, _PART_BEFORE_SMALL = 6.0, 4.0, 3.0, 2.0, 0.7


@dataclass(frozen=True)
class Clip:
    """What a phrase must know beside its words: the clip's length in seconds, its language, and how much a line holds."""

    length: float
    language: str | None
    ruler: Ruler


def phrases(words: Sequence[Token], clip: Clip) -> tuple[Phrase, ...]:
    """Divide all words into captions of two to five words at the least total cost."""
    count = len(words)
    cost = [0.0] * (count + 1)
    after = [count] * (count + 1)
    for i in range(count - 1, -1, -1):
        cost[i] = _NEVER
        for j in range(i + 1, count + 1):
            own = _cost(words, i, j, clip)
            if own == _NEVER:
                break
            if own + cost[j] < cost[i]:
                cost[i], after[i] = own + cost[j], j
    found: list[Phrase] = []
    i = 0
    while i < count:
        found.append(_lines(words[i : after[i]], clip) or (tuple(words[i : after[i]]),))
        i = after[i]
    return tuple(found)


def _cost(words: Sequence[Token], i: int, j: int, clip: Clip) -> float:
    """Price of one caption of ``words[i:j]``; infinite when it may not be, and then no longer one may be either."""
    group = words[i:j]
    lines = _lines(group, clip)
    size = sum(words_in(word.text) for word in group)
    if (
        lines is None
        or (size > _MOST_WORDS and len(group) > 1)
        or any(_pause(*pair) >= PAUSE for pair in pairwise(group))
    ):
        return _NEVER
    cost = 0.4 * (size - _GOOD_WORDS) ** 2 + _SECOND_LINE * (len(lines) - 1)
    if size < 2 and len(group[0].text) < _LONG_WORD and not (_is_border(words, i) and _is_border(words, j)):
        cost += _LONE_WORD
    cost += _COMMA_INSIDE * sum(_closes(left) for left in group[:-1])
    cost += _SENTENCE_CROSSED if any(left.ends_sentence for left in group[:-1]) else 0.0
    shown = (words[j].start if j < len(words) else clip.length) - group[0].start
    characters = sum(len(word.text) + (not word.joined) for word in group) - 1
    cost += _FLASH * max(0.0, SHORTEST - shown)
    cost += min(_TOO_FAST_AT_MOST, _TOO_FAST * max(0.0, characters / max(shown, 0.1) - (FASTEST - 1)))
    return cost + (parting(words[j - 1], words[j], clip.language) if j < len(words) else 0.0)


def _lines(group: Sequence[Token], clip: Clip) -> Phrase | None:
    """Set a caption in one line, or in two that are near in length and part where it hurts least; ``None``: too long."""
    if len(group) == 1 or clip.ruler.fits(group):
        return (tuple(group),)
    splits = [
        k
        for k in range(1, len(group))
        if (k == 1 or clip.ruler.fits(group[:k])) and (k == len(group) - 1 or clip.ruler.fits(group[k:]))
    ]
    if not splits:
        return None
    sizes = [len(word.text) + 1 for word in group]
    best = min(
        splits,
        key=lambda k: (parting(group[k - 1], group[k], clip.language) + abs(sum(sizes[:k]) - sum(sizes[k:])) / 2, k),
    )
    return tuple(group[:best]), tuple(group[best:])


def parting(left: Token, right: Token, language: str | None) -> float:
    """Price of a break between two words: free after punctuation and in pauses, dear after a small word."""
    if left.ends_sentence or _closes(left):
        return 0.0
    relief = 10 * min(_pause(left, right), 0.3)
    if right.joined:
        return max(0.0, _parting_unspaced(left.text[-1], right.text[0]) - relief)
    # A full stop that ends no sentence is an abbreviation's: Dr. Brown.
    if left.text[-1] == "." or leans_forward(left.text, language):
        return max(0.0, _PART_SMALL_WORD - relief)
    if leans_forward(right.text, language):
        price = _PART_BEFORE_SMALL
    elif left.text[-1].isdigit() or right.text[0].isdigit():
        price = _PART_NUMBER
    elif left.text[0].isupper() and right.text[0].isupper() and language != "de":
        price = _PART_NAME
    else:
        price = _PART_PLAIN
    return max(0.0, price - relief)


def _parting_unspaced(before: str, after: str) -> float:
    """Price of a break without a blank: Japanese phrases end with hiragana, and never begin with a particle."""
    if not is_unspaced(after):
        # A divided word.
        return _PART_NUMBER
    if is_hiragana(after):
        return _PART_SMALL_WORD
    return _PART_BEFORE_SMALL if is_hiragana(before) else _PART_PLAIN


def _is_border(words: Sequence[Token], at: int) -> bool:
    """Tell whether a caption has to begin at this word in any case: a sentence or the clip does, or a pause ends."""
    return at in {0, len(words)} or words[at - 1].ends_sentence or _pause(words[at - 1], words[at]) >= PAUSE


def _closes(word: Token) -> bool:
    """Tell whether a word ends with punctuation that parts."""
    return not word.text[-1].isalnum() and word.text[-1] not in ".-'’%$€£°&"


def _pause(left: Token, right: Token) -> float:
    return max(0.0, right.start - left.end)
