"""Nothing outside the media roots is ever read, whatever a path says and however its links are moved."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from dice import Dice, dice
from hypothesis import HealthCheck, given, settings

from omni.errors import SourceNotFound, SourceUnreadable
from omni.roots import admitted, open_admitted

INSIDE, SECRET = b"inside", b"secret"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two roots with every kind of way out, beside a secret."""
    house = tmp_path_factory.mktemp("house")
    outside, first, second = house / "outside", house / "media", house / "media2"
    for folder in (outside, first / "sub", second):
        folder.mkdir(parents=True)
    for secret in (outside / "secret.mp4", house / "secret.mp4", house / "media-not.mp4"):
        secret.write_bytes(SECRET)
    for file in (first / "talk.mp4", first / "sub" / "talk.mp4", first / "gone (deleted)", second / "other.mp4"):
        file.write_bytes(INSIDE)
    (first / "out.mp4").symlink_to(outside / "secret.mp4")
    (first / "up").symlink_to("..")
    (first / "outside").symlink_to(outside)
    (first / "chain").symlink_to("outside/secret.mp4")
    (first / "loop").symlink_to("loop")
    (first / "cwd").symlink_to("/proc/self/cwd")
    (first / "tty").symlink_to("/dev/tty")
    (first / "zero").symlink_to("/dev/zero")
    (first / "own.mp4").symlink_to("sub/talk.mp4")
    (first / "near.mp4").symlink_to(second / "other.mp4")
    os.mkfifo(first / "pipe.mp4")
    (house / "alias").symlink_to(first)
    return house


@pytest.fixture(scope="module")
def roots(house: Path) -> tuple[Path, ...]:
    return house / "media", house / "media2"


def content(path: Path, roots: tuple[Path, ...]) -> bytes:
    with os.fdopen(open_admitted(path, roots), "rb") as file:
        return file.read()


@pytest.mark.parametrize("name", ["talk.mp4", "sub/talk.mp4", "other.mp4", "own.mp4", "near.mp4", "gone (deleted)"])
def test_a_file_below_a_root_is_admitted_by_its_relative_name(
    name: str, house: Path, roots: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")

    assert content(Path(name), roots) == INSIDE
    assert not admitted(Path(name), roots).is_symlink()


@pytest.mark.parametrize("name", ["media/talk.mp4", "alias/talk.mp4", "media/own.mp4"])
def test_a_file_below_a_root_is_admitted_by_its_absolute_name(name: str, house: Path, roots: tuple[Path, ...]) -> None:
    assert admitted(house / name, roots) == (house / name).resolve()


def test_a_root_may_itself_be_a_link(house: Path) -> None:
    assert admitted(Path("talk.mp4"), (house / "alias",)) == house / "media" / "talk.mp4"


@pytest.mark.parametrize(
    "name",
    [
        "none.mp4", "", ".", "sub", "out.mp4", "chain", "up/secret.mp4", "outside/secret.mp4", "loop", "cwd", "tty", "zero",
        "pipe.mp4", "sub/../talk.mp4", "../secret.mp4", "../media/talk.mp4", "../media-not.mp4", "talk.mp4/x",
        "talk.mp4\0", "talk\n.mp4", "\udcff.mp4", "x" * 5000, "y/" * 3000, "~/talk.mp4", "~nobody/x", "/etc/passwd",
        "//etc/passwd", "/dev/zero", "/dev/stdin", "/proc/self/environ", "/proc/self/root/etc/passwd", "/proc/self/fd/0",
        "file:talk.mp4", "concat:talk.mp4", "%2e%2e/secret.mp4", "{house}/secret.mp4", "{house}/outside/secret.mp4",
        "{house}/media/../secret.mp4", "{house}/media", "/{house}/media/talk.mp4", "/proc/self/root/{house}/media/talk.mp4",
    ],
)  # fmt: skip
def test_everything_else_is_answered_alike(name: str, house: Path, roots: tuple[Path, ...]) -> None:
    path = Path(name.replace("{house}", str(house)))

    with pytest.raises(SourceNotFound) as caught:
        admitted(path, roots)

    assert str(caught.value).isprintable()
    assert caught.value.facts.keys() == {"path"}


def test_without_roots_any_file_is_admitted(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(house / "media")
    monkeypatch.setenv("HOME", str(house))

    assert admitted(Path("../secret.mp4"), ()) == house / "secret.mp4"
    assert admitted(Path("~/secret.mp4"), ()) == house / "secret.mp4"
    with pytest.raises(SourceNotFound):
        admitted(Path("pipe.mp4"), ())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_told_apart_only_where_nothing_is_restricted(tmp_path: Path) -> None:
    locked = tmp_path / "locked.mp4"
    locked.touch(mode=0)

    with pytest.raises(SourceUnreadable):
        admitted(locked, ())
    with pytest.raises(SourceNotFound):
        admitted(locked, (tmp_path,))


WORDS = [
    "talk.mp4", "sub", "own.mp4", "near.mp4", "out.mp4", "up", "outside", "chain", "loop", "cwd", "zero", "pipe.mp4", "media", "media2",
    "alias", "secret.mp4", "other.mp4", "..", ".", "", "...", ". .", "~", "%2e%2e", "..%2f", "..\\", "\0", "\n", "\udcff", "\u2025",
    "etc", "passwd", "proc", "self", "root", "fd", "0", "environ", "dev", "stdin", "gone (deleted)", " (deleted)", "x" * 300,
]  # fmt: skip
STARTS = [
    "", "", "", "/", "//", "///", "./", "{house}/", "{house}/media/", "/{house}/media/", "{house}/outside/", "/proc/self/cwd/",
    "/proc/self/root{house}/", "/dev/fd/", "file:", "file://", "concat:", "subfile,,start,0,end,0,,:", "\\\\", "~/",
]  # fmt: skip


def test_ten_thousand_paths_lead_nowhere_outside(house: Path, roots: tuple[Path, ...]) -> None:
    seen: set[bytes | None] = set()

    @given(thrown=dice(32))
    @settings(max_examples=10_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def attempt(thrown: Dice) -> None:
        start, joint = thrown.pick(STARTS).replace("{house}", str(house)), thrown.pick(["/", "/", "//", "/./"])
        words = [thrown.pick([*WORDS, thrown.text(3)]) for _ in range(thrown.number(1) % 7)]
        try:
            read = content(Path(start + joint.join(words)), roots)
        except SourceNotFound:
            read = None
        seen.add(read)
        assert read in (INSIDE, None)

    attempt()

    assert seen == {INSIDE, None}


SWAPS = {
    "link": """
for aim in ("real", "../outside"):
    os.symlink(aim, "next")
    os.replace("next", "talks")
""",
    # a name that was a folder when it was resolved, and is a link when it is opened
    "folder": """
os.rename("real", "talks")
os.rename("talks", "real")
os.symlink("../outside", "talks")
os.unlink("talks")
""",
}


@pytest.mark.parametrize("kind", SWAPS)
def test_what_is_swapped_all_the_time_never_leads_outside(kind: str, tmp_path: Path) -> None:
    root, outside = tmp_path / "media", tmp_path / "outside"
    for folder, held in ((root / "real", INSIDE), (outside, SECRET)):
        folder.mkdir(parents=True)
        (folder / "talk.mp4").write_bytes(held)
    swap = "import os\nwhile True:" + SWAPS[kind].replace("\n", "\n    ")
    read: set[bytes] = set()

    with subprocess.Popen([sys.executable, "-ISc", swap], cwd=root) as swapper:
        try:
            while not read and swapper.poll() is None:  # until it has begun
                with suppress(SourceNotFound):
                    read.add(content(root / "talks" / "talk.mp4", (root,)))
            for _ in range(2000):
                with suppress(SourceNotFound):
                    read.add(content(root / "talks" / "talk.mp4", (root,)))
        finally:
            swapper.kill()

    assert read == {INSIDE}


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object], Callable[[], object]], None]:
    """Do something right before, and something right after the file is opened: the worst moments."""

    def install(before: Callable[[], object], after: Callable[[], object]) -> None:
        real_open = os.open

        def opening(path: Path, flags: int) -> int:
            before()
            descriptor = real_open(path, flags)
            after()
            return descriptor

        monkeypatch.setattr("omni.roots.os.open", opening)

    return install


