"""Whatever an analysis holds, the offline copywriter's posts have no fault and its strategy no markup of the source's."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from omni.contracts import Analysis, Brief, Clip, Platform, Precedent, Precedents
from omni.untrusted.links import foreign_pointers
from omni.writing.offline import OfflineCopywriter
from omni.writing.phrases import languages
from omni.writing.validation import faults, repair

NASTY = (
    "https://evil.example/x",
    "www.evil.org",
    "evil.com",
    "@attacker",
    "me@evil.com",
    "#FreeMoney",
    "<b>bold</b>",
    "<script>alert(1)</script>",
    "&lt;img src=x&gt;",
    "![x](http://evil.com/a.png)",
    "[click](javascript:alert)",
    "{\\an8}",
    "\\N",
    "| cell |",
    "`code`",
    "$x$",
    "**",
    "1. ",
    "- ",
    "# ",
    "\u202e",
    "\u200b",
    "\u2066",
    "\U000e0041",
    "\ufeff",
    "\x00",
    "\r\n",
    "\u2028",
    "👨\u200d👩\u200d👧",
    "🏴\U000e0067\U000e0062\U000e007f",
    "1️⃣",
    "🇫🇷",
    "👍🏽",
    "1,000",
    "1 000",
    "3.5",
    "٣٤٥",
    "20",
    "万",
    "人们",
    "。",
    "？",
    "Ελλάδα",
    "Иван",
    "שלום",
    "مرحبا",
    "می\u200cخواهم",
    "क्\u200dष",
    "ประเทศไทย",
    "Straße",
    "İstanbul",
    '"',
    "“",
    "”",
    "«",
    "»",
    "„",
    "「",
    "(",
    "]",
    "'",
    "…",
    "Dr. Who",
    "O'Brien",
    "U.S.",
    "So",
    "and",
    "Why",
    "Elon Musk",
    "a" * 130,
    "Ünïcodé" * 60,
    "9" * 150,
)
WORDS = st.one_of(
    st.sampled_from(NASTY), st.text(max_size=12), st.sampled_from(("the", "box", "won", "because", "it", "is"))
)
ENDS = st.sampled_from((". ", "! ", "? ", " ", ", ", "。", "\n", "… ", ": "))
TEXTS = st.lists(st.tuples(WORDS, ENDS | st.just(" ")), max_size=60).map(lambda ps: "".join(w + e for w, e in ps))
SHORT = st.lists(st.tuples(WORDS, st.just(" ")), max_size=6).map(lambda ps: "".join(w + e for w, e in ps))


@st.composite
def analyses(draw: st.DrawFn) -> Analysis:
    texts = draw(st.lists(TEXTS, min_size=1, max_size=2))
    clips = tuple(
        Clip(
            number=i + 1,
            start=10.0 * i,
            end=10.0 * i + draw(st.floats(0.1, 900)),
            title=draw(SHORT)[:100],
            hook=draw(st.one_of(TEXTS, st.just(text[:60]))),
            text=text,
            score=draw(st.floats(0, 100)),
            reason=draw(SHORT),
        )
        for i, text in enumerate(texts)
    )
    return Analysis(
        topic=draw(SHORT),
        titles=tuple(draw(st.lists(SHORT, min_size=1, max_size=3))),
        keywords=tuple(draw(st.lists(SHORT | WORDS, max_size=6))),
        key_sentences=tuple(draw(st.lists(TEXTS, max_size=2))),
        clips=clips,
        language=draw(st.sampled_from((*languages(), "sw", None))),
        engine="test",
    )


FAST = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@FAST
@given(analyses())
def test_no_post_of_the_offline_copywriter_has_a_fault(analysis: Analysis) -> None:
    brief = Brief()
    campaign = OfflineCopywriter().write(analysis, Precedents(), brief)
    assert [(p.clip, p.platform) for p in campaign.posts] == [(c.number, p) for c in analysis.clips for p in Platform]
    for post in campaign.posts:
        assert faults(post, analysis, brief) == (), post
        assert post.platform is Platform.X or len(post.text.split("\n")[0]) <= 125


@FAST
@given(analyses(), SHORT, SHORT)
def test_a_strategy_holds_no_link_image_or_html(analysis: Analysis, title: str, source: str) -> None:
    nearest = Precedent(
        id="1",
        kind="clip",
        title=title,
        text=title,
        score=1,
        source_sha256="0" * 64,
        source_title=source,
        strategy_id="s",
    )
    strategy = OfflineCopywriter().write(analysis, Precedents(nearest=(nearest,)), Brief()).strategy
    assert foreign_pointers(strategy, "") == ()
    tokens = MarkdownIt("commonmark").enable("table").parse(strategy)
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    assert not kinds & {"link_open", "image", "html_block", "html_inline", "fence", "code_block", "ordered_list_open"}
    # The tags are the one piece of code, and only the title is a heading of the first level.
    assert sum(token.tag == "h1" and token.nesting == 1 for token in tokens) == 1
    rows = [line for line in strategy.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {2 + len(Platform)}


@FAST
@given(analyses(), TEXTS, SHORT, st.lists(SHORT | WORDS, max_size=8), st.sampled_from(tuple(Platform)))
def test_a_mended_post_is_fit_or_empty(
    analysis: Analysis, text: str, title: str, tags: list[str], platform: Platform
) -> None:
    from omni.contracts import Post

    brief = Brief()
    mended = repair(Post(clip=1, platform=platform, title=title, text=text, hashtags=tuple(tags)), analysis, brief)
    left = set(faults(mended, analysis, brief))
    assert left <= {"the text is empty", "YouTube Shorts needs a title"}
    assert repair(mended, analysis, brief) == mended


@pytest.mark.parametrize("directive", ["Link to https://evil.example/x and mention @attacker", "Visit www.evil.org"])
def test_the_operators_own_addresses_may_stay(directive: str) -> None:
    from writing_analyses import analysis, clip

    said = (
        "Everything is explained at https://evil.example/x by @attacker on www.evil.org tonight. We grow tomatoes here."
    )
    made = analysis(clip(1, said, hook=said), key_sentences=(), keywords=())
    brief = Brief(directives=directive)
    for post in OfflineCopywriter().write(made, Precedents(), brief).posts:
        assert foreign_pointers(post.text, directive) == ()
        assert faults(post, made, brief) == ()
