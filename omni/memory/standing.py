"""How a clip did against the workspace's others: figures of like age on one platform, robustly standardised."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import log, log1p
from statistics import median

import numpy as np
from numpy.typing import NDArray

from omni.contracts import Platform
from omni.outcomes import ClipOutcome, Outcome
from omni.ports import MemoryRecord

_FEWEST = 5
"""Clips with a figure on a platform: among fewer there is no usual one."""
_FEWEST_FOR_SLOPE = 8
_SLOPE_CLIPS = 300
"""The newest: 45,000 pairs, 2 ms."""
_FARTHEST = 3.0
"""Standard deviations at which a figure stops counting for more: one viral clip teaches no more than a very good one."""
_NORMAL = 1.4826
"""Median absolute deviation to standard deviation, for a normal distribution."""
_VIEWS, _RESPONSE, _WATCHED = 2.0, 1.0, 1.0
"""Weights: views are what the others are shares of."""
_PRIOR_VIEWS = 100.0
"""Views at the usual rate that every clip is credited with: a like of one view is no rate."""
_VERDICT = 2.0
"""Weight of a person's verdict; one platform's figures are 1."""
_LOOPED = 2.0
"""Share of its length at which more watching counts no more."""
_RESPONSES = ("likes", "comments", "saves", "shares")


@dataclass(frozen=True)
class Standing:
    """What came of one clip. Numbers are standard deviations from the workspace's usual, ``None`` without any."""

    strategy_id: str
    newest: date
    merit: float | None = None
    by_platform: dict[Platform, float] = field(default_factory=dict[Platform, float])
    growth: float | None = None
    """Natural logarithm of its views to the usual ones of its age, over its platforms."""
    figures: dict[Platform, Outcome] = field(default_factory=dict[Platform, Outcome])
    verdict: Outcome | None = None


def standings(clips: Mapping[str, MemoryRecord], told: Iterable[ClipOutcome]) -> dict[str, Standing]:
    """Return the standing of each clip that something is told of, by the id of its record."""
    newest: dict[str, dict[Platform | None, ClipOutcome]] = defaultdict(dict)
    for each in sorted(told, key=lambda one: one.outcome.on):  # one a day: the memory keeps no two
        newest[each.clip_id][each.outcome.platform] = each
    by_platform: dict[Platform, list[_Row]] = defaultdict(list)
    for clip_id, places in newest.items():
        for platform, each in places.items():
            if platform is not None:
                by_platform[platform].append(_row(clip_id, each, clips.get(clip_id)))
    scores = {platform: _scores(rows) for platform, rows in sorted(by_platform.items())}
    verdicts = _verdicts({clip_id: places[None].outcome for clip_id, places in newest.items() if None in places})
    return {clip_id: _standing(clip_id, newest[clip_id], scores, verdicts) for clip_id in sorted(newest)}


@dataclass(frozen=True)
class _Row:
    """The newest figures of a clip on one platform. ``age`` in days at measurement, ``made`` as a day's number."""

    clip_id: str
    outcome: Outcome
    age: int
    made: int
    seconds: float | None


@dataclass(frozen=True)
class _Score:
    merit: float
    growth: float | None


def _row(clip_id: str, told: ClipOutcome, clip: MemoryRecord | None) -> _Row:
    made = clip.created_at.date() if clip and clip.created_at else told.outcome.on
    made = min(made, told.outcome.on)
    seconds = clip.span.length if clip and clip.span else None
    return _Row(clip_id, told.outcome, (told.outcome.on - made).days, made.toordinal(), seconds)


def _scores(rows: Sequence[_Row]) -> dict[str, _Score]:
    """Return what each clip's figures on one platform are worth against the others'."""
    viewed = [row for row in rows if row.outcome.views is not None]
    growth = _growth(viewed)
    views = _standardised(growth, least=0.25)
    response = _response(viewed)
    watched = {row.clip_id: share for row in rows if (share := _share(row)) is not None}
    parts = ((_VIEWS, views), (_RESPONSE, response), (_WATCHED, _standardised(watched, least=0.05)))
    found: dict[str, _Score] = {}
    for row in rows:
        known = [(weight, part[row.clip_id]) for weight, part in parts if row.clip_id in part]
        if known:
            merit = sum(weight * value for weight, value in known) / sum(weight for weight, _ in known)
            found[row.clip_id] = _Score(merit, growth.get(row.clip_id) if row.clip_id in views else None)
    return found