def nothing() -> None:
    pass


@pytest.mark.parametrize("without_proc", [False, True])
def test_a_folder_that_becomes_a_way_out_after_the_check_is_noticed(
    *, without_proc: bool, tmp_path: Path, between: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, outside = tmp_path / "media", tmp_path / "outside"
    (root / "sub").mkdir(parents=True)
    (root / "sub" / "talk.mp4").write_bytes(INSIDE)
    outside.mkdir()
    (outside / "talk.mp4").write_bytes(SECRET)

    def swap() -> None:
        (root / "sub").rename(root / "was")
        (root / "sub").symlink_to(outside)

    between(swap, nothing)
    if without_proc:
        monkeypatch.setattr(Path, "readlink", failing)

    with pytest.raises(SourceNotFound):
        open_admitted(root / "sub" / "talk.mp4", (root,))


def failing(_: Path) -> Path:
    raise FileNotFoundError


def test_without_proc_a_file_that_stays_where_it_is_is_admitted(
    house: Path, roots: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "readlink", failing)

    assert content(Path("own.mp4"), roots) == INSIDE


def test_a_fifo_put_in_the_files_place_does_not_hang_the_job(tmp_path: Path, between: Callable[..., None]) -> None:
    talk = tmp_path / "talk.mp4"
    talk.write_bytes(INSIDE)

    def swap() -> None:
        talk.unlink()
        os.mkfifo(talk)

    between(swap, nothing)

    with pytest.raises(SourceNotFound):
        open_admitted(talk, (tmp_path,))


@pytest.mark.parametrize("linked_elsewhere", [False, True])
def test_a_file_deleted_while_it_is_opened_is_refused(
    *, linked_elsewhere: bool, tmp_path: Path, between: Callable[..., None]
) -> None:
    talk = tmp_path / "talk.mp4"
    talk.write_bytes(INSIDE)
    if linked_elsewhere:
        (tmp_path / "twin.mp4").hardlink_to(talk)
    between(nothing, talk.unlink)

    with pytest.raises(SourceNotFound):
        open_admitted(talk, (tmp_path,))


def test_a_file_moved_out_while_it_is_opened_is_refused(tmp_path: Path, between: Callable[..., None]) -> None:
    root = tmp_path / "media"
    root.mkdir()
    talk = root / "talk.mp4"
    talk.write_bytes(INSIDE)
    between(nothing, lambda: talk.rename(tmp_path / "elsewhere.mp4"))

    with pytest.raises(SourceNotFound):
        open_admitted(talk, (root,))


def test_a_refused_file_leaves_no_descriptor_open(
    house: Path, roots: tuple[Path, ...], between: Callable[..., None], tmp_path: Path
) -> None:
    talk = tmp_path / "talk.mp4"
    talk.write_bytes(INSIDE)
    between(nothing, lambda: talk.unlink(missing_ok=True))
    before = len(list(Path("/dev/fd").iterdir()))

    with pytest.raises(SourceNotFound):
        open_admitted(talk, (tmp_path,))

    assert len(list(Path("/dev/fd").iterdir())) == before
