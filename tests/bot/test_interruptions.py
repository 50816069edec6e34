"""What a chat does to the bot's messages, and what comes between them: the Shorts and the posts still arrive."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from chatting import CHAT, bot, clip, deliver, without_waiting
from fakes.api import FakeApi, Reply, document, fake_api
from fakes.telegram import FakeTelegram, fake_telegram, flood, refusal

from deployments.bot import running
from deployments.bot.desk import STOPPED
from deployments.bot.ledger import Shown, Talk
from deployments.bot.messages import Keyboard, Video
from deployments.bot.showing import Presenter
from deployments.bot.telegram import Telegram

# python-telegram-bot warns of a change to come whenever it meets a flood-wait
pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")


@pytest.fixture
def line() -> Iterator[FakeTelegram]:
    with fake_telegram() as served:
        yield served


@pytest.fixture
def api() -> Iterator[FakeApi]:
    with fake_api() as served:
        yield served


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    without_waiting(monkeypatch)


def ordered(line: FakeTelegram, api: FakeApi) -> str:
    """Order a job and return its id once its note shows how far it is."""
    line.say(CHAT, "talk.mp4")
    line.shown(CHAT, "talk.mp4\n░")
    (job,) = api.jobs
    return job


def talk(home: Path) -> dict[str, Any]:
    (written,) = json.loads((home / "telegram.json").read_text())["talks"]
    return written


def test_a_note_that_was_deleted_is_sent_anew_and_the_shorts_come(
    line: FakeTelegram, api: FakeApi, tmp_path: Path
) -> None:
    with bot(line, api, tmp_path):
        job = ordered(line, api)
        line.delete(line.shown(CHAT, "talk.mp4\n░"))
        api.move(job, "RENDERING", stage="render", progress=0.5)
        note = line.shown(CHAT, "50%")
        deliver(api, job, 1)
        line.shown(CHAT, "Posts of Short 1")
        line.wait(lambda: note.text == "talk.mp4\nDone: 1 Short.")

    assert len(line.videos(CHAT)) == 1


def test_a_draft_that_was_deleted_does_not_keep_the_short_from_coming(
    line: FakeTelegram, api: FakeApi, tmp_path: Path
) -> None:
    approved = {"clip": 1, "verdict": "approved", "by": "person"}
    with bot(line, api, tmp_path):
        job = ordered(line, api)
        deliver(api, job, 1, status="NEEDS_REVIEW")
        line.shown(CHAT, "Posts of Short 1")
        line.delete(line.videos(CHAT)[0])
        api.move(job, "NEEDS_REVIEW", clips=[clip(1, decision=approved)])
        line.wait(lambda: line.count("editMessageReplyMarkup"))
        deliver(api, job, 1)
        line.shown(CHAT, "Done: 1 Short.")
        line.wait(lambda: line.videos(CHAT))


def test_a_video_that_telegram_refuses_is_named_and_the_next_one_comes(
    line: FakeTelegram, api: FakeApi, tmp_path: Path
) -> None:
    line.fail("sendVideo", refusal(400, "Bad Request: wrong type of file"))
    with bot(line, api, tmp_path):
        job = ordered(line, api)
        deliver(api, job, 1, 2)
        told = line.shown(CHAT, "Telegram doesn't do that: Wrong type of file")
        line.shown(CHAT, "Posts of Short 2")

    assert told.text.endswith(f"Fetch it: omni files {job} --folder .")
    assert list(told.buttons) == ["✓ Approve", "✗ Reject", "More"]
    assert [message.text[:9] for message in line.videos(CHAT)] == ["2. Clip 2"]


def test_a_job_is_followed_though_telegram_is_away_when_it_begins(
    line: FakeTelegram, api: FakeApi, tmp_path: Path
) -> None:
    line.fail("editMessageText", refusal(500, "Internal Server Error"), times=5)
    with bot(line, api, tmp_path):
        job = ordered(line, api)
        deliver(api, job, 1)
        line.shown(CHAT, "Posts of Short 1")


def test_a_short_that_is_rejected_while_the_others_are_sent_is_made_again_and_shown(
    line: FakeTelegram, api: FakeApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided = {"clip": 1, "verdict": "approved", "by": "person"}
    rejected = decided | {"verdict": "rejected"}
    go_on = asyncio.Event()
    show = Telegram.show

    async def show_slowly(self: Telegram, chat: int, video: Video, caption: str, keys: Keyboard) -> int:
        sent = await show(self, chat, video, caption, keys)
        if caption.startswith("2."):
            await go_on.wait()
        return sent

    async def mark(self: Presenter, talk: Talk, shown: Shown) -> None:
        await remark(self, talk, shown)
        go_on.set()

    def remade(job: str, _: bytes) -> Reply:
        return document(202, api.move(job, "RENDERING", attempt=2, clips=[clip(1, decision=rejected), clip(2)]))

    remark = Presenter.remark
    monkeypatch.setattr(Telegram, "show", show_slowly)
    monkeypatch.setattr(Presenter, "remark", mark)
    monkeypatch.setattr(api, "_review", remade)
    with bot(line, api, tmp_path):
        job = ordered(line, api)
        api.move(job, "RENDERING", clips=[clip(1, decision=decided), clip(2)])
        deliver(api, job, 1, 2)
        line.wait(lambda: len(line.videos(CHAT)) == 2)
        first = line.videos(CHAT)[0]
        line.press_data(CHAT, first.id, f"R:{UUID(job).hex}:1")
        line.shown(CHAT, "Posts of Short 2")
        line.shown(CHAT, "talk.mp4\n░")
        assert "✗ Rejected" in first.buttons
        deliver(api, job, 2, 3)
        line.shown(CHAT, "Posts of Short 3")
        line.wait(lambda: talk(tmp_path)["ended"])

    assert len(line.videos(CHAT)) == 3


def test_a_job_that_has_ended_anew_while_its_shorts_were_sent_is_looked_at_again(
    line: FakeTelegram, api: FakeApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = line._do_sendVideo

    def send_and_make_anew(told: dict[str, Any]) -> Any:
        monkeypatch.setattr(line, "_do_sendVideo", send)
        api.move(job, "COMPLETED", attempt=2)
        deliver(api, job, 2)
        return send(told)

    with bot(line, api, tmp_path):
        job = ordered(line, api)
        monkeypatch.setattr(line, "_do_sendVideo", send_and_make_anew)
        deliver(api, job, 1)
        line.shown(CHAT, "Posts of Short 2")


def test_a_message_that_comes_again_gets_its_note_and_no_short_twice(
    line: FakeTelegram, api: FakeApi, tmp_path: Path
) -> None:
    with bot(line, api, tmp_path):
        number = line.say(CHAT, "talk.mp4")
        line.shown(CHAT, "talk.mp4\n░")
        deliver(api, next(iter(api.jobs)), 1)
        line.wait(lambda: talk(tmp_path)["ended"])
        again = {"message_id": number, "date": 1, "chat": {"id": CHAT, "type": "private"}, "text": "talk.mp4"}
        line._update({"message": again})
        line.wait(lambda: [note.text for note in line.chats[CHAT]].count("talk.mp4\nDone: 1 Short.") == 2)
        line.wait(lambda: talk(tmp_path)["ended"])

    assert len(line.videos(CHAT)) == 1


def test_posts_that_a_restart_came_before_are_sent_after_it_and_only_once(
    line: FakeTelegram, api: FakeApi, tmp_path: Path
) -> None:
    with bot(line, api, tmp_path):
        job = ordered(line, api)
        line.fail("sendMessage", flood(60))
        deliver(api, job, 1)
        line.wait(lambda: line.count("sendMessage") == 2)
    line._flooded.clear()
    with bot(line, api, tmp_path):
        line.shown(CHAT, "Posts of Short 1")
        line.wait(lambda: talk(tmp_path)["ended"])
    with bot(line, api, tmp_path):
        line.say(CHAT, "/jobs")
        line.shown(CHAT, "completed")

    assert len(line.videos(CHAT)) == 1
    assert sum("Posts of Short 1" in message.text for message in line.chats[CHAT]) == 1


def test_a_decision_taken_while_the_posts_are_sent_is_kept(line: FakeTelegram, api: FakeApi, tmp_path: Path) -> None:
    with bot(line, api, tmp_path):
        job = ordered(line, api)
        line.fail("sendMessage", flood(1))
        deliver(api, job, 1)
        video = line.wait(lambda: line.videos(CHAT))[0]
        line.press(video, "✓ Approve")
        line.wait(lambda: "✓ Approved" in video.buttons)
        line.shown(CHAT, "Posts of Short 1")
        line.wait(lambda: talk(tmp_path)["ended"])

    (shown,) = talk(tmp_path)["shown"]
    assert shown["verdict"] == "approved"
    assert shown["posts"]


def test_a_decision_leaves_written_down_which_posts_were_sent(line: FakeTelegram, api: FakeApi, tmp_path: Path) -> None:
    def decided(job: str, body: bytes) -> Reply:
        line.shown(CHAT, "Posts of Short 1")
        line.wait(lambda: talk(tmp_path)["ended"])  # the posts are written down while the API takes the decision
        return review(job, body)

    review = api._review
    api._review = decided  # type: ignore[method-assign]
    with bot(line, api, tmp_path):
        job = ordered(line, api)
        line.fail("sendMessage", flood(1))
        deliver(api, job, 1)
        video = line.wait(lambda: line.videos(CHAT))[0]
        line.press(video, "✓ Approve")
        line.wait(lambda: "✓ Approved" in video.buttons)

    (shown,) = talk(tmp_path)["shown"]
    assert shown["posts"]


def test_an_order_that_a_stop_interrupts_says_that_it_has_to_be_sent_again(
    line: FakeTelegram, api: FakeApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "SLOW", 0.05)
    monkeypatch.setattr(running, "LEAVING", 0.2)
    line.fail("getFile", flood(60))
    with bot(line, api, tmp_path):
        line.send_file(CHAT, "talk.mp4", b"film")
        line.wait(lambda: line.count("getFile"))
        asked = line.count("getUpdates")
        line.wait(lambda: line.count("getUpdates") > asked + 1)

    assert [message.text for message in line.chats[CHAT]] == [f"talk.mp4\n{STOPPED}"]
    assert api.jobs == {}


def test_an_order_that_a_stop_comes_into_may_still_become_a_job(
    line: FakeTelegram, api: FakeApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "SLOW", 0.05)
    line.fail("getFile", flood(1))
    with bot(line, api, tmp_path):
        line.send_file(CHAT, "talk.mp4", b"film")
        line.wait(lambda: line.count("getFile"))
        asked = line.count("getUpdates")
        line.wait(lambda: line.count("getUpdates") > asked + 1)
    with bot(line, api, tmp_path):
        line.shown(CHAT, "talk.mp4\n░")

    assert len(api.jobs) == 1
