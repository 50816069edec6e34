"""The Shorts of a job in a chat: each as a video with its buttons and its posts, none twice."""

import asyncio
import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from pydantic import BaseModel, ValidationError

from deployments.bot.errors import ChatGone, TelegramRefused
from deployments.bot.ledger import Ledger, Shown, Talk
from deployments.bot.messages import Keyboard, Video
from deployments.bot.telegram import Telegram
from deployments.bot.wording import clip_caption, clip_keys, pieces, posts_text
from deployments.errors import ApiUnusable
from deployments.remote.client import ApiClient
from deployments.remote.fetching import fetch
from deployments.schemas import FileEntry, Job
from omni.contracts import Post

MANIFEST = "manifest.json"
SIZES = {"video": (1080, 1920), "video_small": (720, 1280)}
"""Pixels of a Short by its role in the manifest."""
DRAFT = (540, 960)
log = logging.getLogger("omni.bot")


class DeliveredFile(BaseModel):
    """A file of the manifest."""

    path: str
    sha256: str
    size_bytes: int


class DeliveredShort(BaseModel):
    """What the bot needs of a Short of the manifest."""

    number: int
    title: str
    score: float
    reason: str
    duration: float
    draft: bool = False
    usable: bool
    files: dict[str, DeliveredFile]


class Delivered(BaseModel):
    """What the bot needs of a manifest; anything else in it is left alone."""

    shorts: tuple[DeliveredShort, ...]
    posts: tuple[Post, ...] = ()

    def posts_of(self, clip: int) -> str:
        """Return the posts of a clip as text."""
        return posts_text(clip, [post for post in self.posts if post.clip == clip])


@dataclass(frozen=True)
class Presenter:
    """Sends Shorts; what was sent is written down at once, so that a restart goes on behind it."""

    telegram: Telegram
    client: ApiClient
    ledger: Ledger
    links: str | None
    """Address under which people reach the API, for what is too large to be sent."""

    async def present(self, job: Job) -> None:
        """Send what its chat hasn't seen of a job; raises what the API or Telegram refuse."""
        shelf = await asyncio.to_thread(_Shelf.of, self.client, job.job_id)
        for short in shelf.delivered.shorts:
            talk = self.ledger.talk(job.job_id)
            if talk and short.usable:
                shown = _shown(talk, short) or await self._send(talk, job, short, shelf)
                await self._say_posts(talk, shown, shelf.delivered.posts_of(short.number))

    async def mark(self, job: Job) -> None:
        """Show decisions that were taken elsewhere, on the page or by a time-out."""
        talk = self.ledger.talk(job.job_id)
        decided = {clip.number: clip.decision.verdict for clip in job.clips if clip.decision}
        for shown in talk.shown if talk else ():
            verdict = decided.get(shown.clip)
            if talk and verdict is not None and verdict is not shown.verdict:
                await self.remark(talk, shown.model_copy(update={"verdict": verdict, "is_armed": False}))

    async def remark(self, talk: Talk, shown: Shown) -> None:
        """Write down how a Short is shown now, and change its buttons; fine when its message was deleted."""
        known = self.ledger.showing(talk.chat, shown.message)
        posts = known[1].posts if known else shown.posts  # they may have been sent since this was asked
        self.ledger.note(talk.job, shown.model_copy(update={"posts": posts}))
        keys = clip_keys(talk.job.hex, shown.clip, shown.verdict, is_armed=shown.is_armed)
        try:
            await self.telegram.rebutton(talk.chat, shown.message, keys)
        except ChatGone:
            raise
        except TelegramRefused as error:
            log.info("job %s: the buttons of Short %d stay: %s", talk.job, shown.clip, error.facts["reason"])

    async def _send(self, talk: Talk, job: Job, short: DeliveredShort, shelf: "_Shelf") -> Shown:
        verdict = next((c.decision.verdict for c in job.clips if c.number == short.number and c.decision), None)
        keys = clip_keys(talk.job.hex, short.number, verdict, is_armed=False)
        caption = clip_caption(short.number, short.title, short.score, short.reason)
        role = _role(short, self.telegram.largest_up)
        try:
            if role is None:
                why = f"It has {short.files['video'].size_bytes / 1e6:.0f} MB, more than Telegram takes from a bot."
                message = await self._name(talk, short, f"{caption}\n\n{why}", keys)
            else:
                with TemporaryDirectory(prefix="omni-bot-") as folder:  # one Short at a time: it may lie in memory
                    video = await asyncio.to_thread(shelf.video, short, role, Path(folder))
                    message = await self.telegram.show(talk.chat, video, caption, keys)
        except ChatGone:
            raise
        except TelegramRefused as error:
            message = await self._name(talk, short, f"{caption}\n\n{error.cause}", keys)
        shown = Shown(clip=short.number, sha256=short.files["video"].sha256, message=message, verdict=verdict)
        self.ledger.note(talk.job, shown)
        return shown

    async def _say_posts(self, talk: Talk, shown: Shown, posts: str) -> None:
        """Send the posts of a Short unless its chat has them; they are written down once they are there."""
        digest = hashlib.sha256(posts.encode()).hexdigest() if posts else ""
        if not digest or digest in {one.posts for one in talk.shown if one.clip == shown.clip}:
            return
        for piece in pieces(posts):
            await self.telegram.say(talk.chat, piece, reply_to=shown.message)
        now = self.ledger.talk(talk.job)
        if now and (same := now.shown_in(shown.message)):  # it may have been decided meanwhile
            self.ledger.note(talk.job, same.model_copy(update={"posts": digest}))

    async def _name(self, talk: Talk, short: DeliveredShort, why: str, keys: Keyboard) -> int:
        """Say where a Short that can't be sent is, and return the message's number."""
        here = f"/jobs/{talk.job}/files/{short.files['video'].path}"
        where = f"{self.links.rstrip('/')}{here}" if self.links else f"omni files {talk.job} --folder ."
        return await self.telegram.say(talk.chat, f"{why} Fetch it: {where}", keys)


