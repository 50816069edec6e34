"""The limits are the ones of TARGETS.md §1, dated, and lengths are counted as each platform counts them."""

import pytest

from omni.contracts import Brief, Platform, Post
from omni.writing.fitting import fitted
from omni.writing.lengths import length, room, x_weight
from omni.writing.limits import known_platforms, limits_of, safe_area, text_area
from omni.writing.rendering import as_text, body


@pytest.mark.parametrize(
    ("platform", "seconds", "megabytes", "title", "text"),
    [
        (Platform.YOUTUBE, (0, 180), 256_000, 100, 5000),
        (Platform.INSTAGRAM, (3, 900), 300, None, 2200),
        (Platform.TIKTOK, (3, 600), 4_000, None, 2200),
        ("facebook", (3, 90), 1_000, None, 63206),
        (Platform.LINKEDIN, (3, 1800), 500, None, 3000),
        (Platform.X, (0.5, 140), 512, None, 280),
    ],
)
def test_the_table_holds_the_targets(platform, seconds, megabytes, title, text) -> None:
    limits = limits_of(platform)
    assert (limits.min_seconds, limits.max_seconds) == seconds
    assert limits.max_bytes == megabytes * 1_000_000
    assert (limits.title_max, limits.text_max) == (title, text)
    assert limits.source
    assert limits.checked_on.year >= 2026


def test_every_platform_of_a_brief_has_limits() -> None:
    assert set(known_platforms()) == {*map(str, Platform), "facebook"}
    with pytest.raises(KeyError):
        limits_of("myspace")


def test_the_safe_areas_are_boxes_inside_the_picture() -> None:
    for name in ("strict", "organic", *Platform):
        area = safe_area(name)
        assert 0 <= area.left < 540 < area.right <= 1080
        assert 0 <= area.top < 960 < area.bottom <= 1920
        assert area.source
        assert area.checked_on.year >= 2026


def test_text_stays_clear_of_every_platform_of_the_brief_and_within_the_targets() -> None:
    def edges(**asked: object) -> tuple[int, int, int, int]:
        area = text_area(Brief.model_validate(asked))
        return area.left, area.top, area.right, area.bottom

    assert edges() == (120, 288, 888, 1248)
    assert edges(safe_area="strict") == (65, 288, 888, 1248)
    assert edges(safe_area="organic") == (65, 220, 930, 1480)
    assert edges(platforms=("linkedin", "x")) == (65, 220, 930, 1480)
    assert edges(platforms=("tiktok", "linkedin")) == (120, 220, 900, 1420)


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("hello", 5),
        ("naïve café", 10),
        ("e\u0301", 1),  # counted in NFC
        ("你好", 4),
        ("こんにちは。", 12),
        ("Привет", 6),
        ("👍", 2),
        ("👍🏽", 2),
        ("👨\u200d👩\u200d👧", 2),
        ("🇫🇷🇩🇪", 4),
        ("1️⃣", 2),
        ("“quoted” – dash…", 17),  # the ellipsis weighs 2: it stands outside the light ranges
        ("see https://example.com/a/very/long/path/that/counts/23", 4 + 23),
        ("see example.com now", 4 + 23 + 4),
    ],
)
def test_x_weighs_text_as_twitter_text_does(text: str, weight: int) -> None:
    assert x_weight(text) == weight


def test_other_platforms_count_in_their_own_units() -> None:
    assert length("a😀", "characters") == 2
    assert length("a😀", "utf16") == 3
    assert length("aé😀", "utf8") == 7


def test_hashtags_count_against_the_text() -> None:
    post = Post(clip=1, platform=Platform.X, text="x" * 270, hashtags=("abcdefgh",))
    assert body(post) == "x" * 270 + "\n\n#abcdefgh"
    assert room(body(post), limits_of(Platform.X)) == -1
    assert fitted(post, limits_of(Platform.X)).hashtags == ()


def test_a_text_file_begins_with_the_title() -> None:
    post = Post(clip=1, platform=Platform.YOUTUBE, title="Title", text="Line one\nline two", hashtags=("a1", "b2"))
    assert as_text(post) == "Title\n\nLine one\nline two\n\n#a1 #b2\n"


def test_what_youtube_refuses_is_replaced_by_lookalikes() -> None:
    post = fitted(Post(clip=1, platform=Platform.YOUTUBE, title="a <b> c", text="1 < 2"), limits_of(Platform.YOUTUBE))
    assert (post.title, post.text) == ("a ‹b› c", "1 ‹ 2")
    other = fitted(Post(clip=1, platform=Platform.TIKTOK, text="1 < 2"), limits_of(Platform.TIKTOK))
    assert other.text == "1 < 2"
