"""What the pages look like, to eyes and to other senses: axe-core finds nothing serious, a phone needs no sideways scrolling."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from fakes.desk import Desk
from fakes.finished_job import Made
from playwright.sync_api import Locator, Page
from prefect.states import Failed, Running, Suspended

from omni.record import ClipState, Failure, Status

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
WAYS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 800}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 800}},
    "phone": {"color_scheme": "light", "viewport": {"width": 360, "height": 740}, "has_touch": True},
}
WHY = Failure(code="source_too_short", cause="The source is 12 s long.", next_step="Give a longer video.")
OPEN_ALL = "for (const one of document.querySelectorAll('details.fold')) one.open = true"


def pages(desk: Desk) -> dict[str, str]:
    """Return an address of every page, in every state that looks different."""
    review = desk.finished(Made(draft=True), state=Suspended(), reached=Status.NEEDS_REVIEW)
    running, failed = desk.door.job(video_path=str(desk.talk())), desk.door.job(video_path=str(desk.talk()))
    clip = ClipState(number=1, title="Loading a ton by hand", start=0, end=8, state="rendering", progress=0.4)
    at_work = {"reached": Status.RENDERING, "progress": 0.6, "stage": "render", "clips": (clip,)}
    desk.door.gateway.enter(running, Running(name="RENDERING"), **at_work)
    desk.door.gateway.enter(failed, Failed(), failure=WHY)
    ready = desk.finished()
    return {
        "jobs": "/ui",
        "job": f"/ui/jobs/{ready}",
        "results": f"/ui/jobs/{ready}/clips/1/results",
        "review": f"/ui/jobs/{review}",
        "running": f"/ui/jobs/{running}",
        "failed": f"/ui/jobs/{failed}",
        "clip": f"/ui/jobs/{review}/clips/1",
        "delete": f"/ui/jobs/{failed}/delete",
    }


def found(page: Page) -> list[str]:
    """Return what axe-core calls serious or critical, by rule and place."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    told = page.evaluate(f"axe.run({{runOnly: {json.dumps(tags)}}})")
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
        for one in told["violations"]
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


def inside(part: Locator, page: Page) -> bool:
    """Tell whether something is within the window."""
    box, window = part.bounding_box(), page.viewport_size
    return bool(box and window and 0 <= box["y"] and box["y"] + box["height"] <= window["height"])


def test_nothing_that_has_the_focus_is_hidden_at_four_times_the_size(desk: Desk) -> None:
    page = desk.page(viewport={"width": 320, "height": 256})  # 1280 x 1024 at 400 %
    for address in (f"/ui/jobs/{desk.finished()}", f"/ui/jobs/{desk.finished()}/clips/1"):
        page.goto(address)
        for _ in range(40):
            page.keyboard.press("Tab")
            hidden = page.evaluate(
                "(() => { const e = document.activeElement, r = e.getBoundingClientRect();"
                " const [x, y] = [r.left + r.width / 2, (Math.max(0, r.top) + Math.min(innerHeight, r.bottom)) / 2];"
                " const top = document.elementFromPoint(Math.min(innerWidth - 1, Math.max(0, x)), y);"
                " return top && (e.contains(top) || top.contains(e) || top.closest('label')?.control === e) ? '' : e.outerHTML.slice(0, 120) })()"
            )
            assert hidden == ""


@pytest.mark.parametrize("way", WAYS)
def test_every_page_can_be_used_by_everybody(desk: Desk, picture: Callable[[Page, str], None], way: str) -> None:
    empty = desk.page(**WAYS[way])
    empty.goto("/ui")
    picture(empty, f"empty-{way}")
    page = desk.page(**WAYS[way])
    for name, address in pages(desk).items():
        page.goto(address)
        page.evaluate(OPEN_ALL)
        picture(page, f"{name}-{way}")
        width = page.evaluate("document.documentElement.scrollWidth")

        assert (name, found(page)) == (name, [])
        assert (name, width) == (name, WAYS[way]["viewport"]["width"])
        if name == "review":
            page.locator("#clip-1 [data-reject] summary").click()
            asked = page.locator("#clip-1 [data-reject] form").bounding_box()
            assert asked
            assert 0 <= asked["x"] <= width - asked["width"]  # all of it is on the screen
        if name == "clip":  # whoever has read down to the last post needn't go back up to save
            page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
            assert any(one.is_visible() and inside(one, page) for one in page.get_by_text("Save and render").all())


def test_the_login_can_be_used_by_everybody(desk: Desk, picture: Callable[[Page, str], None]) -> None:
    desk.door.key("ann", "read")
    page = desk.page()
    page.goto("/ui")
    page.get_by_label("API key").fill("omni_wrong")
    page.get_by_role("button", name="Log in").click()
    picture(page, "login-light")

    assert page.get_by_role("alert").is_visible()
    assert found(page) == []
    desk.said[:] = [line for line in desk.said if "401" not in line]  # the browser notes the answer's status


def test_buttons_of_a_platform_are_shown_over_the_picture(desk: Desk, picture: Callable[[Page, str], None]) -> None:
    page = desk.page()
    page.goto(f"/ui/jobs/{desk.finished()}")
    page.locator("#clip-1").get_by_label("TikTok", exact=True).check(force=True)

    shown = page.locator("#clip-1 .area").evaluate_all(
        "all => all.filter(e => getComputedStyle(e).display !== 'none').map(e => e.classList[1])"
    )
    assert shown == ["area-tiktok"]
    assert page.locator("#clip-2 .area-tiktok").evaluate("e => getComputedStyle(e).display") == "none"


def test_a_reader_sees_where_the_focus_is(desk: Desk) -> None:
    page = desk.page()
    page.goto(f"/ui/jobs/{desk.finished()}")
    seen = 0
    for _ in range(25):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e.type === 'radio' ? e.nextElementSibling : e);"
            " return e.closest('svg') || e.tagName === 'VIDEO' ? 'own' : s.outlineStyle + s.outlineWidth })()"
        )
        assert outline in {"own", "solid3px", "auto1px"}, page.evaluate(
            "document.activeElement.outerHTML.slice(0, 200)"
        )
        seen += outline == "solid3px"
    assert seen > 5
