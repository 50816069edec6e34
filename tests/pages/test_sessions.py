"""The cookie of the pages: it names a key, proves that it was signed here, and ends."""

import stat
import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from deployments.door import sessions
from deployments.door.errors import SessionSecretUnusable
from deployments.door.sessions import FILE, LASTS_SECONDS, Session, Sessions
from omni.settings import Settings

DIGEST, OTHER = "a" * 64, "b" * 64


def signer(home: Path, **more: object) -> Sessions:
    return Sessions(Settings(_env_file=None, home=home, **more))  # pyright: ignore[reportCallIssue, reportArgumentType]


def test_a_cookie_says_whose_key_it_is_and_is_known_again(tmp_path: Path) -> None:
    session, cookie = signer(tmp_path).begin("0123abcd", DIGEST)
    again = signer(tmp_path)

    assert again.named(cookie) == session
    assert session.key == "0123abcd"
    assert again.holds(cookie, session, DIGEST)
    assert DIGEST not in cookie


def test_a_cookie_of_nobody_is_no_cookie_of_a_key(tmp_path: Path) -> None:
    door = signer(tmp_path)
    session, cookie = door.begin()
    forged = cookie.replace(".-.", ".0123abcd.")

    assert session.key == ""
    assert (claimed := door.named(forged))
    assert not door.holds(forged, claimed, DIGEST)


def test_another_key_with_the_same_id_cant_use_it(tmp_path: Path) -> None:
    door = signer(tmp_path)
    session, cookie = door.begin("0123abcd", DIGEST)

    assert not door.holds(cookie, session, OTHER)


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c.d", "a" * 22 + ".-.1.00", "é" * 22])
def test_what_is_no_cookie_names_nobody(tmp_path: Path, cookie: str) -> None:
    assert signer(tmp_path).named(cookie) is None


def test_a_longer_life_is_not_what_was_signed(tmp_path: Path) -> None:
    door = signer(tmp_path)
    session, cookie = door.begin()
    longer = Session(session.nonce, session.key, session.expires + 1)

    assert not door.holds(cookie.replace(str(session.expires), str(longer.expires)), longer)


def test_a_session_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    door = signer(tmp_path)
    _, cookie = door.begin()
    later = time.time() + LASTS_SECONDS + 1
    monkeypatch.setattr(sessions.time, "time", lambda: later)

    assert door.named(cookie) is None


def test_the_secret_is_made_once_and_its_owners_alone(tmp_path: Path) -> None:
    _, cookie = signer(tmp_path).begin()
    kept = tmp_path / FILE

    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.read_text().strip() not in cookie


def test_several_apis_with_one_secret_know_each_others_sessions(tmp_path: Path) -> None:
    secret = SecretStr("s" * 32)
    session, cookie = signer(tmp_path / "one", session_secret=secret).begin()

    assert signer(tmp_path / "two", session_secret=secret).holds(cookie, session)
    assert not signer(tmp_path / "three").holds(cookie, session)
    assert not (tmp_path / "one" / FILE).exists()


def test_a_secret_that_can_be_guessed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SessionSecretUnusable, match="fewer than 32"):
        signer(tmp_path, session_secret=SecretStr("short")).begin()


def test_the_token_of_a_form_is_one_sessions_own(tmp_path: Path) -> None:
    door = signer(tmp_path)
    (one, cookie), (two, _) = door.begin(), door.begin()

    assert door.token(one) == door.token(one) != door.token(two)
    assert door.token(one) not in cookie
