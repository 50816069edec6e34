"""What the bot has to know after a restart: which chat waits for which job, and what it was shown."""

import json
from pathlib import Path
from typing import Annotated
from uuid import UUID

from pydantic import Field, ValidationError

from omni.contracts import Contract
from omni.review import Verdict

KEPT = 300
"""Conversations that ended and whose buttons still work."""


class Shown(Contract):
    """A Short in a chat; the same clip comes again when its video is another."""

    clip: int
    sha256: str
    """Of the video."""
    posts: str = ""
    """Digest of the posts that were sent with it or before it."""
    message: int
    verdict: Verdict | None = None
    is_armed: bool = False
    """Whether a reply to it is the reason for its rejection."""


class Talk(Contract):
    """A job and the chat that asked for it; ``note`` is the message that tells how far it is."""

    job: UUID
    chat: int
    note: int
    name: str
    shown: tuple[Shown, ...] = ()
    ended: bool = False

    def with_shown(self, shown: Shown) -> "Talk":
        """Return the talk with a Short that was shown, or shown otherwise."""
        others = tuple(one for one in self.shown if one.message != shown.message)
        return self.model_copy(update={"shown": (*others, shown)})

    def shown_in(self, message: int) -> Shown | None:
        """Return the Short that a message shows."""
        return next((one for one in self.shown if one.message == message), None)


class Book(Contract):
    """The file."""

    bot: int
    talks: Annotated[tuple[Talk, ...], Field(max_length=100_000)] = ()


class Ledger:
    """Talks by job, kept in a file that is whole at any moment."""

    def __init__(self, path: Path, bot: int) -> None:
        self._path, self._bot = path, bot
        self._talks = {talk.job: talk for talk in _read(path, bot)}

    def talk(self, job: UUID) -> Talk | None:
        """Return the talk about a job."""
        return self._talks.get(job)

    def talks(self, chat: int | None = None) -> list[Talk]:
        """Return the talks of a chat, or all, newest last."""
        return [talk for talk in self._talks.values() if chat in {None, talk.chat}]

    def showing(self, chat: int, message: int) -> tuple[Talk, Shown] | None:
        """Return the Short that a message of a chat shows."""
        found = ((talk, talk.shown_in(message)) for talk in self.talks(chat))
        return next(((talk, shown) for talk, shown in found if shown is not None), None)

    def note(self, job: UUID, shown: Shown) -> None:
        """Write down how a Short is shown now; whatever else of the talk changed meanwhile stays."""
        if talk := self._talks.get(job):
            self.keep(talk.with_shown(shown))

    def renote(self, job: UUID, note: int) -> None:
        """Write down that another message tells how far a job is."""
        if talk := self._talks.get(job):
            self.keep(talk.model_copy(update={"note": note}))

    def end(self, job: UUID, *, ended: bool = True) -> None:
        """Write down that a job has ended and its chat has heard all of it, or that it goes on again."""
        if (talk := self._talks.get(job)) and talk.ended is not ended:
            self.keep(talk.model_copy(update={"ended": ended}))

    def keep(self, talk: Talk) -> Talk:
        """Write a talk down and return it."""
        self._talks[talk.job] = talk
        ended = [one.job for one in self._talks.values() if one.ended]
        for job in ended[: max(0, len(ended) - KEPT)]:
            del self._talks[job]
        book = Book(bot=self._bot, talks=tuple(self._talks.values()))
        part = self._path.with_name(f".{self._path.name}.part")
        part.write_text(book.model_dump_json(), encoding="utf-8")
        part.replace(self._path)
        return talk


def _read(path: Path, bot: int) -> tuple[Talk, ...]:
    """Return what was written by the same bot; another bot's chats have other messages."""
    try:
        book = Book.model_validate(json.loads(path.read_text(encoding="utf-8")), strict=False)
    except (FileNotFoundError, ValidationError, ValueError):
        return ()
    return book.talks if book.bot == bot else ()
