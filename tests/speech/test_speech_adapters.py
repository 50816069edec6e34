"""Silero and Whisper as they are installed: no model is fetched."""

import time
from pathlib import Path

import numpy as np
import pytest

from omni.adapters import swift, whisper
from omni.adapters.silero import SileroDetector, model_path
from omni.adapters.whisper import WhisperTranscriber
from omni.errors import EngineUnavailable

NOISE = np.random.default_rng(0).normal(0, 0.05, 16_000 * 4 + 77).astype(np.float32)


def test_the_detector_gives_the_same_in_blocks_of_any_size() -> None:
    whole = SileroDetector().probabilities(iter([NOISE]))
    parts = SileroDetector().probabilities(iter([NOISE[i : i + 5000] for i in range(0, len(NOISE), 5000)]))
    assert len(whole) == -(-len(NOISE) // 512)
    assert np.allclose(whole, parts, atol=1e-4)


def test_noise_and_silence_are_no_speech() -> None:
    detector = SileroDetector()
    assert detector.probabilities(iter([np.zeros(32_000, np.float32)])).max() < 0.5
    assert detector.probabilities(iter([NOISE])).max() < 0.5
    assert detector.probabilities(iter([])).shape == (0,)


def test_a_missing_model_says_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omni.adapters.silero.find_spec", lambda name: None)
    with pytest.raises(EngineUnavailable, match="silero_vad_v6"):
        model_path()


def test_a_pitch_model_that_is_missing_or_damaged_is_an_engine_that_is_unavailable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "model.onnx").write_bytes(b"no model")
    monkeypatch.setattr("swift_f0.core.__file__", str(tmp_path / "core.py"))
    with pytest.raises(EngineUnavailable, match="INVALID_PROTOBUF"):
        swift.SwiftPitch().begin()
    monkeypatch.setattr(swift, "find_spec", lambda name: None)
    with pytest.raises(EngineUnavailable, match="swift-f0 is not installed"):
        swift.SwiftPitch().begin()


def test_without_model_and_fetching_the_transcriber_says_what_to_do(tmp_path: Path) -> None:
    reason = WhisperTranscriber("small.en", tmp_path, 0).unavailable()
    assert reason == (
        "no speech model (small.en: fetching is switched off); put a .srt file with the same name beside the source, "
        "or run once with a network connection"
    )
    assert "no such model" in (WhisperTranscriber("enormous", tmp_path, 0).unavailable() or "")


def test_a_hub_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whisper, "_hub_answers", lambda: time.sleep(5) or True)
    begun = time.monotonic()
    reason = WhisperTranscriber("small.en", tmp_path, 0.3).unavailable()
    assert "can't be reached" in (reason or "")
    assert time.monotonic() - begun < 2


def test_a_download_that_stands_still_ends_in_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(model: str, *, cache_dir: str | None = None, local_files_only: bool = False) -> str:
        if local_files_only:
            raise OSError
        time.sleep(5)
        return ""

    monkeypatch.setattr("faster_whisper.utils.download_model", hang)
    begun = time.monotonic()
    with pytest.raises(EngineUnavailable, match="the hub sent nothing for 0 s"):
        WhisperTranscriber("small.en", tmp_path, 0.3).transcribe(NOISE, None)
    assert time.monotonic() - begun < 3


def test_a_download_that_fails_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(model: str, *, cache_dir: str | None = None, local_files_only: bool = False) -> str:
        raise ConnectionError

    monkeypatch.setattr("faster_whisper.utils.download_model", refuse)
    with pytest.raises(EngineUnavailable, match="ConnectionError"):
        WhisperTranscriber("small.en", tmp_path, 5).transcribe(NOISE, None)


def test_a_damaged_model_in_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "small.en").mkdir()
    (tmp_path / "small.en" / "model.bin").write_bytes(b"not a model")
    transcriber = WhisperTranscriber("small.en", tmp_path, 0)
    assert transcriber.unavailable() is None
    with pytest.raises(EngineUnavailable, match="are damaged"):
        transcriber.transcribe(NOISE, None)
