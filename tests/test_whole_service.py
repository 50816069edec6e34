"""Everything real: one `omni serve` with its workers and FFmpeg, and people at its doors, from a video to a released Short.

They decide over HTTP, in the form of the Prefect UI, at a browser and in a chat (a local Bot API stands for Telegram). The stack
is one for all of them: it takes longer to start than most jobs take. Each has a video or a workspace of their own, so that
nothing is remembered of it yet.
"""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest
from chromium import chromium
from fakes.telegram import TOKEN, FakeTelegram, fake_telegram
from media import make_talk
from playwright.sync_api import Page, expect
from prefect_server import settle
from serving import Stack

pytestmark = [pytest.mark.prefect, pytest.mark.ffmpeg]

WISH = {"clips": 2, "min_seconds": 4, "max_seconds": 9, "approval": "clips", "platforms": ["x"]}
BOT = "from deployments.cli import main; import sys; sys.argv = ['omni', 'bot']; main()"
CHAT = 42
WAIT_MS = 240_000


@pytest.fixture(scope="module")
def stack(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("service")
    home = settle(folder / "home", migrated)
    running = Stack(
        home,
        OMNI_MEDIA_ROOTS=json.dumps([str(folder)]),
        OMNI_OUTPUT=str(folder / "out"),
        OMNI_WHISPER_FETCH_SECONDS="0",
    )
    yield running
    running.end(signal.SIGTERM)


def talk_of(somebody: str, ffmpeg: str, stack: Stack) -> Path:
    """Make a talk that nobody else has, below the folder in which the stack was started."""
    folder = stack.home.parent / somebody
    folder.mkdir()
    return make_talk(ffmpeg, folder, comment=somebody)


# ── over HTTP, and in the Prefect UI ─────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def video(ffmpeg: str, stack: Stack) -> str:
    return str(talk_of("client", ffmpeg, stack))


def submitted(stack: Stack, video: str, workspace: str) -> str:
    return stack.ask("POST", "/process", {"video_path": video, "brief": WISH | {"workspace": workspace}})["job_id"]


def when(stack: Stack, job_id: str, status: str, attempt: int, seconds: float = 240) -> dict[str, Any]:
    """Return a job as soon as it has come to a status in an attempt."""
    deadline = time.monotonic() + seconds
    while (job := stack.ask("GET", f"/status/{job_id}"))["status"] != status or job["attempt"] != attempt:
        assert time.monotonic() < deadline, job
        assert job["status"] not in {"FAILED", "CANCELLED"}, job
        time.sleep(0.2)
    return job


def manifest(stack: Stack, job_id: str) -> dict[str, Any]:
    return stack.ask("GET", f"/jobs/{job_id}/files/manifest.json")


def test_an_edited_and_approved_clip_is_made_in_full_and_a_rejected_one_is_not(stack: Stack, video: str) -> None:
    job_id = submitted(stack, video, "client")
    drafts = when(stack, job_id, "NEEDS_REVIEW", 1)
    shown = manifest(stack, job_id)

    assert (drafts["result"], drafts["review"]["open"]) == (None, [1, 2])
    assert all(clip["video"] and clip["state"] == "rendered" for clip in drafts["clips"])
    assert [short["draft"] for short in shown["shorts"]] == [True, True]
    assert stack.ask_prefect("/flow_runs/filter", flow_runs={"id": {"any_": [job_id]}})[0]["state_name"] == "Suspended"

    start, end = drafts["clips"][0]["start"] + 0.4, drafts["clips"][0]["end"]
    transcript = stack.ask("GET", f"/jobs/{job_id}/files/transcript.json")["words"]
    inside = [number for number, (begins, ends, _) in enumerate(transcript) if start + 0.5 < begins < ends < end - 0.5]
    words = [{"first": inside[0], "last": inside[-1], "text": "Otherwise"}]
    mine: dict[str, Any] = {"start": start, "title": "By hand", "captions": words}
    stack.ask("PUT", f"/jobs/{job_id}/clips/1", mine)
    again = when(stack, job_id, "NEEDS_REVIEW", 2)
    redrawn = manifest(stack, job_id)

    assert (again["clips"][0]["title"], again["clips"][0]["start"]) == ("By hand", pytest.approx(start, abs=0.002))
    assert redrawn["shorts"][1]["files"]["video"]["sha256"] == shown["shorts"][1]["files"]["video"]["sha256"]
    assert redrawn["shorts"][0]["files"]["video"]["sha256"] != shown["shorts"][0]["files"]["video"]["sha256"]

    verdicts = [{"clip": 1, "verdict": "approved"}, {"clip": 2, "verdict": "rejected", "reason": "dull"}]
    stack.ask("PUT", f"/jobs/{job_id}/clips/1", mine | {"posts": {"x": {"text": "Mine."}}})
    stack.ask("POST", f"/jobs/{job_id}/review", {"decisions": verdicts})
    done = when(stack, job_id, "COMPLETED", 3)
    made = manifest(stack, job_id)

    assert (done["result"]["shorts_count"], [clip["state"] for clip in done["clips"]]) == (1, ["rendered", "dropped"])
    assert done["result"]["strategy_id"]
    assert [(short["number"], short["title"], short["draft"]) for short in made["shorts"]] == [(1, "By hand", False)]
    assert [(post["clip"], post["text"]) for post in made["posts"]] == [(1, "Mine.")]
    said = Path(done["result"]["output_dir"], made["shorts"][0]["files"]["srt"]["path"]).read_text()
    assert "Otherwise" in said


def test_the_form_of_the_prefect_ui_decides_and_an_edit_afterwards_makes_one_clip_anew(
    stack: Stack, video: str
) -> None:
    job_id = submitted(stack, video, "form")
    when(stack, job_id, "NEEDS_REVIEW", 1)

    refused = stack.ask_prefect(f"/flow_runs/{job_id}/resume", run_input={"clip_1": "perhaps"})
    stack.ask_prefect(f"/flow_runs/{job_id}/resume", run_input={"clip_2": "rejected", "reason": "too long"})
    done = when(stack, job_id, "COMPLETED", 2)

    assert refused["status"] == "REJECT"
    told = [(clip["decision"]["verdict"], clip["decision"]["by"], clip["decision"]["reason"]) for clip in done["clips"]]
    assert told == [("approved", "person", ""), ("rejected", "person", "too long")]
    assert [short["number"] for short in manifest(stack, job_id)["shorts"]] == [1]

    stack.ask("PUT", f"/jobs/{job_id}/clips/1", {"title": "Afterwards"})
    when(stack, job_id, "COMPLETED", 3)

    assert [(short["title"], short["draft"]) for short in manifest(stack, job_id)["shorts"]] == [("Afterwards", False)]


def test_what_was_said_of_a_job_that_is_then_cancelled_is_remembered(stack: Stack, video: str) -> None:
    job_id = submitted(stack, video, "cancelled")
    when(stack, job_id, "NEEDS_REVIEW", 1)
    stack.ask("POST", f"/jobs/{job_id}/review", {"decisions": [{"clip": 2, "verdict": "rejected", "reason": "dull"}]})
    assert stack.ask("POST", f"/jobs/{job_id}/cancel")["status"] == "CANCELLED"

    told: dict[str, Any] = {}
    deadline = time.monotonic() + 240
    while told.get("state_type") != "COMPLETED":
        assert time.monotonic() < deadline, told
        time.sleep(0.5)
        tags = {"all_": ["outcome", f"job:{job_id}"]}
        [told] = stack.ask_prefect("/flow_runs/filter", flow_runs={"tags": tags}) or [{}]

    [outcome], [clip] = told["parameters"]["outcomes"], told["parameters"]["clips"]
    assert (outcome["clip"], outcome["outcome"]["verdict"], outcome["outcome"]["reason"]) == (2, "rejected", "dull")
    assert (clip["payload"]["number"], clip["payload"]["unmade"]) == (2, True)


# ── at a browser ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def page(stack: Stack) -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_page(base_url=stack.address("API"))


@pytest.mark.browser
def test_a_person_makes_judges_corrects_and_releases_a_short(stack: Stack, page: Page, ffmpeg: str) -> None:
    talk_of("person", ffmpeg, stack)
    complaints = list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(stack.address("pages"))
    page.get_by_label("A path or an address").fill("person/small talk.mp4")
    page.get_by_text("How many, how long, for whom").click()
    for label, value in (("Shorts", "1"), ("Shortest, in seconds", "5"), ("Longest, in seconds", "10")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Show me drafts first").check()
    page.get_by_role("button", name="Make Shorts").click()

    page.get_by_text("1 of 1 Shorts wait for your decision.").wait_for(timeout=WAIT_MS)
    assert page.locator("#clip-1 video").first.get_attribute("poster")
    page.locator("#clip-1").get_by_role("link", name="Edit").click()
    line = page.locator("textarea[name^=caption]").first
    said = line.input_value()
    line.fill(re.sub(r"^\w+", "Indeed", said))
    page.get_by_role("button", name="Save and render").click()
    page.wait_for_url("**#clip-1")
    page.get_by_text("1 of 1 Shorts wait for your decision.").wait_for(timeout=WAIT_MS)
    expect(page.locator("#clip-1").get_by_text("Edited")).to_be_visible()

    page.locator("#clip-1").get_by_role("button", name="Approve").click()
    expect(page.locator("[data-status]")).to_have_text("Ready", timeout=WAIT_MS)
    expect(page.locator("#clip-1")).not_to_contain_text("Draft")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download all").click()
    with zipfile.ZipFile(coming.value.path()) as archive:
        captions = next(name for name in archive.namelist() if name.endswith(".vtt"))
        assert "Indeed" in archive.read(captions).decode()

    page.get_by_role("link", name="Results of Short 1").click()
    page.get_by_role("group", name="TikTok").get_by_label("Views").fill("1 200")
    page.get_by_role("button", name="Tell the memory").click()
    page.get_by_text("Results of 1 Short is known in this workspace").wait_for(timeout=WAIT_MS)
    expect(page.get_by_role("region", name="What is known")).not_to_contain_text("on its way", timeout=WAIT_MS)
    assert complaints == []


# ── in a chat ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def line() -> Iterator[FakeTelegram]:
    with fake_telegram() as served:
        served.patience = 240
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
    video = talk_of("chat", ffmpeg, stack)

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
