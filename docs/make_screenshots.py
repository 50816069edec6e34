"""Make the pictures of ``using.md``: run ``uv run python docs/make_screenshots.py``.

Starts everything as ``omni serve`` does, in a home of its own, lets it work on ``samples/talk.mp4`` as a person would by the
pages, and photographs what is there. Needs Chromium; takes about two minutes on two processors.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from serving import Stack  # noqa: E402  # lies with the tests, which start the same

PICTURES = ROOT / "docs" / "pictures"
WAIT_MS = 240_000
FIGURES = {"TikTok": {"Views": "12 400", "Likes": "900", "Seconds watched": "11.5"}, "LinkedIn": {"Views": "310"}}
PALETTE = "split[a][b];[a]palettegen=max_colors=128:stats_mode=full[p];[b][p]paletteuse=dither=bayer:bayer_scale=5"
"""128 colours are enough for a page, and make a picture a quarter as large."""


def main() -> None:
    """Take all pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder) / "home"
        home.mkdir()
        shutil.copy(ROOT / "samples" / "talk.mp4", Path(folder) / "talk.mp4")
        shutil.copy(ROOT / "samples" / "talk.srt", Path(folder) / "talk.srt")
        stack = Stack(home)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        try:
            address = stack.address("API")
            page = browser.new_page(viewport={"width": 1120, "height": 760}, base_url=address)
            phone = browser.new_page(viewport={"width": 390, "height": 780}, base_url=address)
            take(page, phone)
        finally:
            browser.close()
            stack.end(15)
    for path in sorted(PICTURES.glob("*.png")):
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1000:.0f} kB")


def take(page: Page, phone: Page) -> None:
    """Go the way of a user, and look back at each stop."""
    page.goto("/ui")
    page.get_by_label("A path or an address").fill("talk.mp4")
    page.get_by_label("What to look for").fill("topic: shipping")
    page.get_by_text("How many, how long, for whom").click()
    page.get_by_label("Shorts", exact=True).fill("3")
    page.get_by_label("Show me drafts first").check()
    keep(page, "new-job")
    page.get_by_role("button", name="Make Shorts").click()
    page.wait_for_url("**/ui/jobs/*-*")
    job = page.url
    page.get_by_label("Progress of Short 1").wait_for(timeout=WAIT_MS)
    keep(page, "progress")

    page.get_by_text("wait for your decision").wait_for(timeout=WAIT_MS)
    keep(page, "review")
    short = page.locator("#clip-1")
    short.scroll_into_view_if_needed()
    short.get_by_label("TikTok", exact=True).check(force=True)
    short.get_by_text("What speaks for it").click()
    page.evaluate("scrollTo(0, document.querySelector('#clip-1').offsetTop - 70)")
    keep(page, "short")
    phone.goto(job)
    phone.evaluate("scrollTo(0, document.querySelector('#clip-1').offsetTop - 70)")
    keep(phone, "phone")

    short.get_by_role("link", name="Edit").click()
    page.locator("[data-source]").wait_for()
    keep(page, "edit")

    page.goto(job)
    page.get_by_role("button", name="Approve the rest").click()
    page.get_by_role("link", name="Results of Short 1").wait_for(timeout=WAIT_MS)
    page.get_by_role("link", name="Results of Short 1").click()
    for platform, figures in FIGURES.items():
        group = page.get_by_role("group", name=platform, exact=True)
        for label, figure in figures.items():
            group.get_by_label(label).fill(figure)
    page.get_by_role("button", name="Tell the memory").click()
    page.get_by_text("known in this workspace").wait_for(timeout=WAIT_MS)
    page.evaluate("scrollTo(0, document.querySelector('form.results').offsetHeight - 180)")
    keep(page, "results")


def keep(page: Page, name: str) -> None:
    """Photograph what is in the window, in few colours."""
    page.wait_for_timeout(700)  # posters and first frames arrive
    page.evaluate("document.getElementById('said').textContent = ''")  # what was said in passing
    whole = PICTURES / f"{name}.whole.png"
    page.screenshot(path=whole)
    command = [get_ffmpeg_exe(), "-y", "-loglevel", "error", "-i", whole, "-vf", PALETTE, PICTURES / f"{name}.png"]
    subprocess.run(command, check=True)
    whole.unlink()


if __name__ == "__main__":
    main()
