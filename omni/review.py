"""What people decide about a job's clips, and what they change: the same for the page, the API, the bot and the flow."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from omni.contracts import Contract, Platform, Seconds

ClipNumber = Annotated[int, Field(ge=1, le=20)]
LONGEST_REASON = 500
Reason = Annotated[str, Field(max_length=LONGEST_REASON)]


class Verdict(StrEnum):
    """What a person says of a clip."""

    APPROVED = "approved"
    REJECTED = "rejected"


class Decision(Contract):
    """One verdict on one clip; a later one of a person replaces it, a time-out never does."""

    clip: ClipNumber
    verdict: Verdict
    reason: Reason = ""
    by: Literal["person", "timeout"] = "person"
    at: datetime | None = None
    """When it was taken, UTC; set by whoever records it."""

    @property
    def content(self) -> "Decision":
        """What was said, without the moment at which it was."""
        return self.model_copy(update={"at": None})

    def yields_to(self, before: "Decision") -> bool:
        """Whether it is a time-out's, and a person had decided."""
        return self.by == "timeout" and before.by == "person"


class Wording(Contract):
    """Another wording of ``words[first:last]`` of the transcript in the captions; ``last`` is exclusive, ``""`` shows none."""

    first: Annotated[int, Field(ge=0)]
    last: Annotated[int, Field(ge=1)]
    text: str = Field(max_length=500)

    @model_validator(mode="after")
    def _is_ordered(self) -> "Wording":
        if self.last <= self.first:
            msg = f"the words {self.first} to {self.last} are none; `last` is the first word that is left alone"
            raise ValueError(msg)
        return self


class PostEdit(Contract):
    """A post as a person wants it; ``None`` leaves a part as it was written."""

    title: str | None = Field(default=None, max_length=1000)
    text: str | None = Field(default=None, max_length=10_000)
    hashtags: tuple[Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\s#]+$")], ...] | None = None


class ClipEdit(Contract):
    """What a person changes about one clip. ``None`` and missing entries leave things as they were found."""

    clip: ClipNumber
    start: Seconds | None = Field(default=None, description="First moment of the clip, in seconds of the source.")
    end: Seconds | None = Field(default=None, description="Where it ends, in seconds of the source.")
    title: str | None = Field(
        default=None, min_length=1, max_length=100, description="Title, and the hook shown over the first seconds."
    )
    captions: tuple[Wording, ...] = Field(default=(), description="Captions in other words; no two of them overlap.")
    posts: dict[Platform, PostEdit] = Field(default_factory=dict[Platform, PostEdit])

    @property
    def seen(self) -> "ClipEdit":
        """The part that changes the Short itself; posts only stand beside it."""
        return self.model_copy(update={"posts": {}})

    @property
    def is_empty(self) -> bool:
        """Whether nothing is changed."""
        return self == ClipEdit(clip=self.clip)

    @model_validator(mode="after")
    def _holds_together(self) -> "ClipEdit":
        if self.start is not None and self.end is not None and self.end <= self.start:
            msg = f"the clip would end at {self.end} s, before it starts at {self.start} s"
            raise ValueError(msg)
        ordered = sorted(self.captions, key=lambda wording: wording.first)
        if any(after.first < before.last for before, after in pairwise(ordered)):
            msg = "two wordings change the same word; join them"
            raise ValueError(msg)
        return self


class Revision(Contract):
    """All that people said of a job so far."""

    decisions: tuple[Decision, ...] = ()
    edits: tuple[ClipEdit, ...] = ()

    def decision_on(self, clip: int) -> Decision | None:
        """Return what was decided on a clip."""
        return next((decision for decision in self.decisions if decision.clip == clip), None)

    def edit_of(self, clip: int) -> ClipEdit | None:
        """Return what was changed about a clip."""
        return next((edit for edit in self.edits if edit.clip == clip), None)

    def open_among(self, clips: Iterable[int]) -> tuple[int, ...]:
        """Return the clips on which nothing is decided yet."""
        return tuple(clip for clip in clips if self.decision_on(clip) is None)

    def decided(self, decisions: Iterable[Decision]) -> "Revision":
        """Return the revision with these decisions: the last word counts, but no time-out overrides a person.

        The same said again is nothing new: it stays as old as it was.
        """
        known: Mapping[int, Decision] = {decision.clip: decision for decision in self.decisions}
        told = dict(known)
        for decision in decisions:
            before = told.get(decision.clip)
            if before is None or (before.content != decision.content and not decision.yields_to(before)):
                told[decision.clip] = decision
        return self.model_copy(update={"decisions": tuple(told[clip] for clip in sorted(told))})

    def edited(self, edit: ClipEdit) -> "Revision":
        """Return the revision with this edit in place of an earlier one of the same clip; an empty one takes it back."""
        edits = [known for known in self.edits if known.clip != edit.clip]
        if not edit.is_empty:
            edits.append(edit)
        return self.model_copy(update={"edits": tuple(sorted(edits, key=lambda one: one.clip))})

    @property
    def seen(self) -> tuple[ClipEdit, ...]:
        """What of the edits changes the Shorts themselves."""
        return tuple(seen for edit in self.edits if not (seen := edit.seen).is_empty)

    @property
    def approved(self) -> frozenset[int]:
        """The clips that are to be made."""
        return frozenset(one.clip for one in self.decisions if one.verdict is Verdict.APPROVED)

    @property
    def rejected(self) -> frozenset[int]:
        """The clips that are not to be made."""
        return frozenset(one.clip for one in self.decisions if one.verdict is Verdict.REJECTED)
