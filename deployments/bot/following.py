"""Jobs as they go on: a message that is edited while they do, the Shorts when they are there."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

from deployments.bot.errors import TelegramRefused, TelegramUnreachable
from deployments.bot.ledger import Ledger, Talk
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

    def resume(self, admits: Callable[[int], bool]) -> int:
        """Follow every job that had not ended when the bot did and whose chat may still hear of it; return how many."""
        waiting = [talk for talk in self.ledger.talks() if not talk.ended and admits(talk.chat)]
        for talk in waiting:
            self.follow(talk.job)
        return len(waiting)

    def follow(self, job: UUID) -> None:
        """Follow a job unless it is being followed."""
        if job not in self._tasks:
            task = asyncio.create_task(self._whole(job), name=f"job {job}")
            self._tasks[job] = task
            task.add_done_callback(lambda _: self._tasks.pop(job, None))

    async def stop(self) -> None:
        """Leave every job as it is; its chat hears the rest after the next start."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _whole(self, job: UUID) -> None:
        try:
            await self._follow(job)
        except TelegramRefused as error:  # the bot was put out of the chat, or the chat is gone
            log.warning("job %s: its chat takes no more messages: %s", job, error.facts["reason"])
            self._end(job)
        except Exception:
            log.exception("job %s is no longer followed; the next start takes it up again", job)

    async def _follow(self, job_id: UUID) -> None:
        failures = 0
        while (talk := self.ledger.talk(job_id)) is not None:
            since, pause = monotonic(), self.pace.look
            try:
                job = (await asyncio.to_thread(self.client.status, job_id)).body
                if job.status is Status.NEEDS_REVIEW:
                    pause = self.pace.wait
                await self._tell(talk, job)
                await self._present(job)
                if job.status.is_final:
                    self._end(job_id)
                    return
                failures = 0
            except ApiNotFound as error:
                await self.telegram.rewrite(talk.chat, talk.note, f"{talk.name}\n{mishap(error)}")
                self._end(job_id)
                return
            except TelegramUnreachable as error:
                log.warning("job %s: %s", job_id, error.cause)
                pause = self.pace.wait
            except TelegramRefused:
                raise
            except OmniError as error:  # the API is away, or a file of the job is
                failures += 1
                pause = self.pace.wait
                await self._complain(talk, error, last=failures >= self.pace.tries)
            await asyncio.sleep(max(0.0, pause - (monotonic() - since)))

    async def _tell(self, talk: Talk, job: Job) -> None:
        text = progress(job, talk.name)
        if self._texts.get(job.job_id) != text:
            await self.telegram.rewrite(talk.chat, talk.note, text, note_keys(job))
            self._texts[job.job_id] = text

    async def _present(self, job: Job) -> None:
        """Send what is there to be seen, and show what was decided."""
        if job.links.files is None:
            return
        if job.status in {Status.NEEDS_REVIEW, Status.COMPLETED}:
            await self.presenter.present(job)
        await self.presenter.mark(job)

    async def _complain(self, talk: Talk, error: OmniError, *, last: bool) -> None:
        """Say once that the API doesn't give what is wanted; the job itself isn't touched by that."""
        text = f"{talk.name}\n{mishap(error)}\nThe job goes on; I keep asking."
        log.log(logging.WARNING if last else logging.INFO, "job %s: %s", talk.job, error.cause)
        if last and self._texts.get(talk.job) != text:
            await self.telegram.rewrite(talk.chat, talk.note, text)
            self._texts[talk.job] = text

    def _end(self, job: UUID) -> None:
        self._texts.pop(job, None)
        self.ledger.end(job)
