import pytest

from omni.speech.tokens import Token, joined, split_unspaced, stamp, tokens


def texts(text: str) -> list[str]:
    return [token.text for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello there, world!", ["Hello", "there,", "world!"]),
        ("Comment ça va ?", ["Comment", "ça", "va\u00a0?"]),
        ("« Bonjour » dit-il", ["«\u00a0Bonjour\u00a0»", "dit-il"]),
        ("he's in - in a mood", ["he's", "in\u00a0–", "in", "a", "mood"]),
        ("- Yes", ["Yes"]),
        ("...", []),
        ("great 🎉", ["great\u00a0🎉"]),
        ("안녕하세요 여러분", ["안녕하세요", "여러분"]),
        ("مرحبا بكم", ["مرحبا", "بكم"]),
    ],
)
def test_words_keep_their_punctuation(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("你好，世界。", ["你好，", "世界。"]),
        ("今天我们来谈谈人工智能", ["今天我们", "来谈谈人", "工智能"]),
        ("私は学校に行きました。", ["私は", "学校に", "行きました。"]),
        ("我用Python写代码", ["我用", "Python", "写代码"]),
        ("人工智能的", ["人工", "智能的"]),
    ],
)
def test_unspaced_scripts_are_taken_apart_into_phrases(text: str, expected: list[str]) -> None:
    assert split_unspaced(text) == expected


def test_thai_is_never_broken_before_a_vowel_sign_or_tone() -> None:
    groups = split_unspaced("สวัสดีครับวันนี้เราจะพูดถึงเรื่องเทคโนโลยี")
    assert "".join(groups) == "สวัสดีครับวันนี้เราจะพูดถึงเรื่องเทคโนโลยี"
    assert len(groups) >= 4
    assert not any(group[0] in "ัิีึืุู็่้๊๋์" for group in groups)


def test_inline_times_go_to_the_word_after_them() -> None:
    text = f"one{stamp(1500)} two{stamp(2000)} three"
    assert tokens(text) == (Token("one"), Token("two", 1.5), Token("three", 2.0))


def test_karaoke_syllables_become_one_word() -> None:
    assert tokens(f"{stamp(1000)}hel{stamp(1200)}lo {stamp(1500)}you") == (Token("hello", 1.0), Token("you", 1.5))


def test_running_text_has_blanks_only_where_the_script_has_them() -> None:
    assert joined(["你好，", "世界。"]) == "你好，世界。"
    assert joined(["Hello,", "world."]) == "Hello, world."
    assert joined(["我用", "Python", "写代码"]) == "我用 Python 写代码"
    assert joined([]) == ""
