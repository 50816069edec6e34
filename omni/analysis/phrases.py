"""Words for the whole: key phrases, topic, key sentences, and titles that are really said in the talk."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from omni.analysis.lexicon import Lexicon
from omni.analysis.material import Material
from omni.analysis.signals import varies
from omni.analysis.terms import bare, tokenize
from omni.analysis.traits import content_stems

TITLE_LIMIT = 100
"""Characters: YouTube's limit, and the contract's."""
_KEYWORDS = 10
_UNKNOWN_SHORTEST = 3
"""Letters: in an unknown language shorter words are mostly grammar."""
_HANDSOME = (18, 70)
"""Characters of a title that is read at a glance."""
_CLAUSE = re.compile(r"[,;:–—](?=\s)")


def key_phrases(material: Material) -> tuple[str, ...]:
    """Return the words and pairs of words that carry the talk, weightiest first."""
    weights, surface = material.salience.themes, material.surface
    least = 2 if material.timeline.lexicon.link else _UNKNOWN_SHORTEST
    ranked = [
        ((weights[a] + weights[b]) * 0.8, text, frozenset((a, b)))
        for (a, b), text in _pairs(material).items()
        if a in weights and b in weights and min(len(a), len(b)) > least
    ]
    ranked += [(w, surface[s], frozenset((s,))) for s, w in weights.items() if len(surface.get(s, "")) > least]
    chosen: list[str] = []
    covered: set[str] = set()
    for _, text, stems in sorted(ranked, key=lambda r: (-r[0], r[1])):
        if len(chosen) < _KEYWORDS and not stems & covered:
            chosen.append(text)
            covered |= stems
    return tuple(chosen)


def key_sentences(material: Material) -> tuple[str, ...]:
    """Return the sentences that carry the talk, in the order they are said: 3 to 8 of them, a few words long at least."""
    count = max(3, min(8, round(material.timeline.duration / 60)))
    fit = [i for i, t in enumerate(material.traits) if 6 <= t.words <= 45 and not t.polite and not t.asks]
    ranked = sorted(fit, key=lambda i: (material.units[i].leans, -float(material.salience.units[i]), i))
    ranked.sort(key=lambda i: -float(material.salience.units[i]) + 0.15 * material.units[i].leans)
    chosen = _unlike(ranked, material, count)
    return tuple(material.units[i].text for i in sorted(chosen))


def talk_titles(material: Material) -> tuple[str, ...]:
    """Return three to five titles: the strongest short sentences of the talk, best first, else the source's own title."""
    ranked = sorted(range(len(material.units)), key=lambda i: (-_appeal(i, material), i))
    titles = [headline(material.units[i].text, material.timeline.lexicon) for i in _unlike(ranked, material, 5)]
    titles += list(_spare_titles(material))[: max(0, 3 - len(titles))]
    return tuple(dict.fromkeys(t for t in titles if t)) or ("Untitled",)


def _spare_titles(material: Material) -> Iterator[str]:
    """Yield titles from the file's name and what is heard and seen, for a source that says too little."""
    source = headline(material.dossier.source.title, material.timeline.lexicon) or "Untitled"
    phrases = key_phrases(material)
    yield source
    if phrases:
        yield headline(f"{source}: {', '.join(phrases[:3])}", material.timeline.lexicon)
    if varies(material.signals.energy):
        yield headline(f"{source}: the loudest moments", material.timeline.lexicon)
    if varies(material.signals.motion):
        yield headline(f"{source}: where it moves most", material.timeline.lexicon)
    yield headline(f"The best of {source}", material.timeline.lexicon)


def clip_title(first: int, last: int, material: Material, taken: Iterable[str]) -> str:
    """Return the strongest sentence of ``units[first:last]`` as a title that no other clip has."""
    lexicon, used = material.timeline.lexicon, set(taken)
    ranked = sorted(range(first, last), key=lambda i: (-_appeal(i, material), i))
    titles = (headline(material.units[i].text, lexicon) for i in ranked)
    return next((t for t in titles if t and t not in used), "")


def headline(text: str, lexicon: Lexicon) -> str:
    """Return a sentence as a title: without a leading connective or a full stop, cut between words at 100 characters."""
    words = text.split()
    while len(words) > 4 and lexicon.opens_with(words[0], lexicon.link):
        words = words[1:]
    plain = "".join(c for c in " ".join(words) if c.isprintable()).strip(' "“”«»,;:–—-')
    return _capped(_within(plain).rstrip(".。।,;: "))


def _within(text: str) -> str:
    if len(text) <= TITLE_LIMIT:
        return text
    clauses = [m.start() for m in _CLAUSE.finditer(text) if _HANDSOME[0] <= m.start() <= TITLE_LIMIT]
    if clauses:
        return text[: clauses[-1]]
    head = text[: TITLE_LIMIT - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;:–—-") + "…"


def _capped(text: str) -> str:
    return text[:1].upper() + text[1:] if text[:1].islower() and len(text[:1].upper()) == 1 else text


def _appeal(index: int, material: Material) -> float:
    """Return how well a unit would do as a title."""
    unit, traits = material.units[index], material.traits[index]
    pointing = material.timeline.lexicon.opens_with(unit.text, material.timeline.lexicon.point)
    worth = 1.2 * float(material.salience.units[index])
    worth += 0.5 * traits.asks + 0.4 * bool(traits.strong) + 0.3 * bool(traits.numbers) + 0.3 * traits.turns
    worth += 0.2 * bool(traits.you) - 0.6 * pointing - 0.2 * (unit.leans and not pointing) - 1.5 * bool(traits.polite)
    worth -= 0.8 * (not unit.opens or not unit.closes) + 0.6 * (len(traits.terms) < 2)
    size = len(unit.text)
    short, long = _HANDSOME
    return worth - max(0.0, (short - size) / short) - max(0.0, min(1.5, (size - long) / 40))


def _unlike(ranked: Sequence[int], material: Material, count: int) -> list[int]:
    """Return the first ``count`` units of a ranking of which no two share half their content."""
    chosen: list[int] = []
    for i in ranked:
        stems = set(material.traits[i].terms)
        if not stems:
            continue
        others = (set(material.traits[j].terms) for j in chosen)
        if all(len(stems & o) < 0.5 * min(len(stems), len(o)) for o in others):
            chosen.append(i)
        if len(chosen) == count:
            break
    return chosen


def _pairs(material: Material) -> dict[tuple[str, str], str]:
    """Return the stems of neighbouring content words that are said more than once, with their commonest wording."""
    forms: dict[tuple[str, str], Counter[str]] = {}
    lexicon = material.timeline.lexicon
    for unit in material.units:
        for a, b in pairwise(material.timeline.words[unit.first : unit.last]):
            one, two = tokenize(a.text), tokenize(b.text)
            stems = content_stems((*one, *two), lexicon)
            if len(one) == len(two) == 1 and len(stems) == 2 and stems[0] != stems[1] and a.text[-1:].isalnum():
                forms.setdefault((stems[0], stems[1]), Counter())[f"{bare(a.text)} {bare(b.text)}"] += 1
    said = {pair: counts for pair, counts in forms.items() if counts.total() > 1}
    return {pair: min(counts, key=lambda t: (-counts[t], t != t.lower(), t)) for pair, counts in said.items()}
