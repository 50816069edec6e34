"""Clients: each follows one job by a script of its own, asks again when an answer is lost, and writes all of it down."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.chaos.history import History
from bench.chaos.listener import Listener

FINAL = frozenset({"COMPLETED", "FAILED", "CANCELLED"})
STAGES = ("PENDING", "ANALYZING", "WRITING_STRATEGY", "RENDERING")
ORDER = (*STAGES, "NEEDS_REVIEW")
"""The statuses of a job that hasn't ended, as one attempt passes through them."""
POLL_SECONDS = 0.8
REVIEWED = 0.4
"""So many of the jobs ask for approval."""
HASTE_SECONDS = 0.15
"""Between two requests of somebody who decides before the job waits: the moment of its suspension is met."""
BRIEF = {"clips": 2, "min_seconds": 3, "max_seconds": 6, "platforms": ["youtube", "x"]}
KEPT = ("status", "progress", "attempt", "note", "stage", "error")


@dataclass(frozen=True)
class Script:
    """What a client does with its job."""

    key: str
    send: str
    """twice, together or lost: how the one order is sent more than once."""
    cancel: str = ""
    """The status in which it is cancelled."""
    retry: bool = False
    listens: bool = False
    webhook: bool = False
    upload: bool = False
    reviews: str = ""
    """early or late: the job asks for approval, and is decided on from before it waits, or a while after; empty: it doesn't ask."""
    verdicts: tuple[str, ...] = ()
    """Of its clips; the same person says both at once, through two requests."""


def script(seed: int, number: int) -> Script:
    """Return the script of a client; the same for the same seed."""
    dice = random.Random(f"{seed}:{number}")
    cancels = dice.random() < 0.3
    judge = random.Random(f"{seed}:{number}:review")
    reviews = judge.choice(("early", "late")) if judge.random() < REVIEWED else ""
    verdicts = judge.choice((("approved", "approved"), ("approved", "rejected"), ("rejected", "approved")))
    return Script(
        key=f"chaos-{seed}-{number}",
        send=dice.choice(("twice", "together", "lost")),
        cancel=dice.choice(ORDER if reviews else STAGES) if cancels else "",
        retry=cancels and dice.random() < 0.6,
        listens=dice.random() < 0.6,
        webhook=dice.random() < 0.5,
        upload=number % 20 == 3,
        reviews=reviews,
        verdicts=verdicts if reviews else (),
    )


class Door:
    """The API as a client sees it: an answer, or None when it was lost."""

    def __init__(self, api: str, history: History) -> None:
        self._api, self._history = api, history
        self._http = httpx.Client(base_url=api, timeout=20, trust_env=False)

    def ask(self, kind: str, method: str, path: str, *, job: str = "", **request: Any) -> httpx.Response | None:
        """Send one request and record it with its answer."""
        begun = self._history.now()
        try:
            answer = self._http.request(method, path, **request)
        except httpx.TransportError as error:
            self._history.record(kind, begun=begun, job=job, code=None, why=type(error).__name__)
            return None
        told: dict[str, Any] = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        facts: dict[str, Any] = (
            {name: told.get(name) for name in KEPT} if kind == "status" and answer.status_code == 200 else {}
        )
        if answer.status_code >= 400:
            facts["why"] = told.get("code")
        if kind == "submit":
            facts["key"] = request["headers"]["Idempotency-Key"]
        job = job or str(told.get("job_id", ""))
        self._history.record(kind, begun=begun, job=job, code=answer.status_code, **facts)
        return answer

    def status(self, job: str) -> dict[str, Any] | None:
        """Return how a job stands, None when there was no answer."""
        answer = self.ask("status", "GET", f"/status/{job}", job=job)
        return answer.json() if answer is not None and answer.status_code == 200 else None


