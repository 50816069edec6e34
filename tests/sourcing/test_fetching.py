"""What the user names becomes one local file, or says why not."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omni.errors import AddressUnreachable, SourceNotFound, UrlSourcesOff
from omni.sourcing.fetching import (
    FileReference,
    SourceRules,
    UploadReference,
    UrlReference,
    locate,
    reference,
    safe_name,
)

UPLOAD = "up_" + "0123456789abcdef" * 2
URL = "https://media.example.org/talks/keynote.mp4?signature=abc"


class Fetcher:
    """Writes the number of its call; fails as often as told, after it has begun to write."""

    def __init__(self, name: str | None = None, *, fails: int = 0) -> None:
        self.name, self.fails, self.calls = name, fails, 0

    def __call__(self, url: str, target: Path) -> str | None:
        self.calls += 1
        if self.fails:
            self.fails -= 1
            target.with_name(f"{target.name}.part").write_text("half")
            raise AddressUnreachable(url="https://media.example.org/…", reason="the connection broke")
        target.write_text(f"call {self.calls}")
        return self.name


@pytest.fixture
def rules(tmp_path: Path) -> SourceRules:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "talk.mp4").write_text("talk")
    (tmp_path / "secret.mp4").write_text("secret")
    return SourceRules((tmp_path / "media",), tmp_path / "uploads", tmp_path / "downloads", Fetcher())


@pytest.fixture
def upload(rules: SourceRules) -> Callable[..., Path]:
    """Put files into the folder of an upload."""

    def put(*names: str) -> Path:
        folder = rules.uploads / UPLOAD
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).write_text(name)
        return folder

    return put


@pytest.mark.parametrize(
    ("video", "meant"),
    [
        ("talk.mp4", FileReference(Path("talk.mp4"))), ("/media/talk.mp4", FileReference(Path("/media/talk.mp4"))),
        (f"upload:{UPLOAD}", UploadReference(UPLOAD)), (URL, UrlReference(URL)), ("HTTP://x/", UrlReference("HTTP://x/")),
        (UPLOAD, FileReference(Path(UPLOAD))), ("upload:up_1", FileReference(Path("upload:up_1"))),
        (f"upload:{UPLOAD}\n", FileReference(Path(f"upload:{UPLOAD}\n"))), (f"upload:{UPLOAD.upper()}", FileReference(Path(f"upload:{UPLOAD.upper()}"))),
        (f"upload:{UPLOAD}/../x", FileReference(Path(f"upload:{UPLOAD}/../x"))), (" https://x/", FileReference(Path(" https://x/"))),
        ("https:/x", FileReference(Path("https:/x"))), ("ftp://x/y", FileReference(Path("ftp://x/y"))), ("", FileReference(Path())),
    ],
)  # fmt: skip
def test_a_name_means_one_thing(video: str, meant: object) -> None:
    assert reference(video) == meant


@pytest.mark.parametrize("video", ["talk.mp4", "./talk.mp4", "{media}/talk.mp4"])
def test_a_file_below_a_media_root_is_found(video: str, rules: SourceRules) -> None:
    (root,) = rules.roots

    assert locate(video.format(media=root), rules) == root / "talk.mp4"


@pytest.mark.parametrize(
    "video",
    ["none.mp4", "../secret.mp4", "file:talk.mp4", "concat:talk.mp4|talk.mp4", "subfile,,start,0,end,9,,:talk.mp4", "data:video/mp4;base64,AA",
     "pipe:0", "-", "", "\0", "upload:up_1", f"upload:{UPLOAD}"],
)  # fmt: skip
def test_any_other_name_is_a_file_that_is_not_there(video: str, rules: SourceRules) -> None:
    with pytest.raises(SourceNotFound):
        locate(video, rules)


def test_an_upload_is_the_one_file_beside_what_was_noted_about_it(
    rules: SourceRules, upload: Callable[..., Path]
) -> None:
    folder = upload("my talk.mp4", "upload.json", ".lock", "next.mp4.part")

    assert locate(f"upload:{UPLOAD}", rules) == folder / "my talk.mp4"


@pytest.mark.parametrize("names", [(), ("upload.json",), ("talk.mp4.part", "upload.json"), ("a.mp4", "b.mp4")])
def test_an_upload_that_is_not_complete_is_not_there(
    names: tuple[str, ...], rules: SourceRules, upload: Callable[..., Path]
) -> None:
    upload(*names)

    with pytest.raises(SourceNotFound):
        locate(f"upload:{UPLOAD}", rules)


def test_an_upload_that_is_a_link_leads_nowhere(rules: SourceRules, upload: Callable[..., Path]) -> None:
    (upload() / "talk.mp4").symlink_to(rules.uploads.parent / "secret.mp4")

    with pytest.raises(SourceNotFound):
        locate(f"upload:{UPLOAD}", rules)


def test_an_address_is_refused_where_fetching_is_off(rules: SourceRules) -> None:
    with pytest.raises(UrlSourcesOff, match="OMNI_URL_SOURCES"):
        locate(URL, replace(rules, fetcher=None))


def test_an_address_is_fetched_once_and_kept(rules: SourceRules) -> None:
    first, second = locate(URL, rules), locate(URL, rules)

    assert first == second
    assert (first.name, first.read_text()) == ("keynote.mp4", "call 1")
    assert first.parent.parent == rules.downloads
    assert locate(f"{URL}&part=2", rules) != first


def test_what_a_failed_fetch_left_is_cleared_by_the_next(rules: SourceRules) -> None:
    rules = replace(rules, fetcher=Fetcher("talk.mp4", fails=1))

    with pytest.raises(AddressUnreachable):
        locate(URL, rules)
    file = locate(URL, rules)

    assert file.read_text() == "call 2"
    assert [f.name for f in file.parent.iterdir()] == ["talk.mp4"]


def test_a_fetch_that_was_killed_before_its_file_had_a_name_is_done_again(rules: SourceRules) -> None:
    kept = locate(URL, rules)
    kept.rename(kept.with_name(".arriving"))

    assert locate(URL, rules).read_text() == "call 2"


def test_two_jobs_with_one_address_fetch_it_once(rules: SourceRules) -> None:
    barrier, found = threading.Barrier(4), list[Path]()

    def job() -> None:
        barrier.wait(timeout=10)
        found.append(locate(URL, rules))

    threads = [threading.Thread(target=job) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)

    assert len(found) == 4
    assert {f.read_text() for f in found} == {"call 1"}


@pytest.mark.parametrize(
    ("told", "url", "name"),
    [
        ("Über uns.mp4", URL, "Über uns.mp4"), (None, URL, "keynote.mp4"), ("", URL, "keynote.mp4"), ("../../etc/passwd", URL, "passwd"),
        ("C:\\x\\y.mp4", URL, "y.mp4"), ("..", URL, "keynote.mp4"), (".hidden.mp4", URL, "hidden.mp4"), ("-rf.mp4", URL, "rf.mp4"),
        ("a\nb\0.mp4", URL, "a_b_.mp4"), ("x" * 300 + ".mp4", URL, "x" * 96 + ".mp4"), ("talk.mp4.part", URL, "talk.mp4"),
        (None, "https://h/a%20b%2Fc.mp4", "c.mp4"), (None, "https://h/", "source"), (None, "https://h", "source"), (None, "https://h?x=/y.mp4", "source"),
        (None, "https://h/folder/", "folder"),
    ],
)  # fmt: skip
def test_a_download_has_the_plain_name_that_its_server_or_address_gives(told: str | None, url: str, name: str) -> None:
    assert safe_name(told, url) == name


@given(told=st.text(max_size=200), rest=st.text(max_size=50))
def test_any_name_is_safe_in_any_folder(told: str, rest: str) -> None:
    name = safe_name(told, f"https://h/{rest}")

    assert name == Path(name).name
    assert name.isprintable()
    assert not name.startswith((".", "-"))
    assert not name.endswith(".part")
    assert 0 < len(name.encode()) <= 255
