"""Text of strangers in a prompt: marked as data, and unable to end the mark."""

from omni.untrusted.invisibles import without_unseen

_ANGLES = str.maketrans("<>＜＞", "‹›‹›")
"""Without angle brackets no tag can be closed or opened, ours or a model's own."""


def fenced(kind: str, text: str) -> str:
    """Return ``text`` between the tags of ``kind``; what strangers wrote in it must be :func:`flat` already."""
    return f"<{kind}>\n{text}\n</{kind}>"


def flat(text: str, limit: int | None = None) -> str:
    """Return ``text`` as one line of seen characters without angle brackets, cut to ``limit`` characters."""
    line = " ".join(without_unseen(text).split()).translate(_ANGLES)
    return line if limit is None or len(line) <= limit else line[: limit - 1].rstrip() + "…"