@dataclass(frozen=True)
class _Shelf:
    """The files of a job."""

    client: ApiClient
    job: UUID
    entries: dict[str, FileEntry]
    delivered: Delivered

    @staticmethod
    def of(client: ApiClient, job: UUID) -> "_Shelf":
        entries = {entry.name: entry for entry in client.files(job).body.items}
        if MANIFEST not in entries:
            raise ApiUnusable(api=client.address, reason="the job has no manifest")
        with TemporaryDirectory(prefix="omni-bot-") as folder:
            text = fetch(client, job, entries[MANIFEST], Path(folder), lambda _: None).read_bytes()
        try:
            return _Shelf(client, job, entries, Delivered.model_validate_json(text))
        except ValidationError:
            raise ApiUnusable(api=client.address, reason="the job's manifest is of another kind") from None

    def video(self, short: DeliveredShort, role: str, folder: Path) -> Video:
        """Bring a Short and its poster to a folder."""
        width, height = DRAFT if short.draft else SIZES[role]
        cover = self._bring(short, "poster", folder) if "poster" in short.files else None
        return Video(self._bring(short, role, folder), cover, width, height, short.duration)

    def _bring(self, short: DeliveredShort, role: str, folder: Path) -> Path:
        name = short.files[role].path
        if name not in self.entries:
            raise ApiUnusable(api=self.client.address, reason="a file of the job is gone")
        return fetch(self.client, self.job, self.entries[name], folder, lambda _: None)


def _shown(talk: Talk, short: DeliveredShort) -> Shown | None:
    """Return how a Short was shown, if it was."""
    return next((one for one in talk.shown if one.sha256 == short.files["video"].sha256), None)


def _role(short: DeliveredShort, largest: int) -> str | None:
    """Return which of a Short's videos can be sent; ``None`` when all are too large."""
    fitting = (role for role in SIZES if role in short.files and short.files[role].size_bytes <= largest)
    return next(fitting, None)
