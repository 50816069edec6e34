"""How long a death went unseen, and how long until the work went on; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.chaos.clients import FINAL
from bench.chaos.history import Event, of

ANSWERING = frozenset({"api", "prefect"})
"""Parts that are back when they answer, not when they have a process."""


@dataclass(frozen=True)
class Recovery:
    """Of one kill: seconds until it was seen from outside, and until the work went on; None: never."""

    target: str
    at: float
    run: str
    visible: float | None
    resumed: float | None


def recoveries(events: Sequence[Event]) -> list[Recovery]:
    """Return what came of each kill; an FFmpeg process is a part of its run's, and has no recovery of its own."""
    kills = [event for event in of(events, "kill") if event.facts["target"] != "ffmpeg"]
    return [_of_run(kill, events) if kill.facts["target"] == "flow" else _of_part(kill, events) for kill in kills]


def _of_run(kill: Event, events: Sequence[Event]) -> Recovery:
    run, pid = str(kill.facts["run"]), kill.facts["pid"]
    told = [event for event in of(events, "status", job=run) if event.facts.get("code") == 200]
    visible = _first(kill.at, (e for e in told if e.facts["note"] or e.facts["status"] in FINAL))
    ended = _first(kill.at, (e for e in told if e.facts["status"] in FINAL))
    works = (e for e in of(events, "engines") if any(r == run and p != pid and h for r, p, h in e.facts["alive"]))
    resumed = _first(kill.at, works)
    went_on = min((t for t in (resumed, ended) if t is not None), default=None)
    seen = min((t for t in (visible, went_on) if t is not None), default=None)
    return Recovery("flow", kill.at, run, seen, went_on)


def _of_part(kill: Event, events: Sequence[Event]) -> Recovery:
    target, pid = str(kill.facts["target"]), kill.facts["pid"]
    parts = of(events, "parts")
    if target == "supervisor":
        back = _first(kill.at, _after_absence(kill.at, parts))
    else:
        back = _first(kill.at, (e for e in parts if _is_back(e, target, pid)))
    return Recovery(target, kill.at, "", back, back)


def _is_back(event: Event, target: str, pid: int) -> bool:
    pids = event.facts.get(target, [])
    is_there = bool(pids) and pid not in pids
    return is_there and (target not in ANSWERING or event.facts["answers"][target])


def _after_absence(at: float, parts: list[Event]) -> Iterable[Event]:
    """Yield the moments at which the API answers again after it had stopped to."""
    silent = False
    for event in parts:
        if event.at > at:
            silent = silent or not event.facts["answers"]["api"]
            if silent and event.facts["answers"]["api"]:
                yield event


def _first(after: float, events: Iterable[Event]) -> float | None:
    return next((round(event.at - after, 2) for event in events if event.begun >= after), None)
