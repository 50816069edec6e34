"""The graphics card encodes where a real trial of it passes; where it doesn't, or fails later, libx264 does."""

from pathlib import Path

import av
import pytest
from builders import plan
from fakes.ffmpeg import GOOD
from media import make

from omni.adapters.ffmpeg import FFmpegMedia, Runner
from omni.adapters.ffmpeg.binary import find_binary
from omni.adapters.ffmpeg.encoders import HARDWARE, SOFTWARE, Choice, choose, encoded, trial_failure, verdict
from omni.contracts import ClipPlan, Framing, Segment, Source, Span
from omni.encoding.parallelism import Shares
from omni.errors import Aborted, MediaToolFailed, MediaToolTimedOut
from omni.ports.media import Mix
from omni.sourcing.ingesting import ingest
from omni.wiring import wire

TRIAL = GOOD.model_copy(update={"width": 540, "height": 960, "video_duration": 1.0, "keyframe_gap": 0.5})


def never(name: str) -> str | None:
    pytest.fail(f"{name} was tried")


def test_libx264_is_used_without_any_trial_when_it_is_asked_for() -> None:
    assert choose(SOFTWARE, HARDWARE, never) == Choice(SOFTWARE)


def test_auto_takes_the_first_that_works_and_tells_why_not_the_others() -> None:
    reasons = {"h264_videotoolbox": "no Mac", "h264_nvenc": "no driver", "h264_qsv": None}

    choice = choose("auto", HARDWARE, reasons.__getitem__)

    assert choice == Choice("h264_qsv", (("h264_videotoolbox", "no Mac"), ("h264_nvenc", "no driver")))


def test_auto_tries_only_what_ffmpeg_was_built_with() -> None:
    assert choose("auto", ["h264_vaapi", "libx264"], lambda _: "no card").rejected == (("h264_vaapi", "no card"),)


@pytest.mark.parametrize(("listed", "reason"), [([], "no such encoder"), (["h264_nvenc"], "no driver")])
def test_an_encoder_that_was_asked_for_and_does_not_work_is_never_silent(listed: list[str], reason: str) -> None:
    choice = choose("h264_nvenc", listed, lambda _: "no driver")

    assert choice.name == SOFTWARE
    assert choice.warning is not None
    assert reason in choice.warning


@pytest.mark.parametrize(
    ("changes", "likeness", "said"),
    [
        ({}, 0.99, None),
        ({"profile": "Constrained Baseline"}, 0.99, "Constrained Baseline"),
        ({"colour": (None, None, None)}, 0.99, "untagged"),
        ({"video_duration": 0.6}, 0.99, "lasts 0.600 s"),
        ({"video_start": 0.033}, 0.99, "from 0.033 s"),
        ({"edit_lists": 1}, 0.99, "1 edit lists"),
        ({"keyframe_gap": 1.0}, 0.99, "key frames 1.0 s apart"),
        ({}, 0.41, "SSIM 0.41"),
    ],
)
def test_a_trial_passes_only_the_gates_that_a_short_must_pass(
    changes: dict[str, object], likeness: float, said: str | None
) -> None:
    found = verdict(TRIAL.model_copy(update=changes), likeness)

    assert found is None if said is None else said in str(found)


class DeadRunner(Runner):
    """Every call ends with the same error."""

    def __init__(self, error: Exception) -> None:
        super().__init__(Path("ffmpeg"))
        self._error = error

    def run(self, *_: object, **__: object) -> None:
        raise self._error


def test_what_ffmpeg_said_first_is_the_reason() -> None:
    tail = "[h264_nvenc @ 0x55] Cannot load libcuda.so.1 | [vost#0:0] Error while opening encoder | Conversion failed!"

    runner = DeadRunner(MediaToolFailed(doing="trying", returncode=1, tail=tail))

    assert trial_failure("h264_nvenc", runner) == "Cannot load libcuda.so.1"


def test_a_driver_that_hangs_is_left_aside() -> None:
    assert "still trying" in str(trial_failure("h264_qsv", DeadRunner(MediaToolTimedOut(doing="trying", seconds=60))))


