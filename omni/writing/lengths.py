"""How long a text is, in the unit of the platform that counts it."""

import re
import unicodedata

from omni.untrusted.links import link_spans
from omni.writing.limits import PlatformLimits, TextUnit

# twitter-text, configuration v3: these code points weigh 1, every other one 2; an emoji sequence weighs 2 as a whole.
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_URL_WEIGHT = 23

# Sequences that X counts as one emoji: keycaps, flags, and pictographs joined by ZWJ with their skin tones and selectors.
_PICTOGRAPH = "[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]"
_MODIFIER = "[\ufe0f\U0001f3fb-\U0001f3ff]"
_EMOJI = re.compile(
    f"[0-9#*]\ufe0f?\u20e3|[\U0001f1e6-\U0001f1ff]{{2}}|{_PICTOGRAPH}{_MODIFIER}*(?:\u200d{_PICTOGRAPH}{_MODIFIER}*)*"
)


def x_weight(text: str) -> int:
    """Return the weighted length that X counts: CJK and emoji 2, a URL 23, most other characters 1.

    Source: https://github.com/twitter/twitter-text, config/v3.json (scale 100, defaultWeight 200, transformedURLLength 23,
    emojiParsingEnabled). A bare domain, which X may or may not link, counts the larger of 23 and its own weight.
    """
    text = unicodedata.normalize("NFC", text)
    total, end = 0, 0
    for start, stop in link_spans(text):
        link = text[start:stop]
        total += _weight(text[end:start]) + (_URL_WEIGHT if "://" in link else max(_URL_WEIGHT, _weight(link)))
        end = stop
    return total + _weight(text[end:])


def width(text: str) -> int:
    """Return how much room a text takes on a screen: wide characters count 2, the others 1."""
    return _weight(text)


def length(text: str, unit: TextUnit) -> int:
    """Return the length of ``text`` in ``unit``."""
    match unit:
        case "characters":
            return len(text)
        case "utf16":
            return len(text.encode("utf-16-le", "surrogatepass")) // 2
        case "utf8":
            return len(text.encode("utf-8", "surrogatepass"))
        case "x_weighted":
            return x_weight(text)


def room(text: str, limits: PlatformLimits) -> int:
    """Return how much of a platform's text limit is left; negative when ``text`` is too long."""
    return limits.text_max - length(text, limits.text_unit)


def _weight(text: str) -> int:
    total, end = 0, 0
    for emoji in _EMOJI.finditer(text):
        total += sum(map(_character_weight, text[end : emoji.start()])) + 2
        end = emoji.end()
    return total + sum(map(_character_weight, text[end:]))


def _character_weight(character: str) -> int:
    code = ord(character)
    return 1 if any(first <= code <= last for first, last in _LIGHT) else 2
