"""What the texts of a campaign may rest on: the words of the analysis, and the operator's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from omni.contracts import Analysis, Brief, Clip
from omni.untrusted.links import foreign_pointers
from omni.writing.grounding import ungrounded
from omni.writing.limits import PlatformLimits, limits_of
from omni.writing.phrases import phrasebook
from omni.writing.sanitizing import sound_cues_removed, without_markup
from omni.writing.sentences import joined, sentences
from omni.writing.tongues import tongues_of
from omni.writing.wording import letters_of


@dataclass(frozen=True)
class Grounds:
    """``evidence`` in the language spoken, ``allowed`` are the operator's words, ``language`` is that of the texts.

    A translation rests on the same letters: numbers and names as they were said, quotation marks around nothing else.
    """

    evidence: str
    allowed: str
    language: str | None

    def unsupported(self, text: str) -> tuple[str, ...]:
        """Return the claims without support. Pointers must be the operator's; other claims may be the operator's too."""
        claims = ungrounded(text, self.evidence, self.language)
        return tuple(dict.fromkeys((*claims, *foreign_pointers(text, self.allowed))))

    def support_tag(self, tag: str) -> bool:
        """Say whether a hashtag claims nothing new: covid 19 is said, #Covid19 is written."""
        return letters_of(tag) in self._letters or not self.unsupported(tag)

    def supported(self, line: str) -> str:
        """Return ``line`` without markup and without the sentences that claim too much; ``""`` when nothing is left."""
        line = without_markup(line)
        if not self.unsupported(line):
            return line
        kept = joined(sentence for sentence in sentences(line) if not self.unsupported(sentence))
        return "" if self.unsupported(kept) else kept

    @cached_property
    def _letters(self) -> str:
        return letters_of(self.evidence)


def grounds_of_posts(clip: Clip, analysis: Analysis, brief: Brief) -> Grounds:
    """Return what the posts of one clip may rest on."""
    tongues = tongues_of(analysis, brief)
    books = (phrasebook(tongues.spoken).posts, phrasebook(tongues.wanted).posts)
    labels = (f"{words.clip} {words.topic} {words.in_this_clip} {words.key_points}" for words in books)
    evidence = "\n".join((_words_of(clip), _words_about(analysis), *labels, brief.directives))
    return Grounds(evidence, brief.directives, tongues.wanted)


def grounds_of_strategy(analysis: Analysis, brief: Brief) -> Grounds:
    """Return what a strategy may rest on: every clip, its score and length, and what is known of the platforms."""
    clips = ((_words_of(clip), f"{clip.number} {clip.score:.0f} {clip.length:.0f}") for clip in analysis.clips)
    platforms = (_facts_of(limits_of(platform)) for platform in brief.platforms)
    parts = (*(part for clip in clips for part in clip), _words_about(analysis), *platforms, brief.directives)
    return Grounds("\n".join(parts), brief.directives, tongues_of(analysis, brief).wanted)


def _words_of(clip: Clip) -> str:
    return _as_written((clip.title, clip.hook, clip.text))


def _words_about(analysis: Analysis) -> str:
    return _as_written((analysis.topic, *analysis.titles, *analysis.keywords, *analysis.key_sentences))


def _as_written(parts: Iterable[str]) -> str:
    parts = tuple(parts)
    # Both as it came and as it is cleaned before it is written: "&amp;" and "&" are the same words.
    cleaned = tuple(map(without_markup, parts))
    return "\n".join((*parts, *cleaned, *map(sound_cues_removed, cleaned)))


def _facts_of(limits: PlatformLimits) -> str:
    low, high = limits.advised_seconds
    return f"{limits.label} {limits.max_seconds:g} {low:g} {high:g} {limits.visible_characters} {limits.spacing_days}"
