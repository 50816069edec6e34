"""From a video to released Shorts, in a browser: with a mouse, by the keyboard alone, and without any script."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from fakes.desk import Desk
from fakes.finished_job import Made, finish
from playwright.sync_api import Page, Route, expect
from prefect.states import Completed, Running, Suspended

from deployments.gateway import LEARN
from omni.contracts import Platform
from omni.record import ClipState, Status, record_of
from omni.review import Revision, Verdict, Wording

PLANNED = ClipState(number=1, title="Loading a ton by hand cost $5.83", start=0, end=8, state="rendering", progress=0.2)
FIRST = "In 1937 a man sat in his truck on a pier."


def job_of(page: Page) -> UUID:
    return UUID(page.url.partition("#")[0].rpartition("/")[2])


def said(desk: Desk, job: UUID) -> Revision:
    return record_of(desk.door.gateway.stored[job].labels).revision


def draw(desk: Desk, job: UUID) -> None:
    """Let the drafts be there, for the first time or again."""
    finish(desk.door, job, Made(draft=True), state=Suspended(), reached=Status.NEEDS_REVIEW)


def test_submit_watch_review_edit_approve_download(desk: Desk, tmp_path: Path) -> None:
    page = desk.page()
    page.goto("/ui")
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    page.get_by_label("A path or an address").fill(str(desk.talk()))
    page.get_by_text("How many, how long, for whom").click()
    page.get_by_label("Shorts", exact=True).fill("2")
    page.get_by_label("Show me drafts first").check()
    page.get_by_role("button", name="Make Shorts").click()

    page.wait_for_url("**/ui/jobs/*-*")
    job = job_of(page)
    assert desk.door.gateway.stored[job].parameters["brief"] == {"clips": 2, "approval": "clips"}

    state = page.locator("[data-status]")
    expect(state).to_have_text("Waiting")
    desk.door.gateway.enter(job, Running(name="ANALYZING"), reached=Status.ANALYZING, progress=0.2, stage="listen")
    expect(state).to_have_text("Finding moments")
    desk.door.gateway.enter(job, Running(name="RENDERING"), reached=Status.RENDERING, progress=0.4, clips=(PLANNED,))
    expect(page.get_by_role("heading", name=PLANNED.title)).to_be_visible()
    desk.door.gateway.tell(job, progress=0.7, clips=(PLANNED.model_copy(update={"progress": 0.6}),))
    expect(page.get_by_label("Progress of Short 1")).to_have_js_property("value", 60)
    draw(desk, job)
    expect(state).to_have_text("Needs your review")
    expect(page.get_by_text("2 of 2 Shorts wait for your decision.")).to_be_visible()

    page.locator("#clip-1").get_by_role("link", name="Edit").click()
    page.get_by_label("0:00").fill(FIRST.replace("1937", "1973"))
    page.get_by_role("button", name="Save and render").click()
    page.wait_for_url("**#clip-1")
    assert said(desk, job).edits[0].captions == (Wording(first=1, last=2, text="1973"),)
    draw(desk, job)
    expect(page.locator("#clip-1").get_by_text("Edited")).to_be_visible()

    page.locator("#clip-1").get_by_role("button", name="Approve").click()
    expect(page.locator("#clip-1 .badge.good")).to_have_text("Approved")
    page.locator("#clip-2 [data-reject] summary").click()
    page.locator("#clip-2").get_by_label("Why?").fill("Needs the context")
    page.locator("#clip-2").get_by_role("button", name="Reject Short 2").click()
    expect(page.locator("#clip-2 .badge.bad")).to_have_text("Rejected")
    decided = said(desk, job).decisions
    assert [(d.clip, d.verdict, d.reason) for d in decided] == [
        (1, "approved", ""),
        (2, "rejected", "Needs the context"),
    ]

    again = PLANNED.model_copy(update={"progress": 0.4})
    desk.door.gateway.enter(job, Running(name="RENDERING"), reached=Status.RENDERING, progress=0.5, clips=(again,))
    expect(page.get_by_text("Being rendered anew; until then you see it as it was.")).to_be_visible()
    desk.door.gateway.tell(job, progress=0.6, clips=(again.model_copy(update={"progress": 0.7}),))
    expect(page.get_by_label("Progress of Short 1")).to_have_js_property("value", 70)

    finish(desk.door, job, Made(titles=(PLANNED.title,)))
    expect(state).to_have_text("Ready")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download all").click()
    with zipfile.ZipFile(coming.value.path()) as archive:
        assert any(name.endswith("clips/01-short.mp4") for name in archive.namelist())

    page.get_by_role("link", name="Results of Short 1").click()
    page.get_by_role("group", name="TikTok").get_by_label("Views").fill("12 400")
    page.get_by_role("button", name="Tell the memory").click()
    known = page.get_by_role("region", name="What is known")
    expect(known).to_contain_text("on its way into the memory")
    told = next(run_id for run_id, run in desk.door.gateway.stored.items() if run.name == LEARN)
    desk.door.gateway.enter(told, Completed(message="1 kept."))
    expect(known).not_to_contain_text("on its way")  # nobody loads the page again
    expect(known).to_contain_text("12 400")


def test_all_of_it_by_the_keyboard(desk: Desk) -> None:
    page = desk.page()
    page.goto("/ui")
    keys = page.keyboard
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keys.press("Enter")
    keys.press("Tab")
    keys.type(str(desk.talk()))
    keys.press("Enter")
    page.wait_for_url("**/ui/jobs/*-*")
    job = job_of(page)
    draw(desk, job)
    expect(page.locator("#clip-2")).to_be_visible()

    keys.press("n")
    expect(page.locator("#clip-1")).to_be_focused()
    keys.press("a")
    expect(page.locator("#clip-1 .badge.good")).to_have_text("Approved")
    keys.press("n")
    expect(page.locator("#clip-2")).to_be_focused()
    keys.press(" ")
    page.wait_for_function("!document.querySelector('#clip-2 video').paused")
    keys.press("k")
    page.wait_for_function("document.querySelector('#clip-2 video').paused")
    keys.press("r")
    expect(page.locator("#clip-2").get_by_label("Why?")).to_be_focused()
    keys.type("a kind of jolt")  # letters that are keys elsewhere
    keys.press("Enter")
    expect(page.locator("#clip-2 .badge.bad")).to_have_text("Rejected")
    assert [d.verdict for d in said(desk, job).decisions] == [Verdict.APPROVED, Verdict.REJECTED]
    assert said(desk, job).decisions[1].reason == "a kind of jolt"

    finish(desk.door, job)
    expect(page.locator("#clip-1").get_by_role("link", name="Edit")).to_be_visible()
    keys.press("n")
    keys.press("e")
    page.wait_for_url("**/clips/1")
    page.locator(".word[tabindex='0']").focus()
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    keys.press("i")
    expect(page.get_by_role("group", name="Starts").get_by_role("spinbutton")).to_have_value("0.95")
    expect(page.locator(".word.first")).to_have_text("a")
    keys.press("End")
    for _ in range(20):
        keys.press("ArrowLeft")
    keys.press("o")
    expect(page.locator(".word.last")).to_have_text(page.locator(".word:focus").text_content() or "")
    page.get_by_role("button", name="Save and render").focus()
    keys.press("Enter")
    page.wait_for_url("**#clip-1")
    edit = said(desk, job).edits[0]
    assert edit.start == 0.95
    assert edit.end == 4.45


def test_single_keys_can_be_turned_off_and_stay_off(desk: Desk, picture: Callable[[Page, str], None]) -> None:
    page, job = desk.page(), desk.door.job(video_path=str(desk.talk()))
    draw(desk, job)
    page.goto(f"/ui/jobs/{job}")
    page.get_by_label("Single keys").uncheck()
    picture(page, "keys-off")
    page.reload()
    expect(page.get_by_label("Single keys")).not_to_be_checked()
    page.locator("#clip-1").focus()
    page.keyboard.press("n")
    page.keyboard.press("r")
    expect(page.locator("#clip-1")).to_be_focused()

    page.get_by_label("Single keys").check()
    page.locator("#clip-1").focus()
    page.keyboard.press("n")
    expect(page.locator("#clip-2")).to_be_focused()


def test_all_of_it_without_scripts(desk: Desk, tmp_path: Path) -> None:
    page = desk.page(java_script_enabled=False)
    page.goto("/ui")
    page.get_by_label("A file of yours").set_input_files(desk.talk())
    page.get_by_role("button", name="Make Shorts").click()
    page.wait_for_url("**/ui/jobs/*-*")
    job = job_of(page)
    video = desk.door.gateway.stored[job].parameters["video"]
    assert (desk.door.settings.uploads / video.removeprefix("upload:") / "talk.mp4").stat().st_size > 1_000_000

    finish(desk.door, job)
    page.reload()
    page.locator("#clip-1").get_by_role("button", name="Approve").click()
    expect(page.locator("#clip-1 .badge.good")).to_have_text("Approved")
    page.locator("#clip-1").get_by_role("link", name="Edit").click()
    page.get_by_label("or with a word").select_option(label="0:01 man")
    page.get_by_label("Title, shown over the first seconds").fill("A man in a truck")
    page.get_by_role("button", name="Save and render").click()
    edit = said(desk, job).edits[0]
    assert (edit.start, edit.title) == (1.45, "A man in a truck")

    finish(desk.door, job)
    page.reload()
    page.get_by_role("link", name="Results of Short 1").click()
    page.get_by_role("group", name="LinkedIn").get_by_label("Likes").fill("31")
    page.get_by_role("button", name="Tell the memory").click()
    expect(page.get_by_role("region", name="What is known")).to_contain_text("31")


def test_a_file_is_sent_with_its_progress(desk: Desk) -> None:
    page = desk.page()
    page.goto("/ui")
    page.get_by_label("A file of yours").set_input_files(desk.talk())
    page.get_by_role("button", name="Make Shorts").click()
    page.wait_for_url("**/ui/jobs/*-*")

    expect(page.get_by_role("heading", level=1)).to_have_text("talk.mp4")


def test_a_file_that_is_refused_is_told_where_it_was_chosen(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    page = desk.page()
    page.goto("/ui")
    page.get_by_label("A file of yours").set_input_files(tmp_path / "empty.mp4")
    page.get_by_role("button", name="Make Shorts").click()

    expect(page.get_by_role("alert")).to_contain_text("it is empty")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("button", name="Make Shorts")).to_be_enabled()
    page.evaluate("document.querySelector('[data-upload]').dataset.most = 1000")
    page.get_by_label("A file of yours").set_input_files(desk.talk())
    page.get_by_role("button", name="Make Shorts").click()
    expect(page.get_by_role("alert")).to_contain_text("talk.mp4 is larger than this API takes.")
    expect(page.get_by_role("alert")).to_be_focused()
    desk.said[:] = [line for line in desk.said if "422" not in line]  # the browser notes the answer's status


def test_a_form_that_was_sent_and_changed_since_is_refused_once_and_then_makes_its_own_job(desk: Desk) -> None:
    page = desk.page()
    for directives in ("", "jokes"):
        page.goto("/ui")
        page.evaluate("document.querySelector('[name=once]').value = 'as before'")
        page.get_by_label("A file of yours").set_input_files(desk.talk())
        page.get_by_label("What to look for").fill(directives)
        page.get_by_role("button", name="Make Shorts").click()
        if not directives:
            page.wait_for_url("**/ui/jobs/*-*")
    expect(page.get_by_role("alert")).to_contain_text("Idempotency-Key")
    page.get_by_role("button", name="Make Shorts").click()
    page.wait_for_url("**/ui/jobs/*-*")

    assert len(desk.door.gateway.stored) == 2
    desk.said[:] = [line for line in desk.said if "422" not in line]  # the browser notes the answer's status


def test_the_list_of_jobs_follows_them(desk: Desk) -> None:
    job = desk.door.job()
    page = desk.page()
    page.goto("/ui")
    row = page.locator(f"[data-region='{job}']")
    expect(row).to_contain_text("Waiting")
    desk.door.gateway.enter(job, Running(name="ANALYZING"), reached=Status.ANALYZING, progress=0.31, stage="listen")

    expect(row).to_contain_text("31 % · listening")


def test_a_job_is_followed_again_after_the_door_refused_once(desk: Desk) -> None:
    page, job, refused = desk.page(), desk.door.job(), list[str]()

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.fulfill(status=503)

    page.route("**/events", refuse_once)
    page.goto(f"/ui/jobs/{job}")
    expect(page.locator("[data-status]")).to_have_text("Waiting")
    with page.expect_response(lambda answer: answer.url.endswith("/events") and answer.ok):
        pass
    desk.door.gateway.enter(job, Running(name="ANALYZING"), reached=Status.ANALYZING, progress=0.2, stage="listen")

    expect(page.locator("[data-status]")).to_have_text("Finding moments")
    desk.said[:] = [line for line in desk.said if "503" not in line]  # the browser notes the answer's status


def test_nothing_is_said_to_be_approved_when_the_session_has_ended(desk: Desk) -> None:
    job, key = desk.door.job(video_path=str(desk.talk())), desk.door.key("local", "submit", "read")
    draw(desk, job)
    page = desk.page()
    page.goto(f"/ui/jobs/{job}")
    page.get_by_label("API key").fill(key)
    page.get_by_role("button", name="Log in").click()
    approve = page.locator("#clip-1").get_by_role("button", name="Approve")
    expect(approve).to_be_visible()
    page.wait_for_load_state()  # by then its scripts have run
    page.context.clear_cookies()
    approve.click()

    expect(page.locator("#said")).to_contain_text("Nothing was changed")
    assert said(desk, job).decisions == ()
    desk.said[:] = [line for line in desk.said if "401" not in line]  # the browser notes the answer's status


def test_a_change_elsewhere_leaves_alone_what_somebody_does(desk: Desk) -> None:
    job = desk.door.job(video_path=str(desk.talk()))
    page = desk.page()
    draw(desk, job)
    page.goto(f"/ui/jobs/{job}")
    page.evaluate("document.querySelector('#clip-2 video').dataset.mine = 'kept'")
    page.locator("#clip-2 [data-reject] summary").click()
    page.locator("#clip-2").get_by_label("Why?").fill("half a thought")
    page.locator("#clip-1").get_by_role("button", name="Approve").click()
    expect(page.locator("#clip-1 .badge.good")).to_have_text("Approved")

    expect(page.locator("#clip-2").get_by_label("Why?")).to_have_value("half a thought")
    assert page.evaluate("document.querySelector('#clip-2 video').dataset.mine") == "kept"


def test_counters_count_as_each_platform_does(desk: Desk) -> None:
    from deployments.pages.platforms import count

    texts = ("plain", "Ünïcödé", "日本語", "👩‍👩‍👧 family", "see https://example.org/a/very/long/address now", "🇩🇪 1️⃣ é")
    page = desk.page()
    page.goto(f"/ui/jobs/{desk.finished()}/clips/1")
    for platform in Platform:
        used = page.locator(f"#{platform}-used")
        for text in texts:
            page.locator(f"#{platform}-text").fill(text)
            expect(used).to_contain_text(f"{count(text, ('box', 'truck'), platform)} of ")
    page.locator("#x-text").fill("x" * 300)
    expect(page.locator("#x-used")).to_have_text("313 of 280, 33 too long")
