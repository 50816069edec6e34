"""Small contracts for tests, each with the defaults of an ordinary talk."""

from pathlib import Path

from omni.captions.composing import Setting
from omni.captions.fontbook import FontBook
from omni.captions.looks import look_of
from omni.captions.placing import Scene
from omni.contracts import (
    Analysis,
    AudioStream,
    Brief,
    Campaign,
    Captions,
    Clip,
    ClipPlan,
    Cue,
    CueWord,
    Footage,
    Framing,
    Platform,
    Post,
    Segment,
    Sentence,
    Source,
    Span,
    Transcript,
    VideoStream,
    Word,
)
from omni.writing.limits import text_area

SHA = "ab" * 32


def video(**changes: object) -> VideoStream:
    facts: dict[str, object] = {
        "index": 0, "codec": "h264", "width": 1280, "height": 720, "coded_width": 1280, "coded_height": 720,
        "fps": 30.0, "frame_rate": "30", "matrix": "bt709",
    }  # fmt: skip
    return VideoStream.model_validate(facts | changes)


def audio(**changes: object) -> AudioStream:
    facts: dict[str, object] = {"index": 1, "codec": "aac", "sample_rate": 48000, "channels": 2}
    return AudioStream.model_validate(facts | changes)


def source(**changes: object) -> Source:
    facts: dict[str, object] = {
        "path": Path("talk.mp4"), "sha256": SHA, "size_bytes": 1000, "container": "mov,mp4", "duration": 120.0,
        "video": video(), "audio": audio(), "audio_tracks": 1, "title": "Talk",
    }  # fmt: skip
    return Source.model_validate(facts | changes)


def plan(**changes: object) -> ClipPlan:
    facts: dict[str, object] = {
        "number": 1,
        "cut": Span(start=10, end=30),
        "framing": Framing(crop_w=0.31640625, crop_h=1, segments=(Segment(start=0, end=20, layout="fit"),)),
        "captions": Captions(),
    }
    return ClipPlan.model_validate(facts | changes)


def cue(text: str, start: float, end: float) -> Cue:
    words = text.split()
    step = (end - start) / len(words)
    row = tuple(CueWord(text=w, start=start + i * step, end=start + (i + 1) * step) for i, w in enumerate(words))
    return Cue(start=start, end=end, lines=(row,))


def transcript(*said: tuple[str, float, float]) -> Transcript:
    """Return a transcript of sentences, their words spread evenly."""
    words: list[Word] = []
    sentences: list[Sentence] = []
    for text, start, end in said:
        first, parts = len(words), text.split()
        step = (end - start) / len(parts)
        words += [Word(text=w, start=start + i * step, end=start + (i + 1) * step) for i, w in enumerate(parts)]
        sentences.append(Sentence(start=start, end=end, first=first, last=len(words), text=text))
    return Transcript(
        words=tuple(words), sentences=tuple(sentences), speech=tuple(Span(start=a, end=b) for _, a, b in said),
        language="en", engine="test", word_times="measured",
    )  # fmt: skip


def footage() -> Footage:
    return Footage(engine="test")


def clip(number: int = 1, start: float = 10, end: float = 30, **changes: object) -> Clip:
    facts: dict[str, object] = {
        "number": number, "start": start, "end": end, "title": f"Clip {number}", "hook": "Why?", "text": "Why? Because.",
        "score": 80, "reason": "Opens with a question.",
    }  # fmt: skip
    return Clip.model_validate(facts | changes)


def analysis(*clips: Clip) -> Analysis:
    return Analysis(topic="Boxes", titles=("Boxes",), clips=clips or (clip(),), language="en", engine="offline/1")


def campaign(*numbers: int) -> Campaign:
    posts = tuple(
        Post(clip=n, platform=p, title="Boxes" if p is Platform.YOUTUBE else None, text=f"Text {n}", hashtags=("box",))
        for n in numbers or (1,)
        for p in Platform
    )
    return Campaign(strategy="# Strategy\n", posts=posts, language="en", engine="offline/1")


def setting(
    *, width: int = 1080, height: int = 1920, scene: Scene | None = None, titles: tuple[str, ...] = (), **asked: object
) -> Setting:
    """Return what captions are composed for, in the strict safe area unless ``asked`` (fields of a brief) says otherwise."""
    wished = brief(**({"safe_area": "strict"} | asked))
    look = look_of(wished, text_area(wished), FontBook.scan(system=()))
    return Setting(look=look, scene=scene or Scene(), titles=titles, width=width, height=height)


def brief(**changes: object) -> Brief:
    return Brief.model_validate(changes)
