"""Text that others wrote is cleaned, cut and quoted without changing what it says."""

import pytest

from omni.untrusted.invisibles import unseen_characters, without_unseen
from omni.untrusted.links import foreign_pointers, handles, links
from omni.writing.hashtags import hashtag, hashtags, is_hashtag
from omni.writing.lengths import width
from omni.writing.markdown import escaped
from omni.writing.sanitizing import balanced, plain, sound_cues_removed
from omni.writing.sentences import is_complete, is_question, joined, sentences
from omni.writing.shortening import shorten
from omni.writing.wording import mentions, same_words, without_opening


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("go to https://evil.com/x?y=1.", ("https://evil.com/x?y=1",)),
        ("go to www.evil.org, now", ("www.evil.org",)),
        ("evil.com and EVIL.COM and evil.photography", ("evil.com", "EVIL.COM", "evil.photography")),
        ("пример.рф и bit.ly/abc", ("пример.рф", "bit.ly/abc")),
        ("去example.com看", ("去example.com",)),
        ("javascript:alert(1) mailto:me", ("javascript:alert(1", "mailto:me")),
        ("127.0.0.1:8080/x", ("127.0.0.1:8080/x",)),
        ("Node.js, README.md, main.py, 3.5, e.g. this, U.S. law, J.K. Rowling, done.Then", ()),
    ],
)
def test_addresses_are_found_and_other_dots_are_not(text: str, found: tuple[str, ...]) -> None:
    assert links(text) == found


def test_handles_and_mail_addresses_are_found() -> None:
    assert handles("@foo, me@bar.org. ＠baz 5 @ 3") == ("@foo", "me@bar.org", "＠baz")
    assert foreign_pointers("@foo on foo.com", "say @FOO") == ("foo.com",)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("<b>Hi</b> {\\an8}there\\Nfriend", "Hi there friend"),
        ("## **Hi** `there`, f**k your s**t and 2 ** 3 ** 4", "Hi there, f**k your s**t and 2 ** 3 ** 4"),
        ("&lt;script&gt;x&lt;/script&gt; 5 &lt; 6", "x 5 < 6"),
        ("[click](http://evil.com) ![a](b)", "click a"),
        ("see https://evil.com/a.", "see…"),
        ("#FreeMoney is #1 in C#", "FreeMoney is #1 in C#"),
        ('He said "no', "He said no"),
        ("“fine” and ”loose", "“fine” and loose"),
        ("„gut“ und „offen", "„gut“ und offen"),
        ("2[0", "2 0"),
        ("a\u202eb\u200bc\ufeffd\U000e0041", "abcd"),
        ("Pourquoi\u00a0? «\u00a0Oui\u00a0»", "Pourquoi\u00a0? «\u00a0Oui\u00a0»"),
    ],
)
def test_markup_pointers_and_lone_marks_go(text: str, clean: str) -> None:
    assert plain(text) == clean


def test_cleaning_twice_changes_nothing_more() -> None:
    text = "<<b>b> &amp;lt;i&amp;gt; x\u200b\u200dy {\\i1} “a «b” c»"
    assert plain(plain(text)) == plain(text)


def test_notes_of_sounds_and_speakers_go_and_dashes_within_a_sentence_stay() -> None:
    text = "[applause] - Hello. - Well, a box - any box ♪ (laughs) >> wins"
    assert sound_cues_removed(text) == "Hello. Well, a box - any box wins"


def test_joiners_stay_where_a_script_or_an_emoji_needs_them() -> None:
    needed = "می\u200cخواهم क्\u200dष 👨\u200d👩\u200d👧 ❤️ 1️⃣"
    assert without_unseen(needed) == needed
    assert unseen_characters(needed) == ()
    assert unseen_characters("a\u200db\u200c \ufe0f") == ("U+200D", "U+200C", "U+FE0F")
    assert unseen_characters("🏴\U000e0067\U000e007f") == ("U+E0067", "U+E007F")


def test_sentences_end_where_people_stop_in_any_script() -> None:
    assert sentences("Dr. Who paid 3.50 at St. Paul. Why? “Nobody knows.” Yes") == (
        "Dr. Who paid 3.50 at St. Paul.",
        "Why?",
        "“Nobody knows.”",
        "Yes",
    )
    assert sentences("他说：“好。”然后走了。真的吗？是的") == ("他说：“好。”", "然后走了。", "真的吗？", "是的")
    assert joined(("真的吗？", "是的")) == "真的吗？是的"
    assert joined(("Why?", "So.")) == "Why? So."
    assert is_question("¿Por qué?")
    assert not is_complete("and then")


def test_shortening_ends_at_a_sentence_else_a_clause_else_a_word() -> None:
    text = "It was a box. In 1954 a ship left Brooklyn for Germany, carrying 194,000 pieces of cargo"
    assert shorten(text, 200) == text
    assert shorten(text, 30) == "It was a box."
    assert shorten(text[14:], 60) == "In 1954 a ship left Brooklyn for Germany…"
    assert shorten(text[14:], 30) == "In 1954 a ship left Brooklyn…"
    assert shorten("Unbreakable" * 9, 30) == ""


@pytest.mark.parametrize("limit", range(4, 70))
def test_shortening_never_parts_a_number_from_what_it_counts(limit: int) -> None:
    text = "We sold 24 000 000 boxes at $3.5 million and 我们有3000万用户和二〇一九年"
    short = shorten(text, limit)
    assert width(short) <= limit
    assert short == "" or text.startswith(short.removesuffix("…"))
    assert not short.removesuffix("…").rstrip().endswith(tuple("0123456789一二九〇$万".replace("万", "")))


def test_a_hashtag_is_letters_and_digits_of_any_script() -> None:
    tags = map(hashtag, ("steel box", "Boxes", "GPT4", "l'eau", "don't", "मशीन लर्निंग", "机器学习", "café"))
    assert tuple(tags) == ("SteelBox", "boxes", "GPT4", "eau", "dont", "मशीनलर्निंग", "机器学习", "café")
    for word in ("2024", "!", "", "a", "evil.com", "@you", "one two three four", "x" * 40, "👍"):
        assert hashtag(word) is None
    assert not is_hashtag("a b")
    assert not is_hashtag("\u0301a")


def test_hashtags_name_the_clip_before_the_video_and_no_word_twice() -> None:
    words = ("ship", "box", "boxes", "harbour", "crane", "truck")
    assert hashtags(words, "The boxes on the truck.", 5) == ("box", "truck", "ship")
    assert hashtags(words, "The boxes on the truck.", 1) == ("box",)


def test_wordings_are_compared_without_case_and_marks() -> None:
    assert same_words("So why did the box win?", "Why did the Box win")
    assert same_words("The most important machine of all", "The most important machine of all the hundred that I know")
    assert not same_words("A box", "A box that fits every truck changed the world.")
    assert not same_words("", "")
    assert mentions("two boxes", "box")
    assert not mentions("the party", "art")
    assert mentions("关灯的力量", "力量")


def test_words_that_only_connect_are_left_out_at_the_start() -> None:
    assert without_opening("So, and now we go.", ("so", "and", "now")) == "We go."
    assert without_opening("Sofia came.", ("so",)) == "Sofia came."
    assert without_opening("所以问题不在这里。", ("所以",)) == "问题不在这里。"
    assert without_opening("So", ("so",)) == "So"


def test_escaped_text_begins_nothing_in_markdown() -> None:
    assert escaped("- a") == "\\- a"
    assert escaped("12) a") == "12\\) a"
    assert escaped("# a | b") == "\\# a \\| b"
    assert escaped("1.5 m") == "1.5 m"
    assert balanced("(a") == "a"
