"""What an operator should know about the choice: told, never silent."""

from collections.abc import Iterator, Sequence

from omni.analysis.choice import Count
from omni.analysis.material import Material
from omni.contracts import Clip, Warnings


def on_set(clips: Sequence[Clip], material: Material, count: Count) -> Warnings:
    """Return what is to say of a set of clips, whoever chose them."""
    return (*_lengths(clips, material), *_number(clips, material, count))


def on_ground(material: Material) -> Iterator[str]:
    """Yield by what the moments were chosen where there were no words to choose by."""
    ground, words = material.timeline.ground, material.timeline.words
    if ground == "regions":
        yield "There are no words: the moments were chosen by sound and picture, and cut between stretches of speech."
    elif ground == "picture":
        share = "little is said" if words else "nothing is said that could be read"
        picture = material.dossier.source.video is not None
        yield f"In this source {share}: the moments were chosen by {'sound and picture' if picture else 'sound'} alone."


def on_directives(material: Material) -> Iterator[str]:
    """Yield which directives could not be followed without a model."""
    wishes = material.wishes
    if wishes.unused:
        clauses = "; ".join(f"“{c[:80]}”" for c in wishes.unused[:5])
        yield f"Without a language model nothing could be done with these directives: {clauses}. Words that are said in the source, times, `only questions`, `topic:` and `avoid:` are understood."
    if wishes.questions and not material.has_words:
        yield "“only questions” could not be followed: there are no words."


def _lengths(clips: Sequence[Clip], material: Material) -> Iterator[str]:
    brief = material.dossier.brief
    short = [c for c in clips if c.length < brief.min_seconds - 1e-4]
    if short and material.timeline.duration < brief.min_seconds:
        yield f"The source lasts {material.timeline.duration:.1f} s, less than min_seconds ({brief.min_seconds:.0f} s): it was taken whole."
    elif short:
        yield f"{len(short)} of the clips are shorter than min_seconds ({brief.min_seconds:.0f} s): no longer stretch could be cut whole."
    unclean = [c for c in clips if material.timeline.guarded and _in_speech(c, material)]
    if unclean:
        numbers = ", ".join(str(c.number) for c in unclean)
        yield f"Clip {numbers}: an edge lies within continuous speech, and the word times are only estimated; listen to it before posting."
    torn = [c for c in clips if any(e.kind in ("whole.torn_start", "whole.torn_end") for e in c.evidence)]
    if torn:
        numbers = ", ".join(str(c.number) for c in torn)
        yield f"Clip {numbers}: begins or ends within a sentence, since the sentences are longer than max_seconds allows."


def _in_speech(clip: Clip, material: Material) -> bool:
    obstacles = material.timeline.obstacles
    return obstacles.in_speech(clip.start) or obstacles.in_speech(clip.end)


def _number(clips: Sequence[Clip], material: Material, count: Count) -> Iterator[str]:
    if len(clips) >= count.fewest:
        return
    brief = material.dossier.brief
    why = f"no more moments of {brief.min_seconds:.0f}–{brief.max_seconds:.0f} s are whole, apart from the others and free of dead air"
    if brief.directives and (material.wishes.within or material.wishes.questions):
        why = f"{why} within the directives"
    elif material.dossier.precedents.used and not brief.repeat:
        why = f"{why} beside what earlier briefs used"
    yield f"{len(clips)} of {count.fewest} clips were found: {why}."
