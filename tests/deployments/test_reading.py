"""However many readers there are, few questions are asked, and each gets its own answer."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from deployments.door.reading import TOGETHER, Reader


def reader(asked: list[Sequence[UUID]], missing: frozenset[UUID] = frozenset()) -> Reader:
    async def ask(ids: Sequence[UUID]) -> Any:
        asked.append(ids)
        await asyncio.sleep(0.01)
        return [SimpleNamespace(id=i) for i in reversed(ids) if i not in missing]

    return Reader(ask)


def test_readers_who_come_while_one_is_asking_are_asked_for_together() -> None:
    asked: list[Sequence[UUID]] = []
    ids = [uuid4() for _ in range(40)]

    async def play() -> list[Any]:
        one = reader(asked)
        return await asyncio.gather(*(one.read(i) for i in ids for _ in range(5)))

    answers = asyncio.run(play())

    assert [cast("Any", a).id for a in answers] == [i for i in ids for _ in range(5)]
    assert len(asked) <= 2


def test_a_question_is_never_longer_than_the_server_takes() -> None:
    asked: list[Sequence[UUID]] = []

    async def play() -> None:
        one = reader(asked)
        await asyncio.gather(*(one.read(uuid4()) for _ in range(3 * TOGETHER)))

    asyncio.run(play())

    assert max(len(ids) for ids in asked) <= TOGETHER


def test_a_run_that_is_not_there_is_none_and_the_others_are() -> None:
    gone, there = uuid4(), uuid4()

    async def play() -> list[Any]:
        one = reader([], frozenset({gone}))
        return await asyncio.gather(one.read(gone), one.read(there))

    missing, found = asyncio.run(play())

    assert missing is None
    assert found.id == there


def test_an_error_reaches_everyone_who_waits_and_nobody_after() -> None:
    fails = [True]

    async def ask(ids: Sequence[UUID]) -> Any:
        if fails.pop() if fails else False:
            raise ConnectionError
        return [SimpleNamespace(id=i) for i in ids]

    async def play() -> Any:
        one, run = Reader(ask), uuid4()
        results = await asyncio.gather(one.read(run), one.read(run), return_exceptions=True)
        assert all(isinstance(r, ConnectionError) for r in results)
        return await one.read(run)

    assert asyncio.run(play()) is not None


def test_a_changed_run_is_read_anew() -> None:
    asked: list[Sequence[UUID]] = []
    run = uuid4()

    async def play() -> None:
        one = reader(asked)
        await one.read(run)
        await one.read(run)
        one.forget(run)
        await one.read(run)

    asyncio.run(play())

    assert len(asked) == 2


@pytest.mark.parametrize("times", [1, 3])
def test_a_reader_who_leaves_takes_nobody_along(times: int) -> None:
    async def play() -> Any:
        one, run = reader([]), uuid4()
        leaving = [asyncio.create_task(one.read(run)) for _ in range(times)]
        staying = asyncio.create_task(one.read(run))
        await asyncio.sleep(0)
        for task in leaving:
            task.cancel()
        return await staying

    assert asyncio.run(play()) is not None


def test_what_is_polled_is_read_ahead_together_until_nobody_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deployments.door.reading.AHEAD_SECONDS", 0.05)
    monkeypatch.setattr("deployments.door.reading.POLLED_SECONDS", 1.0)
    asked: list[Sequence[UUID]] = []
    ids = [uuid4() for _ in range(20)]

    async def play() -> None:
        one = reader(asked)
        for run in ids:  # each at its own time
            await one.read(run)
            await one.read(run)
        assert one._asking is not None
        await one._asking

    asyncio.run(play())

    assert set(ids) in [set(batch) for batch in asked]


def test_a_reader_of_a_run_that_is_read_ahead_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deployments.door.reading.FRESH_SECONDS", 0.0)
    answers = asyncio.Event()
    answers.set()

    async def ask(ids: Sequence[UUID]) -> Any:
        await answers.wait()
        return [SimpleNamespace(id=i) for i in ids]

    async def play() -> Any:
        one, run = Reader(ask), uuid4()
        for _ in range(2):
            await one.read(run)
        answers.clear()  # Prefect hangs
        return await one.read(run)

    assert asyncio.run(play()) is not None


def test_what_was_changed_while_it_was_asked_for_is_asked_for_again() -> None:
    asked: list[Sequence[UUID]] = []
    run = uuid4()

    async def ask(ids: Sequence[UUID]) -> Any:
        asked.append(ids)
        if len(asked) == 1:
            one.forget(run)  # somebody cancels the job at this moment
        return [SimpleNamespace(id=i) for i in ids]

    one = Reader(ask)

    async def play() -> None:
        for _ in range(2):
            await one.read(run)

    asyncio.run(play())

    assert len(asked) == 2


def test_polling_a_server_that_fails_asks_it_no_more_often_than_the_readers_do() -> None:
    asked: list[Sequence[UUID]] = []

    async def ask(ids: Sequence[UUID]) -> Any:
        asked.append(ids)
        raise ConnectionError

    async def play() -> None:
        one, run = Reader(ask), uuid4()
        for _ in range(3):
            with pytest.raises(ConnectionError):
                await one.read(run)
        assert one._asking is not None
        await one._asking

    asyncio.run(play())

    assert len(asked) == 3
