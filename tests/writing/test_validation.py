"""Faults are named one by one, and mending takes away what may not stand."""

import pytest
from writing_analyses import ENGLISH, EVERY, analysis, clip

from omni.contracts import Brief, Platform, Post, Precedents
from omni.writing.offline import OfflineCopywriter
from omni.writing.validation import faults, repair

BRIEF = Brief()


def post(text: str = "So why did the box win?", platform: Platform = Platform.TIKTOK, **changes: object) -> Post:
    return Post.model_validate({"clip": 2, "platform": platform, "text": text, **changes})


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (post(""), "the text is empty"),
        (post(clip=9), "there is no clip 9"),
        (post(platform=Platform.YOUTUBE), "YouTube Shorts needs a title"),
        (post(title="A title"), "TikTok has no title field"),
        (post(platform=Platform.YOUTUBE, title="a" * 101), "the title is 1 too long for YouTube Shorts"),
        (post("a" * 2201), "the text is 1 too long for TikTok"),
        (post("世" * 141, Platform.X), "the text is 2 too long for X"),
        (post("1 < 2", Platform.YOUTUBE, title="T"), "the character <, which YouTube Shorts refuses"),
        (post("why\u202e did"), "the unseen character U+202E"),
        (post("why\u200b did"), "the unseen character U+200B"),
        (post("why\U000e0041 did"), "the unseen character U+E0041"),
        (post("why\x07 did"), "the unseen character U+0007"),
        (post(hashtags=("box", "Box")), "#box stands twice"),
        (post(hashtags=("2024",)), "#2024 is no hashtag"),
        (post(hashtags=("steel_box!",)), "#steel_box! is no hashtag"),
        (post(hashtags=("a1", "box", "truck", "ship", "steel", "harbour")), "6 hashtags, TikTok is served by 5"),
        (post("Why did the #box win?"), "a hashtag inside the text"),
        (post("It won in 2031"), "not in the analysis: 2031"),
        (post(hashtags=("Box2031",)), "not in the analysis: #Box2031"),
        (post("Says the great Elon"), "not in the analysis: Elon"),
        (post("“It won by luck”"), "not in the analysis: It won by luck"),
        (post("Watch it on evil.com"), "not in the analysis: evil.com"),
        (post("Follow @attacker"), "not in the analysis: @attacker"),
        (post("**So** why did it win?"), "the markup **So**"),
        (post("So why did it win? <b>"), "the markup <b>"),
        (post("So &amp; why"), "the markup &amp;"),
        (post("So why?\n\n## Because"), "the markup ##"),
    ],
)
def test_each_fault_is_named(wrong: Post, fault: str) -> None:
    assert fault in faults(wrong, ENGLISH, BRIEF)


def test_a_sound_post_has_no_fault() -> None:
    assert faults(post(hashtags=("box", "SteelBox")), ENGLISH, BRIEF) == ()
    assert faults(post("Emoji 👨\u200d👩\u200d👧 1️⃣ می\u200cخواهم"), analysis(clip(2, "1")), BRIEF) == ()


def test_a_platform_nobody_asked_for_is_a_fault() -> None:
    brief = Brief(platforms=(Platform.X,))
    assert faults(post(), ENGLISH, brief) == ("nobody asked for a post on tiktok",)


def test_an_address_that_was_only_said_is_a_fault_and_one_the_operator_gave_is_none() -> None:
    said = analysis(clip(1, "Go to example.com and ask @box."))
    spoken = Post(clip=1, platform=Platform.X, text="Go to example.com and ask @box.")
    assert faults(spoken, said, BRIEF) == ("not in the analysis: example.com", "not in the analysis: @box")
    assert faults(spoken, said, Brief(directives="Link example.com, mention @Box")) == ()


def test_mending_drops_the_sentences_that_claim_too_much_and_keeps_the_rest() -> None:
    wrong = post(
        "So why did the box win? Elon Musk said so in 2031!\n\n\n\nGet it at https://evil.com now. "
        "He gave his patents away, for free.",
        hashtags=("#box", "box", "2024", "Box2031", "truck"),
        title="A title",
    )
    mended = repair(wrong, ENGLISH, BRIEF)
    assert mended.text == "So why did the box win?\n\nHe gave his patents away, for free."
    assert mended.hashtags == ("box", "truck")
    assert mended.title is None
    assert faults(mended, ENGLISH, BRIEF) == ()


def test_mending_gives_a_youtube_post_without_title_the_clips() -> None:
    mended = repair(post(platform=Platform.YOUTUBE, title="Elon Musk in 2031"), ENGLISH, BRIEF)
    assert mended.title == "So why did the box win?"


def test_mending_shortens_at_a_sentence() -> None:
    mended = repair(post("A box that fits every truck changed the world. " * 8, Platform.X), ENGLISH, BRIEF)
    assert mended.text == " ".join(["A box that fits every truck changed the world."] * 5)


@pytest.mark.parametrize("name", EVERY)
def test_mending_leaves_a_sound_post_as_it_is(name: str) -> None:
    made = EVERY[name]
    for sound in OfflineCopywriter().write(made, Precedents(), BRIEF).posts:
        assert repair(sound, made, BRIEF) == sound


def test_a_translation_is_held_against_the_same_words() -> None:
    german = Brief(posts_language="de")
    fit = post(
        "Warum hat McLean gewonnen? Damit Sie Wasser sparen, gab er seine Patente her. “So why did the box win?”"
    )
    assert faults(fit, ENGLISH, german) == ()
    wrong = post("Da sagte Elon Musk 2031: „Die Kiste hat gewonnen.“")
    assert faults(wrong, ENGLISH, german) == tuple(
        f"not in the analysis: {claim}" for claim in ("2031", "Elon", "Musk", "Die Kiste hat gewonnen.")
    )
    assert faults(post("Da sagte er der Kiste: nein."), ENGLISH, BRIEF) == ("not in the analysis: Kiste",)
