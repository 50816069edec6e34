import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from builders import SHA, audio, source
from fakes.ffmpeg import FakeMedia
from fakes.silero import FakeDetector
from fakes.swift import FakePitch
from fakes.whisper import FakeTranscriber

from omni.contracts import Brief, FileRef, Pitch, Source, Span, SubtitleStream, Transcript
from omni.errors import MediaToolFailed
from omni.ports import Samples
from omni.speech.listening import Ears, listen

SRT = "1\n00:00:01,000 --> 00:00:03,000\nThis is the first of all the lines.\n\n2\n00:00:04,000 --> 00:00:06,000\nAnd that is what we have to say.\n"
SPEECH = ((1.1, 2.9), (4.1, 5.9))


class Sounding(FakeMedia):
    """Ten seconds of quiet noise, and subtitle tracks by stream index."""

    def __init__(self, tracks: dict[int, str] | None = None, loudness: float = 0.01) -> None:
        super().__init__()
        self.tracks = tracks or {}
        self.scale = loudness
        self.passes = 0

    def sound(self, source: Source, *, rate: int, block_seconds: float) -> Iterator[Samples]:
        self.passes += 1
        noise = np.random.default_rng(4).normal(0, self.scale, round(rate * source.duration)).astype(np.float32)
        for i in range(0, len(noise), rate):
            yield noise[i : i + rate]

    def subtitles(self, source: Source, stream: SubtitleStream) -> str:
        if stream.index not in self.tracks:
            raise MediaToolFailed(doing="reading subtitles", returncode=1, tail="damaged")
        return self.tracks[stream.index]


def heard(
    of: Source,
    *,
    media: Sounding | None = None,
    brief: Brief | None = None,
    transcriber: FakeTranscriber | None = None,
    speech: tuple[tuple[float, float], ...] = SPEECH,
    pitch: FakePitch | None = None,
) -> Transcript:
    return listen(
        of,
        brief or Brief(),
        Ears(
            media or Sounding(),
            FakeDetector(*speech),
            pitch or FakePitch(),
            transcriber or FakeTranscriber(reason="no speech model; put a .srt beside the source"),
        ),
    )


def beside(folder: Path, text: str, name: str = "talk.srt") -> FileRef:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return FileRef(path=path, sha256=hashlib.sha256(path.read_bytes()).hexdigest(), size_bytes=len(text))


def text(transcript: Transcript) -> str:
    return " ".join(word.text for word in transcript.words)


def test_subtitles_beside_the_source_come_first(tmp_path: Path) -> None:
    of = source(duration=10.0, sidecar=beside(tmp_path, SRT), subtitles=(SubtitleStream(index=2, codec="mov_text"),))
    found = heard(of, media=Sounding({2: SRT.replace("first", "second")}))
    assert (found.engine, found.word_times, found.language, found.warnings) == ("sidecar:srt", "estimated", "en", ())
    assert [sentence.text for sentence in found.sentences] == [
        "This is the first of all the lines.",
        "And that is what we have to say.",
    ]
    assert [(s.start, s.end) for s in found.sentences] == [pytest.approx(span, abs=0.07) for span in SPEECH]


def test_the_track_in_the_asked_language_is_preferred() -> None:
    streams = (
        SubtitleStream(index=2, codec="subrip", language="ger"),
        SubtitleStream(index=3, codec="subrip", language="eng"),
    )
    media = Sounding({2: SRT.replace("first", "erste"), 3: SRT})
    assert heard(source(duration=10.0, subtitles=streams), media=media).language == "de"
    found = heard(source(duration=10.0, subtitles=streams), media=media, brief=Brief(language="en"))
    assert (found.engine, found.language) == ("stream:subrip", "en")
    assert "first" in text(found)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "is empty"),
        ("not a subtitle", "is not readable as SRT, WebVTT or ASS"),
        ("1\n00:10:00,000 --> 00:10:02,000\nLate.\n", "lie beyond the end"),
        ("1\n00:00:01,000 --> 00:00:02,000\n[music]\n", "holds no spoken words"),
    ],
)
def test_unusable_subtitles_are_told_and_the_next_place_is_tried(tmp_path: Path, written: str, reason: str) -> None:
    of = source(
        duration=10.0, sidecar=beside(tmp_path, written), subtitles=(SubtitleStream(index=2, codec="mov_text"),)
    )
    found = heard(of, media=Sounding({2: SRT}))
    assert found.engine == "stream:mov_text"
    assert len(found.warnings) == 1
    assert "talk.srt" in found.warnings[0]
    assert reason in found.warnings[0]


