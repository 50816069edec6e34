"""What a video, its file name, its words or its posts smuggle into a page: it is read, and never run."""

from fakes.desk import Desk
from fakes.finished_job import Made
from playwright.sync_api import expect

from omni.record import Failure, Status

PAYLOADS = (
    "<script>window.hacked = 1</script>",
    '"><img src=x onerror="window.hacked = 2">',
    "'-alert(3)-'",
    "<svg/onload=window.hacked=4>",
    "</textarea><script>window.hacked = 5</script>",
    "</title><script>window.hacked = 6</script>",
    "javascript:window.hacked=7",
    "{{ 7 * 7 }} ${window.hacked=8} <%= 9 %>",
    "<style>body{display:none}</style><base href=//evil.example>",
    "<form action=//evil.example><input name=csrf>",
)
ALL = " ".join(PAYLOADS)
FILE = "'\"><script>window.hacked=9<.mp4"


def test_nothing_that_a_job_holds_is_run(desk: Desk) -> None:
    titles = tuple(payload[:100] for payload in PAYLOADS)
    made = Made(titles=titles, said=f"{ALL}.", reason=ALL, post=ALL, subject=ALL, failed_check=ALL)
    job = desk.finished(made, name=FILE, warnings=())
    page = desk.page()
    for address in (
        f"/ui/jobs/{job}",
        "/ui",
        f"/ui/jobs/{job}/clips/1",
        f"/ui/jobs/{job}/clips/1/results",
        f"/ui/jobs/{job}/delete",
    ):
        page.goto(address)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        page.wait_for_timeout(100)

        assert page.evaluate("window.hacked") is None, address
        assert page.locator("main img:not(.thumb), main svg[onload], main style, base, form[action*=evil]").count() == 0
    page.goto(f"/ui/jobs/{job}")
    expect(page.locator("#clip-1 h2")).to_have_text(titles[0])


def test_what_is_put_in_while_somebody_watches_is_not_run_either(desk: Desk) -> None:
    job = desk.door.job(video_path=str(desk.talk()))
    page = desk.page()
    page.goto(f"/ui/jobs/{job}")
    why = Failure(code="internal", cause=ALL, next_step=ALL)
    desk.door.gateway.tell(job, warnings=(ALL,), progress=0.1, reached=Status.ANALYZING)
    from prefect.states import Failed

    desk.door.gateway.enter(job, Failed(), failure=why)
    expect(page.get_by_text("window.hacked = 1").first).to_be_visible()

    assert page.evaluate("window.hacked") is None


def test_reasons_and_directives_come_back_as_they_were_typed(desk: Desk) -> None:
    job = desk.finished()
    page = desk.page()
    page.goto(f"/ui/jobs/{job}")
    page.locator("#clip-1 [data-reject] summary").click()
    page.locator("#clip-1").get_by_label("Why?").fill(ALL[:400])
    page.locator("#clip-1").get_by_role("button", name="Reject Short 1").click()
    expect(page.locator("#clip-1")).to_contain_text(ALL[:400])
    page.goto("/ui")
    page.get_by_label("What to look for").fill(ALL)
    page.get_by_role("button", name="Make Shorts").click()
    expect(page.get_by_role("alert")).to_contain_text("it names no video")

    expect(page.get_by_label("What to look for")).to_have_value(ALL)
    assert page.evaluate("window.hacked") is None
    desk.said[:] = [line for line in desk.said if "422" not in line]  # the browser notes the answer's status


def test_a_document_that_a_job_left_runs_no_script_and_knows_no_session(desk: Desk) -> None:
    page_of_the_job = b"<!doctype html><title>left</title><p id=p>before</p><script>p.textContent = 'run'</script>"
    job = desk.finished(Made(extra={"evidence.html": page_of_the_job}))
    page = desk.page()
    page.goto(f"/jobs/{job}/files/evidence.html")

    expect(page.locator("#p")).to_have_text("before")
    desk.said[:] = [line for line in desk.said if "sandboxed" not in line and "Content Security Policy" not in line]
