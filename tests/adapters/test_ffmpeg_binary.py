"""Which FFmpeg is used, and what a killed question does not say."""

from pathlib import Path

import imageio_ffmpeg
import pytest
from imageio_ffmpeg import _utils

from omni.adapters.ffmpeg import binary
from omni.errors import MediaToolMissing


def script(folder: Path, deaths: int) -> Path:
    """Make a program that is killed the first times it is asked, and then names itself."""
    path = folder / "ffmpeg"
    path.write_text(
        f"""#!/bin/sh
        echo x >> {folder}/asked
        [ "$(wc -l < {folder}/asked)" -gt {deaths} ] || kill -9 $$
        echo "ffmpeg version 9.9 made here"
        """
    )
    path.chmod(0o755)
    return path


def test_a_question_that_was_killed_is_asked_again(tmp_path: Path) -> None:
    assert binary._ask(script(tmp_path, deaths=2), "-version").startswith("ffmpeg version 9.9")


def test_a_binary_that_is_killed_every_time_is_told_as_that(tmp_path: Path) -> None:
    with pytest.raises(MediaToolMissing, match="killed 3 times"):
        binary._ask(script(tmp_path, deaths=9), "-version")


def test_the_bundled_binary_is_not_missing_because_its_trial_was_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = Path(imageio_ffmpeg.get_ffmpeg_exe())
    _utils._get_ffmpeg_exe.cache_clear()
    with monkeypatch.context() as killing:
        killing.setattr(_utils, "_is_valid_exe", lambda _: False)
        with pytest.raises(RuntimeError):
            imageio_ffmpeg.get_ffmpeg_exe()

    try:
        with pytest.raises(RuntimeError):  # it stays so: the wheel remembers
            imageio_ffmpeg.get_ffmpeg_exe()
        assert binary._bundled() == bundled
    finally:
        _utils._get_ffmpeg_exe.cache_clear()
