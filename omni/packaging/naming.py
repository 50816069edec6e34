"""File names that every system takes."""

import re
import unicodedata

LONGEST_BYTES = 60
"""Names stay far below the 255 bytes of common file systems, also in scripts of three bytes a character."""


def slug(text: str) -> str:
    """Return a lower-case name of letters, digits and dashes; ``clip`` when nothing of the text can stay.

    >>> slug("What's a Short? It's 60 s!")
    'whats-a-short-its-60-s'
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    words = "-".join(re.findall(r"[^\W_]+", plain))
    while len(words.encode()) > LONGEST_BYTES:
        shorter = words.rpartition("-")[0]
        words = shorter or words[:-1]
    return words or "clip"
