"""What of a job is made now, by what people said so far."""

from collections.abc import Sequence
from dataclasses import dataclass

from omni.contracts import Approval, Brief, Clip, Warnings
from omni.record import JobRecord
from omni.review import Revision

_FOUND_ANEW = "The moments were found anew, and are others than those that people saw; what they had decided and edited doesn't hold."


@dataclass(frozen=True)
class Release:
    """The clips to render, as drafts for people to judge or in full; ``revision`` says how people want them."""

    revision: Revision
    clips: frozenset[int]
    is_draft: bool = False
    """People have yet to decide; what is made is for their eyes."""
    warnings: Warnings = ()

    @property
    def is_void(self) -> bool:
        """Whether people want none of it."""
        return not self.clips

    def brief(self, brief: Brief) -> Brief:
        """Return the brief that these clips are rendered by."""
        return brief.model_copy(update={"draft": True}) if self.is_draft else brief


def release_of(brief: Brief, revision: Revision, found: Sequence[Clip], warnings: Warnings = ()) -> Release:
    """Return what is made now: everything, unless the brief wants people to approve it."""
    every = frozenset(clip.number for clip in found)
    if brief.approval is Approval.NONE:
        return Release(revision, every, warnings=warnings)
    if revision.open_among(every):
        return Release(revision, every, is_draft=True, warnings=warnings)
    return Release(revision, every & revision.approved, warnings=warnings)


def objection(record: JobRecord, found: Sequence[Clip]) -> Warnings:
    """Return why what people said of a job's clips can't be taken for these; empty when it can.

    It happens when kept results are lost, or an upgrade finds other moments, while a job waits for people.
    """
    edits = (
        *record.made.edits,
        *record.revision.edits,
    )  # a round that died had shown the moved clip, and not made it yet
    moved = {edit.clip for edit in edits if edit.start is not None or edit.end is not None}
    now = {clip.number: (clip.start, clip.end) for clip in found}
    shown = {clip.number: (clip.start, clip.end) for clip in record.clips}
    same = shown.keys() == now.keys() and all(shown[n] == now[n] for n in shown.keys() - moved)
    return () if same or not shown or record.revision == Revision() else (_FOUND_ANEW,)
