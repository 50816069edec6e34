"""Which H.264 encoder makes the Shorts: the graphics card's when a real trial of it passes, else libx264."""

from __future__ import annotations  # the types of ffmpeg-python stand in typings/ only

import re
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg

from omni.adapters import container
from omni.adapters.ffmpeg.runner import Runner
from omni.errors import Aborted, OmniError
from omni.ports.media import EncodedFile

SOFTWARE = "libx264"
HARDWARE = ("h264_videotoolbox", "h264_nvenc", "h264_qsv", "h264_vaapi", "h264_amf")
"""In the order in which they are tried."""

COLOUR: dict[str, Any] = {
    "colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709", "color_range": "tv",
}  # fmt: skip
CEILING: dict[str, Any] = {"maxrate": "8M", "bufsize": "16M"}
"""The master of TARGETS.md §1."""

MESSENGER_SIZE = (720, 1280)
MESSENGER: dict[str, Any] = {"preset": "superfast", "crf": 23, "maxrate": "3500k", "bufsize": "7M"}
"""90 s of it are 41 MB with their sound: messengers take 50 (Telegram's bots)."""

# docs/encoding.md has the measurements: x264 is 85 % of a Short's work, and superfast at 22 shows more than veryfast at 20
# in two thirds of its time. Not ultrafast: it writes no High profile.
FINAL: dict[str, Any] = {"preset": "superfast", "crf": 22}
DRAFT: dict[str, Any] = {"preset": "superfast", "crf": 28}
X264: dict[str, Any] = {
    "profile:v": "high",
    "pix_fmt": "yuv420p",
    "bf": 2,
    "sc_threshold": 40,
    "flags:v": "+cgop+bitexact",
}
CARD: dict[str, Any] = {"profile:v": "high", "b:v": "6M", "flags:v": "+cgop"}
"""Cards spend more bits than x264 for the same picture; platforms encode again, so bits are cheaper than seconds."""

TRIAL_FRAMES, TRIAL_RATE, TRIAL_GOP, TRIAL_SIZE = 30, 30, 15, (540, 960)
LEAST_SSIM = 0.95
"""x264 at the same settings has 0.99 on the trial's picture; green or torn frames of a broken driver have less than 0.8."""


@dataclass(frozen=True)
class Choice:
    """The encoder in use, and why others aren't."""

    name: str
    rejected: tuple[tuple[str, str], ...] = ()
    warning: str | None = None
    """What a user should know: an encoder was asked for and doesn't work here."""


def choose(wish: str, listed: Collection[str], failure: Callable[[str], str | None]) -> Choice:
    """Return the first encoder that works; ``failure`` tries one and says why not, ``listed`` are those FFmpeg has.

    >>> choose("auto", ["h264_qsv"], lambda name: "no card").name
    'libx264'
    """
    rejected: list[tuple[str, str]] = []
    for name in HARDWARE if wish == "auto" else () if wish == SOFTWARE else (wish,):
        reason = failure(name) if name in listed else "this FFmpeg has no such encoder"
        if reason is None:
            return Choice(name, tuple(rejected))
        if name in listed or name == wish:
            rejected.append((name, reason))
    told = None
    if wish not in ("auto", SOFTWARE):
        told = f"{wish} was asked for and doesn't work here ({rejected[-1][1]}): {SOFTWARE} is used."
    return Choice(SOFTWARE, tuple(rejected), told)


def encoded(
    stream: ffmpeg.Stream, name: str, *, threads: int, draft: bool = False
) -> tuple[ffmpeg.Stream, dict[str, Any]]:
    """Return the stream as the encoder takes it, and the encoder's arguments."""
    if name == SOFTWARE:
        return stream, {"c:v": name, **(DRAFT if draft else FINAL), **X264, **CEILING, **COLOUR, "threads": threads}
    arguments = {"c:v": name, **CARD, **CEILING, **COLOUR}
    if name == "h264_vaapi":  # it takes only frames that are on the card
        on_card = stream.filter("format", pix_fmts="nv12").filter("hwupload")
        return on_card, {**arguments, "vaapi_device": _render_node()}
    return stream.filter("format", pix_fmts="nv12"), arguments


def tagged(stream: ffmpeg.Stream) -> ffmpeg.Stream:
    """Return a BT.709 picture that says so: FFmpeg 9 believes the frames, 5.1 the arguments."""
    return stream.filter("setparams", color_primaries="bt709", color_trc="bt709", colorspace="bt709", range="tv")


