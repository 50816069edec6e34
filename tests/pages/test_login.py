"""Who may see the pages and send their forms: the same keys, scopes and owners as the API."""

from typing import Any

import pytest
from fakes.door import Door, code_of
from fakes.reader import Reader

from deployments.door.access import KeyRing
from deployments.door.sessions import COOKIE


def revoke(door: Door, owner: str) -> None:
    ring = KeyRing(door.settings.keys)
    assert all(ring.revoke(key.id) for key in (*ring.keys(),) if key.owner == owner)


def logged_in(door: Door, owner: str, *scopes: Any) -> Reader:
    reader = Reader(door)
    assert reader.log_in(door.key(owner, *scopes)).status_code == 303
    return reader


def test_on_this_machine_without_keys_nobody_logs_in(reader: Reader) -> None:
    assert reader.get("/ui").status_code == 200
    assert reader.get("/ui/login").headers["location"] == "/ui"


def test_another_machine_is_not_let_in_without_keys(door: Door) -> None:
    answer = Reader(door, "192.0.2.7").get("/ui")

    assert answer.status_code == 401
    assert "answers its own machine only" in answer.text


def test_with_keys_a_page_leads_to_the_login_and_the_login_back(door: Door) -> None:
    reader, job = Reader(door), door.finished()
    key = door.key("local", "read")

    away = reader.get(f"/ui/jobs/{job}")
    assert away.status_code == 303
    assert away.headers["location"] == f"/ui/login?next=/ui/jobs/{job}"
    assert f'value="/ui/jobs/{job}"' in reader.get(away.headers["location"]).text
    back = reader.log_in(key, next=f"/ui/jobs/{job}")
    assert back.headers["location"] == f"/ui/jobs/{job}"
    assert reader.get(f"/ui/jobs/{job}").status_code == 200


def test_the_cookie_comes_with_links_but_no_foreign_form_and_holds_no_secret(door: Door) -> None:
    key = door.key("ann", "read")
    answer = Reader(door).log_in(key)
    told = answer.headers["set-cookie"]

    assert told.startswith(f"{COOKIE}=")
    assert "HttpOnly" in told
    assert "SameSite=lax" in told
    assert "Secure" not in told  # this is http
    assert key not in told


def test_over_tls_the_cookie_is_never_sent_in_the_clear(door: Door) -> None:
    key, reader = door.key("ann", "read"), Reader(door)
    reader.client.base_url = "https://127.0.0.1:8000"  # pyright: ignore[reportAttributeAccessIssue]

    assert "Secure" in reader.log_in(key).headers["set-cookie"]


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/ui/../x", "/ui//evil", "/jobs", "javascript:x"]
)
def test_a_login_leads_to_our_own_pages_only(door: Door, target: str) -> None:
    key = door.key("ann", "read")

    assert Reader(door).log_in(key, next=target).headers["location"] == "/ui"


@pytest.mark.parametrize("key", ["", "omni_wrong", "x" * 500])
def test_a_wrong_key_stays_at_the_login(door: Door, key: str) -> None:
    door.key("ann", "read")
    reader = Reader(door)
    answer = reader.log_in(key)

    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert reader.get("/ui").status_code == 303


def test_who_guesses_keys_is_stopped(door: Door) -> None:
    door.key("ann", "read")
    reader = Reader(door)
    answers = [reader.log_in("omni_wrong").status_code for _ in range(31)]

    assert answers == [401] * 30 + [429]


def test_a_revoked_key_is_out_at_once(door: Door) -> None:
    door.key("bob", "read")
    reader = logged_in(door, "ann", "submit", "read")
    token = reader.token()
    revoke(door, "ann")

    assert reader.get("/ui").status_code == 303
    assert reader.get("/jobs").status_code == 401
    assert reader.post("/ui/logout", token=token).headers["location"].startswith("/ui/login")


@pytest.mark.parametrize(
    ("form", "target"),
    [
        *((f"/jobs/{{job}}/{deed}", "/jobs/{job}") for deed in ("review", "more", "cancel", "retry", "delete")),
        ("/jobs/{job}/clips/1", "/jobs/{job}/clips/1"),
        ("/jobs/{job}/clips/1/results", "/jobs/{job}/clips/1/results"),
        ("/jobs", ""),
        ("/logout", ""),
    ],
)
def test_a_form_of_an_ended_session_leads_back_to_its_page(door: Door, form: str, target: str) -> None:
    job = door.finished()
    reader = logged_in(door, "local", "submit", "read")
    token = reader.token()
    reader.client.cookies.clear()
    away = reader.post("/ui" + form.format(job=job), token=token).headers["location"]

    assert away == f"/ui/login?next=/ui{target.format(job=job)}"
    assert logged_in(door, "local", "read").get(away.partition("=")[2]).status_code == 200


def test_logging_out_ends_the_session_in_this_browser(door: Door) -> None:
    reader = logged_in(door, "ann", "submit", "read")

    assert reader.post("/ui/logout").headers["location"] == "/ui/login"
    assert reader.get("/ui").status_code == 303


