"""Sound: none, alone, several tracks, many channels; and text tracks beside it."""

from pathlib import Path

from makers.making import AAC, H264, LINES, SECONDS, MadeVideo, Truth, moving, plain, registered, run, still, voice

ALONE = Truth(width=None, height=None, rate=None, codec=None)
SILENCE = ("-f", "lavfi", "-i", f"anullsrc=r=48000:cl=stereo:d={SECONDS}")


@registered
def make_no_audio(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a picture without any sound track."""
    path = folder / "no_audio.mp4"
    run(ffmpeg, *moving(), *H264, str(path))
    return MadeVideo(path, Truth(audio_tracks=0, spoken_track=None))


@registered
def make_silent_audio(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a sound track of digital silence."""
    path = folder / "silent_audio.mp4"
    run(ffmpeg, *moving(), *SILENCE, *H264, *AAC, "-shortest", str(path))
    return MadeVideo(path, Truth(spoken_track=None))


@registered
def make_wav(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make Sound alone, uncompressed."""
    path = folder / "voice.wav"
    run(ffmpeg, *voice(), str(path))
    return MadeVideo(path, ALONE)


@registered
def make_mp3(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make Sound alone, compressed."""
    path = folder / "voice.mp3"
    run(ffmpeg, *voice(), "-c:a", "libmp3lame", "-b:a", "64k", str(path))
    return MadeVideo(path, ALONE)


@registered
def make_mp3_with_cover(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a podcast: sound with a cover image, which is a video stream to a naive eye."""
    path = folder / "voice_with_cover.mp3"
    maps = ("-map", "0:a", "-map", "1:v", "-c:v", "copy", "-c:a", "libmp3lame", "-b:a", "64k", "-id3v2_version", "3")
    run(ffmpeg, *voice(), "-i", str(still(ffmpeg, folder)), *maps, "-disposition:v:0", "attached_pic", str(path))
    return MadeVideo(path, ALONE)


@registered
def make_two_tracks(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a silent German track first; the English one with the voice is the default."""
    path = folder / "two_tracks.mp4"
    maps = (
        "-map",
        "0:v",
        "-map",
        "1:a",
        "-map",
        "2:a",
        "-metadata:s:a:0",
        "language=deu",
        "-metadata:s:a:1",
        "language=eng",
    )
    run(
        ffmpeg,
        *moving(),
        *SILENCE,
        *voice(),
        *maps,
        "-disposition:a:0",
        "0",
        "-disposition:a:1",
        "default",
        *H264,
        *AAC,
        "-shortest",
        str(path),
    )
    return MadeVideo(path, Truth(audio_tracks=2, spoken_track=1, language="eng"))


@registered
def make_surround(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make 5.1 with the voice in the centre channel only."""
    path = folder / "surround.mp4"
    run(ffmpeg, *moving(), *voice(layout="5.1"), *H264, "-c:a", "aac", "-b:a", "192k", str(path))
    return MadeVideo(path, Truth(channels=6))


def _stereo(ffmpeg: str, path: Path, pan: str) -> MadeVideo:
    """Write a moving picture with the voice spread by a pan expression."""
    run(ffmpeg, *moving(), *voice(), "-af", f"pan=stereo|{pan}", *H264, "-c:a", "pcm_s16le", str(path))
    return MadeVideo(path, Truth())


@registered
def make_dead_channel(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a voice on the right channel only: the left one was never plugged in."""
    return _stereo(ffmpeg, folder / "dead_channel.mkv", "c0=0*c0|c1=c0")


@registered
def make_turned_over(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a voice whose two channels cancel each other when they are added: one plug is wired the wrong way round."""
    return _stereo(ffmpeg, folder / "turned_over.mkv", "c0=c0|c1=-1*c0")


@registered
def make_peaky(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a quiet voice with a full-scale click every half second: a limiter has to work hard."""
    path = folder / "peaky.mkv"
    clicks = f"aevalsrc='0.98*lt(mod(t,0.5),0.0006)*sin(2*PI*2000*t)':c=stereo:s=48000:d={SECONDS}"
    mix = "[1:a]volume=-16dB[v];[v][2:a]amix=inputs=2:normalize=0"
    run(
        ffmpeg, *moving(), *voice(), "-f", "lavfi", "-i", clicks, "-filter_complex", mix, *H264, "-c:a", "pcm_s16le",
        str(path),
    )  # fmt: skip
    return MadeVideo(path, Truth())


@registered
def make_hum(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a steady room tone, noise over a 100 Hz hum: any click in it is heard, and seen in its samples."""
    path = folder / "hum.mkv"
    tone = f"aevalsrc='0.05*sin(2*PI*100*t)+0.002*(random(0)-0.5)':c=mono:s=48000:d={SECONDS},pan=stereo|c0=c0|c1=c0"
    run(ffmpeg, *moving(), "-f", "lavfi", "-i", tone, *H264, "-c:a", "pcm_s16le", str(path))
    return MadeVideo(path, Truth(spoken_track=None))


@registered
def make_mono_low_rate(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make Mono at 8 kHz, as a telephone recording has it."""
    path = folder / "mono_low_rate.mkv"
    run(ffmpeg, *moving(), *voice(layout="mono"), *H264, "-c:a", "pcm_s16le", "-ar", "8000", str(path))
    return MadeVideo(path, Truth(channels=1))


@registered
def make_late_video(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make Neither stream starts at 0: the sound at 2.0 s, the picture one second later, both end at about 8 s."""
    path = folder / "late_video.mkv"
    run(
        ffmpeg, *moving(seconds=SECONDS - 1), *voice(), "-vf", "setpts=PTS+3/TB", "-af", "asetpts=PTS+2/TB",
        "-fps_mode", "passthrough", "-avoid_negative_ts", "disabled", *H264, *AAC, str(path),
    )  # fmt: skip
    return MadeVideo(path, Truth(video_start=3.0, audio_start=2.0))


def _subtitled(ffmpeg: str, folder: Path, name: str, codec: str) -> MadeVideo:
    """Make a file with ``LINES`` as a text track."""
    text, path = folder / f"{name}.lines.srt", folder / name
    text.write_text(
        "\n".join(f"{i}\n{_stamp(a)} --> {_stamp(b)}\n{line}\n" for i, (a, b, line) in enumerate(LINES, 1)),
        encoding="utf-8",
    )
    maps = ("-map", "0:v", "-map", "1:a", "-map", "2:s", "-c:s", codec, "-metadata:s:s:0", "language=eng")
    run(ffmpeg, *moving(), *voice(), "-i", str(text), *maps, *H264, *AAC, str(path))
    text.unlink()
    return MadeVideo(path, Truth(subtitles=("subrip" if codec == "srt" else codec,)))


@registered
def make_mov_text(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make Subtitles inside MP4."""
    return _subtitled(ffmpeg, folder, "mov_text.mp4", "mov_text")


@registered
def make_srt_inside(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make SubRip inside Matroska."""
    return _subtitled(ffmpeg, folder, "srt_inside.mkv", "srt")


@registered
def make_webvtt_inside(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make WebVTT inside Matroska."""
    return _subtitled(ffmpeg, folder, "webvtt_inside.mkv", "webvtt")


@registered
def make_ass_inside(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make Advanced SubStation inside Matroska."""
    return _subtitled(ffmpeg, folder, "ass_inside.mkv", "ass")


@registered
def make_subtitles_beside(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a plain file with a ``.srt`` of the same stem next to it."""
    path = plain(ffmpeg, folder / "subtitles_beside.mp4")
    rows = (f"{i}\n{_stamp(a)} --> {_stamp(b)}\n{line}\n" for i, (a, b, line) in enumerate(LINES, 1))
    path.with_suffix(".srt").write_text("\n".join(rows), encoding="utf-8")
    return MadeVideo(path, Truth())


def _stamp(seconds: float) -> str:
    return f"00:00:{int(seconds):02},{round(seconds % 1 * 1000):03}"
