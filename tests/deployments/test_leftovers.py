"""What killed processes left half written goes; what is being written stays."""

import os
import time
from pathlib import Path

from deployments.stack.leftovers import sweep
from omni.settings import Settings


def write(path: Path, *, age: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_what_nobody_has_written_to_for_long_is_deleted_wherever_it_is_made(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, output=tmp_path / "output")
    old = [
        write(settings.work / "source" / "plan" / ".short.mp4.12-0.part", age=700),
        write(settings.output / ".talk-1234.part" / "clips" / "01.mp4", age=700).parents[1],
        write(settings.uploads / ".up_1.part" / "talk.mp4", age=700).parent,
    ]
    for folder in old[1:]:
        for path in (folder, *folder.rglob("*")):
            os.utime(path, (time.time() - 700, time.time() - 700))

    assert sweep(settings) == 3
    assert not any(path.exists() for path in old)


def test_what_is_being_written_and_what_is_whole_stays(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, output=tmp_path / "output")
    upload = write(settings.uploads / ".up_1.part" / "talk.mp4", age=0)
    os.utime(
        upload.parent, (time.time() - 700, time.time() - 700)
    )  # a folder doesn't hear of what is added to a file in it
    stays = [
        upload,
        write(settings.work / "source" / "plan" / ".short.mp4.12-0.part", age=300),
        write(settings.work / "source" / "plan" / "short.mp4", age=9000),
    ]

    assert sweep(settings) == 0
    assert all(path.exists() for path in stays)
