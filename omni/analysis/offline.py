"""The analyst that needs no key and no model: evidence from words, sound and picture, weighed by one table."""

from omni.analysis.candidates import Candidate
from omni.analysis.finding import found, search_for
from omni.analysis.material import Material
from omni.analysis.phrases import key_phrases, key_sentences, talk_titles
from omni.analysis.remarks import on_directives, on_ground, on_set
from omni.analysis.wording import clip_of, topic_of
from omni.contracts import Analysis, Clip, Dossier

REVISION = 2
"""Bump when the same dossier would be analysed differently: it is part of the cache key."""


class OfflineAnalyst:
    """Fulfils the port ``Analyst``: pure and deterministic, two hours of talk in a few seconds."""

    @property
    def engine(self) -> str:
        return f"offline/{REVISION}"

    def analyze(self, dossier: Dossier) -> Analysis:
        search = search_for(dossier)
        material = search.material
        clips = _clips(found(search), material)
        return Analysis(
            topic=topic_of(material),
            titles=talk_titles(material),
            keywords=key_phrases(material),
            key_sentences=key_sentences(material),
            clips=clips,
            language=dossier.transcript.language or material.timeline.lexicon.code,
            engine=self.engine,
            warnings=(*on_ground(material), *on_directives(material), *on_set(clips, material, search.count)),
        )


def _clips(chosen: tuple[Candidate, ...], material: Material) -> tuple[Clip, ...]:
    ranked = sorted(chosen, key=lambda c: (-c.merit, c.span.start))
    clips: list[Clip] = []
    for number, candidate in enumerate(ranked, start=1):
        clips.append(clip_of(number, candidate, material, [c.title for c in clips]))
    return tuple(clips)