def test_a_cancelled_job_does_not_read_as_a_missing_card() -> None:
    with pytest.raises(Aborted):
        trial_failure("h264_qsv", DeadRunner(Aborted(doing="trying")))


def test_drafts_spend_fewer_bits() -> None:
    class Stream:
        def filter(self, *_: object, **__: object) -> "Stream":
            return self

    final, draft = (encoded(Stream(), SOFTWARE, threads=1, draft=d)[1] for d in (False, True))  # type: ignore[arg-type]

    assert draft["crf"] > final["crf"]
    assert {k for k in final if final[k] != draft[k]} <= {"preset", "crf"}


@pytest.mark.ffmpeg
def test_the_trial_passes_for_an_encoder_that_works_and_fails_for_one_that_is_not_there() -> None:
    runner = wire().runner

    assert trial_failure(SOFTWARE, runner) is None
    assert "Unknown encoder" in str(trial_failure("h264_of_nobody", runner))


def script(folder: Path, line: str) -> Runner:
    """Return a runner of an FFmpeg with a card that we pretend to have."""
    path = folder / "ffmpeg"
    path.write_text(f"#!/bin/bash\n{line.format(ffmpeg=find_binary().path)}\n")
    path.chmod(0o755)
    return Runner(path)


CARD = 'args=(); for a in "$@"; do case "$a" in h264_nvenc) a=libx264;; esac; args+=("$a"); done; exec {ffmpeg} "${{args[@]}}"'
FULL_CARD = (
    'case "$*" in *h264_nvenc*) echo "OpenEncodeSessionEx failed: out of memory" >&2; exit 1;; esac; exec {ffmpeg} "$@"'
)


def short_plan() -> ClipPlan:
    framing = Framing(crop_w=0.31640625, crop_h=1, segments=(Segment(start=0, end=3, layout="fit"),))
    return plan(cut=Span(start=1, end=4), framing=framing, frame_rate="25", width=180, height=320)


@pytest.fixture
def source(ffmpeg: str, made: Path) -> Source:
    return ingest(make("plain", ffmpeg, made).path, wire().prober, wire().limits)


def media_with(runner: Runner, choice: Choice) -> FFmpegMedia:
    return FFmpegMedia(find_binary(), runner, shares=Shares(1, 1), encoder=choice)


@pytest.mark.ffmpeg
def test_a_card_that_works_makes_the_short_and_is_part_of_the_cache_key(source: Source, tmp_path: Path) -> None:
    runner = script(tmp_path, CARD)
    choice = choose("auto", ["h264_nvenc"], lambda name: trial_failure(name, runner))
    media = media_with(runner, choice)

    encoding = media.render(source, short_plan(), tmp_path / "short.mp4", mix=Mix())

    assert (encoding.encoder, encoding.warnings) == ("h264_nvenc", ())
    assert media.identity().endswith(" h264_nvenc")
    with av.open(str(tmp_path / "short.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 75


@pytest.mark.ffmpeg
def test_a_card_that_fails_in_a_job_is_replaced_in_the_same_job_and_told(source: Source, tmp_path: Path) -> None:
    media = media_with(script(tmp_path, FULL_CARD), Choice("h264_nvenc"))

    encoding = media.render(source, short_plan(), tmp_path / "short.mp4", mix=Mix())

    assert encoding.encoder == SOFTWARE
    assert len(encoding.warnings) == 1
    assert "h264_nvenc failed, libx264 was used instead" in encoding.warnings[0]
    assert "out of memory" in encoding.warnings[0]
    assert (tmp_path / "short.mp4").is_file()


@pytest.mark.ffmpeg
def test_what_libx264_cannot_do_either_fails_as_itself(source: Source, tmp_path: Path) -> None:
    media = media_with(script(tmp_path, 'echo "disk on fire" >&2; exit 1'), Choice("h264_nvenc"))

    with pytest.raises(MediaToolFailed, match="disk on fire"):
        media.render(source, short_plan(), tmp_path / "short.mp4", mix=Mix())

    assert not (tmp_path / "short.mp4").exists()
