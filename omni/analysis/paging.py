"""Which of an analysis' moments one job takes: the best, or on a further page of the same request the next best."""

from collections.abc import Sequence

from omni.analysis.choice import count_for
from omni.analysis.remarks import on_page
from omni.contracts import Analysis, Brief, Clip, Dossier
from omni.errors import NothingToClip


def page_of(analysis: Analysis, dossier: Dossier) -> Analysis:
    """Return the page that the brief asks for: its clips numbered from 1, best first, and in ``reserves`` what is left after it.

    What earlier pages were seen to hold is left out, should the analysis be another one than theirs. Raises :class:`NothingToClip` for
    an empty page.
    """
    brief = dossier.brief
    size = brief.clips or len(analysis.clips)
    is_first = brief.page == 1
    fewest = count_for(brief.clips, dossier.source.duration).fewest if is_first else size
    chosen, left = (analysis.clips, analysis.reserves) if is_first else _further(analysis, dossier, size)
    clips = _numbered(chosen)
    if not clips:
        raise NothingToClip(path=str(dossier.source.path), reason=_exhausted(brief))
    return analysis.model_copy(
        update={
            "clips": clips,
            "reserves": left,
            "warnings": (*analysis.warnings, *on_page(clips, dossier, fewest)),
        }
    )


def _further(analysis: Analysis, dossier: Dossier, size: int) -> tuple[tuple[Clip, ...], tuple[Clip, ...]]:
    """Return the clips of a page after the first, and the reserves that are left after it."""
    later = analysis.reserves[size * (dossier.brief.page - 2) :]
    shown = dossier.precedents.shown
    fresh = tuple(clip for clip in later if not any(clip.overlap(span) for span in shown))
    return fresh[:size], fresh[size:]


def _numbered(clips: Sequence[Clip]) -> tuple[Clip, ...]:
    """Return a page's clips by falling score, numbered from 1."""
    ranked = sorted(clips, key=lambda clip: (-clip.score, clip.start))
    return tuple(clip.model_copy(update={"number": number}) for number, clip in enumerate(ranked, start=1))


def _exhausted(brief: Brief) -> str:
    earlier = "page 1 holds" if brief.page == 2 else f"pages 1 to {brief.page - 1} hold"
    return f"{earlier} every moment that is good enough; ask for fewer, or set `repeat` to see moments again"
