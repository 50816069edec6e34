"""Which terms carry the talk, and how much each unit says of what matters."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from omni.analysis.signals import Values, ranks
from omni.analysis.terms import Terms

_DAMPING = 0.85
"""Of PageRank, as in TextRank and LexRank (Mihalcea & Tarau 2004; Erkan & Radev 2004)."""
_ROUNDS = 20
"""Power iterations: the order of the ranks no longer changes after about a dozen."""
_CENTRAL = 0.65
"""Share of centrality in salience; the rest is how locally a unit's terms cluster (a passage *about* something)."""

_OFTEN = 0.8
"""How much saying a word again makes it a theme: below 1, so that the commonest word doesn't drown the others."""


@dataclass(frozen=True)
class Salience:
    """``themes``: how much each stem stands for the talk; ``units``: salience of each unit as a rank, 0–1."""

    themes: dict[str, float]
    units: Values


def weigh(terms: Sequence[Terms], things: Mapping[str, float]) -> Salience:
    """Return the salience of stems and units; ``terms`` are the content stems of each unit, in time order.

    ``things`` tells how often a stem names a thing (0–1, 1 when missing): a talk's themes are nouns.
    """
    frequency = Counter(stem for unit in terms for stem in unit)
    spread = Counter(stem for unit in terms for stem in set(unit))
    weights = {
        stem: (1 + log(n)) * log(1 + len(terms) / spread[stem]) if n > 1 else 0.5 * log(1 + len(terms))
        for stem, n in frequency.items()
    }
    central = ranks(_centrality(terms, weights))
    local = ranks(_locality(terms, frequency))
    themes = {
        stem: n**_OFTEN * log(1 + len(terms) / n) * (0.5 + 0.5 * things.get(stem, 1.0)) for stem, n in spread.items()
    }
    return Salience(themes, ranks(_CENTRAL * central + (1 - _CENTRAL) * local))


def _centrality(terms: Sequence[Terms], weights: dict[str, float]) -> Values:
    """LexRank on the bipartite graph of units and stems: the same ranks as on the unit graph, without its n² edges."""
    index = {stem: i for i, stem in enumerate(weights)}
    pairs = [(row, index[stem], weights[stem]) for row, unit in enumerate(terms) for stem in dict.fromkeys(unit)]
    if not pairs:
        return np.zeros(len(terms))
    rows, columns = (np.array([p[k] for p in pairs], dtype=np.int64) for k in (0, 1))
    values = np.array([p[2] for p in pairs])
    norm = np.sqrt(np.bincount(rows, values**2, len(terms)))
    values = values / np.maximum(norm, 1.0)[rows]
    rank: Values = np.full(len(terms), 1 / len(terms))
    for _ in range(_ROUNDS):
        stems = np.bincount(columns, values * rank[rows], len(index))
        new: Values = np.bincount(rows, values * stems[columns], len(terms)).astype(np.float64)
        rank = (1 - _DAMPING) / len(terms) + new * (_DAMPING / max(float(new.sum()), 1e-12))
    return rank


def _locality(terms: Sequence[Terms], frequency: Counter[str]) -> Values:
    """Mean, over a unit's stems, of how many of their occurrences lie within a few units of it."""
    places: dict[str, list[int]] = {}
    for row, unit in enumerate(terms):
        for stem in unit:
            places.setdefault(stem, []).append(row)
    reach = max(3, len(terms) // 40)
    values = np.zeros(len(terms))
    for row, unit in enumerate(terms):
        stems = [s for s in dict.fromkeys(unit) if frequency[s] > 1]
        near = [sum(abs(p - row) <= reach for p in _around(places[s], row)) / frequency[s] for s in stems]
        values[row] = sum(near) / (len(unit) + 2) if near else 0.0
    return values


def _around(places: Sequence[int], row: int) -> Sequence[int]:
    """Return the occurrences that can be near: all of a rare stem, a sample of a stem that is everywhere anyway."""
    if len(places) <= 64:
        return places
    i = int(np.searchsorted(places, row))
    return places[max(0, i - 32) : i + 32]
