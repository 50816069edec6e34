"""A small talk: a test picture, a voice-like sound, and subtitles beside it."""

from pathlib import Path

from makers.making import AAC, H264, moving, run, voice

from omni.timecode import srt_time

SAID = (
    (0.5, 3.5, "Why do small teams ship more software than large ones?"),
    (4.0, 8.0, "Because nobody has to ask four people for a decision."),
    (8.5, 13.0, "A team of five has ten conversations, a team of fifty has 1225."),
    (13.5, 17.0, "That is the whole secret, and it has been known since 1975."),
)
"""From, to, what."""


def make_talk(ffmpeg: str, folder: Path, comment: str = "") -> Path:
    """Make ``small talk.mp4`` of 18 s and ``small talk.srt``, and return the video; another comment makes it another source."""
    path = folder / "small talk.mp4"
    run(
        ffmpeg,
        *moving(size="640x360", seconds=18),
        *voice(18),
        *H264,
        *AAC,
        "-metadata",
        f"comment={comment}",
        str(path),
    )
    cues = (f"{n}\n{srt_time(a)} --> {srt_time(b)}\n{text}\n" for n, (a, b, text) in enumerate(SAID, 1))
    path.with_suffix(".srt").write_text("\n".join(cues), "utf-8")
    return path
