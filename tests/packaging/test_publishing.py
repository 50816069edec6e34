"""What is sent to the store, what is left alone, and what is taken away."""

import hashlib
import os
import posixpath
from pathlib import Path

import pytest
from builders import analysis, brief, campaign, source
from hypothesis import given
from hypothesis import strategies as st

from omni.contracts import Delivery, FileRef
from omni.errors import StoreKeyRefused
from omni.packaging.assembling import production_of
from omni.packaging.delivering import MANIFEST, Parcel
from omni.packaging.publishing import (
    COMMIT_MARK,
    INDEX,
    WORTH_COPYING_BYTES,
    Content,
    Publication,
    checked,
    contents_of,
    index_text,
    plan,
    published,
    read_index,
    unlike,
)

LARGE = WORTH_COPYING_BYTES


def content(letter: str, size: int = 5) -> Content:
    return Content(sha256=letter * 64, size_bytes=size)


def sizes(contents: dict[str, Content]) -> dict[str, int]:
    return {name: c.size_bytes for name, c in contents.items()}


FOLDER = {"clips/1.mp4": content("a"), "strategy.md": content("b"), COMMIT_MARK: content("c")}


def test_the_first_publication_sends_everything_but_the_manifest() -> None:
    assert plan(FOLDER, {}, {}) == Publication(send=("clips/1.mp4", "strategy.md"))


def test_a_folder_that_is_there_as_it_is_needs_nothing() -> None:
    assert plan(FOLDER, FOLDER, sizes(FOLDER) | {INDEX: 99}) is None


def test_only_what_changed_is_sent_again() -> None:
    before = FOLDER | {"strategy.md": content("d")}

    assert plan(FOLDER, before, sizes(before)) == Publication(send=("strategy.md",))


def test_a_file_of_another_size_than_was_sent_is_sent_again() -> None:
    assert plan(FOLDER, FOLDER, sizes(FOLDER) | {"strategy.md": 4}) == Publication(send=("strategy.md",))


def test_without_an_index_nothing_is_believed() -> None:
    assert plan(FOLDER, {}, sizes(FOLDER)) == Publication(send=("clips/1.mp4", "strategy.md"))


def test_a_publication_that_ended_before_its_manifest_is_finished() -> None:
    present = sizes(FOLDER)
    del present[COMMIT_MARK]

    assert plan(FOLDER, FOLDER, present) == Publication()


def test_what_is_no_longer_in_the_folder_is_deleted() -> None:
    assert plan(FOLDER, FOLDER, sizes(FOLDER) | {"x/old.mp4": 3, INDEX: 9}) == Publication(delete=("x/old.mp4",))


def test_a_short_under_several_names_is_sent_once_and_copied_in_the_store() -> None:
    short = content("a", LARGE)
    wanted = {"clips/1.mp4": short, "tiktok/1.mp4": short, "x/1.mp4": short, COMMIT_MARK: content("c")}

    assert plan(wanted, {}, {}) == Publication(
        send=("clips/1.mp4",), copy=(("clips/1.mp4", "tiktok/1.mp4"), ("clips/1.mp4", "x/1.mp4"))
    )


def test_a_short_that_is_there_is_copied_from_where_it_is() -> None:
    short = content("a", LARGE)
    before = {"x/1.mp4": short}

    wanted = {"clips/1.mp4": short, "x/1.mp4": short, COMMIT_MARK: content("c")}

    assert plan(wanted, before, sizes(before)) == Publication(copy=(("x/1.mp4", "clips/1.mp4"),))


def test_a_small_file_is_sent_rather_than_copied() -> None:
    wanted = {"tiktok/1.txt": content("a"), "x/1.txt": content("a"), COMMIT_MARK: content("c")}

    assert plan(wanted, {}, {}) == Publication(send=("tiktok/1.txt", "x/1.txt"))


def test_what_did_not_arrive_whole_is_named() -> None:
    assert unlike(FOLDER, sizes(FOLDER) | {"clips/1.mp4": 4}) == ("clips/1.mp4",)
    assert unlike(FOLDER, {}) == ("clips/1.mp4", COMMIT_MARK, "strategy.md")
    assert unlike(FOLDER, sizes(FOLDER)) == ()


def test_every_file_of_a_folder_is_known_by_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips/1.mp4").write_bytes(b"short")
    (tmp_path / "x.mp4").symlink_to("/etc/hostname")
    os.link(tmp_path / "clips/1.mp4", tmp_path / "same.mp4")

    short = Content(sha256=hashlib.sha256(b"short").hexdigest(), size_bytes=5)
    assert contents_of(tmp_path) == {"clips/1.mp4": short, "same.mp4": short}


def test_an_index_says_what_was_sent_and_a_damaged_one_says_nothing() -> None:
    assert read_index(index_text(FOLDER).encode()) == FOLDER
    assert read_index(b'{"a": {"sha256": "x"}}') == {}
    assert read_index(b"\xff") == {}


def test_the_commit_mark_is_the_manifest_of_a_delivered_folder() -> None:
    assert COMMIT_MARK == MANIFEST


@pytest.mark.parametrize(
    "key",
    ["", "/etc/passwd", "..", "a/../b", "a//b", "a/", "./a", "a/./b", "a\nb", "a\x00b", "a\\..\\b", "~/x", "s3://x/y",
     "a::b", "x" * 900, "a\u202eb"],
)  # fmt: skip
def test_a_key_that_could_leave_the_store_is_refused(key: str) -> None:
    with pytest.raises(StoreKeyRefused):
        checked(key)


@pytest.mark.parametrize(
    "key", ["uploads/4f/talk [1]*?.mp4", "jobs/größe-話/clips/01.mp4", "a..b/c", ".published.json"]
)
def test_a_key_of_common_names_is_taken(key: str) -> None:
    assert checked(key) == key


@given(st.text(alphabet=st.sampled_from("ab./\\~:%\x00 \n"), max_size=12))
def test_no_key_that_is_taken_leaves_its_root(key: str) -> None:
    try:
        taken = checked(key)
    except StoreKeyRefused:
        return
    assert posixpath.normpath(f"/root/{taken}") == f"/root/{taken}"


def test_the_production_tells_where_the_folder_was_published(tmp_path: Path) -> None:
    manifest = FileRef(path=tmp_path / MANIFEST, sha256="a" * 64, size_bytes=1)
    delivery = Delivery(output_dir=tmp_path, manifest=manifest, shorts_count=1, published="s3://box/jobs/talk")
    parcel = Parcel(
        source=source(), brief=brief(), analysis=analysis(), campaign=campaign(), shorts=(), engines={}, warnings=()
    )

    assert production_of(parcel, delivery, None, ()).published == "s3://box/jobs/talk"


def test_without_a_store_a_delivery_stays_as_it_is(tmp_path: Path) -> None:
    manifest = FileRef(path=tmp_path / MANIFEST, sha256="a" * 64, size_bytes=1)
    delivery = Delivery(output_dir=tmp_path, manifest=manifest, shorts_count=1)

    assert published(delivery, None) is delivery
