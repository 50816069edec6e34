"""The traits of what was kept: how a clip opens, how long it is, what it is about, how its posts are written."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from omni.lessons import Trait, band_of, hooks_of, styles_of
from omni.ports import MemoryRecord

_TOPICS = 40
"""Words asked about, the commonest: each further question makes chance likelier, so all must then be surer."""
_SHORTEST_TOPIC = 4
"""Bytes of UTF-8: shorter words are mostly grammar, and two Han signs or two Cyrillic letters pass."""
_ROOT = 6
"""Characters that the forms of a word share, as in ``omni.analysis.terms``."""


def traits_of(clip: MemoryRecord) -> frozenset[Trait]:
    """Return how a clip opens and how long it is; a clip kept without its evidence has no known hook."""
    evidence = clip.payload.get("evidence")
    found = set[Trait]()
    if isinstance(evidence, dict):
        found |= hooks_of({kind: weight for kind, weight in evidence.items() if isinstance(weight, int | float)})
    length = clip.span.length if clip.span else clip.payload.get("length")
    if isinstance(length, int | float):
        found.add(band_of(length))
    return frozenset(found)


def post_traits(post: MemoryRecord) -> frozenset[Trait]:
    """Return the styles of a post."""
    tags = post.payload.get("hashtags")
    return styles_of(post.text, [str(tag) for tag in tags] if isinstance(tags, list) else [])


def topics_of(clips: Mapping[str, MemoryRecord]) -> dict[str, frozenset[Trait]]:
    """Return what each clip is about: the workspace's commonest subject words that it holds, each in its commonest form."""
    forms: dict[str, Counter[str]] = {}
    held = {clip_id: _roots(_subjects(clip), forms) for clip_id, clip in clips.items()}
    counts = Counter(root for roots in held.values() for root in roots)
    common = sorted(counts, key=lambda root: (-counts[root], root))[:_TOPICS]
    names = {root: min(forms[root], key=lambda form: (-forms[root][form], form)) for root in common}
    return {
        clip_id: frozenset(Trait("topic", names[root]) for root in roots if root in names)
        for clip_id, roots in held.items()
    }


def _subjects(clip: MemoryRecord) -> str:
    """Return the words that name a clip's subject: its keywords, or its title where it was kept without."""
    keywords = clip.payload.get("keywords")
    return " ".join(map(str, keywords)) if isinstance(keywords, list) else clip.title


def _roots(text: str, forms: dict[str, Counter[str]]) -> frozenset[str]:
    """Return the roots of a text's words, and count the forms in which they stand."""
    found: set[str] = set()
    for word in folded_words(text):
        if len(word.encode()) >= _SHORTEST_TOPIC and not word.isdigit():
            root = word[:_ROOT]
            forms.setdefault(root, Counter())[word] += 1
            found.add(root)
    return frozenset(found)


def folded_words(text: str) -> list[str]:
    """Return the words of a text without case and punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in folded).split()


def by_id(records: Iterable[MemoryRecord], kind: str) -> dict[str, MemoryRecord]:
    """Return the records of one kind by their ids."""
    return {record.id: record for record in records if record.kind == kind}
