"""Each invariant of ``make chaos`` sees what is planted, and nothing where all is well."""

from typing import Any

import pytest

from bench.chaos.checker import Facts, check
from bench.chaos.evidence import executed
from bench.chaos.history import Event
from bench.chaos.nemesis import SHARES, plan
from bench.chaos.recovery import recoveries

JOB, TWIN = "11111111-job", "22222222-job"


def submitted(at: float, key: str = "k", job: str = JOB, code: int | None = 202) -> Event:
    return Event(at, "submit", {"begun": at - 0.1, "key": key, "job": job, "code": code})


def seen(at: float, status: str, progress: float = 0.0, attempt: int = 1, **facts: Any) -> Event:
    told = {"job": JOB, "code": 200, "status": status, "progress": progress, "attempt": attempt, "note": None}
    return Event(at, "status", {"begun": at - 0.1} | told | facts)


def retried(at: float) -> Event:
    return Event(at, "retry", {"begun": at - 0.1, "job": JOB, "code": 202})


def heard(at: float, event: str, round_: int = 1, **facts: Any) -> Event:
    return Event(at, "sse", {"job": JOB, "round": round_, "event": event} | facts)


def hook(at: float, event: str = "job.completed", delivery: str = "m1", status: int = 200, **facts: Any) -> Event:
    told = {"job": JOB, "event": event, "delivery": delivery, "status": status, "signed": True}
    return Event(at, "hook", told | facts)


def killed(at: float, target: str, pid: int = 7, run: str = "") -> Event:
    return Event(at, "kill", {"begun": at, "target": target, "pid": pid, "run": run})


def engines(at: float, *alive: tuple[str, int, bool]) -> Event:
    return Event(at, "engines", {"alive": [list(one) for one in alive]})


def completed(**facts: Any) -> dict[str, Any]:
    return {"job_id": JOB, "status": "COMPLETED", "clips": [{"number": 1}, {"number": 2}]} | facts


def well(**facts: Any) -> Facts:
    told: dict[str, Any] = {"runs": (JOB,), "final": {JOB: completed()}}
    return Facts(**(told | facts))


SCRIPT = Event(1, "script", {"job": JOB, "webhook": True})
GOOD = [
    submitted(1),
    submitted(1.2),
    SCRIPT,
    seen(2, "PENDING"),
    killed(2.5, "flow", run=JOB),
    seen(3, "ANALYZING", 0.2, note="The process of the job died; the job will be resumed."),
    engines(3.5, (JOB, 8, True)),
    seen(4, "RENDERING", 0.6),
    seen(5, "COMPLETED", 1.0),
    heard(4.5, "clip", number=1),
    heard(4.6, "clip", number=2),
    heard(5, "done"),
    hook(5.5, status=500),
    hook(6),
]


def found(events: list[Event], facts: Facts) -> set[str]:
    return {violation.invariant for violation in check(events, facts)}


def test_where_all_is_well_nothing_is_found() -> None:
    assert check(GOOD, well()) == []


@pytest.mark.parametrize(
    ("invariant", "planted", "facts"),
    [
        ("I1", [], well(final={JOB: completed(status="RENDERING")})),
        ("I1", [], well(final={})),
        ("I1", [submitted(2, key="z", code=422)], well()),
        ("I2", [submitted(2, job=TWIN)], well(runs=(JOB, TWIN), final={JOB: completed(), TWIN: completed()})),
        ("I2", [], well(runs=(JOB, TWIN))),
        ("I3", [seen(4.2, "ANALYZING", 0.7)], well()),
        ("I3", [seen(6, "FAILED")], well()),
        ("I3", [seen(6, "RENDERING", 0.1, attempt=2)], well()),
        ("I4", [seen(4.2, "RENDERING", 0.5)], well()),
        ("I5", [], well(broken=("a/b.mp4 is not there",))),
        ("I5", [], well(final={JOB: completed(status="FAILED", error={"code": "internal", "next_step": "x"})})),
        ("I5", [], well(final={JOB: completed(status="FAILED", error={"code": "crashed", "next_step": ""})})),
        ("I6", [], well(leftovers=("home/work/.short.mp4.1-0.part",))),
        ("I7", [], well(executed={JOB: ("listen", "render 1", "render 1")})),
        ("I8", [engines(3.7, (JOB, 8, True), (JOB, 9, False)), engines(3.8, (JOB, 8, False), (JOB, 9, True))], well()),
        ("I9", [heard(7, "open", round_=2)], well()),
        ("I9", [heard(7, "clip", round_=2, number=1), heard(8, "done", round_=2)], well()),
        ("I10", [hook(7, delivery="m2")], well()),
        ("I10", [hook(7, signed=False)], well()),
        ("I10", [], well(final={JOB: completed(status="CANCELLED")})),
        ("I11", [killed(9, "reconciler")], well()),
        ("I11", [killed(9, "flow", run=JOB), seen(140, "COMPLETED", 1.0)], well()),
        ("I12", [Event(9, "gave up", {"code": 1})], well()),
        ("I12", [Event(9, "term", {"in_time": True, "left": ["flow"]})], well()),
    ],
)
def test_what_is_planted_is_found(invariant: str, planted: list[Event], facts: Facts) -> None:
    assert invariant in found([*GOOD, *planted], facts)


