"""A faultless file under names that command lines, filter graphs and patterns stumble over."""

import os
import shutil
from pathlib import Path

from makers.making import MAKERS, MadeVideo, Truth, plain

NAMES = {
    "dash": "-talk.mp4",
    "spaces": "a talk  with spaces .mp4",
    "quotes": 'it\'s a "talk".mp4',
    "colon": "12:30 a=b,c;d[e].mp4",
    "backslash": "back\\slash.mp4",
    "newline": "two\nlines.mp4",
    "emoji": "🎤 talk — ½ 講演.mp4",
    "percent": "100%d %s %03d.mp4",
    "protocol": "concat:a|b.mp4",
    "shell": "$(touch x) `y` & z.mp4",
    "no_extension": "talk",
    "not_utf8": os.fsdecode(b"caf\xe9.mp4"),
}
"""Maker ``name_<key>`` → the file's name."""


def _named(key: str) -> None:
    def make(ffmpeg: str, folder: Path) -> MadeVideo:
        source = folder / "plain.mp4"
        if not source.exists():
            plain(ffmpeg, source)
        path = folder / "names" / NAMES[key]
        path.parent.mkdir(exist_ok=True)
        shutil.copyfile(source, path)
        return MadeVideo(path, Truth(error="SourceUnreadable" if key == "not_utf8" else None))

    make.__doc__ = f"A plain file called {NAMES[key]!r}."
    MAKERS[f"name_{key}"] = make


for _key in NAMES:
    _named(_key)