def test_subtitles_with_a_broadcasts_clock_are_set_back_by_its_hours(tmp_path: Path) -> None:
    plain = SRT + "\n3\n00:00:07,000 --> 00:00:08,000\n[applause]\n"
    late = source(duration=10.0, sidecar=beside(tmp_path, plain.replace("00:00:", "01:00:"), "late.srt"))
    found = heard(late)
    right = heard(source(duration=10.0, sidecar=beside(tmp_path, plain)))
    assert (found.words, found.sentences, found.events) == (right.words, right.sentences, right.events)
    assert [event.start for event in found.events] == [pytest.approx(7, abs=0.5)]
    assert found.warnings == ("The subtitle file late.srt begins its clock at 01:00:00; this was taken off its times.",)


def test_a_damaged_track_and_a_vanished_file_are_told_and_passed_over(tmp_path: Path) -> None:
    gone = FileRef(path=tmp_path / "gone.srt", sha256=SHA, size_bytes=1)
    of = source(duration=10.0, sidecar=gone, subtitles=(SubtitleStream(index=7, codec="subrip"),))
    found = heard(of, transcriber=FakeTranscriber("hello"))
    assert found.engine == "fake-whisper:tiny"
    assert [("gone.srt" in w, "track 7" in w) for w in found.warnings] == [(True, False), (False, True)]


def test_without_subtitles_the_speech_model_listens() -> None:
    found = heard(source(duration=10.0), transcriber=FakeTranscriber("Hello", "there.", language="en"))
    assert (found.engine, found.word_times, found.language, text(found)) == (
        "fake-whisper:tiny",
        "measured",
        "en",
        "Hello there.",
    )


@pytest.mark.parametrize(
    "transcriber",
    [FakeTranscriber(reason="no speech model"), FakeTranscriber(breaks=True)],
    ids=["no model", "broken download"],
)
def test_without_any_words_the_rest_is_still_told_and_a_warning_says_what_to_do(transcriber: FakeTranscriber) -> None:
    found = heard(source(duration=10.0), transcriber=transcriber)
    assert (found.engine, found.word_times, found.words, found.sentences) == ("none", "none", (), ())
    assert len(found.speech) == 2
    assert found.loudness.integrated_lufs == -24.0
    assert len(found.warnings) == 1
    assert ".srt" in found.warnings[0]


def test_a_source_without_sound_has_no_speech_and_says_so() -> None:
    media = Sounding()
    found = heard(source(duration=10.0, audio=None), media=media)
    assert (found.speech, found.engine, media.passes) == ((), "none", 0)
    assert found.warnings == ("The source has no sound: moments are chosen by picture alone.",)


def test_subtitles_of_a_silent_source_are_kept_at_their_own_times(tmp_path: Path) -> None:
    found = heard(source(duration=10.0, audio=None, sidecar=beside(tmp_path, SRT)))
    assert (found.sentences[0].start, found.sentences[0].end) == (1.0, 3.0)


def test_a_silent_track_and_a_track_without_speech_are_told_apart() -> None:
    assert "silent" in heard(source(duration=10.0), speech=(), media=Sounding(loudness=0.0)).warnings[0]
    assert "Nobody" in heard(source(duration=10.0), speech=()).warnings[0]


def test_late_subtitles_are_moved_and_the_warning_says_by_how_much(tmp_path: Path) -> None:
    starts = (1.0, 6.5, 12.0, 14.5, 21.0, 26.0)
    late = "".join(
        f"{i}\n00:00:{s + 1.2:06.3f} --> 00:00:{s + 3.2:06.3f}\nline number {i}\n\n" for i, s in enumerate(starts, 1)
    )
    of = source(duration=35.0, sidecar=beside(tmp_path, late.replace(".", ",")))
    found = heard(of, speech=tuple((s, s + 2.0) for s in starts))
    told = re.fullmatch(
        r"The subtitle file talk.srt was (.*) s too late against the speech; this was corrected.", found.warnings[0]
    )
    assert told
    assert float(told.group(1)) == pytest.approx(1.2, abs=0.06)
    assert found.words[0].start == pytest.approx(1.0, abs=0.1)


