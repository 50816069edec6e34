"""What the offline copywriter makes of talks: golden texts, to be read in review, and what holds for all of them."""

import re

import pytest
from writing_analyses import BREATHLESS, CHINESE, ENGLISH, EVERY, FRENCH, SILENT, WIN, analysis, clip

from omni.contracts import Analysis, Brief, Platform, Precedents
from omni.writing.lengths import x_weight
from omni.writing.limits import limits_of
from omni.writing.offline import REVISION, OfflineCopywriter
from omni.writing.rendering import as_markdown, as_text, body


def texts(made: Analysis, number: int = 1) -> dict[Platform, str]:
    posts = OfflineCopywriter().write(made, Precedents(), Brief()).posts
    return {post.platform: as_text(post) for post in posts if post.clip == number}


def test_an_english_story_on_every_platform() -> None:
    made = texts(ENGLISH)
    assert made[Platform.YOUTUBE] == (
        "In 1937 a man called Malcom McLean sat in his truck\n\n"
        "Loading a ton in boxes cost sixteen cents.\n\n"
        "In 1937 a man called Malcom McLean sat in his truck on a pier in New Jersey. He had a load of cotton, and he waited "
        "all day while men carried it away, bale by bale. And he asked himself a simple question: why don't they just lift "
        "the whole truck? It took him nineteen years to answer it.\n\n"
        "In this clip: box, truck, Malcom McLean\n\n"
        "Topic: The shipping container\n\n"
        "#box #truck #MalcomMcLean\n"
    )
    assert made[Platform.TIKTOK] == (
        "In 1937 a man called Malcom McLean sat in his truck on a pier in New Jersey.\n\n#box #truck #MalcomMcLean\n"
    )
    assert made[Platform.LINKEDIN] == (
        "In 1937 a man called Malcom McLean sat in his truck\n\n"
        "“Loading a ton in boxes cost sixteen cents. That is not ten percent cheaper, that is thirty-six times cheaper!”\n\n"
        "Key points:\n"
        "→ In April 1956 his ship left Newark with 58 boxes on her deck.\n"
        "→ Loading a ton by hand cost five dollars and eighty-three cents.\n\n"
        "Topic: The shipping container\n\n"
        "#box #truck #MalcomMcLean\n"
    )
    assert made[Platform.X] == (
        "“Loading a ton in boxes cost sixteen cents. That is not ten percent cheaper, that is thirty-six times cheaper!”\n\n"
        "#box #truck\n"
    )


def test_a_question_leads_on_tiktok_and_is_answered() -> None:
    assert texts(ENGLISH, 2)[Platform.TIKTOK] == (
        "Why did the box win?\nNot because it was strong, but because everybody agreed on it.\n\n#box #truck\n"
    )


def test_a_french_post_is_french_down_to_its_marks() -> None:
    made = texts(FRENCH)
    assert made[Platform.LINKEDIN] == (
        "Le secret n'est pas d'arroser plus\n\n"
        "«\u00a0Une plante perd jusqu'à 40 % de l'eau avant même que les racines la touchent.\u00a0»\n\n"
        "À retenir\u00a0:\n"
        "→ J'ai mesuré cela pendant trois ans dans mon potager de Lyon.\n"
        "→ Vous économisez 1 200 litres par été.\n\n"
        "Sujet\u00a0: Jardiner avec moins d'eau\n\n"
        "#potager #arroser #eau\n"
    )
    english = re.compile(r"\b(?:the|this|clip|topic|key|points|from|and)\b", re.IGNORECASE)
    assert not [text for text in made.values() if english.search(text)]


def test_a_chinese_post_takes_no_blanks_and_counts_double_on_x() -> None:
    made = texts(CHINESE)
    assert made[Platform.INSTAGRAM] == (
        "为什么我们每天睡八个小时，醒来还是很累？\n\n"
        "答案不在时间，而在光线。2019年，我们在上海做了一个实验，让120个人在睡前两小时关掉手机。\n\n"
        "三周以后，他们入睡的时间平均缩短了27分钟。关灯，是最便宜的安眠药。\n\n"
        "主题：睡眠与光线\n\n"
        "#光线 #手机 #睡眠\n"
    )
    assert made[Platform.X] == "“答案不在时间，而在光线。”\n\n#光线 #手机\n"


