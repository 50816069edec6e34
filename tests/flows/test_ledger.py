"""What a run records of its spending: at once, in order, and again for the next attempt."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

pytest.importorskip("prefect")

from prefect.states import Running

from flows import job as frame
from flows import ledger, patience
from flows.ledger import Ledger
from omni.contracts import Brief, Charge, Production
from omni.errors import NothingApproved
from omni.progress import Moment
from omni.record import ClipState, Status, labels_of, record_of
from omni.release import Release
from omni.review import Decision, Revision, Verdict
from omni.spending.account import Account
from omni.spending.prices import Prices, Tokens

TOKENS = Tokens(input=1000, output=100)


class Server:
    """A flow run on a server; ``away`` lets its writes fail."""

    def __init__(self) -> None:
        self.id = uuid4()
        self.labels: dict[str, Any] = {}
        self.state = Running()
        self.away = False

    def read_flow_run(self, _: UUID) -> "Server":
        return self

    def update_flow_run_labels(self, _: UUID, labels: dict[str, Any]) -> None:
        if self.away:
            raise ConnectionError
        self.labels |= labels

    def filter_flow_run_input(self, *_: object) -> list[Any]:
        return []

    @property
    def charges(self) -> tuple[Charge, ...]:
        """What a next attempt would read."""
        return record_of(self.labels).charges


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server()

    @contextmanager
    def get_client(**_: Any) -> Iterator[Server]:
        yield made

    monkeypatch.setattr(ledger, "get_client", get_client)
    monkeypatch.setattr(patience, "get_client", get_client)
    monkeypatch.setattr(ledger, "SECONDS_BETWEEN_WRITES", 0.01)
    return made


def opened() -> Ledger:
    return Ledger(uuid4(), lambda _: None)  # pyright: ignore[reportArgumentType]  # a bar that nobody sees


def call(account: Account) -> None:
    with account.reserving("analyst", "gemini-3.8-flash", TOKENS) as book:
        book(TOKENS)


def test_a_charge_is_recorded_before_the_call_is_over(server: Server) -> None:
    account = Account(Prices())
    with opened() as kept:
        account.open(1.0, kept.charges, kept.book)

        call(account)

        assert server.charges == account.charges
        assert server.charges[0].calls == 1


def test_the_next_attempt_goes_on_with_what_the_dead_one_spent(server: Server) -> None:
    for attempt in (1, 2, 3):
        account = Account(Prices())  # another process
        with opened() as kept:
            account.open(1.0, kept.charges, kept.book)
            call(account)
        assert server.charges[0].calls == attempt


def test_threads_that_spend_at_once_leave_the_whole_sum(server: Server) -> None:
    account = Account(Prices())
    with opened() as kept:
        account.open(None, kept.charges, kept.book)
        threads = [threading.Thread(target=call, args=(account,)) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert server.charges[0].calls == 12


def test_a_server_that_is_away_stops_no_call_and_hears_of_it_later(server: Server) -> None:
    account = Account(Prices())
    with opened() as kept:
        account.open(None, kept.charges, kept.book)
        server.away = True
        call(account)
        assert server.charges == ()

        server.away = False
        kept.conclude(failure=None)

        assert server.charges == account.charges


def test_a_process_that_follows_a_review_begins_a_new_round(server: Server) -> None:
    clip = ClipState(number=1, title="A", start=0, end=9, state="rendered", progress=1.0)
    said = Revision().decided([Decision(clip=1, verdict=Verdict.APPROVED)])
    server.labels |= labels_of(reached=Status.NEEDS_REVIEW, attempt=1, progress=1.0, clips=(clip,), revision=said)

    with opened() as kept:
        kept.introduce(pid=7)
        assert kept.record.revision == said

    told = record_of(server.labels)
    assert (told.attempt, told.reached, told.progress, told.pid) == (2, Status.PENDING, 0.0, 7)
    assert (told.clips[0].state, told.revision) == ("planned", said)


def test_the_bar_hears_the_last_word_when_the_run_ends(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "SECONDS_BETWEEN_WRITES", 60)  # the run ends long before the next write
    heard, first = list[float](), threading.Event()

    def bar(moment: Moment) -> None:
        heard.append(moment.overall)
        first.set()

    with Ledger(uuid4(), bar) as kept:  # pyright: ignore[reportArgumentType]
        kept(Moment("render", 0.5, 0.5))
        assert first.wait(10)
        kept(Moment("remember", 1.0, 1.0))

    assert heard == [0.5, 1.0]


def test_a_clip_that_was_dropped_stays_so_while_others_are_rendered(server: Server) -> None:
    clips = tuple(ClipState(number=n, title="A", start=0, end=9, state=s) for n, s in ((1, "planned"), (2, "dropped")))

    with opened() as kept:
        kept.introduce(clips=clips)
        kept(Moment("render", 0.5, 0.5, parts={1: 0.5}))
        kept.conclude()

    assert [clip.state for clip in record_of(server.labels).clips] == ["rendering", "dropped"]


@pytest.mark.parametrize("recorded", [False, True])
def test_a_round_keeps_what_an_earlier_one_delivered_and_does_not_call_it_its_own(
    server: Server, monkeypatch: pytest.MonkeyPatch, *, recorded: bool
) -> None:
    shop = SimpleNamespace(settings=None, account=Account(Prices()), budget=lambda _: None, guard=nullcontext)
    monkeypatch.setattr(frame.flow_run, "get_id", lambda: str(uuid4()))
    monkeypatch.setattr(frame, "wire", lambda: shop)
    monkeypatch.setattr(frame, "hold", lambda *_: None)
    monkeypatch.setattr(frame, "place", lambda _: "here")
    drafts = Production(output_dir=Path("/out/talk"), shorts_count=2, strategy_id=None, source="talk.mp4", engines={})
    server.labels |= labels_of(result=drafts, reached=Status.NEEDS_REVIEW)

    with suppress(NothingApproved), frame.job(Brief()) as run:
        if not recorded:
            raise NothingApproved(count=2)
        run.finish(drafts, Release(clips=frozenset({1}), revision=Revision(), is_draft=False))

    told = record_of(server.labels)
    assert (told.result, told.stale) == (drafts, not recorded)
