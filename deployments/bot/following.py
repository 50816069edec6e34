"""Jobs as they go on: a message that is edited while they do, the Shorts when they are there."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

from deployments.bot.errors import ChatGone, TelegramRefused, TelegramUnreachable
from deployments.bot.ledger import Ledger, Talk
from deployments.bot.messages import Keyboard
from deployments.bot.showing import Presenter
from deployments.bot.telegram import Telegram
from deployments.bot.wording import mishap, note_keys, progress
from deployments.errors import ApiNotFound
from deployments.remote.client import ApiClient
from deployments.schemas import Job
from omni.errors import OmniError
from omni.record import Status

log = logging.getLogger("omni.bot")


@dataclass(frozen=True)
class Pace:
    """Seconds between two looks at a job, and between two edits of a message (Telegram takes about one a second in a chat)."""

    look: float = 3.0
    wait: float = 15.0
    """While people decide, or the API is away."""
    tries: int = 4
    """How often the Shorts of an ended job are fetched before that is given up."""


@dataclass
class Follower:
    """Follows any number of jobs, each in a task of its own."""

    telegram: Telegram
    client: ApiClient
    ledger: Ledger
    presenter: Presenter
    pace: Pace = Pace()
    _tasks: dict[UUID, asyncio.Task[None]] = field(default_factory=dict[UUID, "asyncio.Task[None]"])
    _texts: dict[UUID, str] = field(default_factory=dict[UUID, str])
    _again: set[UUID] = field(default_factory=set[UUID])
    """Jobs that go on, though what is known of them may say that they ended."""

    def resume(self, admits: Callable[[int], bool]) -> int:
        """Follow every job that had not ended when the bot did and whose chat may still hear of it; return how many."""
        waiting = [talk for talk in self.ledger.talks() if not talk.ended and admits(talk.chat)]
        for talk in waiting:
            self.follow(talk.job)
        return len(waiting)

    def follow(self, job: UUID) -> None:
        """Follow a job and tell how far it is; one that is being followed is looked at again before that ends."""
        self._texts.pop(job, None)
        self._again.add(job)
        if job not in self._tasks:
            self._tasks[job] = asyncio.create_task(self._whole(job), name=f"job {job}")

    async def stop(self) -> None:
        """Leave every job as it is; its chat hears the rest after the next start."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _whole(self, job: UUID) -> None:
        try:
            await self._follow(job)
        except ChatGone as error:
            log.warning("job %s: its chat takes no more messages: %s", job, error.facts["reason"])
            self._end(job)
        except Exception:
            log.exception("job %s is no longer followed; the next start takes it up again", job)
        finally:
            self._tasks.pop(job, None)

    async def _follow(self, job_id: UUID) -> None:
        failures = 0
        while (talk := self.ledger.talk(job_id)) is not None:
            since, pause = monotonic(), self.pace.look
            self._again.discard(job_id)
            try:
                job = await self._job(job_id)
                if job.status is Status.NEEDS_REVIEW:
                    pause = self.pace.wait
                await self._write(talk, progress(job, talk.name), note_keys(job))
                if await self._present(job) and job_id not in self._again:
                    self._end(job_id)
                    return
                failures = 0
            except ApiNotFound as error:
                await self._write(talk, f"{talk.name}\n{mishap(error)}")
                self._end(job_id)
                return
            except TelegramUnreachable as error:
                log.warning("job %s: %s", job_id, error.cause)
                pause = self.pace.wait
            except ChatGone:
                raise
            except OmniError as error:  # the API is away, a file of the job is, or Telegram takes one of its messages
                failures += 1
                pause = self.pace.wait
                await self._complain(talk, error, last=failures >= self.pace.tries)
            await asyncio.sleep(max(0.0, pause - (monotonic() - since)))

    async def _write(self, talk: Talk, text: str, keys: Keyboard = ()) -> None:
        """Let the note of a talk say something; one that was deleted is sent anew."""
        if self._texts.get(talk.job) == text:
            return
        try:
            await self.telegram.rewrite(talk.chat, talk.note, text, keys)
        except ChatGone:
            raise
        except TelegramRefused as error:
            log.info("job %s: its note is sent anew: %s", talk.job, error.facts["reason"])
            self.ledger.renote(talk.job, await self.telegram.say(talk.chat, text, keys))
        self._texts[talk.job] = text

    async def _present(self, job: Job) -> bool:
        """Send what is there to be seen, show what was decided, and return whether nothing more will come."""
        if job.links.files is None:
            return job.status.is_final
        now = job
        if job.status in {Status.NEEDS_REVIEW, Status.COMPLETED}:
            await self.presenter.present(job)
            now = await self._job(job.job_id)  # sending takes minutes, in which people decide
        await self.presenter.mark(now)
        return now.status.is_final and now.attempt == job.attempt

    async def _job(self, job: UUID) -> Job:
        return (await asyncio.to_thread(self.client.status, job)).body

    async def _complain(self, talk: Talk, error: OmniError, *, last: bool) -> None:
        """Say once that the API doesn't give what is wanted; the job itself isn't touched by that."""
        text = f"{talk.name}\n{mishap(error)}\nThe job goes on; I keep asking."
        log.log(logging.WARNING if last else logging.INFO, "job %s: %s", talk.job, error.cause)
        if last:
            with suppress(TelegramUnreachable, TelegramRefused):
                await self._write(talk, text)

    def _end(self, job: UUID) -> None:
        self._texts.pop(job, None)
        self.ledger.end(job)
