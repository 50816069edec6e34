"""What the memory knows that bears on a job, and keeping what a job made."""

import math
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from omni.contracts import Brief, Precedent, Precedents, Source, Span, Transcript, Warnings
from omni.errors import MemoryLocked, MemoryUnavailable
from omni.errors.models import ModelError
from omni.memory.outcomes import counting
from omni.memory.receptions import Past, past_of
from omni.memory.records import page_ids
from omni.memory.retelling import Said, said_again
from omni.ports import Memory, MemoryRecord

_NEAREST = 5
"""Precedents that an analyst or copywriter gets: a prompt's worth."""

_PER_STRATEGY = 2
"""Of one earlier job, so that a single near one doesn't fill the list."""

_SEARCHED = 100
"""Answers asked for: enough for five after those of the same video are left out, and for every clip of the same talk in another file."""

_QUESTION_WORDS = 24
_SHORTEST_WORD = 5
"""Bytes of UTF-8: shorter words are mostly grammar in alphabets, and two Han signs or four Cyrillic letters pass."""

_LONGEST_WORD = 24
"""Characters: longer ones are addresses, or lines without blanks."""


def recall(memory: Memory, source: Source, transcript: Transcript, brief: Brief) -> Precedents:
    """Return what is nearest to this talk, what of it was used or refused, and what outcomes taught; a memory out of reach is a warning.

    All but ``shown`` is the same on every page of a request, and doesn't depend on what it kept before, nor on what came of that:
    what was found is found again.
    """
    own = page_ids(brief.workspace, source.sha256, brief)
    question = question_of(source, transcript)
    try:
        kept = memory.of_source(brief.workspace, source.sha256)
        found, told = _found(memory, brief.workspace, question, _SEARCHED, own)
        past = past_of(memory, brief.workspace, own)
    except (MemoryLocked, MemoryUnavailable) as error:
        return Precedents(engine=memory.engine, warnings=(f"Nothing was recalled. {error}",))
    mine = [clip.span for clip in kept if clip.span and clip.strategy_id in own]
    others = [clip.span for clip in kept if clip.span and clip.strategy_id not in own]
    said = Said(transcript)
    return Precedents(
        nearest=tuple(past.of(precedent) for precedent in _nearest(found, own, source)),
        used=() if brief.repeat else _free_of(mine, others),
        shown=tuple(clip.span for clip in kept if clip.span and clip.strategy_id in own[: brief.page - 1]),
        retold=() if brief.repeat else _free_of(mine, _retold(found, source, said)),
        refused=_free_of(mine, _refused(past, source, said)),
        lessons=past.lessons,
        engine=memory.engine,
        warnings=told,
    )


def recall_topic(memory: Memory, workspace: str, topic: str, limit: int) -> tuple[tuple[Precedent, ...], Warnings]:
    """Return what is known about a topic, best first, and what to know of it; raises MemoryLocked or MemoryUnavailable."""
    found, told = _found(memory, workspace, topic, limit)
    past = past_of(memory, workspace) if found else Past()
    return tuple(past.of(precedent) for precedent in found), told


def recall_posts(memory: Memory, workspace: str, topic: str, limit: int) -> tuple[Precedent, ...]:
    """Return the posts that share words with a topic, best first; raises MemoryLocked or MemoryUnavailable."""
    return memory.search(workspace, topic, limit=limit, kinds=("post",), by_meaning=False)


def remember(memory: Memory, records: Sequence[MemoryRecord]) -> Warnings:
    """Keep the records that count; raises MemoryLocked or MemoryUnavailable. An embedder that fails is a warning."""
    return keep(memory, counting(memory, records))


def keep(memory: Memory, records: Sequence[MemoryRecord]) -> Warnings:
    """Keep records as they are, by their words where the embedder fails; raises MemoryLocked or MemoryUnavailable."""
    try:
        return memory.keep(records)
    except ModelError as error:
        told = memory.keep(records, by_meaning=False)
        return *told, f"This job is remembered by its words only, until `omni memory reindex`. {error}"


def _found(
    memory: Memory, workspace: str, question: str, limit: int, own: Collection[str] = ()
) -> tuple[tuple[Precedent, ...], Warnings]:
    """Search by meaning and words; by words alone when the embedder fails, and say so."""
    try:
        return memory.search(workspace, question, limit=limit, except_strategies=own), ()
    except ModelError as error:
        found = memory.search(workspace, question, limit=limit, except_strategies=own, by_meaning=False)
        return found, (f"The memory was searched by words only. {error}",)


def question_of(source: Source, transcript: Transcript) -> str:
    """Return the talk's most telling words, those said often weighing more the longer they are; else the source's title."""
    words = [folded for word in transcript.words if (folded := _folded(word.text))]
    counts = Counter(word for word in words if len(word.encode()) >= _SHORTEST_WORD and len(word) <= _LONGEST_WORD)
    telling = sorted(counts, key=lambda word: (-counts[word] * math.log(len(word.encode()) - 2), word))
    return " ".join(telling[:_QUESTION_WORDS] or words[:_QUESTION_WORDS]) or source.title


def _folded(text: str) -> str:
    """Return a word without case and punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LMN")


def _nearest(found: Iterable[Precedent], own: Collection[str], source: Source) -> tuple[Precedent, ...]:
    chosen: list[Precedent] = []
    for precedent in found:
        is_own = precedent.strategy_id in own or (precedent.kind == "clip" and precedent.source_sha256 == source.sha256)
        siblings = sum(other.strategy_id == precedent.strategy_id for other in chosen)
        if not is_own and siblings < _PER_STRATEGY and len(chosen) < _NEAREST:
            chosen.append(precedent)
    return tuple(chosen)


def _retold(found: Iterable[Precedent], source: Source, said: Said) -> list[Span]:
    """Return where this talk says what clips of other files said."""
    texts = (one.text for one in found if one.kind == "clip" and one.span and one.source_sha256 != source.sha256)
    return [span for _, span in said_again(said, texts)]


def _refused(past: Past, source: Source, said: Said) -> list[Span]:
    """Return the moments of this talk that a person rejected, as clips of this file or of another."""
    of_this = [clip.span for clip in past.refused if clip.span and clip.source_sha256 == source.sha256]
    of_others = (clip.text for clip in past.refused if clip.source_sha256 != source.sha256)
    return [*of_this, *(span for _, span in said_again(said, of_others))]


def _free_of(mine: Sequence[Span], others: Sequence[Span]) -> tuple[Span, ...]:
    """Return other briefs' moments in time order, each once; one that this request kept too stays free for it."""
    taken = {(span.start, span.end): span for span in others if not any(_is_same(span, one) for one in mine)}
    return tuple(taken[key] for key in sorted(taken))


def _is_same(one: Span, other: Span) -> bool:
    """Tell whether two spans share at least half of the shorter one."""
    return one.overlap(other) >= 0.5 * min(one.length, other.length)
