"""Real sound: the project's own talk with known word times, and shared recordings."""

import json
from pathlib import Path

import numpy as np
import pytest
from fakes.whisper import FakeTranscriber
from media import TALK

from omni.adapters.ffmpeg import FFmpegMedia
from omni.adapters.silero import SileroDetector
from omni.adapters.swift import SwiftPitch
from omni.contracts import Brief, Transcript
from omni.sourcing.ingesting import ingest
from omni.speech.listening import Ears, listen
from omni.speech.markup import read_lines
from omni.speech.subtitles import cues_of
from omni.wiring import wire


def heard(path: Path) -> Transcript:
    workshop = wire()
    return listen(
        ingest(path, workshop.prober, workshop.limits),
        Brief(),
        Ears(workshop.media, SileroDetector(), SwiftPitch(), FakeTranscriber(reason="no model in tests")),
    )


@pytest.mark.ffmpeg
def test_the_words_of_the_talk_are_timed_within_the_bar() -> None:
    """TARGETS.md §2: caption timing against the word, median at most 50 ms and p95 125 ms."""
    truth = json.loads(TALK.with_name("talk.truth.json").read_text(encoding="utf-8"))
    words = [word for sentence in truth["sentences"] for word in sentence["words"]]
    found = heard(TALK)
    assert [word.text for word in found.words] == [text for text, _, _ in words]
    errors = np.abs([word.start - start for word, (_, start, _) in zip(found.words, words, strict=True)])
    assert np.median(errors) <= 0.05
    assert np.quantile(errors, 0.95) <= 0.125
    assert [sentence.text for sentence in found.sentences] == [sentence["text"] for sentence in truth["sentences"]]
    assert found.turns == (), "one voice speaks"
    assert 0.4 < np.mean(found.pitch.voiced.values) < 0.7
    assert np.abs(np.quantile(found.pitch.excursion.values, (0.1, 0.9))).max() < 4
    clapped = [sound for sound in truth["sounds"] if sound["kind"] == "applause"]
    assert [event.kind for event in found.events] == ["applause"] * len(clapped)
    assert all(abs(event.start - sound["start"]) < 0.5 for event, sound in zip(found.events, clapped, strict=True))


@pytest.mark.ffmpeg
@pytest.mark.footage
@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("jfk.flac", 6, 10), ("sonnet1.mp3", 38, 48), ("smartphone.mp3", 120, 165), ("chaplin.mp4", 0, 0)],
)
def test_real_speech_is_found_and_never_taken_for_applause(footage: Path, name: str, least: float, most: float) -> None:
    found = heard(footage / name)
    assert least <= sum(span.length for span in found.speech) <= most
    assert found.events == ()
    assert found.turns == ()
    assert any(found.pitch.voiced.values) == bool(least)


@pytest.mark.ffmpeg
@pytest.mark.footage
@pytest.mark.parametrize("name", ["mov_text.mp4", "webvtt.mkv"])
def test_embedded_subtitles_are_read(footage: Path, name: str) -> None:
    """Both files are too short to make a Short of, so only their tracks are read here."""
    workshop = wire()
    probe = workshop.prober.probe(footage / name)
    from builders import source

    of = source(path=footage / name, duration=2.0, subtitles=probe.subtitles)
    assert isinstance(workshop.media, FFmpegMedia)
    lines, _ = read_lines(cues_of(workshop.media.subtitles(of, probe.subtitles[0])))
    assert lines
