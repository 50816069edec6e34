"""The result of a job as one page of markdown, for the Prefect UI and the folder."""

from itertools import pairwise

from omni.contracts import Analysis, Campaign, Charge, Clip, Estimate, Production, Short
from omni.spending.wording import dollars
from omni.timecode import clock


def summary(production: Production, analysis: Analysis, campaign: Campaign, shorts: tuple[Short, ...]) -> str:
    """Return clips, posts and warnings of a finished job."""
    by_number = {short.number: short for short in shorts}
    parts = [
        f"# {_plain(analysis.titles[0])}",
        *(
            ("**Drafts**, to look at, not to post: approve them, or ask again without `draft` for the Shorts.",)
            if _is_draft(shorts)
            else ()
        ),
        f"{production.shorts_count} Shorts in `{production.output_dir}` · topic: {_plain(analysis.topic)}",
        "## Clips",
        "| # | from | to | length | score | title | why | checks |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(clip, by_number[clip.number]) for clip in analysis.clips if clip.number in by_number),
        "## Posts",
        *(_posts(clip, campaign) for clip in analysis.clips),
    ]
    if production.warnings:
        parts += ["## Warnings", *(f"- {_plain(warning)}" for warning in production.warnings)]
    parts += ["## Engines", *(f"- {role}: {_plain(engine)}" for role, engine in production.engines.items())]
    if production.charges:
        parts += ["## Cost", *_cost_table(production.charges, production.cost_usd)]
    return _joined(parts)


def estimate_page(estimate: Estimate, name: str) -> str:
    """Return what a dry run found, as one page of markdown."""
    parts = [
        f"# What {_plain(name)} would cost",
        f"{clock(estimate.seconds)} of source, typically. Nothing was asked of a model.",
        *_cost_table(estimate.charges, estimate.usd),
        *(f"- {_plain(warning)}" for warning in estimate.warnings),
    ]
    return _joined(parts)


def _is_draft(shorts: tuple[Short, ...]) -> bool:
    return any(short.draft for short in shorts)


def _row(clip: Clip, short: Short) -> str:
    failed = [check.name for check in short.checks if check.passed is False]
    verdict = "all passed" if not failed else "failed: " + ", ".join(failed)
    cells = (
        str(clip.number), clock(clip.start), clock(clip.end), f"{short.duration:.0f} s", f"{clip.score:.0f}",
        _cell(clip.title), _cell(clip.reason), verdict if short.usable else f"**not delivered**, {verdict}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _posts(clip: Clip, campaign: Campaign) -> str:
    posts = [post for post in campaign.posts if post.clip == clip.number]
    lines = [f"### {clip.number}. {_plain(clip.title)}"]
    for post in posts:
        tags = " ".join(f"\\#{tag}" for tag in post.hashtags)
        body = " ⏎ ".join(part for part in (post.title, *post.text.splitlines(), tags) if part)
        lines.append(f"- **{post.platform.value}**: {_plain(body)}")
    return "\n".join(lines)


def _cost_table(charges: tuple[Charge, ...], usd: float | None) -> tuple[str, ...]:
    return (
        "| role | model | calls | read | of it cached | written | cost |",
        "|---|---|---|---|---|---|---|",
        *(_charge(charge) for charge in charges),
        f"| **all** |  |  |  |  |  | **{dollars(usd)}** |",
    )


def _charge(charge: Charge) -> str:
    counts = (charge.calls, charge.input_tokens, charge.cached_tokens, charge.output_tokens)
    cells = (charge.role, _cell(charge.model), *(str(count) for count in counts), dollars(charge.usd))
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")


def _plain(text: str) -> str:
    """Text of a video is data: what could become a link, an image or HTML is defused."""
    return " ".join(text.split()).replace("<", "&lt;").replace("[", "\\[").replace("](", "\\](")


def _joined(parts: list[str]) -> str:
    text = parts[0]
    for before, part in pairwise(parts):
        tight = before.startswith(("|", "- ")) and part.startswith(("|", "- "))
        text += ("\n" if tight else "\n\n") + part
    return text + "\n"
