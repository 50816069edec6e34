"""What of a job is made now, by what people said so far."""

from collections.abc import Iterable
from dataclasses import dataclass

from omni.contracts import Approval, Brief
from omni.review import Revision


@dataclass(frozen=True)
class Release:
    """The clips to render, as drafts for people to judge or in full; ``revision`` says how people want them."""

    revision: Revision
    clips: frozenset[int]
    is_draft: bool = False
    """People have yet to decide; what is made is for their eyes."""

    @property
    def is_void(self) -> bool:
        """Whether people want none of it."""
        return not self.clips

    def brief(self, brief: Brief) -> Brief:
        """Return the brief that these clips are rendered by."""
        return brief.model_copy(update={"draft": True}) if self.is_draft else brief


def release_of(brief: Brief, revision: Revision, clips: Iterable[int]) -> Release:
    """Return what is made now: everything, unless the brief wants people to approve it."""
    every = frozenset(clips)
    if brief.approval is Approval.NONE:
        return Release(revision, every)
    if revision.open_among(every):
        return Release(revision, every, is_draft=True)
    return Release(revision, every & revision.approved)
