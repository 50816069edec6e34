import numpy as np

from omni.contracts import SoundEvent, Span
from omni.speech.events import merged_events, named_events, sound_events
from omni.speech.features import Soundtap, Texture
from omni.speech.markup import Note

RATE = 16_000


def texture(sound: np.ndarray) -> Texture:
    tap = Soundtap(len(sound) / RATE)
    list(tap.through(iter([sound.astype(np.float32)])))
    return tap.texture


def quiet(seconds: float) -> np.ndarray:
    return np.random.default_rng(2).normal(0, 0.0005, int(seconds * RATE))


def clapping(seconds: float, level: float = 0.08) -> np.ndarray:
    """Noise, the lows taken out, as of many hands."""
    noise = np.random.default_rng(3).normal(0, level, int(seconds * RATE))
    return noise - 0.5 * np.convolve(noise, np.ones(16) / 16, mode="same")


def test_applause_is_found_where_it_is() -> None:
    found = sound_events(texture(np.concatenate([quiet(5), clapping(4), quiet(5)])), ())
    assert [event.kind for event in found] == ["applause"]
    assert abs(found[0].start - 5) < 0.3
    assert abs(found[0].end - 9) < 0.3


def test_a_short_burst_is_not_applause() -> None:
    assert sound_events(texture(np.concatenate([quiet(5), clapping(0.5), quiet(5)])), ()) == ()


def test_noise_that_never_stops_is_not_applause() -> None:
    assert sound_events(texture(clapping(12)), ()) == ()


def test_a_tone_is_not_applause() -> None:
    t = np.arange(RATE * 3) / RATE
    tone = 0.2 * np.sin(2 * np.pi * 2500 * t)
    assert sound_events(texture(np.concatenate([quiet(5), tone, quiet(5)])), ()) == ()


def test_noise_within_speech_is_left_to_speech() -> None:
    sound = np.concatenate([quiet(5), clapping(4), quiet(5)])
    assert sound_events(texture(sound), (Span(start=4.5, end=9.5),)) == ()


def test_no_sound_no_events() -> None:
    assert sound_events(texture(np.zeros(0)), ()) == ()


def test_a_named_sound_that_is_heard_too_is_told_once_by_the_heard_times() -> None:
    heard = SoundEvent(start=10.2, end=14.0, kind="applause", confidence=0.6)
    notes = (
        Note(10, 12, "applause", alone=True),
        Note(20, 22, "laughter", alone=True),
        Note(30, 31, "music", alone=False),
    )
    assert merged_events((heard,), named_events(notes)) == (
        SoundEvent(start=10.2, end=14.0, kind="applause", confidence=0.9),
        SoundEvent(start=20, end=22, kind="laughter", confidence=0.9),
    )
