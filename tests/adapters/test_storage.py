"""The contract of the port ``Storage``, over RAM, a folder and a real S3 protocol server; and S3's bad days."""

import hashlib
import logging
import os
import pickle
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from errno import ENOSPC
from pathlib import Path
from uuid import uuid4

import pytest

from omni.adapters import storage
from omni.adapters.filesystems import Upload
from omni.adapters.storage import Store
from omni.contracts import Delivery, FileRef
from omni.errors import DiskFull, OmniError, StoredFileMissing, StoreKeyRefused, StoreUnavailable
from omni.packaging.publishing import COMMIT_MARK, INDEX, WORTH_COPYING_BYTES, published

BUCKET = "box"
SECRET = "very-secret-key"
S3 = {
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}  # fmt: skip
LARGE = 9 << 20
"""More than one part of a multipart upload."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Address of an S3 server (moto) with one bucket."""
    pytest.importorskip("s3fs", reason="the extra `s3` is not installed")
    moto = pytest.importorskip("moto.server", reason="moto[server] (dev group) is not installed")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    running = moto.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    address = f"http://{host}:{port}"
    urllib.request.urlopen(urllib.request.Request(f"{address}/{BUCKET}", method="PUT")).close()
    yield address
    running.stop()


@pytest.fixture
def s3(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A fresh folder of the bucket, as an operator would name it."""
    for name, value in (S3 | {"AWS_ENDPOINT_URL_S3": server}).items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{uuid4().hex}"


@pytest.fixture(scope="module")
def s3_client(server: str) -> Iterator[object]:
    """S3 opened once: botocore reads its model of the service for 0.3 s each time."""
    with pytest.MonkeyPatch.context() as here:
        for name, value in (S3 | {"AWS_ENDPOINT_URL_S3": server}).items():
            here.setenv(name, value)
        opened = Store(f"s3://{BUCKET}/shared")
        opened.stat("a")
        yield opened._place.files


@pytest.fixture(params=["memory", "file", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store."""
    if request.param == "s3":
        made = Store(request.getfixturevalue("s3"))
        made._place._opened = request.getfixturevalue("s3_client"), made.where.removeprefix("s3://")
        return made
    return Store(f"memory://{uuid4().hex}" if request.param == "memory" else f"file://{tmp_path}/store")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A delivered folder: one Short under three names, small files, the manifest."""
    root = tmp_path / "out" / "talk-1234"
    for name in ("clips", "tiktok", "x"):
        (root / name).mkdir(parents=True)
    (root / "clips/1.mp4").write_bytes(os.urandom(WORTH_COPYING_BYTES + 1))
    for name in ("tiktok", "x"):
        os.link(root / "clips/1.mp4", root / name / "1.mp4")
        (root / name / "1.txt").write_text(f"Post for {name}")
    (root / "empty.vtt").touch()
    (root / COMMIT_MARK).write_text('{"schema": 1}')
    return root


def tree(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def below(store: Store, prefix: str) -> dict[str, bytes]:
    return {key.removeprefix(f"{prefix}/"): b"".join(store.read(key)) for key in store.list(prefix)}


def commits(monkeypatch: pytest.MonkeyPatch, before: Callable[[str], None] = lambda _key: None) -> list[str]:
    """Return the keys that get complete from now on, in order; ``before`` is called ahead of each."""
    seen: list[str] = []
    really = Upload.commit

    def watched(self: Upload) -> None:
        before(self._key)
        really(self)
        seen.append(self._key)

    monkeypatch.setattr(Upload, "commit", watched)
    return seen


def unavailable(call: Callable[[], object]) -> StoreUnavailable:
    with pytest.raises(StoreUnavailable) as caught:
        call()
    assert SECRET not in f"{caught.value} {caught.value.facts} {pickle.dumps(caught.value)!r}"
    assert caught.value.transient
    return caught.value


def test_a_published_folder_holds_every_file_as_it_is(store: Store, folder: Path) -> None:
    url = store.publish(folder, folder.name)

    assert url == f"{store.where}/jobs/talk-1234"
    assert below(store, "jobs/talk-1234") == tree(folder)


def test_publishing_again_sends_nothing(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.publish(folder, folder.name)
    sent = commits(monkeypatch)

    store.publish(folder, folder.name)

    assert sent == []


def test_publishing_again_sends_what_changed_and_deletes_what_is_gone(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.publish(folder, folder.name)
    (folder / "x/1.txt").write_text("Post for y")
    (folder / "tiktok/1.txt").unlink()
    sent = commits(monkeypatch)

    store.publish(folder, folder.name)

    assert sent == [f"jobs/talk-1234/{name}" for name in ("x/1.txt", INDEX, COMMIT_MARK)]
    assert below(store, "jobs/talk-1234") == tree(folder)


def test_a_short_under_several_names_is_sent_once(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = commits(monkeypatch)

    store.publish(folder, folder.name)

    assert [key for key in sent if key.endswith(".mp4")] == ["jobs/talk-1234/clips/1.mp4"]


def test_the_manifest_is_never_there_before_or_beside_files_that_are_still_to_come(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(key: str) -> None:
        if key.endswith(COMMIT_MARK):
            assert below(store, "jobs/talk-1234").keys() == tree(folder).keys() - {COMMIT_MARK}
        assert store.stat(f"jobs/talk-1234/{COMMIT_MARK}") is None

    sent = commits(monkeypatch, look)
    store.publish(folder, folder.name)
    (folder / "x/1.txt").write_text("another post")
    store.publish(folder, folder.name)

    assert [key for key in sent if key.endswith(COMMIT_MARK)] == [f"jobs/talk-1234/{COMMIT_MARK}"] * 2
    assert sent[-1] == f"jobs/talk-1234/{COMMIT_MARK}"


def test_a_publication_that_broke_shows_no_manifest_and_is_finished_by_the_next(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.publish(folder, folder.name)
    (folder / "clips/1.mp4").write_bytes(os.urandom(WORTH_COPYING_BYTES + 1))

    def stop(key: str) -> None:
        if key.endswith("1.mp4"):
            raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        commits(broken, stop)
        with pytest.raises(KeyboardInterrupt):
            store.publish(folder, folder.name)
    assert store.stat(f"jobs/talk-1234/{COMMIT_MARK}") is None

    store.publish(folder, folder.name)

    assert below(store, "jobs/talk-1234") == tree(folder)


def test_a_file_that_did_not_arrive_whole_stops_the_publication(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Upload.write
    monkeypatch.setattr(Upload, "write", lambda self, chunk: write(self, chunk[:5]))

    assert "did not arrive whole" in str(unavailable(lambda: store.publish(folder, folder.name)))
    assert store.stat(f"jobs/talk-1234/{COMMIT_MARK}") is None


def test_what_a_killed_publication_left_is_cleared_by_the_next(folder: Path, tmp_path: Path) -> None:
    store = Store(f"file://{tmp_path}/store")
    left = tmp_path / "store/jobs/talk-1234" / f".{uuid4().hex}.part"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half a Short")

    assert store.list("jobs/talk-1234") == {}
    store.publish(folder, folder.name)

    assert not left.exists()


def test_a_folder_without_its_manifest_is_not_published(store: Store, folder: Path) -> None:
    (folder / COMMIT_MARK).unlink()

    with pytest.raises(ValueError, match="isn't a delivered folder"):
        store.publish(folder, folder.name)


def test_a_delivery_knows_where_it_was_published(store: Store, folder: Path) -> None:
    manifest = FileRef(path=folder / COMMIT_MARK, sha256="a" * 64, size_bytes=13)

    told = published(Delivery(output_dir=folder, manifest=manifest, shorts_count=1), store)

    assert told.published == f"{store.where}/jobs/talk-1234"


@pytest.mark.parametrize("size", [0, 1, LARGE])
def test_what_is_written_in_pieces_is_read_back_whole(size: int, store: Store) -> None:
    data = os.urandom(size)

    stored = store.put("uploads/1/talk.mp4", (data[at : at + (3 << 20)] for at in range(0, size, 3 << 20)))

    assert stored.size_bytes == size
    assert b"".join(store.read("uploads/1/talk.mp4")) == data


@pytest.mark.parametrize(
    ("start", "end"), [(0, None), (0, 10), (3, 4), (4, 8), (5, 9), (9, 10), (10, 10), (7, 99), (20, 30), (5, 2)]
)
def test_a_range_is_read_in_pieces_like_a_slice(
    start: int, end: int | None, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "_PIECE", 4)
    store.put("a", [b"0123456789"])

    pieces = list(store.read("a", start, end))

    assert b"".join(pieces) == b"0123456789"[start:end]
    assert all(0 < len(piece) <= 4 for piece in pieces)


@pytest.mark.parametrize("size", [5, LARGE])
@pytest.mark.parametrize("error", [RuntimeError("the client went away"), KeyboardInterrupt()])
def test_an_aborted_upload_leaves_nothing(error: BaseException, size: int, store: Store) -> None:
    def pieces() -> Iterator[bytes]:
        yield bytes(size)
        assert store.stat("uploads/1/talk.mp4") is None
        raise error

    with pytest.raises(type(error)):
        store.put("uploads/1/talk.mp4", pieces())

    assert store.stat("uploads/1/talk.mp4") is None
    assert store._place.found("uploads") == {}
    if store.where.startswith("s3"):
        assert store._place.files.list_multipart_uploads(BUCKET) == []


def test_an_aborted_upload_leaves_the_file_that_was_there(store: Store) -> None:
    store.put("a", [b"before"])

    def pieces() -> Iterator[bytes]:
        yield b"after"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.put("a", pieces())

    assert b"".join(store.read("a")) == b"before"


def test_an_upload_that_can_not_be_completed_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_key: str) -> None:
        raise StoreUnavailable(where="s3://box", reason="500")

    commits(monkeypatch, fail)

    with pytest.raises(StoreUnavailable):
        store.put("uploads/1/a", [bytes(LARGE)])

    assert store._place.found("uploads") == {}
    if store.where.startswith("s3"):
        assert store._place.files.list_multipart_uploads(BUCKET) == []


def test_a_folder_is_deleted_whole_and_its_neighbour_not_at_all(store: Store) -> None:
    for key in ("uploads/ab/1", "uploads/ab/x/2", "uploads/abc/1", "uploads/ab [1]*?.mp4"):
        store.put(key, [b"1"])

    store.delete("uploads/ab")
    store.delete("uploads/ab")

    assert list(store.list("uploads")) == ["uploads/ab [1]*?.mp4", "uploads/abc/1"]
    assert store.stat("uploads/ab") is None


def test_a_folder_loses_its_manifest_first(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.publish(folder, folder.name)
    removed: list[str] = []
    remove = store._place.remove
    monkeypatch.setattr(store._place, "remove", lambda key: (removed.append(key), remove(key)))

    store.delete("jobs/talk-1234")

    assert removed[0] == f"jobs/talk-1234/{COMMIT_MARK}"
    assert store._place.found("jobs/talk-1234") == {}


def test_a_name_with_signs_of_a_pattern_means_itself(store: Store) -> None:
    for key in ("uploads/talk [1]*?.mp4", "uploads/talk 1.mp4"):
        store.put(key, [key.encode()])

    store.delete("uploads/talk [1]*?.mp4")

    assert below(store, "uploads") == {"talk 1.mp4": b"uploads/talk 1.mp4"}


def test_a_listing_tells_size_and_age(store: Store) -> None:
    store.put("uploads/1/a", [b"12345"])

    listed = store.list("uploads")["uploads/1/a"]

    assert (listed.size_bytes, listed.modified_at is not None) == (5, True)
    assert store.list("nothing") == {}
    assert store.stat("uploads/1") is None
    assert store.stat("uploads/2") is None


def test_a_missing_file_has_an_error_of_its_own(store: Store, tmp_path: Path) -> None:
    store.put("here", [b"1"])

    with pytest.raises(StoredFileMissing):
        store.read("gone")
    with pytest.raises(StoredFileMissing):
        store.fetch("gone", tmp_path / "a")


@pytest.mark.parametrize("call", ["stat", "read", "delete", "list"])
def test_a_key_out_of_the_store_is_refused_by_every_call(call: str, store: Store) -> None:
    with pytest.raises(StoreKeyRefused):
        getattr(store, call)("../other/a")


def test_a_fetched_file_is_known_by_its_digest(store: Store, tmp_path: Path) -> None:
    data = os.urandom(5 << 20)
    sha256 = hashlib.sha256(data).hexdigest()
    store.put("uploads/1/talk.mp4", [data])
    target = tmp_path / "here" / "talk.mp4"

    ref = store.fetch("uploads/1/talk.mp4", target, sha256=sha256)

    assert ref == FileRef(path=target, sha256=sha256, size_bytes=len(data))
    assert tree(target.parent) == {"talk.mp4": data}


def test_a_file_that_is_here_is_not_fetched_again(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "talk.mp4"
    target.write_bytes(b"talk")
    sha256 = hashlib.sha256(b"talk").hexdigest()

    assert store.fetch("never/uploaded", target, sha256=sha256).sha256 == sha256


def test_a_damaged_copy_on_this_machine_is_fetched_again(store: Store, tmp_path: Path) -> None:
    store.put("talk", [b"talk"])
    target = tmp_path / "talk.mp4"
    target.write_bytes(b"tal")

    store.fetch("talk", target, sha256=hashlib.sha256(b"talk").hexdigest())

    assert target.read_bytes() == b"talk"


def test_other_bytes_than_were_uploaded_never_get_the_name(store: Store, tmp_path: Path) -> None:
    store.put("talk", [b"other"])

    unavailable(lambda: store.fetch("talk", tmp_path / "here/talk.mp4", sha256="a" * 64))

    assert tree(tmp_path / "here") == {}


def test_a_full_disk_is_told_and_leaves_nothing(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path) -> FileRef:
        raise OSError(ENOSPC, "No space left on device")

    store.put("talk", [b"talk"])
    monkeypatch.setattr(storage, "_reference", full)

    with pytest.raises(DiskFull):
        store.fetch("talk", tmp_path / "here/talk.mp4")

    assert tree(tmp_path / "here") == {}


def test_a_file_that_is_replaced_while_it_is_read_is_not_mixed(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_PIECE", 4)
    store = Store(s3)
    store.put("a", [b"aaaaaaaa"])
    pieces = store.read("a")
    assert next(pieces) == b"aaaa"

    store.put("a", [b"bbbbbbbb"])

    unavailable(lambda: next(pieces))


def test_a_missing_bucket_is_named(s3: str, folder: Path, tmp_path: Path) -> None:
    store = Store("s3://no-such-bucket/prefix")

    for call in (
        lambda: store.publish(folder, "talk"),
        lambda: store.put("a", [b"1"]),
        lambda: store.put("a", [bytes(LARGE)]),
        lambda: store.stat("a"),
        lambda: store.read("a"),
        lambda: store.fetch("a", tmp_path / "a"),
        lambda: store.list("a"),
        lambda: store.delete("a"),
    ):
        assert "bucket does not exist" in str(unavailable(call))


def test_wrong_credentials_are_told_without_them(s3: str, server: str) -> None:
    store = Store(s3)

    def enforce(after: str) -> None:
        plain = {"Content-Type": "text/plain"}
        asked = urllib.request.Request(f"{server}/moto-api/reset-auth", data=after.encode(), headers=plain)
        urllib.request.urlopen(asked).close()

    enforce("0")
    try:
        for call in (lambda: store.put("a", [b"1"]), lambda: store.stat("a"), lambda: store.list("a")):
            assert "PermissionError" in str(unavailable(call))
    finally:
        enforce("inf")


def test_missing_credentials_are_told(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)

    assert "credentials" in str(unavailable(lambda: Store(s3).put("a", [b"1"])))


def test_a_refused_connection_is_told(s3: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{port}")

    assert "Could not connect" in str(unavailable(lambda: Store(s3).publish(folder, "talk")))


def test_an_endpoint_with_a_password_is_told_without_it(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://user:p@{SECRET}@127.0.0.1:1")

    unavailable(lambda: Store(s3).stat("a"))


def test_a_server_that_never_answers_is_given_up(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{mute.getsockname()[1]}")

        assert "timeout" in str(unavailable(lambda: Store(s3, read_seconds=0.2).stat("a"))).lower()


def test_an_unfinished_upload_to_a_server_that_went_away_fails_with_its_own_error(
    s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(s3)

    def pieces() -> Iterator[bytes]:
        yield bytes(LARGE)
        monkeypatch.setattr(store._place.files, "abort_mpu", None)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.put("a", pieces())


def test_without_the_extra_the_remedy_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = pytest.importorskip("fsspec.registry")
    for protocol in ("s3", "s3a"):
        monkeypatch.delitem(registry._registry, protocol, raising=False)
    monkeypatch.setitem(sys.modules, "s3fs", None)

    assert "uv sync --extra s3" in unavailable(lambda: Store("s3://box/x").stat("a")).next_step


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("bucket/prefix", "isn't a URL"),
        ("nope://bucket/prefix", "nope"),
        (f"s3://key:{SECRET}@bucket/prefix", "holds no credentials"),
        (f"memory://user:{SECRET}@[::1/x?token={SECRET}", ""),
    ],
)
def test_an_address_that_is_none_is_told_without_its_secrets(url: str, reason: str) -> None:
    def look() -> None:
        Store(url).stat("a")
        raise StoreUnavailable(where=Store(url).where, reason=reason)  # fsspec is content with odd hosts

    assert reason in str(unavailable(look))


def test_a_password_is_no_part_of_where() -> None:
    assert Store(f"sftp://user:{SECRET}@host/x/?key={SECRET}").where == "sftp://host/x"
    assert Store("abfs://container@account.example/x").where == "abfs://container@account.example/x"


def test_a_local_store_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert "NotADirectoryError" in str(unavailable(lambda: Store(f"file://{tmp_path}/file/x").put("a", [b"1"])))


def test_a_machine_without_a_store_pays_nothing_for_it() -> None:
    code = (
        "import sys; from omni.adapters.storage import Store; Store('s3://box/x'); "
        "print(sorted({'fsspec', 's3fs', 'botocore', 'prefect', 'ffmpeg'} & sys.modules.keys()))"
    )

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_every_error_of_the_store_survives_a_pickle() -> None:
    for error in (
        StoreUnavailable(where="s3://box", reason="x"),
        StoredFileMissing(where="s3://box", key="a"),
        StoreKeyRefused(key="../a"),
    ):
        again: OmniError = pickle.loads(pickle.dumps(error))
        assert (str(again), again.facts) == (str(error), error.facts)
