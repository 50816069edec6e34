import pytest

from omni.contracts import Word
from omni.speech.sentences import sentences


def words(text: str, pauses: dict[str, float] | None = None) -> list[Word]:
    """Words of 0.3 s, 0.05 s apart; ``pauses`` after the words that it names."""
    at, made = 0.0, []
    for word in text.split(" "):
        made.append(Word(start=round(at, 3), end=round(at + 0.3, 3), text=word))
        at += 0.35 + (pauses or {}).get(word, 0.0)
    return made


def split(text: str, language: str | None = "en", pauses: dict[str, float] | None = None) -> list[str]:
    return [sentence.text for sentence in sentences(words(text, pauses), language)]


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "He met Dr. Smith at 3.5 metres. Then he left.", 2),
        ("en", "We use tools, e.g. hammers, every day. They work.", 2),
        ("en", "He lives in the U.S. The plan failed.", 2),
        ("en", "The U.S. Navy came. It left.", 2),
        ("en", "J. K. Rowling wrote it. We read it.", 2),
        ("en", '"Really?" he said. "Yes!" She left.', 3),
        ("en", "Wait... what is that? A box.", 2),
        ("en", "I think… No.", 2),
        ("en", "It costs approx. five. Buy it.", 2),
        ("de", "Am 3. Mai kam z.B. Herr Dr. Meier. Er ging.", 2),
        ("fr", "M. Dupont est là. Il parle.", 2),
        ("ru", "Это г. Москва. Она большая.", 2),
        ("zh", "你好， 世界。 我们 开始 吧！", 2),
        ("ar", "كيف حالك؟ أنا بخير.", 2),
        ("hi", "यह है। वह था।", 2),
        (None, "Hello Mr. Fox. Bye.", 2),
    ],
)
def test_sentences_end_at_their_marks_and_not_at_abbreviations(language: str, text: str, count: int) -> None:
    assert len(split(text, language)) == count


def test_the_words_are_covered_without_gap_or_overlap() -> None:
    said = words("One two. Three four five! Six?")
    found = sentences(said, "en")
    assert [(s.first, s.last, s.start, s.end) for s in found] == [
        (0, 2, 0.0, 0.65),
        (2, 5, 0.7, 1.7),
        (5, 6, 1.75, 2.05),
    ]


def test_a_long_pause_ends_a_sentence_without_a_mark() -> None:
    assert split("So we went home Then it rained.", pauses={"home": 1.2}) == ["So we went home", "Then it rained."]


def test_a_pause_for_effect_inside_a_sentence_does_not_end_it() -> None:
    assert split("And the answer is no. Yes.", pauses={"answer": 1.5}) == ["And the answer is no.", "Yes."]
    assert len(split("And the answer is no. Yes.", pauses={"answer": 2.5})) == 3


def test_text_without_marks_is_split_at_pauses_and_never_grows_long() -> None:
    text = " ".join(f"w{i}" for i in range(100))
    found = sentences(words(text, {"w19": 0.6, "w41": 0.6, "w62": 0.6, "w80": 0.6}), "en")
    assert [s.last for s in found] == [20, 42, 63, 81, 100]
    assert max(s.last - s.first for s in sentences(words(text), "en")) <= 25


def test_chinese_sentences_have_no_blanks() -> None:
    assert split("你好， 世界。 再见。", "zh") == ["你好，世界。", "再见。"]


def test_no_words_no_sentences() -> None:
    assert sentences([], "en") == ()
