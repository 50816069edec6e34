"""What came of it, for people and as figures."""

from collections import Counter
from collections.abc import Sequence
from statistics import median

from bench.chaos.checker import VISIBLE_SECONDS, Facts, Violation, accepted
from bench.chaos.history import Event, of
from bench.chaos.recovery import recoveries
from bench.figures import Figure, at_most


def tell(events: Sequence[Event], facts: Facts, found: list[Violation]) -> None:
    """Print counts, times, ends and violations."""
    kills = Counter(str(event.facts["target"]) for event in of(events, "kill"))
    print(
        f"\nkills: {kills.total()}; SIGTERM of the stack: {len(of(events, 'term'))}; frozen: {len(of(events, 'freeze'))}"
    )
    seen = recoveries(events)
    print(f"  {'killed':<16}{'times':>6}   {'seen after, s':>16}   {'back after, s':>16}    (median, most)")
    for target, count in kills.most_common():
        ours = [one for one in seen if one.target == target]
        visible, resumed = _span([one.visible for one in ours]), _span([one.resumed for one in ours])
        print(f"  {target:<16}{count:>6}   {visible:>16}   {resumed:>16}")
    ends = Counter(str(told["status"]) for told in facts.final.values())
    requests = Counter(event.kind for event in of(events, "submit", "status", "cancel", "retry", "upload"))
    lost = sum(event.facts.get("code") is None for event in of(events, "submit", "status", "cancel", "retry", "upload"))
    print(f"jobs: {len(accepted(events))}; ends: {dict(ends)}")
    print(f"requests: {dict(requests)}, {lost} answers lost; stream connections: {_connections(events)}")
    judged = {event.facts["job"] for event in of(events, "said")}
    print(
        f"reviews: {len(of(events, 'said'))} verdicts on {len(judged)} jobs, {len(facts.taught)} of them told to the memory"
    )
    print(f"webhooks received: {len(of(events, 'hook'))}; half-written files for the next sweep: {facts.swept}")
    for told in facts.final.values():
        if told["status"] == "FAILED":
            print(f"  FAILED {told['job_id']}: {told['error']['code']}: {told['error']['cause']}")
    for one in found:
        print(f"VIOLATION {one.invariant} {one.job} {one.what}")
    print(f"violations: {len(found)}")


def figures(events: Sequence[Event], found: list[Violation], wanted: int) -> list[Figure]:
    """Return the figures with their bars."""
    kills = len(of(events, "kill"))
    visible = [one.visible for one in recoveries(events) if one.visible is not None]
    return [
        Figure("chaos: kills", kills, "kills", f">= {wanted}", kills >= wanted),
        at_most("chaos: violations of the invariants", len(found), 0, "found"),
        at_most("chaos: a death is seen after, at most", max(visible, default=0.0), VISIBLE_SECONDS, "s"),
    ]


def _connections(events: Sequence[Event]) -> int:
    return sum(event.facts["event"] == "open" for event in of(events, "sse"))


def _span(values: list[float | None]) -> str:
    known = [value for value in values if value is not None]
    if not values:
        return "–"
    never = f" (+{len(values) - len(known)} never)" if len(known) < len(values) else ""
    return f"{median(known):.1f}, {max(known):.1f}{never}" if known else "never"