def test_subtitles_of_another_video_are_told(tmp_path: Path) -> None:
    found = heard(source(duration=10.0, sidecar=beside(tmp_path, SRT)), speech=((7.0, 9.5),))
    assert "doesn't fit the sound" in found.warnings[0]


def test_sounds_that_subtitles_name_become_events(tmp_path: Path) -> None:
    named = SRT + "\n3\n00:00:07,000 --> 00:00:09,000\n[Applause]\n"
    found = heard(source(duration=10.0, sidecar=beside(tmp_path, named)))
    assert [(event.kind, event.start, event.end) for event in found.events] == [("applause", 7.0, 9.0)]
    assert "Applause" not in text(found)


def test_the_file_name_tells_the_language(tmp_path: Path) -> None:
    odd = "1\n00:00:01,000 --> 00:00:02,000\nKubernetes\n"
    assert heard(source(duration=10.0, sidecar=beside(tmp_path, odd, "talk.nl.srt"))).language == "nl"


def test_the_sound_is_decoded_once_for_detector_and_measurements(tmp_path: Path) -> None:
    media = Sounding()
    heard(source(duration=10.0, sidecar=beside(tmp_path, SRT)), media=media)
    assert media.passes == 1


@pytest.mark.parametrize("block", [0, 3])
def test_a_pitch_detector_that_fails_costs_the_pitch_and_nothing_else(tmp_path: Path, block: int) -> None:
    of = source(duration=10.0, sidecar=beside(tmp_path, SRT))
    whole, without = heard(of, pitch=FakePitch(120.0)), heard(of, pitch=FakePitch(120.0, fails_in=block))
    assert any(whole.pitch.voiced.values)
    told = "Pitch wasn't measured: Fail: out of memory."
    assert without == whole.model_copy(update={"pitch": Pitch(), "warnings": (*whole.warnings, told)})


def test_progress_rises_from_the_start_to_one() -> None:
    told: list[float] = []
    ears = Ears(Sounding(), FakeDetector(*SPEECH), FakePitch(), FakeTranscriber("a", "b"))
    listen(source(duration=10.0), Brief(), ears, on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 5


def test_the_same_source_gives_the_same_transcript(tmp_path: Path) -> None:
    of = source(duration=10.0, sidecar=beside(tmp_path, SRT))
    assert heard(of).digest() == heard(of).digest()


def test_words_lie_inside_the_speech(tmp_path: Path) -> None:
    found = heard(source(duration=10.0, sidecar=beside(tmp_path, SRT)))
    assert all(any(span.overlap(word) >= word.length - 0.01 for span in found.speech) for word in found.words)
    assert all(isinstance(span, Span) for span in found.speech)


def test_a_failing_decoder_is_not_hidden() -> None:
    class Broken(Sounding):
        def sound(self, source: Source, *, rate: int, block_seconds: float) -> Iterator[Samples]:
            raise MediaToolFailed(doing="reading the sound", returncode=1, tail="boom")

    with pytest.raises(MediaToolFailed):
        heard(source(duration=10.0, audio=audio()), media=Broken())


def test_subtitles_that_were_changed_since_they_were_admitted_are_not_read(tmp_path: Path) -> None:
    before = beside(tmp_path, SRT)
    before.path.write_text(SRT.replace("first", "secret"), encoding="utf-8")

    found = heard(source(duration=10.0, sidecar=before))

    assert "secret" not in text(found)
    assert any("was changed while the job ran" in warning for warning in found.warnings)


def test_a_speaker_s_turn_begins_a_sentence_and_is_told_with_its_time(tmp_path: Path) -> None:
    spoken = "1\n00:00:01,000 --> 00:00:03,000\n>> and what came of it\n\n2\n00:00:04,000 --> 00:00:06,000\n>> nothing at all I am afraid\n"
    found = heard(source(duration=10.0, sidecar=beside(tmp_path, spoken)), speech=((1.0, 3.0), (4.0, 6.0)))
    assert [s.text for s in found.sentences] == ["and what came of it", "nothing at all I am afraid"]
    assert found.turns == tuple(s.start for s in found.sentences)


def test_what_a_subtitle_file_recites_over_silence_is_no_word_and_told(tmp_path: Path) -> None:
    recited = SRT + "\n3\n00:00:07,000 --> 00:00:09,000\nSubtitles by the Amara.org community\n"
    found = heard(source(duration=10.0, sidecar=beside(tmp_path, recited)))
    assert "Amara" not in text(found)
    assert any("Amara.org" in w for w in found.warnings)
