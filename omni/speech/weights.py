"""How long a written word takes to say, relative to its neighbours."""

import re
import unicodedata

_VOWELS = re.compile(r"[aeiouyаеёиоуыэюяіїєαεηιουω]+", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_PHRASE_END = re.compile(r"[.!?,;:…。！？、，；：।؟]['\"”’»)\]]*$")


def weight(text: str) -> float:
    """Return the length of a word in syllables, never below one half: the unit in which lines are shared out."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    letters = sum(c.isalpha() for c in plain)
    # A digit is read as one and a half syllables on average ("twenty-six", "seven").
    digits = 1.5 * sum(len(run) for run in _DIGITS.findall(plain))
    syllables = max(_syllables(plain, letters) + digits, 0.5)
    return syllables + (0.5 if _PHRASE_END.search(text) else 0.0)


def _syllables(text: str, letters: int) -> float:
    nuclei = len(_VOWELS.findall(text))
    if letters >= 2 and text.isupper() and (nuclei == 0 or letters <= 3):
        return float(letters)  # spelt out: FBI, UK
    if nuclei == 0:
        # Scripts without written vowels, or with one syllable a sign (Han, kana, Hangul), and "hmm".
        return letters * (1.0 if any(ord(c) > 0x2E80 for c in text) else 0.45)
    # Consonants take time too: "strengths" is longer than "a".
    return 0.5 * nuclei + 0.5 * letters / 2.6
