"""The copywriter that needs no key: it picks, orders and fits what was said, and adds labels in the source's language."""

from omni.contracts import Analysis, Brief, Campaign, Precedents
from omni.writing.owed import owed
from omni.writing.phrases import phrasebook
from omni.writing.posts import compose
from omni.writing.strategy import strategy
from omni.writing.taste import taste_of
from omni.writing.tongues import tongues_of

# Raise it when the same input may yield other words: it is part of the cache key.
REVISION = 2


class OfflineCopywriter:
    """Fulfils the port ``Copywriter``: extractive, so that nothing is posted that the analysis doesn't say."""

    @property
    def engine(self) -> str:
        return f"offline/{REVISION}"

    def write(self, analysis: Analysis, precedents: Precedents, brief: Brief) -> Campaign:
        language = analysis.language or brief.language
        book, taste = phrasebook(language), taste_of(precedents.lessons)
        return Campaign(
            strategy=strategy(analysis, precedents, brief, book),
            strategy_language=language,
            posts=tuple(
                compose(clip, to, analysis, book, brief.directives, taste) for clip, to in owed(analysis, brief)
            ),
            language=language,
            engine=self.engine,
            warnings=_warnings(analysis, brief),
        )


def untranslated(analysis: Analysis, brief: Brief) -> tuple[str, ...]:
    """Return the warning that what is made offline isn't in the language asked for; ``()`` when it is."""
    tongues = tongues_of(analysis, brief)
    if not tongues.translated:
        return ()
    spoken = tongues.spoken or "the language of the source"
    return (f"The offline copywriter can't translate: what it wrote is in {spoken}, not in {tongues.wanted}.",)


def _warnings(analysis: Analysis, brief: Brief) -> tuple[str, ...]:
    warnings = [*untranslated(analysis, brief)]
    if brief.directives.strip():
        warnings.append(
            "The offline copywriter quotes and doesn't rewrite: what the directives say about tone or wording isn't applied."
        )
    silent = [str(clip.number) for clip in analysis.clips if not clip.text.strip()]
    if silent:
        warnings.append(f"Clip {', '.join(silent)}: nothing is said, so the posts hold only the title and the topic.")
    return tuple(warnings)
