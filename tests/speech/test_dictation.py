from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from builders import source
from fakes.ffmpeg import FakeMedia
from fakes.whisper import FakeTranscriber

from omni.contracts import Source, Span
from omni.ports import Samples
from omni.speech.dictation import cut_points, dictated


class Blocks(FakeMedia):
    """Sound in blocks, as the real one gives it."""

    def sound(self, source: Source, *, rate: int, block_seconds: float) -> Iterator[Samples]:
        left = round(rate * source.duration)
        while left > 0:
            size = min(left, round(rate * block_seconds))
            left -= size
            yield np.zeros(size, np.float32)


SPEECH = tuple(Span(start=i * 10.0, end=i * 10.0 + 9.0) for i in range(150))


def test_a_short_source_is_one_piece() -> None:
    assert cut_points(SPEECH, 500.0) == (0.0, 500.0)


def test_cuts_lie_in_pauses_and_pieces_stay_within_ten_minutes() -> None:
    cuts = cut_points(SPEECH, 1500.0)
    assert all(b - a <= 600 for a, b in pairwise(cuts))
    assert not any(span.start < cut < span.end for cut in cuts[1:-1] for span in SPEECH)


def test_every_second_is_heard_once_and_words_get_their_place_in_the_source() -> None:
    transcriber = FakeTranscriber("hello", "world")
    told: list[float] = []
    words, language = dictated(source(duration=1500.0), None, SPEECH, Blocks(), transcriber, told.append)
    cuts = cut_points(SPEECH, 1500.0)
    assert sum(seconds for seconds, _ in transcriber.heard) == 1500.0
    assert [word.start for word in words if word.text == "hello"] == [round(cut, 3) for cut in cuts[:-1]]
    assert language == "en"
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_the_language_of_the_first_piece_is_kept() -> None:
    transcriber = FakeTranscriber("bonjour", language="fr")
    dictated(source(duration=1500.0), None, SPEECH, Blocks(), transcriber, lambda done: None)
    assert [language for _, language in transcriber.heard] == [None, "fr", "fr"]


def test_pieces_without_speech_are_not_transcribed() -> None:
    transcriber = FakeTranscriber("word")
    dictated(source(duration=1500.0), "en", SPEECH[:3], Blocks(), transcriber, lambda done: None)
    assert len(transcriber.heard) == 1