class Client(threading.Thread):
    """Follows one job to its end; ``job`` is known once it was accepted."""

    def __init__(self, plan: Script, source: Path, door: Door, hook: str, api: str, history: History) -> None:
        super().__init__(daemon=True, name=plan.key)
        self._plan, self._source, self._door, self._hook = plan, source, door, hook
        self._api, self._history = api, history
        self._over = threading.Event()
        self.job = ""

    def stop(self) -> None:
        """Give up: the time is over."""
        self._over.set()

    def run(self) -> None:
        order = self._order()
        if order is None:
            return
        self._submit(order)
        if not self.job:
            return
        self._history.record("script", job=self.job, **vars(self._plan))
        listener = Listener(self._api, self.job, self._history) if self._plan.listens else None
        if listener:
            listener.start()
        ended = self._follow()
        if ended == "CANCELLED" and self._plan.retry and not self._over.is_set():
            self._until_taken("retry", lambda status: status not in FINAL)
            if listener:
                listener.join(timeout=60)
                listener = listener.again()
            self._follow()

    def _order(self) -> dict[str, Any] | None:
        own = {"workspace": self._plan.key}  # every fourth source says the same: its moments would be used already
        order: dict[str, Any] = {"brief": BRIEF | own | ({"approval": "clips"} if self._plan.reviews else {})}
        if self._plan.webhook:
            order["webhook"] = {"url": self._hook}
        if not self._plan.upload:
            return order | {"video_path": str(self._source)}
        while not self._over.is_set():
            body = self._source.read_bytes()
            answer = self._door.ask("upload", "POST", "/uploads", params={"name": self._source.name}, content=body)
            if answer is not None and answer.status_code == 201:
                return order | {"upload_id": answer.json()["upload_id"]}
            self._over.wait(1)
        return None

    def _submit(self, order: dict[str, Any]) -> None:
        """Send the order until it is accepted, and once more than that."""
        if self._plan.send == "lost":
            self._send(order, timeout=random.Random(self._plan.key).uniform(0.005, 0.2))
        if self._plan.send == "together":
            twin = threading.Thread(target=self._send, args=(order,), daemon=True)
            twin.start()
        while not self._over.is_set() and not self._send(order):
            self._over.wait(1)
        self._send(order)

    def _send(self, order: dict[str, Any], timeout: float = 20) -> bool:
        headers = {"Idempotency-Key": self._plan.key}
        answer = self._door.ask("submit", "POST", "/process", json=order, headers=headers, timeout=timeout)
        if answer is None or answer.status_code != 202:
            return False
        self.job = answer.json()["job_id"]
        return True

    def _follow(self) -> str:
        """Poll until the job has ended, cancelling it on the way if the script says so."""
        asked = False
        while not self._over.wait(POLL_SECONDS):
            told = self._door.status(self.job)
            if told is None:
                continue
            if told["status"] in FINAL:
                return str(told["status"])
            is_due = self._plan.cancel and ORDER.index(told["status"]) >= ORDER.index(self._plan.cancel)
            cancels = is_due and not asked and told["attempt"] == 1
            if self._is_to_be_judged(told["status"]):
                self._judge(1 if cancels else len(self._plan.verdicts))
            if cancels:
                self._until_taken("cancel", lambda status: status in FINAL)
                asked = True
        return ""

    def _is_to_be_judged(self, status: str) -> bool:
        return status == "NEEDS_REVIEW" or (self._plan.reviews == "early" and status == "RENDERING")

    def _judge(self, clips: int) -> None:
        """Say what is thought of the first clips, each in a request of its own, all at once."""
        if self._plan.reviews == "late":
            self._over.wait(random.Random(self._plan.key).uniform(0.5, 6))
        threads = [threading.Thread(target=self._say, args=(clip,), daemon=True) for clip in range(1, clips + 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _say(self, clip: int) -> None:
        """Say it until it is heard; one that decides early is refused until the job waits."""
        verdict = self._plan.verdicts[clip - 1]
        told = {"decisions": [{"clip": clip, "verdict": verdict, "reason": "chaos" if verdict == "rejected" else ""}]}
        while not self._over.is_set():
            begun = self._history.now()
            answer = self._door.ask("review", "POST", f"/jobs/{self.job}/review", job=self.job, json=told)
            if answer is not None and answer.status_code == 202:
                self._history.record("said", begun=begun, job=self.job, clip=clip, verdict=verdict)
                return
            status = self._door.status(self.job) if answer is not None and answer.status_code < 500 else None
            if status is not None and not self._is_to_be_judged(status["status"]):
                return
            self._over.wait(HASTE_SECONDS if self._plan.reviews == "early" else 1)

    def _until_taken(self, what: str, is_done: Callable[[str], bool]) -> None:
        """Ask until it is accepted; an answer that says that it is too late counts when the job says so too."""
        while not self._over.is_set():
            answer = self._door.ask(what, "POST", f"/jobs/{self.job}/{what}", job=self.job)
            if answer is not None and answer.status_code == 202:
                return
            told = self._door.status(self.job) if answer is not None and answer.status_code == 409 else None
            if told is not None and is_done(told["status"]):
                return
            self._over.wait(1)


class Steward(threading.Thread):
    """Looks at ended jobs again and again: an end stays what it was."""

    def __init__(self, door: Door, jobs: Callable[[], list[str]]) -> None:
        super().__init__(daemon=True)
        self._door, self._jobs = door, jobs
        self._over = threading.Event()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self.join()

    def run(self) -> None:
        while not self._over.wait(1):
            for job in self._jobs():
                self._door.status(job)
                if self._over.wait(0.1):
                    return
            time.sleep(2)
