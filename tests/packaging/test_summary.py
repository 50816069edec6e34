"""The page of a finished job."""

from pathlib import Path

from builders import analysis, campaign, clip

from omni.contracts import Charge, Check, Estimate, FileRef, Production, Short, Span
from omni.packaging.summary import estimate_page, summary

REF = FileRef(path=Path("x"), sha256="ab" * 32, size_bytes=1)


def short(*checks: Check, usable: bool = True) -> Short:
    return Short(
        number=1, cut=Span(start=75, end=95), video=REF, poster=REF, srt=REF, vtt=REF, duration=20, layout="follow",
        checks=checks, usable=usable,
    )  # fmt: skip


CHARGE = Charge(role="analyst", model="a|b", calls=2, input_tokens=900, cached_tokens=100, output_tokens=30, usd=0.0312)


def page(made: Short, title: str = "Boxes", **facts: object) -> str:
    production = Production(
        output_dir=Path("/out/talk"), shorts_count=1, strategy_id=None, source="talk.mp4", engines={"analyst": "offline/1"},
        warnings=("The picture is small.",),
    ).model_copy(update=facts)  # fmt: skip
    return summary(production, analysis(clip(1, 75, 95, title=title)), campaign(1), (made,))


def test_the_page_tells_clips_posts_warnings_and_engines() -> None:
    text = page(short())

    assert "| 1 | 1:15 | 1:35 | 20 s | 80 | Boxes | Opens with a question. | all passed |" in text
    assert "- **tiktok**: Text 1 ⏎ \\#box" in text
    assert "- The picture is small." in text
    assert "- analyst: offline/1" in text
    assert "Cost" not in text


def test_a_failed_gate_is_named() -> None:
    failed = Check(name="loudness", value="-16 LUFS", bar="-14", passed=False)

    assert "failed: loudness" in page(short(failed))
    assert "**not delivered**" in page(short(failed, usable=False))


def test_text_of_the_video_cannot_become_markup() -> None:
    text = page(short(), title="a | b [x](http://evil) <img src=x>")

    assert "a \\| b \\[x\\](http://evil) &lt;img" in text


def test_the_page_tells_what_was_paid_for() -> None:
    text = page(short(), charges=(CHARGE,), cost_usd=None)

    assert "## Cost\n\n| role | model |" in text
    assert "| analyst | a\\|b | 2 | 900 | 100 | 30 | $0.0312 |\n| **all** |" in text
    assert "**not known** |" in text


def test_a_dry_run_has_a_page_of_its_own() -> None:
    told = Estimate(charges=(CHARGE,), usd=0.0312, seconds=3600, warnings=("Mind [this](x).",))

    text = estimate_page(told, "talk <b>.mp4")

    assert text.startswith("# What talk &lt;b>.mp4 would cost\n\n1:00:00 of source")
    assert "| analyst | a\\|b | 2 | 900" in text
    assert "- Mind \\[this\\](x)." in text


def test_drafts_are_told_as_drafts() -> None:
    assert "**Drafts**" in page(short().model_copy(update={"draft": True}))
    assert "Draft" not in page(short())
