"""The analyst that needs no key and no model: evidence from words, sound and picture, weighed by one table."""

from omni.analysis.finding import found, found_further, reserve_of, search_for
from omni.analysis.phrases import key_phrases, key_sentences, talk_titles
from omni.analysis.remarks import on_directives, on_ground
from omni.analysis.wording import best_first, clips_of, topic_of
from omni.contracts import Analysis, Dossier

REVISION = 5
"""Bump when the same dossier would be analysed differently: it is part of the cache key."""


class OfflineAnalyst:
    """Fulfils the port ``Analyst``: pure and deterministic, two hours of talk in a few seconds."""

    @property
    def engine(self) -> str:
        return f"offline/{REVISION}"

    def analyze(self, dossier: Dossier) -> Analysis:
        search = search_for(dossier)
        material = search.material
        chosen = best_first(found(search))
        spare = found_further(chosen, reserve_of(chosen, search), search)
        clips = clips_of((*chosen, *spare), material)
        return Analysis(
            topic=topic_of(material),
            titles=talk_titles(material),
            keywords=key_phrases(material),
            key_sentences=key_sentences(material),
            clips=clips[: len(chosen)],
            reserves=clips[len(chosen) :],
            language=dossier.transcript.language or material.timeline.lexicon.code,
            engine=self.engine,
            warnings=(*on_ground(material), *on_directives(material)),
        )
