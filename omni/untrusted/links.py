"""Web addresses and handles: finding them, so that none is posted that the operator didn't ask for."""

import re
from collections.abc import Iterator

# A last label that is written in lower case, or that is one of these in any case, makes a dotted word a domain: the zones that
# people say aloud. Any two letters can be a country's zone (https://www.iana.org/domains/root/db).
_ZONE_NAMES = """
com net org edu gov int mil info biz io ai app dev co tv me xyz online site shop store tech live link club page blog cloud
media news agency academy space studio design digital world today pro name mobi email wiki zone click top vip fun bot gg
ly be рф укр бел срб қаз 中国 中國 公司 网络 在线 香港 台灣 한국 みんな भारत
"""
# Endings of file and product names that are no zones, or hardly ever meant as one: Node.js, README.md, main.py.
_FILE_NAMES = """
js jsx ts tsx py rs md sh go rb cpp cc hpp java html htm css json yaml yml toml txt csv pdf exe dll png jpg jpeg gif svg
mp mp3 mp4 m4a mkv mov wav srt vtt doc docx xls xlsx ppt pptx
"""
_ZONES, _FILES = frozenset(_ZONE_NAMES.split()), frozenset(_FILE_NAMES.split())

_SCHEME = r"(?:[a-z][a-z0-9+.-]{1,20}://(?=[\w\[])|(?:mailto|tel|javascript|data):(?=[\w/+%]))\S+"
_WWW = r"(?<![^\W_])www\.\S+"
_NUMERIC_HOST = r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)(?:[:/]\S*)?"
_HOST = r"(?<![\w.-])(?:[^\W_](?:[\w-]*[^\W_])?[.．｡])+(?P<zone>[a-z]{2,24}(?![a-z0-9])|[^\W\d_]{2,24})(?:(?::\d+)?[/?]\S*)?"
_ADDRESS = re.compile(f"{_SCHEME}|{_WWW}|{_NUMERIC_HOST}|{_HOST}", re.IGNORECASE)
# Both at signs; what stands before one makes an e-mail address of it. An opening mark may be lost on the way to the post.
_HANDLE = re.compile(r"(?<![\w.+-])[\w.+-]*[@＠][\"“„«(\[]*[\w.-]*\w")
_TRAILING = ".,;:!?…。，！？)]}>\"'”’»"


def link_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return where web addresses stand in ``text``: with a scheme, with www, as a number, or as a bare domain."""
    return tuple((start, start + len(link)) for start, link in _addresses(text))


def links(text: str) -> tuple[str, ...]:
    """Return the web addresses in ``text``, in order."""
    return tuple(link for _, link in _addresses(text))


def handles(text: str) -> tuple[str, ...]:
    """Return the @handles and e-mail addresses in ``text``, in order."""
    return tuple(match.group().rstrip(_TRAILING) for match in _HANDLE.finditer(text))


def foreign_pointers(text: str, allowed: str) -> tuple[str, ...]:
    """Return the web addresses and handles of ``text`` that don't stand in ``allowed``, the operator's own words."""
    permitted = {pointer.casefold() for pointer in (*links(allowed), *handles(allowed))}
    return tuple(p for p in (*links(text), *handles(text)) if p.casefold() not in permitted)


def _addresses(text: str) -> Iterator[tuple[int, str]]:
    for match in _ADDRESS.finditer(text):
        zone = match.group("zone")
        if zone is None or _is_zone(zone, has_path=match.end() > match.end("zone")):
            yield match.start(), match.group().rstrip(_TRAILING)


def _is_zone(label: str, *, has_path: bool) -> bool:
    folded = label.casefold()
    if folded in _FILES and not has_path:
        return False
    return folded in _ZONES or has_path or (label.isascii() and (label.islower() or len(label) == 2))
