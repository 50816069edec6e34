"""Rates, colours and containers."""

from pathlib import Path

from makers.making import AAC, MadeVideo, Truth, moving, plain, registered, run, still, voice


@registered
def make_film_rate(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make 23.976 fps."""
    path = plain(ffmpeg, folder / "film_rate.mp4", picture=moving(rate="24000/1001"))
    return MadeVideo(path, Truth(rate="24000/1001"))


@registered
def make_double_rate(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make 59.94 fps."""
    path = plain(ffmpeg, folder / "double_rate.mp4", picture=moving(rate="60000/1001"))
    return MadeVideo(path, Truth(rate="60000/1001"))


def _uneven(ffmpeg: str, path: Path) -> MadeVideo:
    """30 fps for 3 s, then 10 fps for 3 s: 90 + 30 frames, 20 fps on the average."""
    path = plain(
        ffmpeg, path, "-vf", "select='lt(t,2.99)+not(mod(n,3))'", "-fps_mode", "vfr", picture=moving(rate="30")
    )
    return MadeVideo(path, Truth(rate=None, variable_rate=True))


@registered
def make_variable_rate_mp4(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a screen recording or phone in MP4."""
    return _uneven(ffmpeg, folder / "variable_rate.mp4")


@registered
def make_variable_rate_mkv(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make the same in Matroska, which keeps only milliseconds."""
    return _uneven(ffmpeg, folder / "variable_rate.mkv")


def _wide_gamut(ffmpeg: str, path: Path, transfer: str, *codec: str) -> Path:
    tags = f"setparams=color_primaries=bt2020:color_trc={transfer}:colorspace=bt2020nc:range=tv"
    flags = ("-color_primaries", "bt2020", "-color_trc", transfer, "-colorspace", "bt2020nc", "-color_range", "tv")
    run(ffmpeg, *moving("160x90"), *voice(), "-vf", f"format=yuv420p10le,{tags}", *codec, *flags, *AAC, str(path))
    return path


@registered
def make_hdr_pq(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make HDR10: 10-bit HEVC, BT.2020, PQ."""
    params = "log-level=none:pools=1:frame-threads=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
    codec = ("-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-x265-params", params)
    path = _wide_gamut(ffmpeg, folder / "hdr_pq.mp4", "smpte2084", *codec)
    return MadeVideo(path, Truth(width=160, height=90, codec="hevc", bit_depth=10, hdr="pq"))


@registered
def make_hdr_hlg(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make hybrid log-gamma: 10-bit H.264, BT.2020."""
    codec = ("-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "high10", "-crf", "30")
    return MadeVideo(
        _wide_gamut(ffmpeg, folder / "hdr_hlg.mp4", "arib-std-b67", *codec),
        Truth(width=160, height=90, bit_depth=10, hdr="hlg"),
    )


@registered
def make_ten_bit(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make 10-bit ProRes 4:2:2 of a camera: not HDR."""
    path = folder / "ten_bit.mov"
    codec = ("-c:v", "prores_ks", "-profile:v", "0", "-pix_fmt", "yuv422p10le", "-c:a", "pcm_s16le")
    run(ffmpeg, *moving("160x90"), *voice(), *codec, str(path))
    return MadeVideo(path, Truth(width=160, height=90, codec="prores", bit_depth=10))


@registered
def make_webm(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make VP8 and Opus."""
    path = folder / "plain.webm"
    codec = (
        "-c:v",
        "libvpx",
        "-deadline",
        "realtime",
        "-cpu-used",
        "8",
        "-b:v",
        "300k",
        "-c:a",
        "libopus",
        "-b:a",
        "64k",
    )
    run(ffmpeg, *moving("160x90"), *voice(), *codec, str(path))
    return MadeVideo(path, Truth(width=160, height=90, codec="vp8"))


@registered
def make_avi(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make MPEG-4 part 2 and MP3: an old camera."""
    path = folder / "plain.avi"
    run(ffmpeg, *moving(), *voice(), "-c:v", "mpeg4", "-q:v", "6", "-c:a", "libmp3lame", "-b:a", "64k", str(path))
    return MadeVideo(path, Truth(codec="mpeg4"))


@registered
def make_transport_stream(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make MPEG-TS, as television does: both streams start at about 1.4 s."""
    return MadeVideo(plain(ffmpeg, folder / "plain.ts"), Truth(video_start=1.48, audio_start=1.44))


@registered
def make_cover(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a still cover image as a second video stream."""
    path = folder / "cover.mp4"
    maps = ("-map", "0", "-map", "1:v", "-c", "copy", "-disposition:v:1", "attached_pic")
    run(ffmpeg, "-i", str(plain(ffmpeg, folder / "cover_less.mp4")), "-i", str(still(ffmpeg, folder)), *maps, str(path))
    return MadeVideo(path, Truth())
