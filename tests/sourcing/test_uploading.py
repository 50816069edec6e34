"""Uploads in the store are brought to the machine that works on them, once and whole."""

import hashlib
import json
from pathlib import Path
from uuid import uuid4

import pytest

from omni.adapters.storage import Store
from omni.errors import StoreUnavailable, UploadNotFound
from omni.sourcing.uploading import FACTS, bring

ID = "up_" + "0" * 32
TALK = b"a talk"


@pytest.fixture
def store() -> Store:
    """A store with one upload, as the API writes it."""
    made = Store(f"memory://{uuid4().hex}")
    made.put(f"uploads/{ID}/talk.mp4", [TALK])
    note(made)
    return made


def note(store: Store, **changes: str) -> None:
    facts = {"owner": "me", "name": "talk.mp4", "sha256": hashlib.sha256(TALK).hexdigest(), "size_bytes": 6} | changes
    store.put(f"uploads/{ID}/{FACTS}", [json.dumps(facts).encode()])


def test_an_upload_arrives_whole_under_its_own_name(store: Store, tmp_path: Path) -> None:
    assert bring(ID, store, tmp_path) == tmp_path / ID / "talk.mp4"
    assert (tmp_path / ID / "talk.mp4").read_bytes() == TALK


def test_an_upload_that_is_here_is_not_fetched_again(store: Store, tmp_path: Path) -> None:
    bring(ID, store, tmp_path)
    store.delete(f"uploads/{ID}/talk.mp4")

    assert bring(ID, store, tmp_path).read_bytes() == TALK


def test_an_upload_without_its_file_or_its_facts_is_not_found(store: Store, tmp_path: Path) -> None:
    store.delete(f"uploads/{ID}/talk.mp4")
    with pytest.raises(UploadNotFound):
        bring(ID, store, tmp_path)

    with pytest.raises(UploadNotFound):
        bring("up_" + "1" * 32, store, tmp_path)


def test_other_bytes_than_were_uploaded_are_refused(store: Store, tmp_path: Path) -> None:
    note(store, sha256="a" * 64)

    with pytest.raises(StoreUnavailable, match="sha256"):
        bring(ID, store, tmp_path)

    assert list((tmp_path / ID).iterdir()) == []


@pytest.mark.parametrize("name", ["../talk.mp4", "/etc/passwd", "a/b", "..", ".hidden", "", "a\\b"])
def test_facts_that_lead_out_of_the_folder_are_not_believed(name: str, store: Store, tmp_path: Path) -> None:
    note(store, name=name)

    with pytest.raises(UploadNotFound):
        bring(ID, store, tmp_path)
