"""Files of 16 s that flash and beep at odd seconds, in every way in which a container can tell time."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from makers.making import AAC, H264, run

SECONDS = 16.0
BEATS = tuple(float(second) for second in range(1, 16, 2))
"""When it flashes and beeps, in seconds of what was filmed."""

LENGTH = 0.08
SIZE = "160x90"


@dataclass(frozen=True)
class Clock:
    """A file, and when it flashes and beeps on the container's own time, which counts from its first frame or sample."""

    path: Path
    beats: tuple[float, ...]


def film(rate: str = "25", since: float = 0.0) -> tuple[str, ...]:
    """Return input arguments of the picture, filmed from ``since`` on."""
    early = since + 0.49 / float(Fraction(rate))  # the frame nearest to the beat is the first bright one
    flash = f"lt(mod(t+{early}-1,2),{LENGTH})*gte(t+{early},1)"
    drawn = f"testsrc2=s={SIZE}:r={rate}:d={SECONDS - since},eq=brightness=-0.2,drawbox=c=white:t=fill:enable='{flash}'"
    return "-f", "lavfi", "-i", drawn


def tape(since: float = 0.0) -> tuple[str, ...]:
    """Return input arguments of the sound, taped from ``since`` on."""
    on = f"lt(mod(t+{since}-1,2),{LENGTH})*gte(t+{since},1)"
    return "-f", "lavfi", "-i", f"aevalsrc='0.5*sin(2*PI*1000*t)*{on}':c=mono:s=48000:d={SECONDS - since}"


def steady(rate: str) -> Callable[[str, Path], Clock]:
    """Return a maker of MP4 at a constant rate."""

    def make(ffmpeg: str, folder: Path) -> Clock:
        path = folder / f"clock_{rate.replace('/', '_')}.mp4"
        run(ffmpeg, *film(rate), *tape(), *H264, *AAC, str(path))
        return Clock(path, BEATS)

    return make


def phone(ffmpeg: str, folder: Path) -> Clock:
    """Two of three frames of 30 a second, but all of them round a flash: a phone in dim light."""
    path = folder / "clock_phone.mp4"
    kept = "select='lt(mod(t+0.2,2)-1,0.4)*gte(mod(t+0.2,2)-1,0)+gt(mod(n,3),0)'"
    run(ffmpeg, *film("30"), *tape(), "-vf", kept, "-fps_mode", "vfr", *H264, *AAC, str(path))
    return Clock(path, BEATS)


def late_sound(ffmpeg: str, folder: Path) -> Clock:
    """The sound is switched on after 0.7 s: an edit list that begins with nothing."""
    path = folder / "clock_late_sound.mp4"
    run(ffmpeg, *film(), "-itsoffset", "0.7", *tape(0.7), *H264, *AAC, str(path))
    return Clock(path, BEATS)


def late_picture(ffmpeg: str, folder: Path) -> Clock:
    """The picture is switched on after 0.7 s, in MP4 and so by an edit list."""
    path = folder / "clock_late_picture.mp4"
    run(ffmpeg, "-itsoffset", "0.7", *film(since=0.7), *tape(), *H264, *AAC, str(path))
    return Clock(path, BEATS)


def trimmed(ffmpeg: str, folder: Path) -> Clock:
    """MP4 cut at 1.31 s without encoding: frames before the cut are in the file, and an edit list hides them."""
    whole, path = steady("25")(ffmpeg, folder).path, folder / "clock_trimmed.mp4"
    run(ffmpeg, "-ss", "1.31", "-i", str(whole), "-c", "copy", str(path))
    return Clock(path, tuple(beat - 1.31 for beat in BEATS[1:]))


def before_zero(ffmpeg: str, folder: Path) -> Clock:
    """Matroska whose sound starts half a second before zero, where the picture starts."""
    path = folder / "clock_before_zero.mkv"
    run(
        ffmpeg, *film(since=0.5), *tape(), "-af", "asetpts=PTS-0.5/TB", "-avoid_negative_ts", "disabled", *H264,
        "-c:a", "pcm_s16le", str(path),
    )  # fmt: skip
    return Clock(path, BEATS)


def hidden_opening(ffmpeg: str, folder: Path) -> Clock:
    """MP4 whose sound starts half a second before zero: an edit list hides what was before."""
    path = folder / "clock_hidden_opening.mp4"
    run(
        ffmpeg, *film(since=0.5), *tape(), "-af", "asetpts=PTS-0.5/TB", "-avoid_negative_ts", "disabled", *H264, *AAC, str(path)
    )  # fmt: skip
    return Clock(path, tuple(beat - 0.5 for beat in BEATS))


def late_matroska(ffmpeg: str, folder: Path) -> Clock:
    """Matroska at 59.94 whose sound starts at 2 s and whose picture at 2.5 s.

    Not AAC: FFmpeg 5.1 counts its 21 ms of priming as the container's beginning, later ones don't.
    """
    path = folder / "clock_late.mkv"
    run(
        ffmpeg, *film("60000/1001", 0.5), *tape(), "-vf", "setpts=PTS+2.5/TB", "-af", "asetpts=PTS+2/TB", "-fps_mode", "passthrough",
        "-avoid_negative_ts", "disabled", *H264, "-c:a", "pcm_s16le", str(path),
    )  # fmt: skip
    return Clock(path, BEATS)


def broadcast(offset: float) -> Callable[[str, Path], Clock]:
    """Return a maker of MPEG-TS, interlaced, whose clock starts at ``offset`` seconds."""

    def make(ffmpeg: str, folder: Path) -> Clock:
        path = folder / f"clock_{offset:.0f}.ts"
        run(
            ffmpeg, *film("50"), *tape(), "-vf", "tinterlace=interleave_top,setfield=tff", "-c:v", "mpeg2video", "-q:v", "6", "-g", "12",
            "-bf", "2", "-flags", "+ildct+ilme", "-c:a", "mp2", "-b:a", "128k", "-output_ts_offset", f"{offset}", str(path),
        )  # fmt: skip
        return Clock(path, BEATS)

    return make


def broken_sound(ffmpeg: str, folder: Path) -> Clock:
    """A second of the sound is missing inside the cut: what follows is where its time stamps say."""
    path = folder / "clock_broken_sound.mkv"
    run(
        ffmpeg, *film(), *tape(), "-af", "aselect='not(between(t,11.4,12.6))'", *H264, "-c:a", "pcm_s16le", str(path)
    )  # fmt: skip
    return Clock(path, BEATS)


CLOCKS: dict[str, Callable[[str, Path], Clock]] = {
    "23.976": steady("24000/1001"),
    "25": steady("25"),
    "29.97": steady("30000/1001"),
    "50": steady("50"),
    "59.94": steady("60000/1001"),
    "phone": phone,
    "late sound": late_sound,
    "late picture": late_picture,
    "trimmed": trimmed,
    "before zero": before_zero,
    "hidden opening": hidden_opening,
    "late Matroska": late_matroska,
    "broadcast": broadcast(40_000),
    "clock runs over": broadcast(95_438),  # MPEG's 33-bit clock starts again at 95 443.7 s
    "broken sound": broken_sound,
}
