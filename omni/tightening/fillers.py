"""Words that mean only that somebody is thinking, by language: sounds, no word that could carry a meaning."""

import re
import unicodedata

# Hesitation sounds as transcripts spell them. Words that fill but can mean something (like, you know, genau, tipo,
# あの) are not among them: a Short must not lose what was said.
_SOUNDS = {
    "en": "um uh uhm erm er hm mhm",
    "de": "äh ähm öh öhm ehm hm mhm",
    "fr": "euh heu hum hm",
    "es": "eh ehm em hm mmm",
    "it": "eh ehm uhm mh hm",
    "pt": "hum ahn hã hm",
    "nl": "uh uhm eh ehm hm",
    "sv": "öh öhm eh ehm hm",
    "da": "øh øhm eh hm",
    "no": "øh øhm eh hm",
    "fi": "öö ööm hm",
    "pl": "yyy eee hm",
    "cs": "ehm hm",
    "ru": "эм эээ ээ гм хм ммм",
    "uk": "ем еее гм хм ммм",
    "tr": "ıı ııı eee hm",
    "ja": "えっと えーと えと えー ええと うーん",
    "zh": "嗯 呃 额",
    "ko": "음 어어 으음",
}
_DRAWN_OUT = re.compile(r"([aeiouyhmäöüøıэеыём])\1+")
"""A sound is written as long as it was: umm, uhhh. The r is not among them, for “to err” is a verb."""


def is_filler(word: str, language: str | None) -> bool:
    """Tell whether a word is only a hesitation; never where the language isn't known, nor when it asks.

    >>> is_filler("Ummm,", "en"), is_filler("hm?", "en"), is_filler("er", "de")
    (True, False, False)
    """
    text = unicodedata.normalize("NFC", word).casefold()
    if "?" in text or "？" in text:
        return False
    bare = "".join(char for char in text if char.isalnum() or char == "ー")
    sounds = _SOUNDS.get(language or "", "").split()
    # one letter alone may be a unit or a name: 5 м, y
    return bare in sounds or (len(bare) > 1 and _short(bare) in map(_short, sounds))


def _short(sound: str) -> str:
    return _DRAWN_OUT.sub(r"\1", sound)
