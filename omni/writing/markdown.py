"""Untrusted text inside markdown."""

import re

# Everything by which CommonMark, its tables, and the renderers with HTML or mathematics begin something.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>&|~$])")
_LINE_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+=](?=[\s=-]|$)|\d{1,9}(?=[.)](?:\s|$)))")


def escaped(text: str) -> str:
    r"""Return one line of text so that markdown shows it as it is: no link, image, HTML, table cell, heading or list.

    >>> escaped("1. [a](b) <i>")
    '1\\. \\[a\\](b) \\<i\\>'
    """
    line = _MARKUP.sub(r"\\\1", " ".join(text.split("\n")))
    return _LINE_START.sub(_guarded, line)


def _guarded(match: re.Match[str]) -> str:
    blank, mark = match.groups()
    return f"{blank}{mark}\\" if mark.isdigit() else f"{blank}\\{mark}"
