"""Files at Gemini: sent once, waited for, renewed, and deleted whatever happens."""

import logging
from pathlib import Path

import pytest
from fakes.gemini_server import GeminiServer, Reply
from gemini_cases import Clock, account, model, question, video

from omni.adapters.gemini import uploads
from omni.adapters.gemini.uploads import name_of
from omni.errors.models import (
    ModelBusy,
    ModelDeclined,
    ModelError,
    ModelFileRefused,
    ModelKeyRefused,
    ModelUnreachable,
)


def test_a_file_is_sent_under_the_name_of_its_digest_asked_about_and_deleted(
    gemini: GeminiServer, tmp_path: Path
) -> None:
    asker, file = model(gemini), video(tmp_path)

    with asker.attached(file, "video/mp4", 90) as attachment:
        asker.ask(question(attachment=attachment))
        held = dict(gemini.files)

    assert gemini.verbs() == ["file", "start", "chunk", "file", "generate", "delete"]
    assert list(held) == [name_of(file)]
    assert gemini.files == {}
    [asked] = gemini.calls("generate")
    assert asked.body["contents"][0]["parts"] == [
        {"fileData": {"file_uri": attachment.uri, "mime_type": "video/mp4"}, "videoMetadata": {"fps": 1.0}},
        {"text": "What is it about?"},
    ]
    assert attachment.seconds == 90


def test_neither_name_nor_folder_of_a_file_leaves_the_machine(gemini: GeminiServer, tmp_path: Path) -> None:
    file = video(tmp_path)

    with model(gemini).attached(file, "video/mp4", 90):
        pass

    sent = "".join(f"{r.path} {r.headers} {r.body}" for r in gemini.requests)
    assert "proxy" not in sent
    assert tmp_path.name not in sent


def test_a_large_file_goes_in_pieces(gemini: GeminiServer, tmp_path: Path) -> None:
    content = bytes(9 * 1024**2)

    with model(gemini).attached(video(tmp_path, content), "video/mp4", 90):
        assert [file["sizeBytes"] for file in gemini.files.values()] == [str(len(content))]

    assert [len(r.body) for r in gemini.calls("chunk")] == [8 * 1024**2, 1024**2]


def test_a_file_is_waited_for_with_growing_pauses(gemini: GeminiServer, tmp_path: Path) -> None:
    gemini.polls_until_active = 8
    clock = Clock()

    with model(gemini, clock=clock).attached(video(tmp_path), "video/mp4", 90):
        assert clock.slept == [1, 2, 4, 8, 10, 10, 10]


def test_a_file_is_not_waited_for_for_ever(gemini: GeminiServer, tmp_path: Path) -> None:
    gemini.polls_until_active = 10_000
    clock = Clock()

    with (
        pytest.raises(ModelBusy, match="still being processed"),
        model(gemini, clock=clock).attached(video(tmp_path), "video/mp4", 90),
    ):
        pytest.fail("the block began")

    assert clock.now <= 600
    assert gemini.files == {}


def test_a_file_that_is_there_is_not_sent_again(gemini: GeminiServer, tmp_path: Path) -> None:
    file = video(tmp_path)
    gemini.hold(name_of(file), state="ACTIVE")  # the process that sent it was killed

    with model(gemini).attached(file, "video/mp4", 90) as attachment:
        assert attachment.uri.endswith(name_of(file))

    assert gemini.verbs() == ["file", "delete"]


def test_one_that_is_still_being_processed_is_waited_for(gemini: GeminiServer, tmp_path: Path) -> None:
    file = video(tmp_path)
    gemini.hold(name_of(file))
    gemini.polls_until_active = 4

    with model(gemini).attached(file, "video/mp4", 90):
        assert gemini.verbs() == ["file"] * 4


@pytest.mark.parametrize("fault", ["503", "drop", "html 200", "empty"])
def test_an_upload_that_fails_on_the_way_is_begun_again(gemini: GeminiServer, tmp_path: Path, fault: str) -> None:
    gemini.fail("start", fault)
    gemini.fail("chunk", "drop")
    clock = Clock()

    with model(gemini, clock=clock).attached(video(tmp_path), "video/mp4", 90):
        assert len(gemini.files) == 1

    assert len(gemini.calls("start")) == 3
    assert clock.slept[:2] == [1, 2]


def test_a_file_that_came_although_the_answer_was_lost_is_used(gemini: GeminiServer, tmp_path: Path) -> None:
    file = video(tmp_path)
    gemini.hold(name_of(file), state="ACTIVE")
    gemini.fail("file", "403 file")  # it came just after it was asked for

    with model(gemini).attached(file, "video/mp4", 90) as attachment:
        assert attachment.uri.endswith(name_of(file))

    assert gemini.verbs() == ["file", "start", "file", "delete"]


def test_a_name_that_somebody_else_took_is_done_without(gemini: GeminiServer, tmp_path: Path) -> None:
    gemini.fail("start", "409")
    asker, file = model(gemini), video(tmp_path)

    with asker.attached(file, "video/mp4", 90) as attachment:
        asker.ask(question(attachment=attachment))
        assert list(gemini.files) != [name_of(file)]

    assert gemini.files == {}


