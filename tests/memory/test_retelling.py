"""The same recording in another file is known by its words; another talk about the same subject isn't."""

import random

import pytest

from omni.contracts import Transcript, Word
from omni.memory.retelling import Said, said_again

CLIP = (
    "Why does a loaf of bread rise at all? Yeast eats the sugar in the dough and breathes out a gas that the dough "
    "can't let go. Give it twelve hours in a cold room and the gas becomes flavour too. My grandfather told me that "
    "nobody can hurry a loaf, and he was right about that and about most other things."
)
SAME_SUBJECT = (
    "A loaf of bread is a simple thing: flour, water, salt and yeast. The yeast eats sugar and the dough rises, first slowly and "
    "then all at once. I leave my dough in a cold room for twelve hours because the flavour is better. Every baker I know does "
    "it in another way, and my grandfather would have laughed at most of them. The gas has to stay in the dough, that is all "
    "there is to it, and why it does is a question for chemists."
)
OTHER = "Ships carry nearly everything that we own, and hardly anybody has ever seen one of them from close by. " * 3


def transcript(text: str) -> Transcript:
    words = tuple(Word(start=i * 0.4, end=i * 0.4 + 0.35, text=word) for i, word in enumerate(text.split()))
    return Transcript(words=words, engine="test", word_times="measured")


def test_a_clips_words_are_found_where_they_are_said_again() -> None:
    talk = f"{OTHER} {CLIP} {OTHER}"

    span = Said(transcript(talk)).again(CLIP)

    assert span is not None
    before, own = len(OTHER.split()), len(CLIP.split())
    assert span.start == pytest.approx(before * 0.4, abs=0.5)
    assert span.end == pytest.approx((before + own) * 0.4, abs=0.5)


def test_another_talk_about_the_same_subject_isnt_the_same_talk() -> None:
    assert Said(transcript(SAME_SUBJECT)).again(CLIP) is None
    assert Said(transcript(f"{OTHER} {SAME_SUBJECT}")).again(CLIP) is None


@pytest.mark.parametrize("seed", range(5))
def test_a_recogniser_that_mishears_one_word_in_ten_doesnt_hide_it(seed: int) -> None:
    dice = random.Random(seed)
    heard = " ".join("mumble" if dice.random() < 0.1 else word for word in CLIP.upper().replace(",", "").split())

    assert Said(transcript(f"{OTHER} {heard} {OTHER}")).again(CLIP) is not None


def test_half_of_a_clip_is_enough_and_a_third_isnt() -> None:
    words = CLIP.split()

    assert Said(transcript(" ".join(words[: int(0.6 * len(words))]))).again(CLIP) is not None
    assert Said(transcript(" ".join(words[: len(words) // 3]))).again(CLIP) is None


def test_phrases_scattered_over_a_talk_are_no_retelling() -> None:
    words = CLIP.split()
    pieces = [" ".join(words[i : i + 5]) for i in range(0, len(words), 5)]
    scattered = f" {' '.join(OTHER.split()[:45])} ".join(pieces)

    assert Said(transcript(scattered)).again(CLIP) is None


def test_a_greeting_is_too_short_to_tell_anything() -> None:
    greeting = "Hello and welcome to another episode of our little show."

    assert Said(transcript(f"{greeting} {OTHER}")).again(greeting) is None


def test_a_language_without_blanks_is_compared_by_its_signs() -> None:
    clip = "面包为什么会发起来酵母吃掉面团里的糖然后呼出气体面团把气体留住冷藏十二个小时味道会更好"
    again = Transcript(
        words=tuple(Word(start=i, end=i + 1, text=clip[i : i + 2]) for i in range(0, len(clip), 2)),
        engine="test",
        word_times="measured",
    )
    other = "面包是很简单的东西面粉水盐和酵母我把面团放在冷藏室里因为味道更好每个面包师都有自己的做法"

    assert Said(again).again(clip) is not None
    assert Said(transcript(other)).again(clip) is None


def test_what_is_said_again_is_told_in_the_order_of_the_talk() -> None:
    said = Said(transcript(f"{CLIP} {SAME_SUBJECT}"))

    assert [text for text, _ in said_again(said, [SAME_SUBJECT, OTHER, CLIP, CLIP])] == [CLIP, SAME_SUBJECT]


def test_without_words_nothing_is_said_again() -> None:
    assert Said(transcript("")).again(CLIP) is None
