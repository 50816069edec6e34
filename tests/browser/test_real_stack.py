"""Everything real: `omni serve`, a worker, FFmpeg, and a person at a browser, from a video to a released Short."""

import re
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from makers.talks import make_talk
from playwright.sync_api import Browser, expect
from serving import Stack

WAIT_MS = 120_000


@pytest.fixture
def stack(ffmpeg: str, tmp_path: Path) -> Iterator[Stack]:
    make_talk(ffmpeg, tmp_path)
    home = tmp_path / "home"
    home.mkdir()
    running = Stack(home, OMNI_OUTPUT=str(tmp_path / "output"), OMNI_WHISPER_FETCH_SECONDS="0")
    yield running
    running.end(signal.SIGTERM)


@pytest.mark.prefect
@pytest.mark.ffmpeg
def test_a_person_makes_judges_corrects_and_releases_a_short(stack: Stack, chromium: Browser) -> None:
    page = chromium.new_page(base_url=stack.address("API"))
    complaints = list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(stack.address("pages"))
    page.get_by_label("A path or an address").fill("small talk.mp4")
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