def test_a_key_that_may_only_look_can_log_out(door: Door) -> None:
    reader = logged_in(door, "ann", "read")

    assert reader.post("/ui/logout").status_code == 303
    assert reader.get("/ui").status_code == 303


def test_a_session_from_before_the_first_key_is_worth_nothing_after_it(door: Door) -> None:
    reader = Reader(door)
    assert reader.get("/ui").status_code == 200
    door.key("ann", "read")

    assert reader.get("/ui").status_code == 303
    assert reader.get("/jobs").status_code == 401


# what the cookie is good for beside the pages


def test_the_cookie_reads_the_api_that_the_pages_show(door: Door) -> None:
    reader = logged_in(door, "ann", "submit", "read")
    key = door.key("ann", "submit", "read")
    job = door.finished(door.caller(key))

    for path in (
        f"/status/{job}",
        "/jobs",
        f"/jobs/{job}/files/manifest.json",
        f"/jobs/{job}/zip",
        f"/jobs/{job}/events",
    ):
        assert reader.get(path).status_code == 200, path


def test_the_cookie_changes_nothing_through_the_api(door: Door) -> None:
    reader = logged_in(door, "ann", "submit", "read")
    job = door.finished(door.caller(door.key("ann", "submit", "read")))

    for method, path in (
        ("POST", "/process?video_path=talk.mp4"),
        ("POST", "/uploads?name=a.mp4"),
        ("POST", f"/jobs/{job}/retry"),
        ("DELETE", f"/jobs/{job}"),
    ):
        answer = reader.client.request(method, path)
        assert answer.status_code == 401, path
        assert code_of(answer) == "not_authenticated"


def test_anothers_job_is_not_there(door: Door) -> None:
    job = door.finished(door.caller(door.key("ann", "submit", "read")))
    reader = logged_in(door, "bob", "submit", "read")

    assert str(job) not in reader.get("/ui").text
    for path in (
        f"/ui/jobs/{job}",
        f"/ui/jobs/{job}/clips/1",
        f"/ui/jobs/{job}/clips/1/results",
        f"/ui/jobs/{job}/delete",
    ):
        assert reader.get(path).status_code == 404, path
    for deed in ("review", "more", "cancel", "retry", "delete", "clips/1", "clips/1/results"):
        answer = reader.post(f"/ui/jobs/{job}/{deed}", {"clip": "1", "verdict": "approved"})
        assert answer.status_code == 404, deed


def test_a_key_that_may_only_look_sees_no_buttons_and_does_nothing(door: Door) -> None:
    job = door.finished(door.caller(door.key("ann", "submit", "read")))
    reader = logged_in(door, "ann", "read")
    token = reader.token()

    assert "Make Shorts" not in reader.get("/ui").text
    text = reader.get(f"/ui/jobs/{job}").text
    assert "One good idea" in text
    assert f'action="/ui/jobs/{job}' not in text
    for deed in ("review", "more", "cancel", "retry", "delete", "clips/1", "clips/1/results"):
        assert reader.post(f"/ui/jobs/{job}/{deed}", {"verdict": "approved"}, token=token).status_code == 403, deed
    assert reader.submit({"video_path": str(door.video())}, token=token).status_code == 403
    assert len(door.gateway.stored) == 1


def test_a_key_that_may_only_submit_sees_no_page(door: Door) -> None:
    reader = Reader(door)
    reader.log_in(door.key("ann", "submit"))

    assert reader.get("/ui").status_code == 403


# forms come from our pages


@pytest.mark.parametrize("token", ["", "x", "0" * 64])
def test_a_form_without_the_sessions_token_does_nothing(door: Door, reader: Reader, token: str) -> None:
    job = door.job()
    answer = reader.post(f"/ui/jobs/{job}/cancel", token=token)

    assert answer.status_code == 403
    assert "Load the page again" in answer.text
    assert door.gateway.asked["cancel"] == 0


def test_a_token_of_another_session_does_nothing(door: Door, reader: Reader) -> None:
    job, foreign = door.job(), Reader(door).token()
    reader.get("/ui")

    assert reader.post(f"/ui/jobs/{job}/cancel", token=foreign).status_code == 403


def test_a_token_without_its_cookie_does_nothing(door: Door, reader: Reader) -> None:
    job, token = door.job(), reader.token()
    reader.client.cookies.clear()

    assert reader.post(f"/ui/jobs/{job}/cancel", token=token).status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_a_form_of_another_site_does_nothing(door: Door, reader: Reader, headers: dict[str, str]) -> None:
    job = door.job()

    assert reader.post(f"/ui/jobs/{job}/cancel", headers=headers).status_code == 403
    assert door.gateway.asked["cancel"] == 0


def test_a_form_of_our_own_page_is_followed(door: Door, reader: Reader) -> None:
    job = door.job()
    answer = reader.post(
        f"/ui/jobs/{job}/cancel", headers={"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
    )

    assert answer.status_code == 303
    assert door.gateway.asked["cancel"] == 1


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_another_kind_of_body_is_no_form(door: Door, reader: Reader, kind: str) -> None:
    job = door.job()
    answer = reader.client.post(f"/ui/jobs/{job}/cancel", content=b"csrf=x", headers={"Content-Type": kind})

    assert answer.status_code == 422
