"""Clips and analysis out of what was chosen: proposals in the model's words as far as they hold, the rest quoted."""

from collections.abc import Iterator, Sequence

from omni.analysis.candidates import Candidate
from omni.analysis.finding import Search
from omni.analysis.judgement import reason_from, score
from omni.analysis.material import Material
from omni.analysis.phrases import key_sentences
from omni.analysis.prompted.answers import Answer
from omni.analysis.prompted.telling import hook_for, keywords_for, reason_for, title_for, titles_for, topic_for
from omni.analysis.prompted.vetting import Proposal
from omni.analysis.remarks import on_set
from omni.analysis.weights import WEIGHTS
from omni.analysis.wording import clip_of
from omni.contracts import Analysis, Clip, Evidence

_SPARE = Evidence(kind="offline", weight=0.0, text="was found without the model, which proposed too few")


def analysis_of(
    chosen: Sequence[Candidate], answers: Sequence[Answer], search: Search, engine: str, warnings: Sequence[str]
) -> Analysis:
    """Return the analysis; those of ``chosen`` that are no :class:`Proposal` were found without the model."""
    material = search.material
    clips = clips_of(chosen, material)
    return Analysis(
        topic=topic_for(answers, material),
        titles=titles_for(answers, material),
        keywords=keywords_for(answers, material),
        key_sentences=key_sentences(material),
        clips=clips,
        language=material.dossier.transcript.language or material.timeline.lexicon.code,
        engine=engine,
        warnings=(*_remarks(clips, search), *warnings, *on_set(clips, material, search.count)),
    )


def clips_of(chosen: Sequence[Candidate], material: Material) -> tuple[Clip, ...]:
    """Return the chosen windows as clips, numbered by falling score."""
    ranked = sorted(chosen, key=lambda c: (-_score(c, material), c.span.start))
    clips: list[Clip] = []
    for number, candidate in enumerate(ranked, start=1):
        clips.append(_clip(number, candidate, material, [c.title for c in clips]))
    return tuple(clips)


def _score(candidate: Candidate, material: Material) -> float:
    return candidate.score if isinstance(candidate, Proposal) else score(candidate.merit, material.timeline.ground)


def _clip(number: int, candidate: Candidate, material: Material, taken: Sequence[str]) -> Clip:
    quoted = clip_of(number, candidate, material, taken)
    if not isinstance(candidate, Proposal):
        return quoted.model_copy(update={"evidence": (*quoted.evidence, _SPARE)})
    window, said = candidate.window, candidate.said
    reason = reason_for(said.reason, window, material)
    weight = round(WEIGHTS["model"].value * (candidate.score - 50) / 50, 3)
    chosen = Evidence(kind="model", weight=weight, text=reason or "was chosen by the model")
    return quoted.model_copy(
        update={
            "title": title_for(said.title, window, material, taken) or quoted.title,
            "hook": hook_for(said.hook, window, material),
            "score": candidate.score,
            "reason": f"{reason[:1].upper()}{reason[1:]}." if reason else reason_from(quoted.evidence),
            "evidence": (chosen, *quoted.evidence),
        }
    )


def _remarks(clips: Sequence[Clip], search: Search) -> Iterator[str]:
    if not search.material.has_words:
        yield "There are few words or none: the model gave the moments by time, which is good to a second or two; look at the edges before posting."
    spare = [str(c.number) for c in clips if _SPARE in c.evidence]
    if spare:
        proposed, fewest = len(clips) - len(spare), search.count.fewest
        yield f"The model proposed {proposed} of {fewest} clips that could be used; found without it: clip {', '.join(spare)}."
