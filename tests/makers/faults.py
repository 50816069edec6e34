"""Files that are damaged, that lie, or that aren't what their name says."""

import struct
from pathlib import Path

from makers.making import AAC, H264, SECONDS, MadeVideo, Truth, moving, plain, registered, run, voice

UNREADABLE = Truth(
    duration=0.0,
    width=None,
    height=None,
    rate=None,
    codec=None,
    audio_tracks=0,
    spoken_track=None,
    error="SourceUnreadable",
)
KEPT = 0.6
"""The part of a file that arrived before it was cut off."""


def _cut_off(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * KEPT)])


@registered
def make_no_index(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make an MP4 that was cut off before its index, which stands at the end."""
    path = plain(ffmpeg, folder / "no_index.mp4")
    _cut_off(path)
    unknown = Truth(duration=0.0, width=None, height=None, rate=None, codec=None, audio_tracks=0, spoken_track=None)
    return MadeVideo(path, Truth(**{**vars(unknown), "error": "SourceTruncated"}))


def _half_there(ffmpeg: str, path: Path, *extra: str) -> MadeVideo:
    """Cut off a file whose header survives; every frame has about the same size, so that the rest's length is known."""
    rate = ("-c:v", "mpeg4", "-g", "1", "-b:v", "2M", "-minrate", "2M", "-maxrate", "2M", "-bufsize", "80k")
    run(ffmpeg, *moving(), *voice(), *rate, *AAC, *extra, str(path))
    _cut_off(path)
    return MadeVideo(path, Truth(duration=SECONDS * KEPT, tolerance=0.6, codec="mpeg4", claimed=SECONDS))


@registered
def make_cut_off_mp4(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make an MP4 with its index first, of which 60 % arrived; the index still tells the whole length."""
    return _half_there(ffmpeg, folder / "cut_off.mp4", "-movflags", "+faststart")


@registered
def make_cut_off_mkv(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a Matroska file of which 60 % arrived; the header still tells the whole length."""
    return _half_there(ffmpeg, folder / "cut_off.mkv")


@registered
def make_long_claim_mkv(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a Matroska file whose header tells an hour: its Duration element (EBML id 0x4489, a double in ms) is overwritten."""
    path = plain(ffmpeg, folder / "long_claim.mkv")
    data = bytearray(path.read_bytes())
    at = data.index(b"\x44\x89\x88") + 3
    data[at : at + 8] = struct.pack(">d", 3_600_000.0)
    path.write_bytes(data)
    return MadeVideo(path, Truth(claimed=3600.0))


@registered
def make_no_claim(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a Matroska file written to a pipe: its header tells no length at all."""
    path = folder / "no_claim.mkv"
    run(ffmpeg, *moving(), *voice(), *H264, *AAC, "-f", "matroska", "-live", "1", str(path))
    return MadeVideo(path, Truth())


@registered
def make_short_sound(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make the sound ends two seconds before the picture."""
    path = folder / "short_sound.mp4"
    run(ffmpeg, *moving(), *voice(SECONDS - 2), *H264, *AAC, str(path))
    return MadeVideo(path, Truth())


@registered
def make_damaged(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make Every 4000th byte of the middle third is wrong: frames are broken, the file goes on."""
    path = plain(ffmpeg, folder / "damaged.ts", "-f", "mpegts")
    data = bytearray(path.read_bytes())
    for at in range(len(data) // 3, len(data) * 2 // 3, 4000):
        data[at] ^= 0xFF
    path.write_bytes(data)
    return MadeVideo(path, Truth(video_start=1.48, audio_start=1.44, tolerance=0.3))


@registered
def make_empty(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make Zero bytes."""
    path = folder / "empty.mp4"
    path.write_bytes(b"")
    return MadeVideo(path, Truth(**{**vars(UNREADABLE), "error": "SourceEmpty"}))


@registered
def make_text(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a text under a video's name."""
    path = folder / "text.mp4"
    path.write_text("This is not a video.\n" * 40, encoding="utf-8")
    return MadeVideo(path, UNREADABLE)


@registered
def make_image(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a still picture under a video's name."""
    path = folder / "image.mp4"
    run(ffmpeg, *moving(seconds=0.04), "-frames:v", "1", "-c:v", "png", "-f", "image2", "-update", "1", str(path))
    return MadeVideo(path, UNREADABLE)


@registered
def make_playlist(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make an HLS playlist under a video's name: FFmpeg would read the file that it points to."""
    secret = plain(ffmpeg, folder / "pointed_at.ts")
    path = folder / "playlist.mp4"
    path.write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6.0,\n{secret.name}\n#EXT-X-ENDLIST\n", encoding="utf-8"
    )
    return MadeVideo(path, UNREADABLE)


@registered
def make_concat_list(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a concat script under a video's name: FFmpeg would read the file that it names."""
    secret = plain(ffmpeg, folder / "named.mp4")
    path = folder / "concat_list.mp4"
    path.write_text(f"ffconcat version 1.0\nfile {secret.name}\n", encoding="utf-8")
    return MadeVideo(path, UNREADABLE)
