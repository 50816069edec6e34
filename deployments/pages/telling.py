"""A job and its Shorts as the pages tell them: words for states, and what of the manifest belongs to which Short."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import quote, unquote
from uuid import UUID

from deployments.door.shelf import ListedShort, Manifest
from deployments.live import DOING
from deployments.pages.platforms import Network, count, networks
from deployments.schemas import Clip, Job
from omni.contracts import Check, Evidence, Platform, Post
from omni.errors import NothingApproved
from omni.record import Status
from omni.review import ClipEdit, PostEdit, Verdict

Tone = Literal["rest", "run", "ask", "good", "bad"]
SAID: dict[Status, tuple[str, Tone]] = {
    Status.PENDING: ("Waiting", "rest"),
    Status.ANALYZING: ("Finding moments", "run"),
    Status.WRITING_STRATEGY: ("Writing posts", "run"),
    Status.RENDERING: ("Rendering", "run"),
    Status.NEEDS_REVIEW: ("Needs your review", "ask"),
    Status.COMPLETED: ("Ready", "good"),
    Status.FAILED: ("Failed", "bad"),
    Status.CANCELLED: ("Cancelled", "rest"),
}
REVIEWED = frozenset({Status.NEEDS_REVIEW, Status.COMPLETED})
"""States in which there are Shorts to judge and to change."""

FINDING = frozenset({"ingest", "listen", "watch", "recall", "analyze"})
"""Stages before anything is written or rendered."""


@dataclass(frozen=True)
class JobTold:
    """A job, in words. ``name`` is what its source is called."""

    job: Job
    name: str

    @property
    def label(self) -> str:
        """Where it stands."""
        return SAID[self.job.status][0]

    @property
    def tone(self) -> Tone:
        """How that is coloured."""
        return SAID[self.job.status][1]

    @property
    def is_moving(self) -> bool:
        """Whether it will change by itself."""
        return not self.job.status.is_final and self.job.status is not Status.NEEDS_REVIEW

    @property
    def is_reviewed(self) -> bool:
        """Whether there is something to judge; where nothing was approved there still is."""
        return self._is_void or (self.job.status in REVIEWED and not self.job.dry_run)

    @property
    def is_retried(self) -> bool:
        """Whether it can go on as it is; where nothing was approved it would end in the same way."""
        return self.job.status in {Status.FAILED, Status.CANCELLED} and not self._is_void

    @property
    def has_results(self) -> bool:
        """Whether figures of its Shorts can be told: it is ready, and the memory knows it."""
        result = self.job.result
        return self.job.status is Status.COMPLETED and result is not None and result.strategy_id is not None

    @property
    def doing(self) -> str:
        """What is being done just now."""
        if not self.is_moving:
            return ""
        stage, status = self.job.stage or "", self.job.status
        if stage in FINDING and status in {Status.WRITING_STRATEGY, Status.RENDERING}:
            return self.label.lower()  # the stage that moved last is over; the next one hasn't moved yet
        return DOING.get(stage, "waiting" if status is Status.PENDING else "starting")

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return int(self.job.progress * 100)

    @property
    def shorts(self) -> int:
        """How many Shorts it has left."""
        return self.job.result.shorts_count if self.job.result else len(self.job.clips)

    @property
    def poster(self) -> str | None:
        """Address of a picture of its best Short."""
        return next((clip.poster for clip in self.job.clips if clip.poster), None)

    @property
    def _is_void(self) -> bool:
        return self.job.error is not None and self.job.error.code == NothingApproved.code


@dataclass(frozen=True)
class PostTold:
    """A post, and how much of its platform's limit it takes."""

    platform: Platform
    label: str
    title: str | None
    text: str
    hashtags: tuple[str, ...]
    used: int
    most: int

    @property
    def whole(self) -> str:
        """What is pasted into the platform."""
        tags = " ".join(f"#{tag}" for tag in self.hashtags)
        return "\n\n".join(part for part in (self.title, self.text, tags) if part)


