"""What people changed about the moments: where a clip starts and ends, and what it is called."""

from collections.abc import Sequence
from itertools import combinations

from omni.contracts import Analysis, Clip, Evidence, Transcript, Warnings, Word
from omni.review import ClipEdit, Revision, Wording

SHORTEST, LONGEST = 3.0, 90.0
"""Seconds of a Short (TARGETS.md §1)."""
CUT, TITLE = "chosen cut", "chosen title"
"""Kinds of evidence: a person decided this."""


def revised(analysis: Analysis, revision: Revision, transcript: Transcript, duration: float) -> Analysis:
    """Return the analysis as people edited it: a chosen moment stands, inside the source and the length of a Short.

    Two clips may share a moment then; that, and what had to be moved, stands in the warnings.
    """
    told: list[str] = []
    clips: list[Clip] = []
    for clip in analysis.clips:
        edit = revision.edit_of(clip.number)
        changed, warnings = (clip, ()) if edit is None else _edited(clip, edit, transcript, duration)
        clips.append(changed)
        told += warnings
    told += _shared(clips, revision)
    return analysis.model_copy(update={"clips": tuple(clips), "warnings": (*analysis.warnings, *told)})


def only(analysis: Analysis, numbers: frozenset[int]) -> Analysis:
    """Return the analysis with these clips alone, under their numbers."""
    return analysis.model_copy(update={"clips": tuple(clip for clip in analysis.clips if clip.number in numbers)})


def _edited(clip: Clip, edit: ClipEdit, transcript: Transcript, duration: float) -> tuple[Clip, Warnings]:
    changes: dict[str, object] = {}
    evidence: list[Evidence] = []
    told: Warnings = ()
    start, end = clip.start, clip.end
    if edit.start is not None or edit.end is not None:
        start, end = _cut(clip, edit, duration)
        told = _moved(clip.number, edit, start, end)
        said = [word for word in transcript.words if start <= (word.start + word.end) / 2 < end]
        changes |= {"start": start, "end": end} | _words(transcript, said)
        evidence.append(Evidence(kind=CUT, weight=0.0, text="A person chose where it starts and ends."))
    if edit.title is not None:
        changes["title"] = edit.title
        evidence.append(Evidence(kind=TITLE, weight=0.0, text="A person wrote the title."))
    told = (*told, *_unsaid(clip.number, edit, transcript.words, start, end))
    return clip.model_copy(update={**changes, "evidence": (*clip.evidence, *evidence)}), told


def _cut(clip: Clip, edit: ClipEdit, duration: float) -> tuple[float, float]:
    """Return start and end; what a person didn't choose gives way first, then the end."""
    start = clip.start if edit.start is None else edit.start
    end = min(clip.end if edit.end is None else edit.end, duration)
    if edit.start is None:
        start = min(max(start, end - LONGEST), end - SHORTEST)
    start = max(0.0, min(start, duration - SHORTEST))
    end = min(max(end, start + SHORTEST), start + LONGEST, duration)
    return round(start, 3), round(end, 3)


def _moved(number: int, edit: ClipEdit, start: float, end: float) -> Warnings:
    wanted = [(told, got) for told, got in ((edit.start, start), (edit.end, end)) if told is not None]
    if all(abs(told - got) < 0.01 for told, got in wanted):
        return ()
    why = f"a Short lies inside the source and lasts {SHORTEST:g} to {LONGEST:g} s"
    return (f"Short {number} goes from {start:g} s to {end:g} s, not quite as edited: {why}.",)


def _unsaid(number: int, edit: ClipEdit, words: Sequence[Word], start: float, end: float) -> Warnings:
    """Name the captions that nobody will see."""
    return tuple(
        f"Short {number}: {wording.text!r} changes no caption: {why}."
        for wording in edit.captions
        if (why := _why_unseen(wording, words, start, end))
    )


def _why_unseen(wording: Wording, words: Sequence[Word], start: float, end: float) -> str:
    last = wording.last - 1
    named = f"word {last}" if wording.first == last else f"words {wording.first}–{last}"
    if wording.last > len(words):
        return f"{named} of transcript.json can't be, it has {len(words)}, counted from 0"
    said = any(start < word.end and word.start < end for word in words[wording.first : wording.last])
    return "" if said else f"{named} of transcript.json can't be heard in it"


def _words(transcript: Transcript, said: Sequence[Word]) -> dict[str, str]:
    """Return what is said in the new cut, and first."""
    if not said:
        return {"text": "", "hook": ""}
    opening = next((s for s in transcript.sentences if s.start < said[0].end and said[0].start < s.end), None)
    first = [word.text for word in said if opening is None or word.start < opening.end]
    gap = " " if opening is None or " " in opening.text else ""
    return {"text": gap.join(word.text for word in said), "hook": gap.join(first)}


def _shared(clips: Sequence[Clip], revision: Revision) -> Warnings:
    return tuple(
        f"Shorts {one.number} and {other.number} share {one.overlap(other):.1f} s, as edited."
        for one, other in combinations(sorted(clips, key=lambda clip: clip.number), 2)
        if one.overlap(other) > 0 and (revision.edit_of(one.number) or revision.edit_of(other.number))
    )
