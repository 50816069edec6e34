"""What the bot understands and how it says things: decided without a network."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployments.bot.asking import asked_in, command_in
from deployments.bot.desk import _file_name, _name_of
from deployments.bot.gate import REMEMBERED, TOLD_A_MINUTE, Gate
from deployments.bot.messages import Attachment, Said
from deployments.bot.wording import LONGEST, fitted, instructions, pieces, progress
from deployments.schemas import Job, Links
from omni.contracts import Approval, Brief
from omni.record import Failure, Status


def said(text: str, *, file: bool = False) -> Said:
    return Said(1, 2, text, Attachment("f", "talk.mp4") if file else None)


@pytest.mark.parametrize(
    ("text", "video", "brief"),
    [
        ("talk.mp4", "talk.mp4", Brief()),
        ("my talks/a b.mp4\nsleep\n\nno jokes", "my talks/a b.mp4", Brief(directives="sleep\nno jokes")),
        ("https://example.org/a b.mp4", "https://example.org/a", Brief(directives="b.mp4")),
        ("http://example.org/a.mp4\nsleep", "http://example.org/a.mp4", Brief(directives="sleep")),
        ("talk.mp4 #draft #approve", "talk.mp4", Brief(draft=True, approval=Approval.CLIPS)),
        ("talk.mp4\n#3 about c#7 and #hashtags", "talk.mp4", Brief(clips=3, directives="about c#7 and #hashtags")),
        ("a#3.mp4", "a#3.mp4", Brief()),
    ],
)
def test_the_first_line_is_the_source_and_the_rest_what_to_look_for(text: str, video: str, brief: Brief) -> None:
    asked = asked_in(said(text))

    assert asked is not None
    assert (asked.video, asked.brief) == (video, brief)


@pytest.mark.parametrize("text", ["", "hello", "how are you today?", "thanks!", "#draft", "2.5", "this and/or that?"])
def test_mere_words_ask_for_nothing(text: str) -> None:
    assert asked_in(said(text)) is None


def test_a_caption_is_never_a_path() -> None:
    asked = asked_in(said("like in old/talk.mp4", file=True))

    assert asked is not None
    assert (asked.video, asked.brief.directives) == (None, "like in old/talk.mp4")


def test_a_failure_names_an_upload_as_its_sender_does() -> None:
    cause = f"/srv/my home/uploads/up_{'0a' * 16}/notes.txt is no video"
    error = Failure(code="source_unreadable", cause=cause, next_step="Send another.")
    now = datetime(2026, 11, 26, tzinfo=UTC)
    links = Links.model_validate({"self": "/", "events": "/", "files": None, "prefect_ui": "/"})
    job = Job(job_id=UUID(int=1), status=Status.FAILED, video_path="x", created_at=now, updated_at=now, error=error, links=links)  # fmt: skip

    assert progress(job, "notes.txt") == "notes.txt\nIt failed. notes.txt is no video\n→ Send another."


def test_what_to_send_is_told_in_one_message_with_the_largest_file() -> None:
    assert "at most 20 MB" in instructions(20)
    assert len(list(pieces(instructions(2000)))) == 1


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/start", ("start", "")),
        ("/cancel@my_bot 1a2b", ("cancel", "1a2b")),
        ("/Cancel 1a2b", ("cancel", "1a2b")),
        ("/srv/media/talk.mp4", None),
        ("talk.mp4", None),
    ],
)
def test_a_command_is_told_from_a_path(text: str, command: tuple[str, str] | None) -> None:
    assert command_in(text) == command


@given(st.text(st.sampled_from("ab \n😀é"), max_size=400), st.integers(4, 60))
def test_a_long_text_is_parted_without_losing_a_letter(text: str, limit: int) -> None:
    parts = list(pieces(text, limit))

    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(len(part.encode("utf-16-le")) <= 2 * limit for part in parts)


def test_what_is_cut_ends_with_an_ellipsis_and_divides_no_character() -> None:
    assert fitted("😀" * LONGEST, LONGEST) == "😀" * (LONGEST // 2 - 1) + "…"
    assert fitted("short", LONGEST) == "short"


def test_strangers_are_told_once_and_only_some_a_minute() -> None:
    now = [0.0]
    gate = Gate((1,), clock=lambda: now[0])

    assert gate.admits(1)
    assert not gate.admits(2)
    assert [gate.may_hear(2), gate.may_hear(2)] == [True, False]
    assert sum(gate.may_hear(stranger) for stranger in range(10, 10 + 2 * TOLD_A_MINUTE)) == TOLD_A_MINUTE - 1
    now[0] = 61
    assert gate.may_hear(99)
    assert not gate.may_hear(2)


def test_no_crowd_of_strangers_fills_the_memory() -> None:
    now = [0.0]
    gate = Gate((), clock=lambda: now[0])
    for stranger in range(REMEMBERED + 50):
        now[0] += 60
        gate.may_hear(stranger)

    assert gate.may_hear(0)  # forgotten long ago
    assert len(gate._strangers) == REMEMBERED


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("talk.mp4", "talk.mp4"),
        ("../../etc/passwd", "passwd"),
        ("C:\\films\\talk.mov", "talk.mov"),
        ("a\nb\x00.mp4", "a b .mp4"),
        ("", "video"),
        ("...", "video"),
        ("x" * 300 + ".mp4", "x" * 60 + ".mp4"),
    ],
)
def test_a_files_name_is_a_name(told: str, name: str) -> None:
    assert _file_name(told) == name


def test_a_source_is_called_by_its_last_part() -> None:
    assert _name_of("https://example.org/talks/sleep.mp4?token=1") == "sleep.mp4"
    assert _name_of("https://example.org/") == "example.org"
    assert _name_of("a/b\nc.mp4") == "b c.mp4"