@dataclass(frozen=True)
class ClipTold:
    """A Short: what the job says of it, and what the manifest does once it is made."""

    job_id: UUID
    clip: Clip
    short: ListedShort | None
    posts: tuple[PostTold, ...] = ()

    @property
    def number(self) -> int:
        """Its number; 1 is the best."""
        return self.clip.number

    @property
    def title(self) -> str:
        """What it is called, by whoever spoke last."""
        return self.edit.title or self.clip.title

    @property
    def start(self) -> float:
        """Where it starts in the source, by whoever spoke last."""
        return self.clip.start if self.edit.start is None else self.edit.start

    @property
    def end(self) -> float:
        """Where it ends in the source, by whoever spoke last."""
        return self.clip.end if self.edit.end is None else self.edit.end

    @property
    def edit(self) -> ClipEdit:
        """What was changed about it so far."""
        return self.clip.edit or ClipEdit(clip=self.number)

    @property
    def verdict(self) -> Verdict | None:
        """What was decided on it."""
        return self.clip.decision.verdict if self.clip.decision else None

    @property
    def length(self) -> float:
        """How long it is, in seconds."""
        return self.short.duration if self.short and self.short.duration else self.end - self.start

    @property
    def speaking_for(self) -> list[Evidence]:
        """Evidence for it, strongest first."""
        return sorted((e for e in self._evidence if e.weight > 0), key=lambda e: -e.weight)

    @property
    def speaking_against(self) -> list[Evidence]:
        """Evidence against it, strongest first."""
        return sorted((e for e in self._evidence if e.weight < 0), key=lambda e: e.weight)

    @property
    def learned(self) -> list[Evidence]:
        """What of the evidence is the memory's: what earlier Shorts taught."""
        return [e for e in self._evidence if e.kind == "learned"]

    @property
    def checks(self) -> list[Check]:
        """What was checked: first what it missed, last what couldn't be measured."""
        order = {False: 0, True: 1, None: 2}
        return sorted(self.short.checks, key=lambda check: order[check.passed]) if self.short else []

    @property
    def missed(self) -> int:
        """How many checks it didn't pass."""
        return sum(check.passed is False for check in self.short.checks) if self.short else 0

    @property
    def passed(self) -> int:
        """How many checks it passed."""
        return sum(check.passed is True for check in self.short.checks) if self.short else 0

    def file(self, role: str) -> str | None:
        """Return the address of one of its files."""
        listed = self.short.files.get(role) if self.short else None
        return f"/jobs/{self.job_id}/files/{quote(listed.path)}" if listed else None

    @property
    def _evidence(self) -> tuple[Evidence, ...]:
        return self.short.evidence if self.short else ()


def name_of(video: str, manifest: Manifest | None = None, upload: str | None = None) -> str:
    """Return what people call a source: its file's name."""
    if manifest and manifest.source:
        return manifest.source.file
    if upload:
        return upload
    if video.startswith("upload:"):
        return "an upload"
    return unquote(PurePosixPath(video.partition("?")[0].rstrip("/")).name) or video


def clips_of(job: Job, manifest: Manifest | None) -> list[ClipTold]:
    """Return the Shorts of a job, best first."""
    shorts = {short.number: short for short in manifest.shorts} if manifest else {}
    return [ClipTold(job.job_id, c, shorts.get(c.number), _posts(c, manifest)) for c in job.clips]


def _posts(clip: Clip, manifest: Manifest | None) -> tuple[PostTold, ...]:
    """Return the posts of a Short in the order of the platforms, as whoever spoke last wants them."""
    if manifest is None:
        return ()
    found = {post.platform: post for post in manifest.posts if post.clip == clip.number}
    edits = clip.edit.posts if clip.edit else {}
    return tuple(
        _post(network, post, edits.get(network.name, PostEdit()))
        for network in networks()
        if (post := found.get(network.name))
    )


def _post(network: Network, post: Post, edit: PostEdit) -> PostTold:
    text = post.text if edit.text is None else edit.text
    hashtags = post.hashtags if edit.hashtags is None else edit.hashtags
    return PostTold(
        platform=network.name,
        label=network.label,
        title=post.title if edit.title is None else edit.title,
        text=text,
        hashtags=hashtags,
        used=count(text, hashtags, network.name),
        most=network.text_max,
    )
