"""The bot from message to Short, through python-telegram-bot and the API's client, against fakes of both servers."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from chatting import CHAT, STRANGER, bot, clip, deliver, without_waiting
from fakes.api import FakeApi, fake_api, problem
from fakes.telegram import TOKEN, FakeTelegram, fake_telegram, flood, refusal

from deployments.bot import running, telegram
from deployments.bot.errors import BotDoubled, BotTokenRefused
from deployments.bot.redacting import hush

# python-telegram-bot warns of a change to come whenever it meets a flood-wait
pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")


@pytest.fixture
def line() -> Iterator[FakeTelegram]:
    with fake_telegram() as served:
        yield served


@pytest.fixture
def api() -> Iterator[FakeApi]:
    with fake_api() as served:
        served.key = "omni_key"
        yield served


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    without_waiting(monkeypatch)


def only(api: FakeApi) -> str:
    (job,) = api.jobs
    return job


def asked(api: FakeApi) -> dict[str, object]:
    return json.loads(next(seen.body for seen in reversed(api.seen) if seen.path == "/process"))


def written(home: Path) -> list[dict[str, object]]:
    """Return the talks that the bot keeps."""
    return json.loads((home / "telegram.json").read_text())["talks"]


def test_a_path_becomes_shorts_with_buttons_and_posts(line: FakeTelegram, api: FakeApi, tmp_path: Path) -> None:
    with bot(line, api, tmp_path):
        line.say(CHAT, "talks/talk.mp4\nthe part about sleep")
        note = line.shown(CHAT, "talk.mp4\n░")
        job = only(api)
        api.move(job, "RENDERING", stage="render", progress=0.62, clips=[clip(1, state="rendering")])
        line.wait(lambda: "▓▓▓▓▓▓░░░░ 62%  rendering\n1. Clip 1: rendering" in note.text)
        deliver(api, job, 1, 2)
        line.shown(CHAT, "Posts of Short 2")

    first, second = line.videos(CHAT)
    assert asked(api) == {"video_path": "talks/talk.mp4", "brief": {"directives": "the part about sleep"}}
    assert first.video is not None
    assert first.video.startswith(b"final 1")
    assert first.text == "1. Clip 1\nScore 82: Opens with a question."
    facts = {name: first.fields[name] for name in ("width", "height", "duration", "supports_streaming")}
    assert facts == {"width": "1080", "height": "1920", "duration": "20", "supports_streaming": "true"}
    assert first.fields["files"][first.fields["cover"].removeprefix("attach://")] == b"\xff\xd8poster"
    assert list(second.buttons) == ["✓ Approve", "✗ Reject", "More"]
    posts = line.shown(CHAT, "Posts of Short 1")
    assert posts.text == "Posts of Short 1\n\nTikTok\nPost 1 <b>on</b> tiktok\n\n#box\n\nX\nPost 1 <b>on</b> x\n\n#box"
    assert "parse_mode" not in posts.fields
    assert note.text == "talk.mp4\nDone: 2 Shorts."
    assert note.keys == []


def test_a_file_is_carried_to_the_api_and_its_caption_is_what_to_look_for(
    line: FakeTelegram, api: FakeApi, tmp_path: Path
) -> None:
    with bot(line, api, tmp_path):
        line.send_file(CHAT, "../my talk.mp4", b"film" * 100, "jokes only #3 #draft")
        line.wait(lambda: api.jobs)
        line.shown(CHAT, "my talk.mp4\n░")

    assert list(api.uploads.values()) == [b"film" * 100]
    assert next(seen.query["name"] for seen in api.seen if seen.path == "/uploads") == ["my talk.mp4"]
    assert asked(api)["brief"] == {"directives": "jokes only", "clips": 3, "draft": True}


def test_a_file_that_telegram_gives_no_bot_is_asked_for_as_link_or_path(
    line: FakeTelegram, api: FakeApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram, "LARGEST_OWN", telegram.LARGEST_DOWN)
    with bot(line, api, tmp_path):
        line.send_file(CHAT, "talk.mp4", b"x", size=20 * 2**20 + 1)
        told = line.shown(CHAT, "20 MB at most")

    assert "link" in told.text
    assert (api.jobs, line.count("getFile")) == ({}, 0)


def test_a_stranger_hears_the_number_of_the_chat_once_and_nothing_else_happens(
    line: FakeTelegram, api: FakeApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "omni")
    with bot(line, api, tmp_path):
        line.say(STRANGER, "secret/talk.mp4")
        told = line.shown(STRANGER, str(STRANGER))
        line.say(STRANGER, "https://example.org/secret.mp4")
        line.press_data(STRANGER, 5, "c:00000000000000000000000000000000:0")
        line.send_file(STRANGER, "secret.mp4", b"x")
        line.say(CHAT, "/jobs")
        line.shown(CHAT, "No jobs yet")

    assert [message.text for message in line.chats[STRANGER]] == [told.text]
    assert (api.seen, line.count("getFile"), line.answers) == ([], 0, [])
    assert "secret" not in caplog.text


def test_drafts_are_decided_in_the_chat_and_the_shorts_come_after(
    line: FakeTelegram, api: FakeApi, tmp_path: Path
) -> None:
    with bot(line, api, tmp_path):
        line.say(CHAT, "talk.mp4 #approve")
        line.wait(lambda: api.jobs)
        job = only(api)
        deliver(api, job, 1, 2, status="NEEDS_REVIEW")
        note = line.shown(CHAT, "I wait for you: approve or reject 1, 2. On 29 November, 10:00 UTC the job ends.")
        line.shown(CHAT, "Posts of Short 2")
        first, second = line.videos(CHAT)
        assert line.answer_to(line.press(first, "✓ Approve")) == "Short 1 is approved."
        line.wait(lambda: "✓ Approved" in first.buttons)
        assert line.answer_to(line.press(second, "✗ Reject")).startswith("Reply to the video")
        line.wait(lambda: "Back" in second.buttons)
        line.say(CHAT, "too long", reply_to=second.id)
        line.shown(CHAT, "Short 2 is rejected.")
        line.wait(lambda: "✗ Rejected" in second.buttons)
        deliver(api, job, 1)
        line.wait(lambda: note.text.endswith("Done: 1 Short."))
        line.wait(lambda: len(line.videos(CHAT)) == 3)

    decided = [json.loads(seen.body)["decisions"] for seen in api.seen if seen.path.endswith("/review")]
    assert decided == [
        [{"clip": 1, "verdict": "approved"}],
        [{"clip": 2, "verdict": "rejected", "reason": "too long"}],
    ]
    final = line.videos(CHAT)[-1]
    assert (first.fields["width"], final.fields["width"]) == ("540", "1080")
    assert "✓ Approved" in final.buttons
    assert sum("Posts of Short 1" in message.text for message in line.chats[CHAT]) == 1
    assert asked(api)["brief"] == {"directives": "", "approval": "clips"} or asked(api)["brief"] == {
        "approval": "clips"
    }


def test_a_rejection_can_be_taken_back_or_made_without_a_reason(
    line: FakeTelegram, api: FakeApi, tmp_path: Path
) -> None:
    with bot(line, api, tmp_path):
        line.say(CHAT, "talk.mp4")
        line.wait(lambda: api.jobs)
        deliver(api, only(api), 1)
        video = line.wait(lambda: line.videos(CHAT))[0]
        line.press(video, "✗ Reject")
        line.wait(lambda: "Back" in video.buttons)
        line.press(video, "Back")
        line.wait(lambda: "✗ Reject" in video.buttons)
        assert api.count("POST", f"/jobs/{only(api)}/review") == 0
        line.press(video, "✗ Reject")
        line.wait(lambda: "Back" in video.buttons)
        line.press(video, "✗ Reject without a reason")
        line.wait(lambda: "✗ Rejected" in video.buttons)


def test_what_was_decided_elsewhere_is_shown(line: FakeTelegram, api: FakeApi, tmp_path: Path) -> None:
    with bot(line, api, tmp_path):
        line.say(CHAT, "talk.mp4")
        line.wait(lambda: api.jobs)
        deliver(api, only(api), 1, status="NEEDS_REVIEW")
        video = line.wait(lambda: line.videos(CHAT))[0]
        api.move(
            only(api), "NEEDS_REVIEW", clips=[clip(1, decision={"clip": 1, "verdict": "approved", "by": "person"})]
        )
        line.wait(lambda: "✓ Approved" in video.buttons)


def test_more_is_a_job_of_its_own_and_only_one(line: FakeTelegram, api: FakeApi, tmp_path: Path) -> None:
    with bot(line, api, tmp_path):
        line.say(CHAT, "talk.mp4")
        line.wait(lambda: api.jobs)
        deliver(api, only(api), 1)
        video = line.wait(lambda: line.videos(CHAT))[0]
        line.answer_to(line.press(video, "More"))
        line.wait(lambda: len(api.jobs) == 2)
        line.shown(CHAT, "talk.mp4\n░")
        assert line.answer_to(line.press(video, "More")) == "The next moments are asked for already."

    assert len(api.jobs) == 2


def test_after_a_restart_the_chat_hears_the_rest_and_nothing_twice(
    line: FakeTelegram, api: FakeApi, tmp_path: Path
) -> None:
    with bot(line, api, tmp_path):
        line.say(CHAT, "talk.mp4")
        line.wait(lambda: api.jobs)
        deliver(api, only(api), 1, status="NEEDS_REVIEW")
        line.shown(CHAT, "Posts of Short 1")
    deliver(api, only(api), 1, 2)
    with bot(line, api, tmp_path):
        line.shown(CHAT, "Posts of Short 2")
        line.shown(CHAT, "Done: 2 Shorts.")
    with bot(line, api, tmp_path):
        line.say(CHAT, "/status")
        line.wait(lambda: line.chats[CHAT][-1].text == "talk.mp4\nDone: 2 Shorts.")

    kinds = [message.video[:7] for message in line.videos(CHAT) if message.video]
    assert kinds == [b"draft 1", b"final 1", b"final 2"]


def test_a_message_that_comes_again_makes_no_second_job(line: FakeTelegram, api: FakeApi, tmp_path: Path) -> None:
    with bot(line, api, tmp_path):
        line.say(CHAT, "talk.mp4")
        line.shown(CHAT, "talk.mp4\n░")
        line._updates.append({"update_id": 10_000, "message": _again(line)})
        line.wait(lambda: api.count("POST", "/process") == 2)

    assert len(api.jobs) == 1


def _again(line: FakeTelegram) -> dict[str, object]:
    """Return the first message of the chat as Telegram would hand it out once more."""
    first = min(shown.fields["reply_parameters"] for shown in line.chats[CHAT] if "reply_parameters" in shown.fields)
    number = json.loads(first)["message_id"]
    return {"message_id": number, "date": 1, "chat": {"id": CHAT, "type": "private"}, "text": "talk.mp4"}


def test_a_flood_wait_is_waited_for_and_nothing_is_lost(line: FakeTelegram, api: FakeApi, tmp_path: Path) -> None:
    line.fail("sendVideo", flood(1))
    line.fail("sendMessage", flood(1))
    with bot(line, api, tmp_path):
        line.say(CHAT, "talk.mp4")
        line.wait(lambda: api.jobs)
        deliver(api, only(api), 1)
        line.shown(CHAT, "Posts of Short 1")

    assert len(line.videos(CHAT)) == 1
    assert line.count("sendVideo") == 2


def test_telegram_may_fail_for_a_while(line: FakeTelegram, api: FakeApi, tmp_path: Path) -> None:
    line.fail("getUpdates", refusal(502, "Bad Gateway"), times=2)
    line.fail("editMessageText", refusal(500, "Internal Server Error"), times=2)
    line.fail("sendVideo", refusal(502, "Bad Gateway"), times=2)
    with bot(line, api, tmp_path):
        line.say(CHAT, "talk.mp4")
        line.wait(lambda: api.jobs)
        deliver(api, only(api), 1)
        line.shown(CHAT, "Posts of Short 1")

    assert len(line.videos(CHAT)) == 1


def test_what_the_api_refuses_is_told_with_the_next_step(line: FakeTelegram, api: FakeApi, tmp_path: Path) -> None:
    api.fail("POST", "/process", problem(404, "video_not_found", "Video file not found.", next_step="Look at /media."))
    with bot(line, api, tmp_path):
        line.say(CHAT, "talks/none.mp4")
        note = line.shown(CHAT, "→")

    assert note.text == "none.mp4\nVideo file not found. (video_not_found)\n→ Look at /media."


@pytest.mark.parametrize("text", ["talk.mp4\n" + "x" * 2001, "ta\tlk.mp4", "talk.mp4 #99"])
def test_a_message_that_no_request_can_be_made_of_is_told(
    text: str, line: FakeTelegram, api: FakeApi, tmp_path: Path
) -> None:
    with bot(line, api, tmp_path):
        line.say(CHAT, text)
        told = line.shown(CHAT, "(invalid_request)")

    assert "/help" in told.text
    assert api.jobs == {}


def test_a_chat_that_is_no_longer_named_hears_nothing_more(line: FakeTelegram, api: FakeApi, tmp_path: Path) -> None:
    with bot(line, api, tmp_path):
        line.say(CHAT, "talk.mp4")
        line.shown(CHAT, "talk.mp4\n░")
    deliver(api, only(api), 1)
    with bot(line, api, tmp_path, chats=(43,)):
        line.say(43, "/jobs")
        line.shown(43, "No jobs yet")

    assert line.videos(CHAT) == []


def test_one_chat_that_takes_long_does_not_keep_the_others_waiting(
    line: FakeTelegram, api: FakeApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "SLOW", 0.05)
    monkeypatch.setattr(running, "LEAVING", 0.05)
    line.fail("getFile", flood(60))
    with bot(line, api, tmp_path, chats=(CHAT, 43)):
        line.send_file(CHAT, "talk.mp4", b"film")
        line.wait(lambda: line.count("getFile"))
        line.say(43, "/jobs")
        line.shown(43, "No jobs yet")

    assert api.jobs == {}


def test_a_decision_that_comes_too_late_is_told(line: FakeTelegram, api: FakeApi, tmp_path: Path) -> None:
    with bot(line, api, tmp_path):
        line.say(CHAT, "talk.mp4")
        line.wait(lambda: api.jobs)
        deliver(api, only(api), 1, status="NEEDS_REVIEW")
        video = line.wait(lambda: line.videos(CHAT))[0]
        api.move(only(api), "RENDERING")
        assert "nothing to decide" in line.answer_to(line.press(video, "✓ Approve"))

    assert "✓ Approve" in video.buttons


@pytest.mark.parametrize("data", ["a:nonsense:1", "c:00000000000000000000000000000000:0", "", "x"])
def test_a_button_of_a_job_that_nobody_knows_is_answered(
    data: str, line: FakeTelegram, api: FakeApi, tmp_path: Path
) -> None:
    with bot(line, api, tmp_path):
        assert "no longer know" in line.answer_to(line.press_data(CHAT, 5, data))


def test_a_chat_cannot_touch_the_jobs_of_another(line: FakeTelegram, api: FakeApi, tmp_path: Path) -> None:
    with bot(line, api, tmp_path, chats=(CHAT, 43)):
        line.say(CHAT, "talk.mp4")
        note = line.shown(CHAT, "talk.mp4\n░")
        assert "no longer know" in line.answer_to(line.press_data(43, note.id, note.buttons["Cancel"]))
        line.say(43, f"/cancel {only(api)[:8]}")
        line.shown(43, "No job is running")
        line.say(43, "/jobs")
        line.shown(43, "No jobs yet")

    assert api.jobs[only(api)]["status"] == "PENDING"


def test_a_job_can_be_cancelled_by_button_and_by_command(line: FakeTelegram, api: FakeApi, tmp_path: Path) -> None:
    with bot(line, api, tmp_path):
        line.say(CHAT, "one.mp4")
        note = line.shown(CHAT, "one.mp4\n░")
        line.say(CHAT, "two.mp4")
        line.shown(CHAT, "two.mp4\n░")
        line.say(CHAT, "/cancel")
        line.shown(CHAT, "Several jobs are running")
        line.press(note, "Cancel")
        line.wait(lambda: note.text == "one.mp4\nCancelled." and written(tmp_path)[0]["ended"])
        line.say(CHAT, "/cancel@omni_test_bot")
        line.shown(CHAT, "two.mp4: it is being cancelled.")
        line.wait(lambda: {job["status"] for job in api.jobs.values()} == {"CANCELLED"})


def test_words_that_name_nothing_are_answered_with_what_to_send(
    line: FakeTelegram, api: FakeApi, tmp_path: Path
) -> None:
    with bot(line, api, tmp_path):
        line.say(CHAT, "hello there")
        line.shown(CHAT, "Send me a video")

    assert api.jobs == {}


def test_a_short_that_is_too_large_is_told_with_its_address(
    line: FakeTelegram, api: FakeApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram, "LARGEST_OWN", 1000)
    with bot(line, api, tmp_path, public_url="https://omni.example.org"):
        line.say(CHAT, "talk.mp4")
        line.wait(lambda: api.jobs)
        deliver(api, only(api), 1)
        told = line.shown(CHAT, "more than Telegram takes")
        line.shown(CHAT, "Posts of Short 1")

    assert told.text.endswith(f"https://omni.example.org/jobs/{only(api)}/files/clips/01-final-video")
    assert list(told.buttons) == ["✓ Approve", "✗ Reject", "More"]


def test_a_short_that_is_too_large_comes_as_its_small_copy(
    line: FakeTelegram, api: FakeApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram, "LARGEST_OWN", 1000)
    with bot(line, api, tmp_path):
        line.say(CHAT, "talk.mp4")
        line.wait(lambda: api.jobs)
        deliver(api, only(api), 1, small=True)
        video = line.wait(lambda: line.videos(CHAT))[0]

    assert (video.video, video.fields["width"], video.fields["height"]) == (b"small", "720", "1280")


def test_a_bot_that_is_put_out_of_a_chat_stops_following(line: FakeTelegram, api: FakeApi, tmp_path: Path) -> None:
    with bot(line, api, tmp_path, chats=(CHAT, 43)):
        line.say(CHAT, "talk.mp4")
        line.shown(CHAT, "talk.mp4\n░")
        line.fail("editMessageText", refusal(403, "Forbidden: bot was blocked by the user"), times=1)
        api.move(only(api), "ANALYZING")
        line.wait(lambda: written(tmp_path)[0]["ended"])
        line.say(43, "/jobs")
        line.shown(43, "No jobs yet")


def test_another_process_with_the_same_token_is_told(
    line: FakeTelegram, api: FakeApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram, "CONFLICTS", 1)
    line.fail("getUpdates", refusal(409, "Conflict: terminated by other getUpdates request"), times=9)
    with bot(line, api, tmp_path) as made:
        made.thread.join(5)

    (error,) = made.outcome
    assert isinstance(error, BotDoubled)
    assert "other getUpdates request" in error.cause


def test_a_token_that_telegram_refuses_is_not_repeated(line: FakeTelegram, api: FakeApi, tmp_path: Path) -> None:
    line.token = "1:other-secret"
    with bot(line, api, tmp_path) as made:
        line.token = TOKEN.replace("A", "B")
        made.thread.join(5)

    (error,) = made.outcome
    assert isinstance(error, BotTokenRefused)
    assert error.__cause__ is None
    assert "other-secret" not in f"{error}{error.facts}"


def test_no_line_of_a_whole_conversations_log_holds_the_token(
    line: FakeTelegram, api: FakeApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    handler = logging.FileHandler(tmp_path / "log", encoding="utf-8")
    root = logging.getLogger()
    level, before = root.level, list(root.handlers)
    root.handlers = [handler]
    root.setLevel(logging.DEBUG)
    try:
        hush(TOKEN)
        logging.getLogger("httpx").setLevel(logging.DEBUG)  # as another library might
        line.fail("getUpdates", None)
        line.fail("sendVideo", None, times=5)
        with bot(line, api, tmp_path):
            line.send_file(CHAT, "talk.mp4", b"film")
            line.wait(lambda: api.jobs)
            deliver(api, only(api), 1)
            line.shown(CHAT, "Posts of Short 1")
    finally:
        root.handlers = before
        root.setLevel(level)
        logging.getLogger("httpx").setLevel(logging.NOTSET)
        handler.close()

    text = (tmp_path / "log").read_text()
    assert "/bot«token»/sendVideo" in text
    assert TOKEN not in text
    assert TOKEN.partition(":")[2] not in text
