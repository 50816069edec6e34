"""What the model is told, and whether a text gives it away."""

from functools import cache
from importlib import resources

from omni.writing.wording import letters_of

# So many letters in a row, about six words, are no coincidence and still say nothing of use.
_RUN = 32


@cache
def instructions() -> str:
    """Return what the model is told before anything else; ours alone."""
    return (resources.files("omni.writing.prompted") / "instructions.txt").read_text("utf-8")


def leaks(text: str) -> bool:
    """Say whether a run of the instructions stands in ``text``, whatever its case, blanks and punctuation."""
    letters = letters_of(text)
    return any(letters[i : i + _RUN] in _runs() for i in range(len(letters) - _RUN + 1))


@cache
def _runs() -> frozenset[str]:
    letters = letters_of(instructions())
    return frozenset(letters[i : i + _RUN] for i in range(len(letters) - _RUN + 1))
