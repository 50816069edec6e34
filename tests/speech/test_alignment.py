"""A made-up language: every letter has a tone of its own, and words come at times that their length doesn't tell."""

from itertools import pairwise

import numpy as np
import pytest

from omni.contracts import Span
from omni.speech.alignment import Passage, aligned
from omni.speech.cepstra import Cepstrograph
from omni.speech.spelling import is_alphabetic, units
from omni.speech.viterbi import best_paths

RATE = 16_000
TONES = {"a": 300, "o": 500, "e": 800, "m": 1200, "s": 2500, "t": 4000, "k": 1800, "l": 3200}
WORDS = ("mat", "sole", "kemo", "ta", "sel", "okam", "les", "teka", "mo", "salo")


def spoken() -> tuple[np.ndarray, list[list[tuple[str, float, float]]]]:
    """Twelve lines of ten words; every word is drawn out by a factor between 0.5 and 2."""
    random = np.random.default_rng(7)
    sound: list[np.ndarray] = []
    lines: list[list[tuple[str, float, float]]] = []
    at = 0.0
    for _ in range(12):
        sound.append(np.zeros(int(0.5 * RATE)))
        at += 0.5
        line = []
        for k in random.permutation(len(WORDS)):
            start = at
            length = 0.09 * random.uniform(0.5, 2)
            for letter in WORDS[k]:
                t = np.arange(int(length * RATE)) / RATE
                sound.append(0.3 * np.sin(2 * np.pi * TONES[letter] * t))
                at += len(t) / RATE
            line.append((WORDS[k], start, at))
        lines.append(line)
    whole = np.concatenate([*sound, np.zeros(RATE)])
    return (whole + random.normal(0, 0.003, len(whole))).astype(np.float32), lines


def evenly(line: list[tuple[str, float, float]]) -> tuple[tuple[float, float], ...]:
    edges = np.linspace(line[0][1], line[-1][2], len(line) + 1).tolist()
    return tuple(pairwise(edges))


def test_words_are_found_by_the_sounds_that_the_source_teaches() -> None:
    sound, lines = spoken()
    graph = Cepstrograph()
    graph.feed(sound)
    speech = tuple(Span(start=line[0][1], end=line[-1][2]) for line in lines)
    passages = [
        Passage(tuple(w for w, _, _ in line), evenly(line), line[0][1] - 0.1, line[-1][2] + 0.1) for line in lines
    ]
    truth = np.array([start for line in lines for _, start, _ in line])
    guess = np.array([start for passage in passages for start, _ in passage.guess])
    found = np.array([start for times in aligned(passages, speech, graph.values) for start, _ in times])
    assert np.median(np.abs(guess - truth)) > 0.08
    assert np.median(np.abs(found - truth)) < 0.02
    # Not all: between "mat" and "ta" nothing tells where the "t" of the one ends.
    assert np.quantile(np.abs(found - truth), 0.9) < 0.05


def test_a_letter_that_the_learnt_part_of_a_long_source_lacks_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only every so many lines of a long source are learnt from; here every second one, and the last holds an "x"."""
    sound, lines = spoken()
    graph = Cepstrograph()
    graph.feed(sound)
    speech = tuple(Span(start=line[0][1], end=line[-1][2]) for line in lines)
    passages = [
        Passage(tuple(w for w, _, _ in line), evenly(line), line[0][1] - 0.1, line[-1][2] + 0.1) for line in lines
    ]
    words = ("xat", *passages[-1].words[1:])
    passages[-1] = Passage(words, passages[-1].guess, passages[-1].start, passages[-1].end)
    monkeypatch.setattr("omni.speech.alignment._LEARNING_SECONDS", len(sound) / RATE / 2)

    found = aligned(passages, speech, graph.values)

    assert [len(times) for times in found] == [10] * 12


def test_too_few_words_keep_the_guess() -> None:
    passage = Passage(("one", "two"), ((0.0, 0.5), (0.5, 1.0)), 0.0, 1.0)
    assert aligned([passage], (), Cepstrograph().values) == (passage.guess,)


def test_words_without_letters_for_sounds_keep_the_guess() -> None:
    guess = tuple((i / 10, i / 10 + 0.1) for i in range(100))
    passage = Passage(("你好",) * 100, guess, 0.0, 10.0)
    graph = Cepstrograph()
    graph.feed(np.random.default_rng(1).normal(0, 0.1, RATE * 10).astype(np.float32))
    assert aligned([passage], (), graph.values) == (guess,)


def test_a_path_meets_every_state_and_may_pass_over_silence() -> None:
    table = np.full((6, 5), -9, np.float32)
    for frame, state in enumerate([1, 1, 3, 3, 3, 4]):
        table[frame, state] = 0
    free = np.array([True, False, True, False, True])
    assert best_paths([table], [free])[0].tolist() == [1, 1, 3, 3, 3, 4]
    held = np.array([True, False, False, False, True])
    assert sorted(set(best_paths([table], [held])[0].tolist())) == [1, 2, 3, 4]


def test_tables_of_different_sizes_do_not_disturb_each_other() -> None:
    random = np.random.default_rng(5)
    tables = [random.normal(size=(n, m)).astype(np.float32) for n, m in ((9, 5), (30, 7), (14, 3))]
    free = [np.arange(table.shape[1]) % 2 == 0 for table in tables]
    together = best_paths(tables, free)
    alone = [best_paths([table], [mask])[0] for table, mask in zip(tables, free, strict=True)]
    assert [path.tolist() for path in together] == [path.tolist() for path in alone]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("She's", ("sh", "e", "s")), ("12", ("1",) * 4 + ("2",) * 4), ("été", ("e", "t", "e")), ("–", ("?",))],
)
def test_spelling_becomes_sounds(word: str, expected: tuple[str, ...]) -> None:
    assert units(word) == expected


def test_alphabets_are_told_from_syllables() -> None:
    assert is_alphabetic(["Hello", "мир", "κόσμος"])
    assert not is_alphabetic(["你好", "世界"])
    assert not is_alphabetic(["...", "42"])
