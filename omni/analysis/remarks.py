"""What an operator should know about the choice: told, never silent."""

from collections.abc import Iterator, Sequence

from omni.analysis.directives import names, narrows
from omni.analysis.edges import Obstacles, merged
from omni.analysis.material import Material
from omni.analysis.timeline import is_guarded
from omni.contracts import Clip, Dossier, Evidence, Warnings

UNPROPOSED = Evidence(kind="offline", weight=0.0, text="was found without the model, which proposed too few")
"""What a clip carries that a model's analysis was filled up with."""
WEAK = 25.0
"""Below this score a clip lies two strong signs or more under an ordinary passage, which has 50 (docs/selection.md)."""


def on_page(clips: Sequence[Clip], dossier: Dossier, fewest: int) -> Warnings:
    """Return what is to say of the clips of one page, whoever chose them."""
    return (
        *_proposed(clips, fewest),
        *_weak(clips, dossier),
        *_beside_the_subject(clips, dossier),
        *_lengths(clips, dossier),
        *_edges(clips, dossier),
        *_number(clips, dossier, fewest),
    )


def on_ground(material: Material) -> Iterator[str]:
    """Yield by what the moments were chosen where there were no words to choose by."""
    ground, words = material.timeline.ground, material.timeline.words
    if ground == "regions":
        lack = "Only few of the words are known" if words else "There are no words"
        yield f"{lack}: the moments were chosen by sound and picture, and cut between stretches of speech."
    elif ground == "picture":
        share = "little is said" if words else "nothing is said that could be read"
        picture = material.dossier.source.video is not None
        yield f"In this source {share}: the moments were chosen by {'sound and picture' if picture else 'sound'} alone."


def on_directives(material: Material) -> Iterator[str]:
    """Yield which directives could not be followed without a model."""
    wishes = material.wishes
    if wishes.unused:
        clauses = "; ".join(f"“{c[:80]}”" for c in wishes.unused[:5])
        yield f"Without a language model nothing could be done with these directives: {clauses}. Words that are said in the source, times in it, `only questions`, `topic:` and `avoid:` are understood (docs/cuts.md); lengths and the number of clips stand in the brief."
    if wishes.torn:
        both = ", ".join(f"“{material.surface.get(s, s)}”" for s in sorted(wishes.torn)[:5])
        yield f"The directives ask for {both} and want to do without: it was avoided."
    if wishes.questions and not material.has_words:
        yield "“only questions” could not be followed: there are no words, or too few."


def _proposed(clips: Sequence[Clip], fewest: int) -> Iterator[str]:
    spare = [str(c.number) for c in clips if UNPROPOSED in c.evidence]
    if spare:
        proposed = len(clips) - len(spare)
        yield f"The model proposed {proposed} of {fewest} clips that could be used; found without it: clip {', '.join(spare)}."


def _weak(clips: Sequence[Clip], dossier: Dossier) -> Iterator[str]:
    """Tell which clips are hardly worth a post, what was left out, and what to do instead."""
    weak = [f"{c.number} ({c.score:.1f} of 100)" for c in clips if c.score < WEAK]
    if not weak:
        return
    brief, past, why = dossier.brief, dossier.precedents, ""
    ways = ["other directives", "another video", *(["fewer clips"] if len(clips) > 1 else [])]
    if (past.used or past.retold) and not brief.repeat:
        why = "; what earlier briefs used was left out"
        ways.append("`repeat`, which proposes used moments again")
    elif brief.page > 1:
        why = "; the better moments are on the pages before"
    yield f"Clip {', '.join(weak)}: weak, well below an ordinary passage (50 of 100){why}. Watch before posting, or ask for {', '.join(ways[:-1])} or {ways[-1]}."


def _beside_the_subject(clips: Sequence[Clip], dossier: Dossier) -> Iterator[str]:
    """Tell which clips aren't about a subject that was named, where others are; a model's own choice is not judged by its words."""
    if not names(dossier.brief.directives, _language(dossier)):
        return
    kinds = [{e.kind for e in c.evidence} for c in clips]
    beside = [str(c.number) for c, on in zip(clips, kinds, strict=True) if not on & {"ask.wanted", "model"}]
    if beside and any("ask.wanted" in on for on in kinds):
        yield f"There were too few good moments about what the directives ask for; about something else: clip {', '.join(beside)}."


def _lengths(clips: Sequence[Clip], dossier: Dossier) -> Iterator[str]:
    brief, duration = dossier.brief, dossier.source.duration
    short = [c for c in clips if c.length < brief.min_seconds - 1e-4]
    if short and duration < brief.min_seconds:
        yield f"The source lasts {duration:.1f} s, less than min_seconds ({brief.min_seconds:.0f} s): it was taken whole."
    elif short:
        yield f"{len(short)} of the clips are shorter than min_seconds ({brief.min_seconds:.0f} s): no longer stretch could be cut whole."


def _edges(clips: Sequence[Clip], dossier: Dossier) -> Iterator[str]:
    unclean = _unclean(clips, dossier)
    if unclean:
        numbers = ", ".join(str(c.number) for c in unclean)
        yield f"Clip {numbers}: an edge lies within continuous speech, and the word times are only estimated; listen to it before posting."
    torn = [c for c in clips if any(e.kind in ("whole.torn_start", "whole.torn_end") for e in c.evidence)]
    if torn:
        numbers = ", ".join(str(c.number) for c in torn)
        yield f"Clip {numbers}: begins or ends within a sentence, since the sentences are longer than max_seconds allows."


def _unclean(clips: Sequence[Clip], dossier: Dossier) -> Sequence[Clip]:
    """Return the clips of which an edge lies in speech where it should lie in a silence."""
    if not is_guarded(dossier.transcript):
        return ()
    heard = Obstacles(cuts=(), sliver=0.0, speech=merged(dossier.transcript.speech))
    return [c for c in clips if heard.in_speech(c.start) or heard.in_speech(c.end)]


def _number(clips: Sequence[Clip], dossier: Dossier, fewest: int) -> Iterator[str]:
    if len(clips) >= fewest:
        return
    brief = dossier.brief
    why = f"no more moments of {brief.min_seconds:.0f}–{brief.max_seconds:.0f} s are whole, apart from the others and free of dead air"
    if narrows(brief.directives, dossier.source.duration, _language(dossier)):
        why = f"{why} within the directives"
    elif dossier.precedents.barred(brief):
        why = f"{why} beside what earlier briefs used"
    elif brief.page > 1:
        why = f"{why} beside the pages before"
    yield f"{len(clips)} of {fewest} clips were found: {why}."


def _language(dossier: Dossier) -> str | None:
    return dossier.transcript.language or dossier.brief.language
