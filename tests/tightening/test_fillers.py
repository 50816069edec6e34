"""Which words only think aloud."""

import pytest

from omni.tightening.fillers import is_filler


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("um", "en"), ("Um,", "en"), ("uhhh…", "en"), ("Ummm.", "en"), ("äähm", "de"), ("a\u0308h", "de"), ("euh,", "fr"),
        ("えーと、", "ja"), ("嗯", "zh"), ("эээ", "ru"), ("yyy", "pl"),
    ],
)  # fmt: skip
def test_hesitations_are_known_however_long_they_are_written(word: str, language: str) -> None:
    assert is_filler(word, language)


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("like", "en"), ("err", "en"), ("er", "de"), ("um", "de"), ("Hm?", "en"), ("м", "ru"), ("y", "pl"), ("um", "pt"),
        ("um", None), ("…", "en"), ("a", "it"), ("ah", "en"),
    ],
)  # fmt: skip
def test_words_that_mean_something_are_none(word: str, language: str | None) -> None:
    assert not is_filler(word, language)
