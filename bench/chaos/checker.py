"""The invariants: history and final facts → violations; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.chaos.clients import FINAL, ORDER
from bench.chaos.history import Event, of
from bench.chaos.recovery import recoveries

VISIBLE_SECONDS = 120.0
"""TARGETS.md §4.3."""
EVENTS = {"COMPLETED": "job.completed", "FAILED": "job.failed", "CANCELLED": "job.cancelled"}
TRUE = frozenset({"crashed", "media_tool_failed", "media_tool_timed_out", "orchestrator_failed"})
"""What may be said of a job here: its sources are sound, so that only kills, again and again, can have failed it."""
REDONE_ANYWAY = frozenset({"ingest", "deliver", "remember"})
"""Stages that every process of a run does: they look at the world as it is now, and take a moment."""


@dataclass(frozen=True)
class Facts:
    """What is left at the end."""

    runs: tuple[str, ...]
    """Every run of the deployment, by Prefect's own list."""
    final: dict[str, dict[str, Any]]
    """The last answer about each job."""
    broken: tuple[str, ...] = ()
    """Files that a completed job lacks, or that can't be opened."""
    leftovers: tuple[str, ...] = ()
    """Processes that nobody owns, and half-written files that no sweep finds."""
    swept: int = 0
    """Half-written files that the reconciler's next sweep deletes."""
    taught: frozenset[str] = frozenset()
    """Jobs of which the memory was told, after they had ended, what people decided."""
    executed: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Stages that really were done, not taken from the cache, by the log of each run."""


@dataclass(frozen=True)
class Violation:
    """What must not be, and was."""

    invariant: str
    job: str
    what: str


def check(events: Sequence[Event], facts: Facts) -> list[Violation]:
    """Return everything that is wrong, by invariant."""
    jobs = accepted(events)
    found = [*_orders(events, jobs, facts), *_ends(jobs, facts), *_remains(facts), *_work(events, facts)]
    for job in jobs:
        seen = [event for event in of(events, "status", job=job) if event.facts.get("code") == 200]
        found += _order_of(job, seen, of(events, "retry", job=job))
        found += _heard(job, of(events, "sse", job=job), facts)
        found += _told(job, events, facts)
        found += _decided(job, of(events, "said", job=job), facts)
    return [*found, *_seen_deaths(events), *_stack(events)]


def accepted(events: Iterable[Event]) -> list[str]:
    """Return the ids that the API promised to make."""
    answers = (event.facts for event in events if event.kind == "submit" and event.facts.get("code") == 202)
    return list(dict.fromkeys(str(facts["job"]) for facts in answers))


def _orders(events: Sequence[Event], jobs: list[str], facts: Facts) -> Iterable[Violation]:
    """I1: what was accepted is there. I2: one run a key."""
    by_key: dict[str, set[str]] = defaultdict(set)
    for event in of(events, "submit"):
        code, job = event.facts.get("code"), str(event.facts.get("job"))
        if code == 202:
            by_key[str(event.facts["key"])].add(job)
        elif code is not None and code < 500:
            yield Violation("I1", job, f"an order was refused: {code} {event.facts.get('why')}")
    for key, ids in by_key.items():
        if len(ids) > 1:
            yield Violation("I2", ", ".join(sorted(ids)), f"one key, {len(ids)} jobs: {key}")
    for run in sorted(set(facts.runs) - set(jobs)):
        yield Violation("I2", run, "a run that no accepted order knows")
    for job in jobs:
        if job not in facts.final:
            yield Violation("I1", job, "it can't be read any more")
        elif facts.final[job]["status"] not in FINAL:
            yield Violation("I1", job, f"it never ended: {facts.final[job]['status']}, {facts.final[job].get('note')}")


def _ends(jobs: list[str], facts: Facts) -> Iterable[Violation]:
    """I5: an end is true."""
    for job in jobs:
        told = facts.final.get(job, {})
        error: dict[str, Any] = told.get("error") or {}
        if told.get("status") == "FAILED" and (error.get("code") not in TRUE or not error.get("next_step")):
            yield Violation("I5", job, f"FAILED without a true cause: {error.get('code')}: {error.get('cause')}")
    for what in facts.broken:
        yield Violation("I5", "", what)


def _remains(facts: Facts) -> Iterable[Violation]:
    """I6: nothing is left behind."""
    for what in facts.leftovers:
        yield Violation("I6", "", what)


def _order_of(job: str, seen: list[Event], retries: list[Event]) -> Iterable[Violation]:
    """I3: a status never goes back, an end stays. I4: nor does progress within an attempt."""
    before: list[Event] = []
    told: set[str] = set()
    reopened = 0
    for event in seen:
        earlier = [one for one in before if one.at <= event.begun]
        before.append(event)
        last = max(earlier, key=lambda one: one.at, default=None)
        if last is None:
            continue
        now, then = event.facts, last.facts
        if then["status"] in FINAL and now["status"] != then["status"]:
            reopened += 1
            if reopened > len([retry for retry in retries if retry.begun <= event.at]):
                yield Violation("I3", job, f"{then['status']} became {now['status']} at {event.at}, and nobody asked")
        furthest = [one.facts for one in earlier if one.facts["attempt"] == now["attempt"]]
        for one in _compared(job, event, [one for one in furthest if one["status"] not in FINAL]):
            if one.invariant not in told:  # the first is enough: what follows it is behind too
                told.add(one.invariant)
                yield one
        if now["attempt"] < then["attempt"]:
            yield Violation("I3", job, f"attempt {then['attempt']} became {now['attempt']}")


def _compared(job: str, event: Event, earlier: list[dict[str, Any]]) -> Iterable[Violation]:
    now = event.facts
    if now["status"] in FINAL:
        return
    for one in earlier:
        if ORDER.index(now["status"]) < ORDER.index(one["status"]):
            yield Violation("I3", job, f"{one['status']} went back to {now['status']} at {event.at}")
            return
        if now["progress"] < one["progress"]:
            yield Violation("I4", job, f"progress {one['progress']} went back to {now['progress']} at {event.at}")
            return


def _work(events: Sequence[Event], facts: Facts) -> Iterable[Violation]:
    """I7: what was done is not done again. I8: nobody works on a run while another does."""
    judged = {str(event.facts["job"]) for event in of(events, "script") if event.facts.get("reviews")}
    for run, stages in facts.executed.items():
        for stage, count in Counter(stages).items():
            drafted = run in judged and stage.startswith("render")  # once as a draft, once in full
            if count > 1 + drafted and stage not in REDONE_ANYWAY:
                yield Violation("I7", run, f"{stage} was done {count} times")
    worked: dict[str, set[int]] = defaultdict(set)
    for event in of(events, "engines"):
        alive: dict[str, set[int]] = defaultdict(set)
        for run, pid, holds in event.facts["alive"]:
            alive[run].add(pid)
            if holds:
                worked[run].add(pid)
        for run, pids in alive.items():
            if len(both := pids & worked[run]) > 1:
                yield Violation("I8", run, f"processes {sorted(both)} have worked on it and live at {event.at}")


def _heard(job: str, heard: list[Event], facts: Facts) -> Iterable[Violation]:
    """I9: a listener that comes back misses no clip and no end."""
    told = facts.final.get(job, {})
    if not heard or told.get("status") not in FINAL:
        return
    last = max(int(event.facts["round"]) for event in heard)
    kinds = [event for event in heard if event.facts["round"] == last]
    if not any(event.facts["event"] == "done" for event in kinds):
        yield Violation("I9", job, "its end was never told to a listener")
    elif told["status"] == "COMPLETED":
        clips = {clip["number"] for clip in told.get("clips", ())}
        missing = clips - {event.facts.get("number") for event in kinds if event.facts["event"] == "clip"}
        if missing:
            yield Violation("I9", job, f"clips {sorted(missing)} were never told to a listener")


def _told(job: str, events: Sequence[Event], facts: Facts) -> Iterable[Violation]:
    """I10: each end is told, signed, under one id."""
    wanted = any(event.facts.get("webhook") for event in of(events, "script", job=job))
    hooks = of(events, "hook", job=job)
    status = facts.final.get(job, {}).get("status", "")
    if not wanted or status not in FINAL:
        return
    if not any(hook.facts["status"] == 200 and hook.facts["event"] == EVENTS[status] for hook in hooks):
        yield Violation("I10", job, f"nobody was told that it is {status}")
    ends = {hook.facts["delivery"] for hook in hooks}
    if len(ends) > 1 + len(of(events, "retry", job=job)):
        yield Violation("I10", job, f"its end was told under {len(ends)} ids")
    if unsigned := [hook for hook in hooks if not hook.facts["signed"]]:
        yield Violation("I10", job, f"{len(unsigned)} deliveries without a valid signature")


def _decided(job: str, said: list[Event], facts: Facts) -> Iterable[Violation]:
    """I13: what a person decided stands, is carried out, and is a lesson whatever comes of the job."""
    told = facts.final.get(job, {})
    clips = {clip["number"]: clip for clip in told.get("clips", ())}
    for event in said:
        clip, verdict = event.facts["clip"], event.facts["verdict"]
        stands = clips.get(clip, {}).get("decision") or {}
        if stands.get("verdict") != verdict:
            yield Violation("I13", job, f"clip {clip} was {verdict} at {event.at}, and is {stands.get('verdict')}")
        elif told.get("status") == "COMPLETED" and (clips[clip]["state"] == "rendered") != (verdict == "approved"):
            yield Violation("I13", job, f"clip {clip} was {verdict}, and is {clips[clip]['state']}")
    if said and told.get("status") in {"CANCELLED", "FAILED"} and job not in facts.taught:
        yield Violation("I13", job, f"it is {told['status']}, and the memory never heard what people had decided")


def _seen_deaths(events: Sequence[Event]) -> Iterable[Violation]:
    """I11: a death is seen."""
    for one in recoveries(events):
        if one.visible is None or one.visible > VISIBLE_SECONDS:
            after = "never" if one.visible is None else f"after {one.visible:.0f} s"
            yield Violation("I11", one.run, f"the death of {one.target} at {one.at:.0f} was seen {after}")


def _stack(events: Sequence[Event]) -> Iterable[Violation]:
    """I12: the stack never gives up by itself, and ends when it is asked to."""
    for event in of(events, "gave up"):
        yield Violation("I12", "", f"omni serve ended by itself with {event.facts['code']} at {event.at:.0f}")
    for event in of(events, "term"):
        if not event.facts["in_time"] or event.facts["left"]:
            yield Violation("I12", "", f"SIGTERM at {event.at:.0f} left {event.facts['left'] or 'the supervisor'}")