def test_a_silent_clip_gets_its_title_and_the_topic_and_no_words_of_ours() -> None:
    made = texts(SILENT)
    assert made[Platform.X] == "The tramp at the door\n\nchaplin\n"
    assert made[Platform.INSTAGRAM] == "The tramp at the door\n\n▶ chaplin\n"


def test_speech_without_full_stops_goes_on_after_the_first_line() -> None:
    first, following, *_ = texts(BREATHLESS)[Platform.INSTAGRAM].split("\n\n")
    assert first.endswith("for two years and it…")
    assert following.startswith("…came back in three days")


@pytest.mark.parametrize("name", ["en", "fr", "zh"])
def test_the_five_posts_of_a_clip_differ(name: str) -> None:
    made = OfflineCopywriter().write(EVERY[name], Precedents(), Brief())
    for one in EVERY[name].clips:
        posts = [post.text for post in made.posts if post.clip == one.number]
        assert len(set(posts)) == len(Platform)


def test_a_sentence_that_leans_on_one_left_out_is_left_out_too() -> None:
    said = (
        "Coffee costs five dollars here. The farmer gets two cents of it, which is the point of this talk! "
        "That is a scandal. Nobody in the shop knows the farmer."
    )
    key = "The farmer gets two cents of it, which is the point of this talk!"
    made = analysis(clip(1, said, title="Coffee", hook=said[:31]), key_sentences=(key,), keywords=("farmer",))
    told = texts(made)[Platform.YOUTUBE]
    assert told.startswith(f"Coffee\n\n{key}\n\nCoffee costs five dollars here. Nobody in the shop knows")
    assert "scandal" not in told


def test_sentences_with_addresses_or_handles_are_passed_over() -> None:
    said = f"Sign up at evil.com today. {WIN} Follow @attacker for more boxes."
    made = analysis(clip(1, said, title="Sign up at evil.com", hook="Sign up at evil.com today."))
    for text in texts(made).values():
        assert "evil" not in text
        assert "attacker" not in text


def test_hashtags_give_way_to_a_long_quote_on_x() -> None:
    words = ("extraordinarily", "containerization", "standardization")
    said = f"The {' and the '.join(words)} of {'every harbour and ' * 8} every truck changed the whole world."
    made = analysis(clip(1, said), keywords=words, key_sentences=())
    (post,) = OfflineCopywriter().write(made, Precedents(), Brief(platforms=(Platform.X,))).posts
    assert x_weight(body(post)) <= limits_of(Platform.X).text_max
    assert post.text.endswith("…”")


def test_only_the_platforms_asked_for_get_a_post_once_each() -> None:
    brief = Brief(platforms=(Platform.X, Platform.TIKTOK, Platform.X))
    posts = OfflineCopywriter().write(ENGLISH, Precedents(), brief).posts
    assert [(post.clip, post.platform.value) for post in posts] == [(1, "x"), (1, "tiktok"), (2, "x"), (2, "tiktok")]


def test_the_campaign_tells_its_engine_language_and_what_it_could_not_do() -> None:
    writer = OfflineCopywriter()
    assert writer.engine == f"offline/{REVISION}"
    campaign = writer.write(SILENT, Precedents(), Brief(directives="Be funny", language="fr"))
    assert (campaign.engine, campaign.language) == (writer.engine, "fr")
    about_tone, about_silence = campaign.warnings
    assert about_tone.startswith("The offline copywriter quotes and doesn't rewrite")
    assert about_silence == "Clip 1: nothing is said, so the posts hold only the title and the topic."
    assert writer.write(ENGLISH, Precedents(), Brief()).warnings == ()


def test_the_same_input_gives_the_same_campaign() -> None:
    one, other = (OfflineCopywriter().write(ENGLISH, Precedents(), Brief()) for _ in range(2))
    assert one.digest() == other.digest()


def test_posts_as_markdown_show_markup_as_text() -> None:
    made = analysis(clip(1, "We write a * b and c_d in [code]. It works well for everybody.", title="*Stars*"))
    shown = as_markdown(OfflineCopywriter().write(made, Precedents(), Brief()), made)
    assert "## 1. \\*Stars\\* (1:00–1:30)" in shown
    assert "### YouTube Shorts" in shown
    assert "a \\* b and c\\_d" in shown