def test_a_file_that_expired_is_sent_again_once_and_the_question_asked_again(
    gemini: GeminiServer, tmp_path: Path
) -> None:
    spent = account()
    asker = model(gemini, spent)

    with asker.attached(video(tmp_path), "video/mp4", 90) as attachment:
        gemini.files.clear()
        gemini.say(Reply('{"topic": "boxes"}'))
        assert asker.ask(question(attachment=attachment)) == '{"topic": "boxes"}'

    assert gemini.verbs()[3:] == ["file", "generate", "file", "start", "chunk", "file", "generate", "delete"]
    assert (gemini.files, spent.charges[0].calls) == ({}, 1)


def test_a_file_that_expires_again_and_again_is_given_up(gemini: GeminiServer, tmp_path: Path) -> None:
    gemini.fail("generate", "403 file", "403 file")
    asker = model(gemini)

    with (
        pytest.raises(ModelFileRefused, match="may not exist"),
        asker.attached(video(tmp_path), "video/mp4", 90) as attachment,
    ):
        asker.ask(question(attachment=attachment))

    assert len(gemini.calls("generate")) == 2
    assert gemini.files == {}


def test_a_file_that_can_not_be_processed_is_refused_with_the_reason_and_deleted(
    gemini: GeminiServer, tmp_path: Path
) -> None:
    gemini.file_error = "The video is corrupted or its codec is not supported."

    with (
        pytest.raises(ModelFileRefused, match="its codec is not supported"),
        model(gemini).attached(video(tmp_path), "video/mp4", 90),
    ):
        pytest.fail("the block began")

    assert gemini.files == {}


def test_a_file_above_the_limit_is_never_sent(gemini: GeminiServer, tmp_path: Path) -> None:
    file = video(tmp_path).model_copy(update={"size_bytes": 2 * 1024**3 + 1})

    with pytest.raises(ModelFileRefused, match=r"2\.0 GB"), model(gemini).attached(file, "video/mp4", 90):
        pytest.fail("the block began")

    assert gemini.requests == []


@pytest.mark.parametrize("ending", [ModelDeclined(model="m", role="r", reason="x"), KeyboardInterrupt(), SystemExit()])
def test_a_file_is_deleted_however_the_block_ends(gemini: GeminiServer, tmp_path: Path, ending: BaseException) -> None:
    with pytest.raises(type(ending)) as caught, model(gemini).attached(video(tmp_path), "video/mp4", 90):
        raise ending

    assert caught.value is ending
    assert gemini.files == {}


def test_a_file_that_came_although_nobody_could_say_so_is_deleted_too(gemini: GeminiServer, tmp_path: Path) -> None:
    gemini.fail("chunk", "lost")
    gemini.fail("start", None, *["drop"] * 9)

    with (
        pytest.raises(ModelUnreachable),
        model(gemini, timeout=200).attached(video(tmp_path), "video/mp4", 90),
    ):
        pytest.fail("the block began")

    assert gemini.verbs()[-1] == "delete"
    assert gemini.files == {}


def test_what_can_not_be_deleted_is_a_warning_and_no_error(
    gemini: GeminiServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    gemini.fail("delete", "503", "503")

    with model(gemini).attached(video(tmp_path), "video/mp4", 90):
        pass

    [record] = [r for r in caplog.records if r.name == uploads.__name__]
    assert record.levelno == logging.WARNING
    assert "48 hours" in record.getMessage()


def test_what_is_gone_already_needs_no_deletion(
    gemini: GeminiServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with model(gemini).attached(video(tmp_path), "video/mp4", 90):
        gemini.files.clear()

    assert caplog.records == []


def test_a_key_that_is_refused_leaves_nothing_to_delete(gemini: GeminiServer, tmp_path: Path) -> None:
    gemini.fail("file", "400 key")

    with pytest.raises(ModelKeyRefused), model(gemini).attached(video(tmp_path), "video/mp4", 90):
        pytest.fail("the block began")

    assert gemini.verbs() == ["file"]


def test_a_file_stays_while_another_block_of_this_process_needs_it(gemini: GeminiServer, tmp_path: Path) -> None:
    asker, file = model(gemini), video(tmp_path)

    with asker.attached(file, "video/mp4", 90):
        with asker.attached(file, "video/mp4", 90):
            pass
        assert list(gemini.files) == [name_of(file)]

    assert gemini.files == {}
    assert len(gemini.calls("start")) == 1


def test_a_name_is_what_the_service_allows(tmp_path: Path) -> None:
    name = name_of(video(tmp_path)).removeprefix("files/")

    assert len(name) <= 40
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_errors_of_files_carry_nothing_of_the_sdk(gemini: GeminiServer, tmp_path: Path) -> None:
    gemini.fail("start", "400")

    with pytest.raises(ModelError) as caught, model(gemini).attached(video(tmp_path), "video/mp4", 90):
        pytest.fail("the block began")

    assert (caught.value.__context__, caught.value.__cause__) == (None, None)
