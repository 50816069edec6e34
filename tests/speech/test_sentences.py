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


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "nobody had asked them for it so we built the box anyway and then it rained for a week",
            ["it", "anyway"],
        ),
        (
            "de",
            "niemand hat uns jemals danach gefragt also haben wir die kiste gebaut danach hat es den ganzen tag geregnet",
            ["gefragt", "gebaut"],
        ),
        (
            "es",
            "nadie nos pidió la caja entonces la hicimos en un mes ahora todos la quieren en su casa",
            ["caja", "mes"],
        ),
        ("hi", "मैंने एक नाव बनाई है लेकिन वह बहुत छोटी थी अब हम घर जाते हैं", ["है", "थी"]),
        ("ja", "昨日 箱を 作りました でも 小さい です だから また 作ります", ["作りました", "です"]),
    ],
)
def test_without_marks_a_breath_before_a_word_that_opens_ends_a_sentence(
    language: str, text: str, expected: list[str]
) -> None:
    breaths = dict.fromkeys(expected, 0.25)
    found = sentences(words(text, breaths), language)
    assert [words(text)[s.last - 1].text for s in found] == [*expected, text.rsplit(maxsplit=1)[-1]]


def test_without_marks_a_breath_after_a_word_that_dangles_ends_nothing() -> None:
    text = "we went down to the harbour and looked at the boxes there"
    assert len(split(text, pauses={"the": 0.5})) == 1


def test_capitals_without_marks_tell_a_sentence() -> None:
    text = "we sold the box to the king and that was all we had The king was not amused by that box"
    assert split(text, None) == [
        "we sold the box to the king and that was all we had",
        "The king was not amused by that box",
    ]


def test_without_marks_the_same_breath_elsewhere_ends_nothing() -> None:
    text = "nobody had asked them for it but the whole harbour talked of boxes all week"
    assert len(split(text, pauses={"harbour": 0.25})) == 1


def test_a_forgotten_mark_is_heard_before_a_capital_that_only_a_beginning_explains() -> None:
    breath = {"humor": 0.3}
    assert split("He is in a bad humor Somebody stole it.", pauses=breath) == [
        "He is in a bad humor",
        "Somebody stole it.",
    ]
    assert len(split("He is in a bad humor Somebody stole it.")) == 1
    assert len(split("He is in bad humor I think.", pauses=breath)) == 1
    assert len(split("She met with humor Paris.", pauses=breath)) == 1


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "nobody had asked us for that blue wooden box so we built the biggest box of all", "box"),
        ("de", "niemand hat uns nach dieser blauen kiste gefragt also haben wir sie noch einmal gebaut", "gefragt"),
        ("es", "nadie nos pidió aquella caja azul y construimos la caja más grande", "azul"),
    ],
)
def test_without_marks_and_pauses_the_words_that_open_tell_a_sentence(language: str, text: str, expected: str) -> None:
    close = [Word(start=0.3 * i, end=0.3 * (i + 1), text=word) for i, word in enumerate((text + " " + text).split(" "))]
    ends = {close[s.last - 1].text for s in sentences(close, language)[:-1]}
    assert expected in ends
    assert not ends & {"the", "of", "der", "wir", "la"}
