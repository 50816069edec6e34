"""Signatures and secrets of webhooks."""

import base64
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook, WebhookVerificationError

from omni.errors import WebhookSecretUnusable
from omni.notices.signing import secret_of, signed

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = f"whsec_{base64.b64encode(bytes(range(32))).decode()}"
BODY = b'{"type":"job.completed","data":{"video":"\xd1\x80\xd0\xb5\xd1\x87\xd1\x8c.mp4"}}'


def test_the_published_vector_of_standard_webhooks_is_signed_as_published() -> None:
    headers = signed(
        b'{"test": 2432232314}', "msg_p5jXN8AQM9LWM0D4loKWxJek", SECRET, datetime.fromtimestamp(1614265330, UTC)
    )

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_a_receiver_with_the_library_verifies_the_very_bytes_and_no_others() -> None:
    headers = signed(BODY, "msg_1", SECRET, datetime.now(UTC))

    assert Webhook(SECRET).verify(BODY, headers)["type"] == "job.completed"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY.replace(b"completed", b"cancelled"), headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(BODY, headers)


def test_an_old_signature_can_not_be_played_again() -> None:
    headers = signed(BODY, "msg_1", SECRET, datetime.now(UTC) - timedelta(minutes=6))

    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(SECRET).verify(BODY, headers)


def test_while_a_secret_is_changed_receivers_with_the_old_and_with_the_new_one_verify() -> None:
    headers = signed(BODY, "msg_1", f"{OTHER} {SECRET}", datetime.now(UTC))

    Webhook(SECRET).verify(BODY, headers)
    Webhook(OTHER).verify(BODY, headers)
    assert headers["webhook-signature"].count("v1,") == 2


def test_a_configured_secret_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    assert secret_of(SecretStr(f" {SECRET}\n"), tmp_path) == SECRET
    assert list(tmp_path.iterdir()) == []


def test_without_one_a_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "home"

    first, second = secret_of(None, home), secret_of(SecretStr(""), home)

    assert first == second
    assert first.startswith("whsec_")
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32
    assert [p.name for p in home.iterdir()] == ["webhook-secret"]
    assert stat.S_IMODE((home / "webhook-secret").stat().st_mode) == 0o600
    assert secret_of(None, tmp_path / "another") != first


def test_processes_that_all_find_no_secret_agree_on_one(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from omni.notices.signing import secret_of\n"
        "print('ready', flush=True); sys.stdin.readline(); print(secret_of(None, Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    crowd = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
        for _ in range(6)
    ]
    assert all(process.stdout and process.stdout.readline() == "ready\n" for process in crowd)
    for process in crowd:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()

    secrets = {process.communicate(timeout=60)[0] for process in crowd}

    assert len(secrets) == 1
    assert next(iter(secrets)).startswith("whsec_")
    assert [p.name for p in tmp_path.iterdir()] == ["webhook-secret"]


@pytest.mark.parametrize(
    ("secret", "reason"),
    [
        ("hunter2-hunter2-hunter2-hunter2", "begin"),
        ("whsec_", "0 bytes"),
        ("whsec_aHVudGVyMg==", "7 bytes"),
        (f"whsec_{base64.b64encode(bytes(65)).decode()}", "65 bytes"),
        ("whsec_hunter2!hunter2!hunter2!hunter2!", "base64"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwx", "base64"),
        ("whsec_пароль", "base64"),
        (f"{SECRET} hunter2", "begin"),
    ],
)
def test_a_damaged_secret_is_refused_without_being_told(secret: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(WebhookSecretUnusable, match=reason) as refused:
        secret_of(SecretStr(secret), tmp_path)

    told = f"{refused.value} {refused.value.facts} {refused.value.__cause__} {refused.value.__reduce__()}"
    assert not [part for part in secret.split() if len(part) > 6 and part in told]
    assert not [word for word in ("hunter2", "пароль", "aHVudGVyMg", "MfKQ9r8G") if word in told]


def test_a_kept_secret_that_was_damaged_is_refused_by_its_place_and_not_replaced(tmp_path: Path) -> None:
    kept = tmp_path / "webhook-secret"
    for damaged in (b"", b"whsec_short", b"\xff\xfe\x00"):
        kept.write_bytes(damaged)

        with pytest.raises(WebhookSecretUnusable, match="webhook-secret"):
            secret_of(None, tmp_path)

        assert kept.read_bytes() == damaged


def test_a_home_that_can_not_hold_a_secret_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(WebhookSecretUnusable, match="exists"):
        secret_of(None, tmp_path / "file")
