"""Text to words: where a written line may be taken apart."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

NO_BREAK = "\u00a0"
_OPENING = frozenset("«„“‘‹(¿¡「『（《〈【[")
_CLOSING = frozenset("。！？、，；：…・～」』）》〉】!?,.;:)»”’'\"")
# Thai and Lao vowels that are written before their consonant: a syllable begins here.
_LEADING_VOWELS = frozenset("เแโใไເແໂໃໄ")

# Characters of one group, at most: about a second of speech and a third of a caption line.
_LONGEST = {"han": 4, "hiragana": 6, "katakana": 8, "thai": 10, "lao": 10, "khmer": 10}

_PIECE = re.compile("\ue000(\\d+)\ue001|(\\s+)|([^\\s\ue000\ue001]+)")


@dataclass(frozen=True)
class Token:
    """One written word with its punctuation; ``at`` is its start in seconds where the subtitle tells it.

    ``turns``: with it another speaker begins.
    """

    text: str
    at: float | None = None
    turns: bool = False


def stamp(milliseconds: int) -> str:
    """Return the private mark that carries an inline time through the cleaning of a text."""
    return f"\ue000{milliseconds}\ue001"


def tokens(text: str) -> tuple[Token, ...]:
    """Split at blanks, and unspaced scripts into small groups; lone punctuation stays with its neighbour."""
    found: list[Token] = []
    glued, at = False, None
    for match in _PIECE.finditer(text):
        time, blank, piece = match.groups()
        if time is not None:
            at = int(time) / 1000
        elif blank is not None:
            glued = False
        else:
            parts = split_unspaced(piece)
            if glued and _script(found[-1].text[-1]) == "other":
                # Karaoke stamps fall inside words too: the syllables become one word again.
                found[-1] = replace(found[-1], text=found[-1].text + parts.pop(0))
            for part in parts:
                found.append(Token(part, at))
                at = None
            glued = True
    return _attached(found)


def joined(texts: Sequence[str]) -> str:
    """Join words into running text: a blank between them, except inside unspaced script.

    >>> joined(["你好，", "世界。", "Hello", "there."])
    '你好，世界。 Hello there.'
    """
    text = ""
    for word in texts:
        text += f" {word}" if text and _needs_blank(text, word) else word
    return text


def split_unspaced(text: str) -> list[str]:
    """Take Chinese, Japanese, Thai, Lao or Khmer text apart into small groups; leave other text whole.

    No dictionary is at hand: a group ends at punctuation, where the script changes (the step from kana to kanji begins
    a phrase), and at the length in :data:`_LONGEST`.
    """
    if all(_script(c) == "other" for c in text):
        return [text]
    groups: list[str] = [text[0]]
    for char in text[1:]:
        if _starts_group(groups[-1], char):
            groups.append(char)
        else:
            groups[-1] += char
    return _without_orphans(groups)


def is_unspaced(text: str) -> bool:
    """Tell whether a text begins in a script that is written without blanks."""
    return bool(text) and _script(text[0]) != "other"


def is_spoken(text: str) -> bool:
    """Tell whether a text holds anything that is pronounced."""
    return any(c.isalnum() for c in text)


def _starts_group(group: str, char: str) -> bool:
    last = group[-1]
    if char in _CLOSING or unicodedata.category(char) in {"Mn", "Mc"} or last in _OPENING | _LEADING_VOWELS:
        return False
    before, after = _script(last), _script(char)
    if before != after:
        return (before, after) != ("han", "hiragana")
    limit = _LONGEST.get(after)
    return limit is not None and (len(group) >= limit or (char in _LEADING_VOWELS and len(group) >= limit // 2))


def _without_orphans(groups: list[str]) -> list[str]:
    """Share evenly when a full group is followed by a single character of the same script."""
    for i in range(1, len(groups)):
        before, after = groups[i - 1], groups[i]
        single = sum(c.isalnum() for c in after) == 1
        if single and _script(before[-1]) == _script(after[0]) and len(before) == _LONGEST.get(_script(after[0])):
            half = len(before) - len(before) // 2
            groups[i - 1], groups[i] = before[:half], before[half:] + after
    return groups


def _attached(found: list[Token]) -> tuple[Token, ...]:
    """Give punctuation that stands alone to the word it belongs to, with a blank that doesn't break."""
    words: list[Token] = []
    opening = ""
    for token in found:
        if is_spoken(token.text):
            words.append(replace(token, text=opening + token.text))
            opening = ""
        elif token.text[0] in _OPENING:
            opening += token.text + NO_BREAK
        elif words:
            mark = token.text if token.text.strip("-") else "–"
            joint = NO_BREAK if _script(words[-1].text[-1]) == "other" else ""
            words[-1] = replace(words[-1], text=words[-1].text + joint + mark)
    return tuple(words)


def _needs_blank(text: str, word: str) -> bool:
    """Tell whether both sides of the seam belong to a script with blanks."""
    before = text.rstrip("".join(_CLOSING))[-1:] or text[-1]
    after = word.lstrip("".join(_OPENING))[:1] or word[:1]
    return _script(before) == "other" or _script(after) == "other"


# First and last code point of the scripts that are written without blanks (Unicode block tables).
_BLOCKS = (
    ("thai", 0x0E01, 0x0E5B),
    ("lao", 0x0E81, 0x0EDF),
    ("khmer", 0x1780, 0x17D3),
    ("han", 0x3005, 0x3007),
    ("hiragana", 0x3041, 0x309F),
    ("katakana", 0x30A1, 0x30FF),
    ("han", 0x3400, 0x9FFF),
    ("han", 0xF900, 0xFAFF),
    ("katakana", 0xFF66, 0xFF9D),
    ("han", 0x20000, 0x323AF),
)


def _script(char: str) -> str:
    """Return the unspaced script of a character, or ``other``."""
    code = ord(char)
    for name, first, last in _BLOCKS:
        if first <= code <= last:
            return name
    return "other"
