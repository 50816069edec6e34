"""Pitch of made sounds whose pitch is known, and what is made of it second by second."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from builders import transcript
from numpy.typing import NDArray

from omni.adapters.swift import SwiftPitch
from omni.contracts import Pitch, Span
from omni.ports import Samples
from omni.speech.pitch import ORIGIN, Pitchtap, heights_in, pitch_of
from omni.speech.voices import turns_heard, voices_of

RATE = 16_000
HOP = SwiftPitch().hop_seconds


def vowel(hertz: float, seconds: float, formants: tuple[float, ...] = (700, 1200, 2600)) -> Samples:
    """An open vowel: the harmonics of a pitch, louder near the formants, over a little breath."""
    t = np.arange(round(seconds * RATE)) / RATE
    tones = np.arange(1, int(4000 / hertz) + 1) * hertz
    loud = sum(1 / (1 + np.square((tones - f) / 120)) for f in formants) / np.arange(1, len(tones) + 1) ** 0.5
    sound = sum(a * np.sin(2 * np.pi * f * t + i) for i, (a, f) in enumerate(zip(loud, tones, strict=True)))
    sound = 0.2 * sound / np.abs(sound).max() + np.random.default_rng(5).normal(0, 0.002, len(t))
    return sound.astype(np.float32)


def pitches(sound: Samples, block: int = RATE * 32) -> NDArray[np.float32]:
    stream = SwiftPitch().begin()
    return np.concatenate([*(stream.push(sound[i : i + block]) for i in range(0, len(sound), block)), stream.finish()])


def said(*phrases: tuple[float, float]) -> tuple[NDArray[np.float32], tuple[Span, ...]]:
    """Pitches of phrases (Hz, seconds) half a second apart, three frames in five voiced and a little unsteady."""
    frames, spans, at = [], list[Span](), 0.0
    dice = np.random.default_rng(5)
    for hertz, seconds in phrases:
        count = round(seconds / HOP)
        voiced = np.arange(count) % 25 < 15
        wavering = hertz * 2 ** (dice.normal(0, 0.5, count) / 12)
        frames += [np.where(voiced, wavering, 0.0), np.zeros(round(0.5 / HOP))]
        spans.append(Span(start=at, end=at + count * HOP))
        at += (count + round(0.5 / HOP)) * HOP
    return np.concatenate(frames).astype(np.float32), tuple(spans)


def measured(*phrases: tuple[float, float]) -> tuple[Pitch, tuple[Span, ...]]:
    found, speech = said(*phrases)
    return told(found, speech), speech


def told(found: NDArray[np.float32], speech: tuple[Span, ...]) -> Pitch:
    heights = heights_in(found, HOP, speech)
    return pitch_of(heights, HOP, speech, voices_of(heights, HOP, speech))


def during(pitch: Pitch, spans: Sequence[Span]) -> list[float]:
    """The excursions of the seconds that lie wholly within spans."""
    values = pitch.excursion.values
    return [values[s] for span in spans for s in range(len(values)) if span.start <= s and s + 1 <= span.end]


@pytest.mark.parametrize("hertz", [75.0, 110.0, 165.0, 240.0, 390.0])
def test_the_pitch_of_a_vowel_is_its_own_and_no_octave_of_it(hertz: float) -> None:
    found = pitches(vowel(hertz, 3.0))
    voiced = found[found > 0]
    assert len(voiced) > 0.7 * len(found)
    assert np.quantile(np.abs(12 * np.log2(voiced / hertz)), 0.95) < 0.5


def test_blocks_of_any_size_give_the_pitches_of_the_whole() -> None:
    sound = np.concatenate([vowel(120, 2.0), np.zeros(RATE, np.float32), vowel(200, 2.03)])
    whole = pitches(sound)
    parts = pitches(sound, 5000)
    assert whole.shape == parts.shape == (len(sound) // 256,)
    assert np.allclose(whole, parts, rtol=0.01)
    assert not whole[round(2.3 / HOP) : round(2.7 / HOP)].any()


def test_noise_silence_and_what_is_no_number_have_no_pitch() -> None:
    noise = np.random.default_rng(5).normal(0, 0.1, RATE * 10).astype(np.float32)
    assert np.mean(pitches(noise) > 0) < 0.01
    broken = np.full(RATE, np.nan, np.float32)
    assert not pitches(np.concatenate([np.zeros(RATE, np.float32), broken])).any()


def test_music_has_a_pitch_only_where_somebody_speaks() -> None:
    chord = sum(vowel(f, 4.0) for f in (220.0, 277.2, 329.6)) / np.float32(3)
    tap = Pitchtap(SwiftPitch())
    blocks: Iterator[Samples] = iter([chord, vowel(130, 2.0), chord])
    assert sum(len(block) for block in tap.through(blocks)) == len(chord) * 2 + RATE * 2
    speech = (Span(start=4.0, end=6.0),)
    pitch = pitch_of(tap.heights(speech), HOP, speech, (0,))
    assert [second for second, share in enumerate(pitch.voiced.values) if share > 0.1] == [4, 5]


def test_a_raised_voice_stands_out_by_as_much_as_it_is_raised() -> None:
    usual, raised = 120.0, 120.0 * 2 ** (4 / 12)
    pitch, speech = measured(*[(usual, 8.0)] * 4, (raised, 8.0), *[(usual, 8.0)] * 4)
    assert np.median(during(pitch, [speech[4]])) == pytest.approx(4.0, abs=0.5)
    assert np.abs(during(pitch, speech[:4] + speech[5:])).max() < 1.0


def test_each_of_two_voices_is_measured_against_itself() -> None:
    low, high = 105.0, 210.0
    talk = [(low, 5.0), (high, 5.0)] * 6
    talk[5] = (high * 2 ** (3 / 12), 5.0)
    pitch, speech = measured(*talk)
    assert np.median(during(pitch, [speech[5]])) == pytest.approx(3.0, abs=0.6)
    assert np.abs(during(pitch, speech[:5] + speech[6:])).max() < 1.2


def test_octave_errors_and_slips_are_no_excursions() -> None:
    found, speech = said(*[(130.0, 10.0)] * 3)
    voiced = np.flatnonzero(found)
    wrong = found.copy()
    wrong[voiced[::9]] *= 2
    wrong[voiced[4::9]] /= 2
    wrong[np.flatnonzero(found == 0)[::40]] = 480.0
    clean, dirty = (told(f, speech).excursion.values for f in (found, wrong))
    assert dirty == pytest.approx(clean, abs=0.6)


@pytest.mark.parametrize("raised", [6, 7, 9, 10, 11, 12])
def test_a_cry_within_a_long_phrase_is_told_as_high_as_it_is(raised: int) -> None:
    found, speech = said((130.0, 22.0))
    found[round(10 / HOP) : round(12 / HOP)] *= 2 ** (raised / 12)
    assert np.mean(told(found, speech).excursion.values[10:12]) == pytest.approx(raised, abs=0.8)


def test_two_voices_an_octave_apart_in_one_phrase_are_not_laid_into_one() -> None:
    found, speech = said((105.0, 12.0))
    found[round(8 / HOP) :] *= 2
    heights = heights_in(found, HOP, speech)
    assert np.nanmedian(heights[round(8 / HOP) :]) - np.nanmedian(heights[: round(8 / HOP)]) == pytest.approx(
        12, abs=0.5
    )


def test_without_speech_nothing_is_told() -> None:
    found, _ = said((130.0, 5.0))
    pitch = told(found, ())
    assert not any(pitch.voiced.values)
    assert not any(pitch.excursion.values)
    assert told(np.zeros(0, np.float32), ()) == Pitch()


def whose(*phrases: tuple[float, float]) -> tuple[int, ...]:
    found, speech = said(*phrases)
    return voices_of(heights_in(found, HOP, speech), HOP, speech)


def test_two_clearly_different_voices_are_told_apart() -> None:
    assert whose(*[(ORIGIN, 4.0), (2 * ORIGIN, 3.0), (95.0, 2.0)] * 5) == (1, 2, 1) * 5


@pytest.mark.parametrize("raised", [3, 5, 7])
def test_one_voice_that_is_raised_now_and_then_is_one_voice(raised: float) -> None:
    loud = ORIGIN * 2 ** (raised / 12)
    assert set(whose(*[(ORIGIN, 4.0), (loud, 3.0)] * 8)) == {0}


def test_one_voice_that_ranges_widely_is_one_voice() -> None:
    ranging = [(ORIGIN * 2 ** (step / 12), 2.0) for step in range(-6, 13)]
    assert set(whose(*ranging * 2)) == {0}


def test_a_few_words_in_another_voice_are_no_second_speaker() -> None:
    assert set(whose(*[(ORIGIN, 4.0)] * 20, (2 * ORIGIN, 1.0), (2 * ORIGIN, 1.0))) == {0}


def test_a_turn_is_the_first_word_of_a_sentence_that_begins_with_the_other_voice() -> None:
    talk = transcript(("Who built it?", 0.0, 1.0), ("We did.", 1.2, 2.0), ("In May.", 2.2, 3.0), ("Nice.", 3.3, 4.0))
    speech = tuple(Span(start=a, end=b) for a, b in ((0.0, 1.0), (1.25, 2.0), (2.2, 3.0), (3.3, 4.0)))
    assert turns_heard((2, 1, 1, 2), speech, talk.words, talk.sentences) == (3, 7)
    assert turns_heard((2, 0, 1, 1), speech, talk.words, talk.sentences) == ()
    assert turns_heard((1, 1, 1, 1), speech, talk.words, talk.sentences) == ()


def test_a_change_of_voice_within_a_sentence_is_no_turn() -> None:
    talk = transcript(("We built it and they bought it.", 0.0, 4.0), ("In May.", 4.5, 5.0))
    speech = (Span(start=0.0, end=1.9), Span(start=2.1, end=4.0), Span(start=4.5, end=5.0))
    assert turns_heard((1, 2, 2), speech, talk.words, talk.sentences) == ()
    assert turns_heard((1, 2), speech[:2], (), ()) == ()
