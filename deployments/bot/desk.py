"""What the bot does when it is spoken to; everything that lasts is done by the API."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from uuid import UUID

from deployments.bot.asking import Asked, asked_in, command_in, refused
from deployments.bot.errors import TelegramRefused, TelegramUnreachable
from deployments.bot.following import Follower
from deployments.bot.gate import Gate
from deployments.bot.ledger import Ledger, Shown, Talk
from deployments.bot.messages import Attachment, Heard, Pressed, Said
from deployments.bot.telegram import MEGABYTE, Telegram
from deployments.bot.wording import LONGEST_TOAST, fitted, instructions, listed, mishap, pieces, progress
from deployments.errors import ApiNotFound
from deployments.remote.answers import printable
from deployments.remote.client import ApiClient
from deployments.schemas import ClipVerdict, Job, ReviewOrder, Submission
from omni.errors import OmniError
from omni.review import LONGEST_REASON, Verdict

LISTED = 10
LONGEST_NAME = 80
STALE = "I no longer know this job; `omni status` and the page still do."
STOPPED = "I was stopped before this became a job. Send it again."
log = logging.getLogger("omni.bot")


@dataclass(frozen=True)
class Desk:
    """Answers what comes from a chat. A message that comes again makes the same job: its number is the idempotency key."""

    telegram: Telegram
    client: ApiClient
    ledger: Ledger
    gate: Gate
    follower: Follower

    async def hear(self, heard: Heard) -> None:
        """Do what was asked; whatever goes wrong is told to the chat, and nothing is raised."""
        try:
            if not self.gate.admits(heard.chat):
                await self._turn_away(heard)
            elif isinstance(heard, Pressed):
                await self._pressed(heard)
            else:
                await self._said(heard)
        except TelegramRefused as error:
            log.warning("a chat takes no messages: %s", error.facts["reason"])
        except TelegramUnreachable as error:
            log.warning("an answer could not be sent: %s", error.cause)
        except OmniError as error:
            await self._tell_mishap(heard, error)
        except Exception:
            log.exception("a message could not be answered")

    async def _turn_away(self, heard: Heard) -> None:
        """Tell a stranger the number of the chat, once; nothing of what was said is looked at or written down."""
        if self.gate.may_hear(heard.chat):
            log.info("chat %d is not in OMNI_TELEGRAM_CHATS", heard.chat)
            text = (
                f"I don't know this chat. Its number is {heard.chat}: who runs me can name it in OMNI_TELEGRAM_CHATS."
            )
            await self.telegram.say(heard.chat, text)

    async def _tell_mishap(self, heard: Heard, error: OmniError) -> None:
        try:
            if isinstance(heard, Pressed):
                await self.telegram.answer(heard.query, fitted(error.cause, LONGEST_TOAST), alert=True)
            await self.telegram.say(heard.chat, mishap(error), reply_to=heard.message)
        except OmniError as failure:
            log.warning("an error could not be told: %s", failure.cause)

    async def _said(self, said: Said) -> None:
        command = command_in(said.text) if said.attachment is None else None
        shown = self.ledger.showing(said.chat, said.reply_to) if said.reply_to is not None else None
        if command is not None:
            await self._command(said, *command)
        elif shown is not None and shown[1].is_armed and said.attachment is None:
            await self._reject(*shown, reason=said.text)
            await self.telegram.say(said.chat, f"Short {shown[1].clip} is rejected.", reply_to=said.message)
        elif (asked := asked_in(said)) is not None:
            await self._order(said, asked)
        else:
            await self._explain(said)

    async def _command(self, said: Said, name: str, argument: str) -> None:
        match name:
            case "jobs":
                await self._list(said)
            case "status":
                await self._status(said, argument)
            case "cancel":
                await self._cancel(said, argument)
            case _:  # start, help, and what nobody knows
                await self._explain(said)

    async def _explain(self, said: Said) -> None:
        await self.telegram.say(said.chat, instructions(self.telegram.largest_down // MEGABYTE))

    # ── a new job ────────────────────────────────────────────────────────────────────────────────

    async def _order(self, said: Said, asked: Asked) -> None:
        if said.attachment is not None and (said.attachment.size or 0) > self.telegram.largest_down:
            limit = self.telegram.largest_down // MEGABYTE
            text = (
                f"Telegram gives bots files of {limit} MB at most. Send me a link, or a path below the media folders."
            )
            await self.telegram.say(said.chat, text, reply_to=said.message)
            return
        name = _name_of(asked.video or (said.attachment.name if said.attachment else ""))
        note = await self.telegram.say(said.chat, f"{name}\nOne moment …", reply_to=said.message)
        try:
            job = await self._submitted(said, asked)
        except asyncio.CancelledError:  # Telegram won't hand the message out again
            await self.telegram.rewrite(said.chat, note, f"{name}\n{STOPPED}")
            raise
        except OmniError as error:
            if isinstance(error, TelegramUnreachable):
                raise
            await self.telegram.rewrite(said.chat, note, f"{name}\n{mishap(error)}")
            return
        self._begin(Talk(job=job.job_id, chat=said.chat, note=note, name=name))

    async def _submitted(self, said: Said, asked: Asked) -> Job:
        source: dict[str, str] = {}
        if said.attachment is not None:
            source["upload_id"] = await self._uploaded(said.attachment)
        elif asked.video is not None:
            source["video_path"] = asked.video
        with refused():
            submission = Submission.model_validate({"brief": asked.brief.model_dump(mode="json"), **source})
        key = f"telegram-{self.telegram.id}-{said.chat}-{said.message}"
        return (await asyncio.to_thread(self.client.submit, submission, key)).body

    async def _uploaded(self, attachment: Attachment) -> str:
        """Carry a file from Telegram to the API."""
        with TemporaryDirectory(prefix="omni-bot-") as folder:
            path = Path(folder) / _file_name(attachment.name)
            await self.telegram.download(attachment.id, path)
            return (await asyncio.to_thread(self.client.upload, path)).body.upload_id

    def _begin(self, talk: Talk) -> None:
        """Follow a job, which tells how far it is; one that the chat has already gets this note, and keeps its Shorts."""
        known = self.ledger.talk(talk.job)
        self.ledger.keep(known.model_copy(update={"note": talk.note}) if known else talk)
        self.follower.follow(talk.job)

    # ── commands ─────────────────────────────────────────────────────────────────────────────────

    async def _list(self, said: Said) -> None:
        lines: list[str] = []
        for talk in reversed(self.ledger.talks(said.chat)[-LISTED:]):
            with suppress(ApiNotFound):  # it was deleted
                lines.append(listed(await self._job(talk), talk.name))
        await self.telegram.say(said.chat, "\n".join(lines) or "No jobs yet in this chat; /help says what to send.")

    async def _status(self, said: Said, argument: str) -> None:
        talk = self._named(said.chat, argument)
        if talk is None:
            await self.telegram.say(said.chat, "No such job in this chat; /jobs shows them.")
            return
        for piece in pieces(progress(await self._job(talk), talk.name)):
            await self.telegram.say(said.chat, piece)

    async def _cancel(self, said: Said, argument: str) -> None:
        running = [talk for talk in self.ledger.talks(said.chat) if not talk.ended]
        talk = self._named(said.chat, argument) if argument or len(running) == 1 else None
        if talk is None:
            many = "Several jobs are running: /cancel with the id that /jobs shows."
            await self.telegram.say(said.chat, many if running else "No job is running in this chat.")
            return
        await asyncio.to_thread(self.client.cancel, talk.job)
        await self.telegram.say(said.chat, f"{talk.name}: it is being cancelled.")

    def _named(self, chat: int, argument: str) -> Talk | None:
        """Return the talk whose id begins like this; without one the last that runs, else the last."""
        talks = self.ledger.talks(chat)
        if argument:
            return next((talk for talk in talks if str(talk.job).startswith(argument.lower())), None)
        return next((talk for talk in reversed(talks) if not talk.ended), talks[-1] if talks else None)

    async def _job(self, talk: Talk) -> Job:
        return (await asyncio.to_thread(self.client.status, talk.job)).body

    # ── buttons ──────────────────────────────────────────────────────────────────────────────────

    async def _pressed(self, pressed: Pressed) -> None:
        talk, deed = self._meant(pressed)
        if talk is None:
            await self.telegram.answer(pressed.query, STALE, alert=True)
        elif deed == "c":
            await asyncio.to_thread(self.client.cancel, talk.job)
            await self.telegram.answer(pressed.query, "It is being cancelled.")
        elif deed == "m":
            await self._more(pressed, talk)
        elif shown := talk.shown_in(pressed.message):
            await self._decide(pressed, talk, shown, deed)
        else:
            await self.telegram.answer(pressed.query, STALE, alert=True)

    def _meant(self, pressed: Pressed) -> tuple[Talk | None, str]:
        """Return the talk that a button belongs to: one of the same chat, whoever made the button."""
        deed, _, rest = pressed.data.partition(":")
        try:
            talk = self.ledger.talk(UUID(rest.partition(":")[0]))
        except ValueError:
            talk = None
        return (talk if talk and talk.chat == pressed.chat else None), deed

    async def _decide(self, pressed: Pressed, talk: Talk, shown: Shown, deed: str) -> None:
        match deed:
            case "a":
                await self._review(talk, shown, Verdict.APPROVED)
                said = f"Short {shown.clip} is approved."
            case "R":
                await self._reject(talk, shown)
                said = f"Short {shown.clip} is rejected."
            case "r":
                await self.follower.presenter.remark(talk, shown.model_copy(update={"is_armed": True}))
                said = "Reply to the video with the reason, or press again."
            case _:
                await self.follower.presenter.remark(talk, shown.model_copy(update={"is_armed": False}))
                said = ""
        await self.telegram.answer(pressed.query, said)

    async def _reject(self, talk: Talk, shown: Shown, *, reason: str = "") -> None:
        await self._review(talk, shown, Verdict.REJECTED, reason.strip()[:LONGEST_REASON])

    async def _review(self, talk: Talk, shown: Shown, verdict: Verdict, reason: str = "") -> None:
        order = ReviewOrder(decisions=(ClipVerdict(clip=shown.clip, verdict=verdict, reason=reason),))
        job = (await asyncio.to_thread(self.client.review, talk.job, order)).body
        if not job.status.is_final:
            self.ledger.end(talk.job, ended=False)
            self.follower.follow(talk.job)
        await self.follower.presenter.remark(talk, shown.model_copy(update={"verdict": verdict, "is_armed": False}))

    async def _more(self, pressed: Pressed, talk: Talk) -> None:
        """Ask for the next best moments; asked twice it is the same job, which has its message already."""
        job = (await asyncio.to_thread(self.client.more, talk.job)).body
        if self.ledger.talk(job.job_id) is not None:
            await self.telegram.answer(pressed.query, "The next moments are asked for already.")
            return
        await self.telegram.answer(pressed.query, "The next best moments are on their way.")
        note = await self.telegram.say(talk.chat, f"{talk.name}\nMore …")
        self._begin(Talk(job=job.job_id, chat=talk.chat, note=note, name=talk.name))


def _name_of(source: str) -> str:
    """Return what a source is called in its chat: the last part of its path or address, without a query."""
    last = PurePath(source.partition("?")[0].rstrip("/")).name or source
    return printable(last)[:LONGEST_NAME] or "video"


def _file_name(told: str) -> str:
    """Return a name for a file on this machine: no folder, nothing that can't be seen, short, and with its ending."""
    name = printable(PurePath(told.replace("\\", "/")).name).strip(". ")
    stem, dot, suffix = name.rpartition(".")
    return f"{(stem or suffix)[:60] or 'video'}{f'.{suffix[:8]}' if dot and stem else ''}"