def trial_failure(
    name: str, runner: Runner, look: Callable[[Path], EncodedFile] = container.encoded_file
) -> str | None:
    """Encode a second with an encoder, open the file and compare the picture; return what is wrong with it, if anything."""
    with tempfile.TemporaryDirectory(prefix="omni-") as folder:
        target = Path(folder) / "trial.mp4"
        try:
            runner.run(trial_graph(name), doing=f"trying {name}", media_seconds=1, folder=Path(folder))
            found = look(target)
            likeness = _likeness(runner, Path(folder))
        except Aborted:
            raise
        except OmniError as error:
            return _briefly(str(error.facts.get("tail", error.cause)))
    return verdict(found, likeness)


def trial_graph(name: str) -> ffmpeg.Output:
    """Return the graph that encodes the test picture into ``trial.mp4``."""
    stream, arguments = encoded(_test_picture(), name, threads=1)
    return ffmpeg.output(stream, "file:trial.mp4", g=TRIAL_GOP, r=TRIAL_RATE, **arguments, **container_arguments())


def container_arguments() -> dict[str, Any]:
    """Return what every Short's container is: index first, no edit list, nothing of the source's metadata.

    negative_cts_offsets: plain `-use_editlist 0` shifts the picture by two frames (FACTS.md).
    """
    return {
        "f": "mp4", "movflags": "+faststart+negative_cts_offsets", "use_editlist": 0, "map_metadata": -1,
        "map_chapters": -1, "fflags": "+bitexact",
    }  # fmt: skip


def verdict(found: EncodedFile, likeness: float) -> str | None:
    """Return what keeps a trial from passing the gates of a Short."""
    seen = (found.video_codec, found.profile, found.pixel_format, found.width, found.height)
    if seen != ("h264", "High", "yuv420p", *TRIAL_SIZE):
        return f"it wrote {' '.join(str(part) for part in seen)}"
    if found.colour != ("bt709", "bt709", "bt709"):
        return f"it tagged the colour {' '.join(tag or 'untagged' for tag in found.colour)}"
    frame = 1 / TRIAL_RATE
    if (
        abs(found.video_start) > 0.001
        or abs(found.video_duration - TRIAL_FRAMES * frame) > 1.5 * frame
        or found.edit_lists
    ):
        return f"its picture lasts {found.video_duration:.3f} s from {found.video_start:.3f} s, with {found.edit_lists} edit lists"
    if found.keyframe_gap > (TRIAL_GOP + 1) * frame:
        return f"it put key frames {found.keyframe_gap:.1f} s apart where {TRIAL_GOP * frame:.1f} s were asked for"
    if likeness < LEAST_SSIM:
        return f"its picture is not the one it was given (SSIM {likeness:.2f})"
    return None


def _test_picture() -> ffmpeg.Stream:
    width, height = TRIAL_SIZE
    drawn = f"testsrc2=s={width}x{height}:r={TRIAL_RATE}:d={TRIAL_FRAMES / TRIAL_RATE:.3f}"
    plain = ffmpeg.input(drawn, f="lavfi").video.filter("format", pix_fmts="yuv420p")
    return tagged(plain)


def _likeness(runner: Runner, folder: Path) -> float:
    """Return the SSIM of the trial against its original; 0 when FFmpeg told none."""
    heard: list[float] = []

    def read(line: str) -> None:
        if found := re.search(r"SSIM .*All:([\d.]+)", line):
            heard.append(float(found[1]))

    pair = ffmpeg.filter([ffmpeg.input("file:trial.mp4").video, _test_picture()], "ssim")
    runner.run(
        ffmpeg.output(pair, "-", f="null"), doing="comparing a trial", media_seconds=1, folder=folder, on_line=read
    )
    return heard[-1] if heard else 0.0


def _render_node() -> str:
    nodes = sorted(str(node) for node in Path("/dev/dri").glob("renderD*"))
    return nodes[0] if nodes else "/dev/dri/renderD128"


def _briefly(tail: str) -> str:
    """Return what FFmpeg said first: later lines only repeat that it failed."""
    first = next((part.strip() for part in tail.split(" | ") if part.strip()), tail)
    return re.sub(r"^\[[^\]]*\] *", "", first)[:160]
