"""Clips and analysis out of what was chosen: proposals in the model's words as far as they hold, the rest quoted."""

from collections.abc import Iterator, Sequence

from omni.analysis.candidates import Candidate
from omni.analysis.judgement import reason_from, score
from omni.analysis.material import Material
from omni.analysis.phrases import key_sentences
from omni.analysis.prompted.answers import Answer
from omni.analysis.prompted.telling import hook_for, keywords_for, reason_for, title_for, titles_for, topic_for
from omni.analysis.prompted.vetting import Proposal
from omni.analysis.remarks import UNPROPOSED
from omni.analysis.weights import WEIGHTS
from omni.analysis.wording import clip_of
from omni.contracts import Analysis, Clip, Evidence


def analysis_of(
    chosen: Sequence[Candidate],
    further: Sequence[Candidate],
    answers: Sequence[Answer],
    material: Material,
    engine: str,
    warnings: Sequence[str],
) -> Analysis:
    """Return the analysis; windows that are no :class:`Proposal` were found without the model."""
    clips = clips_of((*_ranked(chosen, material), *further), material)
    return Analysis(
        topic=topic_for(answers, material),
        titles=titles_for(answers, material),
        keywords=keywords_for(answers, material),
        key_sentences=key_sentences(material),
        clips=clips[: len(chosen)],
        reserves=clips[len(chosen) :],
        language=material.dossier.transcript.language or material.timeline.lexicon.code,
        engine=engine,
        warnings=(*_remarks(material), *warnings),
    )


def clips_of(ranked: Sequence[Candidate], material: Material) -> tuple[Clip, ...]:
    """Return windows as clips, numbered as they come."""
    clips: list[Clip] = []
    for number, candidate in enumerate(ranked, start=1):
        clips.append(_clip(number, candidate, material, [c.title for c in clips]))
    return tuple(clips)


def _ranked(chosen: Sequence[Candidate], material: Material) -> Sequence[Candidate]:
    return sorted(chosen, key=lambda c: (-_score(c, material), c.span.start))


def _score(candidate: Candidate, material: Material) -> float:
    return candidate.score if isinstance(candidate, Proposal) else score(candidate.merit, material.timeline.ground)


def _clip(number: int, candidate: Candidate, material: Material, taken: Sequence[str]) -> Clip:
    quoted = clip_of(number, candidate, material, taken)
    if not isinstance(candidate, Proposal):
        return quoted.model_copy(update={"evidence": (*quoted.evidence, UNPROPOSED)})
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


def _remarks(material: Material) -> Iterator[str]:
    if not material.has_words:
        yield "There are few words or none: the model gave the moments by time, which is good to a second or two; look at the edges before posting."
