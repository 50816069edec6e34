from omni.contracts import Word
from omni.speech.loops import Heard, is_made_up, spoken, without_loops


def words(text: str, start: float = 0.0) -> tuple[Word, ...]:
    return tuple(Word(start=start + i, end=start + i + 0.9, text=text) for i, text in enumerate(text.split()))


def texts(found: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in found)


def segment(
    text: str, *, no_speech: float = 0.0, compression: float = 1.2, logprob: float = -0.3, start: float = 0.0
) -> Heard:
    return Heard(words(text, start), no_speech, compression, logprob)


def test_a_phrase_that_loops_is_said_twice_at_most() -> None:
    assert texts(without_loops(words("so thank you. Thank you. Thank you. thank you. Thank you. bye"))) == (
        "so thank you. Thank you. bye"
    )
    assert texts(without_loops(words("no no no no no no yes"))) == "no no yes"


def test_what_people_repeat_stays() -> None:
    assert texts(without_loops(words("no, no, no. We will go, we will go"))) == "no, no, no. We will go, we will go"


def test_silence_with_little_confidence_was_made_up() -> None:
    assert is_made_up(segment("Thanks for watching!", no_speech=0.9, logprob=-1.4))
    assert not is_made_up(segment("Thanks for watching!", no_speech=0.9, logprob=-0.2))


def test_text_that_packs_like_a_loop_was_made_up() -> None:
    assert is_made_up(segment("and so on " * 20, compression=6.0))
    assert not is_made_up(segment("a list of many different words that happen to pack", compression=2.6))


def test_segments_that_overlap_are_put_in_order() -> None:
    found = spoken([segment("one two three"), segment("four five", start=2.5)])
    assert [(word.text, word.start, word.end) for word in found] == [
        ("one", 0.0, 0.9), ("two", 1.0, 1.9), ("three", 2.0, 2.9), ("four", 2.9, 3.4), ("five", 3.5, 4.4),
    ]  # fmt: skip


def test_nothing_heard_is_nothing_said() -> None:
    assert spoken([]) == ()