def test_a_retry_reopens_an_end_once() -> None:
    again = [retried(6), seen(7, "PENDING", 0.0, attempt=2), seen(8, "COMPLETED", 1.0, attempt=2)]
    assert "I3" not in found([*GOOD, *again], well())
    assert "I3" in found([*GOOD, *again, seen(9, "RENDERING", 0.2, attempt=2)], well())


def test_answers_that_overlap_have_no_order() -> None:
    late = seen(4.5, "ANALYZING", 0.3, begun=3.5)
    assert found([*GOOD, late], well()) == set()


def test_stages_that_look_at_the_world_may_be_done_again() -> None:
    assert found(GOOD, well(executed={JOB: ("ingest", "ingest", "listen", "deliver", "deliver")})) == set()


def test_a_process_that_waits_for_its_predecessor_is_no_second_one() -> None:
    waits = [engines(3.7, (JOB, 8, True), (JOB, 9, False)), engines(3.8, (JOB, 9, True))]
    assert found([*GOOD, *waits], well()) == set()


def test_a_log_tells_what_was_done_and_what_was_known() -> None:
    log = """12:00 | INFO | Task run 'listen-6b5' - Finished in state Completed()
12:01 | INFO | Task run 'render 2' - Finished in state Completed()
12:02 | INFO | Flow run 'produce a.mp4' - Finished in state Completed()
12:03 | INFO | Task run 'listen-1ab' - Finished in state Cached(type=COMPLETED)"""
    assert executed(log) == ("listen", "render 2")


def test_a_part_is_back_when_it_answers() -> None:
    answers = [Event(at, "parts", {"api": [pid], "answers": {"api": ok}}) for at, pid, ok in
               ((1, 7, True), (2.2, 8, True), (2.5, 8, False), (4, 8, True))]  # fmt: skip
    (api,) = recoveries([killed(2.3, "api"), *answers])
    assert api.resumed == pytest.approx(1.7)


@pytest.mark.parametrize("kills", [8, 10, 50, 83])
def test_a_seed_gives_one_plan_with_so_many_kills_of_every_kind(kills: int) -> None:
    strikes = plan(4, kills)
    assert strikes == plan(4, kills) != plan(5, kills)
    deaths = [strike.target for strike in strikes if strike.how == "kill"]
    assert len(deaths) == kills
    assert set(deaths) == set(SHARES)


def said(at: float, clip: int, verdict: str) -> Event:
    return Event(at, "said", {"begun": at - 0.1, "job": JOB, "clip": clip, "verdict": verdict})


def judged(*clips: tuple[int, str, str], status: str = "COMPLETED", **facts: Any) -> Facts:
    told = [{"number": n, "state": state, "decision": {"verdict": verdict}} for n, state, verdict in clips]
    return well(
        final={JOB: completed(status=status, clips=told, error={"code": "crashed", "next_step": "Retry."})}, **facts
    )


REVIEWED = [*GOOD, said(3.6, 1, "approved"), said(3.7, 2, "rejected")]
CARRIED_OUT = ((1, "rendered", "approved"), (2, "dropped", "rejected"))


def test_a_verdict_that_stands_and_is_carried_out_is_well() -> None:
    assert check(REVIEWED, judged(*CARRIED_OUT)) == []


@pytest.mark.parametrize(
    "facts",
    [
        judged((1, "rendered", "approved"), (2, "dropped", "approved")),  # another one's word stands
        well(),  # it was lost
        judged((1, "dropped", "approved"), (2, "dropped", "rejected")),
        judged((1, "rendered", "approved"), (2, "rendered", "rejected")),
    ],
)
def test_a_verdict_that_is_lost_or_not_carried_out_is_seen(facts: Facts) -> None:
    assert "I13" in found(REVIEWED, facts)


def test_a_lesson_of_a_cancelled_job_that_nobody_learned_is_seen() -> None:
    events = [event for event in REVIEWED if event.kind not in {"hook", "status"} and event is not SCRIPT]

    assert found(events, judged(*CARRIED_OUT, status="CANCELLED")) >= {"I13"}
    assert "I13" not in found(events, judged(*CARRIED_OUT, status="CANCELLED", taught=frozenset({JOB})))
