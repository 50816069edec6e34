"""From a message to an approved Short: the commands `omni serve` and `omni bot`, a local Bot API, nothing else replaced."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from chatting import CHAT
from fakes.telegram import TOKEN, FakeTelegram, fake_telegram
from media import make_talk
from serving import Stack

pytestmark = [pytest.mark.prefect, pytest.mark.ffmpeg]

BOT = "from deployments.cli import main; import sys; sys.argv = ['omni', 'bot']; main()"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    output = {"OMNI_OUTPUT": str(tmp_path / "output"), "OMNI_WHISPER_FETCH_SECONDS": "0"}
    running = Stack(tmp_path / "home", **output)
    yield running
    running.process.terminate()
    running.process.wait(timeout=30)


@pytest.fixture
def line() -> Iterator[FakeTelegram]:
    with fake_telegram() as served:
        served.patience = 180
        yield served


@pytest.fixture
def bot(stack: Stack, line: FakeTelegram, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    own = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "OMNI_HOME": str(tmp_path / "bot")}
    own |= {"OMNI_API_URL": stack.address("API"), "OMNI_TELEGRAM_TOKEN": TOKEN, "OMNI_TELEGRAM_CHATS": f"[{CHAT}]"}
    own |= {"OMNI_TELEGRAM_BASE_URL": line.url}
    with (tmp_path / "bot.log").open("wb") as sink:
        process = subprocess.Popen([sys.executable, "-c", BOT], env=own, stderr=sink, stdout=sink, cwd=tmp_path)
    yield process
    process.kill()
    process.wait(timeout=10)


def test_a_path_in_a_chat_becomes_a_short_that_is_approved_there(
    stack: Stack, line: FakeTelegram, bot: subprocess.Popen[bytes], ffmpeg: str, tmp_path: Path
) -> None:
    video = make_talk(ffmpeg, tmp_path)

    line.say(CHAT, f"{video} #draft #1")
    note = line.shown(CHAT, "Done: 1 Short.")
    posts = line.shown(CHAT, "Posts of Short 1")
    (short,) = line.videos(CHAT)
    answer = line.answer_to(line.press(short, "✓ Approve"))
    bot.send_signal(signal.SIGTERM)

    assert bot.wait(timeout=20) == 0
    assert note.text.startswith("small talk.mp4\nDone")
    assert "YouTube" in posts.text
    assert answer == "Short 1 is approved."
    assert "✓ Approved" in short.buttons
    with av.open(io.BytesIO(short.video or b"")) as film:
        size = (film.streams.video[0].width, film.streams.video[0].height)
    assert size == (int(short.fields["width"]), int(short.fields["height"])) == (540, 960)
    (job,) = stack.ask("GET", "/jobs?limit=1")["items"]
    assert job["clips"][0]["decision"]["verdict"] == "approved"
    assert TOKEN.partition(":")[2] not in (tmp_path / "bot.log").read_text()
