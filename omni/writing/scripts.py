"""Where a text may be broken: words in scripts with blanks, clusters in scripts without."""

import re
import unicodedata

# Scripts written without blanks between words: Han, kana, Thai, Lao, Tibetan, Myanmar, Khmer, and CJK punctuation.
_UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u31a0-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)

_HAN_NUMERALS = "零一二三四五六七八九十百千万萬億亿兆两兩几幾"


def is_unspaced(character: str) -> bool:
    """Say whether a character belongs to a script that doesn't part its words."""
    return bool(_UNSPACED.match(character))


def is_border(text: str, i: int) -> bool:
    """Say whether ``text[:i]`` ends with a whole word; a number always keeps what is counted with it."""
    before, after = text[i - 1 : i], text[i : i + 1]
    if not before or not after:
        return True
    if _ends_with_number(text[:i]):
        return False
    if after.isspace() or before.isspace():
        return True
    return (is_unspaced(before) or is_unspaced(after)) and not _same_cluster(before, after)


def _ends_with_number(head: str) -> bool:
    stripped = head.rstrip().rstrip(".,٫٬:'’$€£¥ ")
    return bool(stripped) and (
        unicodedata.category(stripped[-1]) in {"Nd", "Nl", "No"} or stripped[-1] in _HAN_NUMERALS
    )


def _same_cluster(before: str, after: str) -> bool:
    return (
        unicodedata.category(after) in {"Mn", "Mc", "Me"}
        or after in "\u200d\ufe0f"
        or before == "\u200d"
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or "\u0e40" <= before <= "\u0e44"  # Thai vowels written before their consonant
    )