def _growth(rows: Sequence[_Row]) -> dict[str, float]:
    """Return the logarithm of each clip's views without what its age at measurement and the channel's growth explain."""
    values = np.array([log1p(row.outcome.views or 0) for row in rows])
    ages = np.array([log1p(row.age) for row in rows])
    made = np.array([float(row.made) for row in rows])
    for axis, bounds in ((ages, (0.0, 1.5)), (made, (-0.05, 0.05))):
        values = values - np.clip(_slope(axis, values, made), *bounds) * axis
    centre = float(np.median(values)) if len(values) else 0.0
    return {row.clip_id: float(value) - centre for row, value in zip(rows, values, strict=True)}


def _slope(axis: NDArray[np.float64], values: NDArray[np.float64], made: NDArray[np.float64]) -> float:
    """Return the median slope over all pairs (Theil 1950, Sen 1968), 0 where too few clips tell: one viral clip bends no line."""
    if len(axis) < _FEWEST_FOR_SLOPE:
        return 0.0
    newest = np.lexsort((values, axis, -made))[:_SLOPE_CLIPS]
    first, second = np.triu_indices(len(newest), k=1)
    x, y = axis[newest], values[newest]
    run = x[second] - x[first]
    apart = np.abs(run) > 1e-9
    if int(apart.sum()) < _FEWEST_FOR_SLOPE:
        return 0.0
    return float(np.median((y[second] - y[first])[apart] / run[apart]))


def _response(rows: Sequence[_Row]) -> dict[str, float]:
    """Return how viewers responded: the mean over likes, comments, saves and shares, each a share of the views."""
    told: dict[str, list[float]] = defaultdict(list)
    for name in _RESPONSES:
        counts = {row.clip_id: (getattr(row.outcome, name), row.outcome.views or 0) for row in rows}
        given = {clip_id: pair for clip_id, pair in counts.items() if pair[0] is not None and pair[1]}
        usual = median(count / views for count, views in given.values()) if given else 0.0
        credit = max(1.0, _PRIOR_VIEWS * usual)
        rates = {clip: log((count + credit) / (views + _PRIOR_VIEWS)) for clip, (count, views) in given.items()}
        for clip_id, value in _standardised(rates, least=0.1).items():
            told[clip_id].append(value)
    return {clip_id: sum(values) / len(values) for clip_id, values in told.items()}


def _share(row: _Row) -> float | None:
    watched = row.outcome.watch_seconds
    return min(_LOOPED, watched / row.seconds) if watched is not None and row.seconds else None


def _standardised(values: Mapping[str, float], least: float) -> dict[str, float]:
    """Return values as deviations from their median; ``least`` is the smallest deviation that means anything."""
    if len(values) < _FEWEST:
        return {}
    centre = median(values.values())
    spread = max(least, _NORMAL * median(abs(value - centre) for value in values.values()))
    return {key: max(-_FARTHEST, min(_FARTHEST, (value - centre) / spread)) for key, value in values.items()}


def _verdicts(told: Mapping[str, Outcome]) -> dict[str, float]:
    """Return each verdict as a deviation from this workspace's usual one: a rejection says much where most is approved."""
    approved = sum(outcome.verdict == "approved" for outcome in told.values())
    share = (approved + 1) / (len(told) + 2)
    spread = (share * (1 - share)) ** 0.5
    return {
        clip_id: max(-_FARTHEST, min(_FARTHEST, ((outcome.verdict == "approved") - share) / spread))
        for clip_id, outcome in told.items()
    }


def _standing(
    clip_id: str,
    places: Mapping[Platform | None, ClipOutcome],
    scores: Mapping[Platform, Mapping[str, _Score]],
    verdicts: Mapping[str, float],
) -> Standing:
    mine = {platform: score[clip_id] for platform, score in scores.items() if clip_id in score}
    parts = [(1.0, score.merit) for score in mine.values()]
    parts += [(_VERDICT, verdicts[clip_id])] if clip_id in verdicts else []
    grown = [score.growth for score in mine.values() if score.growth is not None]
    verdict = places.get(None)
    return Standing(
        strategy_id=next(iter(places.values())).strategy_id,
        newest=max(each.outcome.on for each in places.values()),
        merit=_mean(parts),
        by_platform={platform: score.merit for platform, score in mine.items()},
        growth=_mean([(1.0, value) for value in grown]),
        figures={
            platform: each.outcome
            for platform, each in sorted(places.items(), key=lambda one: one[0] or "")
            if platform
        },
        verdict=verdict.outcome if verdict else None,
    )


def _mean(parts: Sequence[tuple[float, float]]) -> float | None:
    return sum(weight * value for weight, value in parts) / sum(weight for weight, _ in parts) if parts else None
