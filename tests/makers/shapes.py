"""Pictures that are turned, stretched, odd, tall or interlaced."""

import struct
from pathlib import Path

from makers.making import H264, HEIGHT, WIDTH, MadeVideo, Truth, moving, plain, registered, run


def _turned(ffmpeg: str, folder: Path, degrees: int) -> MadeVideo:
    """Make a picture stored on its side: displayed upright it has a red top left and a blue bottom right corner."""
    wide, high = (HEIGHT, WIDTH) if degrees in (90, 270) else (WIDTH, HEIGHT)
    stored = {90: "transpose=cclock", 180: "hflip,vflip", 270: "transpose=clock"}[degrees]
    marks = f"drawbox=0:0:40:40:red:fill,drawbox={wide - 40}:{high - 40}:40:40:blue:fill"
    path = plain(
        ffmpeg, folder / f"rotated_{degrees}.mp4", "-vf", f"{marks},{stored}", picture=moving(f"{wide}x{high}")
    )
    _turn(path, degrees)
    return MadeVideo(path, Truth(width=wide, height=high, rotation=degrees))


@registered
def make_rotated_90(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a phone held upright."""
    return _turned(ffmpeg, folder, 90)


@registered
def make_rotated_180(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a phone held upside down."""
    return _turned(ffmpeg, folder, 180)


@registered
def make_rotated_270(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a phone held upright, the other way round."""
    return _turned(ffmpeg, folder, 270)


@registered
def make_anamorphic(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make 240×180 pixels of shape 4:3, displayed as 320×180."""
    path = plain(ffmpeg, folder / "anamorphic.mp4", "-vf", "setsar=4/3", picture=moving("240x180"))
    return MadeVideo(path, Truth(sample_aspect="4:3"))


@registered
def make_odd_size(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make an odd width and height: no 4:2:0 codec takes them as they are."""
    odd = ("-vf", "format=yuv444p,crop=319:181:exact=1", "-pix_fmt", "yuv444p")
    path = plain(ffmpeg, folder / "odd_size.mkv", *odd, picture=moving("320x182"))
    return MadeVideo(path, Truth(width=319, height=181))


@registered
def make_portrait(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make Already 9:16."""
    return MadeVideo(plain(ffmpeg, folder / "portrait.mp4", picture=moving("180x320")), Truth(width=180, height=320))


@registered
def make_tall(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make 9:21: narrower than a Short."""
    return MadeVideo(plain(ffmpeg, folder / "tall.mp4", picture=moving("144x336")), Truth(width=144, height=336))


@registered
def make_interlaced(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make 25 interlaced frames a second, top field first."""
    path = plain(
        ffmpeg, folder / "interlaced.mp4", "-vf", "tinterlace=interleave_top,setfield=tff", "-flags", "+ildct+ilme",
        "-x264-params", "tff=1", picture=moving("320x192", "50"),
    )  # fmt: skip
    return MadeVideo(path, Truth(height=192, interlaced=True))


def make_disc(ffmpeg: str, folder: Path, aspect: str, degrees: int = 0) -> Path:
    """Make a white disc, half as high as the picture, on pixels of a shape; a viewer sees it round."""
    wide, high = aspect.split("/")
    path = folder / "disc.mp4"
    disc = f"geq=lum='if(lt(hypot((X-W/2)*{wide}/{high},Y-H/2),H/4),235,40)':cb=128:cr=128,setsar={aspect}"
    run(ffmpeg, "-f", "lavfi", "-i", f"color=c=gray:s=240x176:r=10:d=4,{disc}", *H264, str(path))
    if degrees:
        _turn(path, degrees)
    return path


def _turn(path: Path, degrees: int) -> None:
    """Write a display matrix, clockwise ``degrees``, into the picture's track header (ISO/IEC 14496-12, 8.3.2).

    FFmpeg 5.1 and 9.0 have no option in common that does it.
    """
    one = 1 << 16
    cosine, sine = {90: (0, one), 180: (-one, 0), 270: (0, -one)}[degrees]
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    wide, high = (v >> 16 for v in struct.unpack_from(">II", data, at + 36))
    right, down = {90: (high, 0), 180: (wide, high), 270: (0, wide)}[degrees]
    struct.pack_into(">9i", data, at, cosine, sine, 0, -sine, cosine, 0, right * one, down * one, 1 << 30)
    path.write_bytes(data)
