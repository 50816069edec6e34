"""The file of API keys: hashes, ours alone, read again, and never a reason to let everybody in."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.door import Door, code_of, opened

from deployments.door import access
from deployments.door.access import KeyRing, has_keys
from deployments.errors import KeyFileUnusable


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(tmp_path) as door:
        yield door


def test_the_file_holds_hashes_only_and_is_ours_alone(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "new" / "api-keys.json")
    secrets = [ring.create(owner, ("read",))[1] for owner in ("ann", "bob")]

    text = (tmp_path / "new" / "api-keys.json").read_text()
    assert not any(secret in text or secret.removeprefix("omni_") in text for secret in secrets)
    assert stat.S_IMODE((tmp_path / "new" / "api-keys.json").stat().st_mode) == 0o600
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["api-keys.json"]
    assert len({*secrets}) == 2
    assert all(len(secret) > 40 for secret in secrets)


def test_a_key_is_revoked_without_a_restart(door: Door) -> None:
    ann, root = door.caller(door.key("ann", "read")), door.caller(door.key("root", "admin"))
    ring = KeyRing(door.settings.keys)
    assert ann.get("/jobs").status_code == 200

    assert ring.revoke(ring.keys()[0].id)
    assert not ring.revoke("nobody")

    assert ann.get("/jobs").status_code == 401
    assert root.get("/jobs").status_code == 200


def test_the_door_closes_to_keyless_callers_when_the_first_key_is_made(door: Door) -> None:
    assert door.client.get("/jobs").status_code == 200
    assert not has_keys(door.settings)

    door.key("ann", "read")

    assert door.client.get("/jobs").status_code == 401
    assert has_keys(door.settings)


DAMAGED = [
    "",
    "{",
    "null",
    '[{"id": "1"}]',
    '[{"id": "1", "owner": "ann", "sha256": "ü", "scopes": ["read"], "created_at": "2026-11-22T12:00:00Z"}]',
    "\0",
]


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_file_lets_nobody_in(door: Door, text: str) -> None:
    key = door.key("ann", "admin")
    assert door.caller(key).get("/jobs").status_code == 200
    door.settings.keys.write_text(text)

    for caller in (door.client, door.caller(key), door.caller(key, host="10.0.0.1")):
        for headers in ({}, {"Host": "elsewhere.example"}):
            answer = caller.get("/jobs", headers=headers)
            assert (answer.status_code, code_of(answer)) == (503, "key_file_unusable")
            assert str(door.settings.keys) not in answer.text
    with pytest.raises(KeyFileUnusable):
        KeyRing(door.settings.keys).create("bob", ("read",))


def test_a_file_that_vanishes_does_not_open_the_door(door: Door) -> None:
    key = door.key("ann", "read")
    assert door.caller(key).get("/jobs").status_code == 200

    door.settings.keys.unlink()

    assert code_of(door.client.get("/jobs")) == "key_file_unusable"
    door.key("ann", "read")
    assert door.caller(key).get("/jobs").status_code == 401


def test_a_folder_in_the_place_of_the_file_lets_nobody_in(door: Door) -> None:
    door.settings.keys.mkdir(parents=True)

    assert code_of(door.client.get("/jobs")) == "key_file_unusable"


def test_keys_are_compared_in_constant_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[str, str]] = []
    known = access.hmac.compare_digest

    def compare(one: str, other: str) -> bool:
        compared.append((one, other))
        return known(one, other)

    monkeypatch.setattr(access.hmac, "compare_digest", compare)
    ring = KeyRing(tmp_path / "keys.json")
    secrets = [ring.create(owner, ("read",))[1] for owner in ("ann", "bob", "cy")]

    assert ring.principal(secrets[0]) is not None
    assert len(compared) == 3  # all of them, also behind the one that fits
