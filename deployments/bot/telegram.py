"""Telegram's Bot API, through python-telegram-bot: the one place that speaks it.

What went wrong on the way is tried again, a flood-wait is waited for, and no error carries the token.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import SecretStr
from telegram import (
    Bot,
    BotCommand,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from deployments.bot.errors import BotDoubled, BotTokenRefused, ChatGone, TelegramRefused, TelegramUnreachable
from deployments.bot.messages import Attachment, Heard, Keyboard, Pressed, Said, Video
from deployments.bot.redacting import without_token

PUBLIC = "https://api.telegram.org"
MEGABYTE = 1 << 20
LARGEST_DOWN, LARGEST_UP = 20 * MEGABYTE, 50 * MEGABYTE
"""Most that bots get and send over the public address; a server of one's own: 2000 MB (core.telegram.org/bots/api, checked 2026-11)."""
LARGEST_OWN = 2000 * MEGABYTE
POLL = 25
"""Seconds that a question for news stays open."""
DELAYS = (1.0, 2.0, 4.0, 8.0)
"""Seconds before each further attempt, when the network fails."""
FLOODS = 8
"""Flood-waits in a row after which something is wrong."""
CONFLICTS = 6
"""Answers in a row that another process asks for news: one or two come while a bot is replaced."""
AWAY = 15.0
MEDIA_SECONDS = 600.0
"""Sending 50 MB at 1 Mbit/s takes 7 minutes."""

T = TypeVar("T")
log = logging.getLogger("omni.bot")


class Telegram:
    """One bot; an asynchronous context manager. Calls raise TelegramRefused (ChatGone), TelegramUnreachable or BotTokenRefused."""

    def __init__(self, token: SecretStr, server: str | None = None) -> None:
        """Speak to ``server`` instead of the public address."""
        root = (server or PUBLIC).rstrip("/")
        self._token = token.get_secret_value().strip()
        self._is_own = server is not None
        try:
            self._bot = Bot(
                self._token,
                base_url=f"{root}/bot",
                base_file_url=f"{root}/file/bot",
                request=_request(write=MEDIA_SECONDS),
                get_updates_request=_request(),
            )
        except InvalidToken:
            raise BotTokenRefused(reason="it is no token") from None

    async def __aenter__(self) -> Self:
        await self._patiently(self._bot.initialize)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._bot.shutdown()

    @property
    def name(self) -> str:
        """Name under which people find the bot."""
        return str(self._bot.username)

    @property
    def id(self) -> int:
        """Number of the bot."""
        return self._bot.id

    @property
    def largest_down(self) -> int:
        """Bytes of the largest file that can be fetched."""
        return LARGEST_OWN if self._is_own else LARGEST_DOWN

    @property
    def largest_up(self) -> int:
        """Bytes of the largest file that can be sent."""
        return LARGEST_OWN if self._is_own else LARGEST_UP

    async def offer(self, commands: dict[str, str]) -> None:
        """Show commands in the menu of every chat."""
        await self._patiently(lambda: self._bot.set_my_commands([BotCommand(*item) for item in commands.items()]))

    async def heard(self) -> AsyncIterator[tuple[Heard, ...]]:
        """Yield news as they come; they are forgotten by Telegram once the next are asked for.

        While Telegram is away it is asked again without end. Raises BotDoubled when another process takes the news.
        """
        offset, conflicts = 0, 0
        while True:
            try:
                updates = await self._bot.get_updates(
                    offset=offset, timeout=POLL, read_timeout=10.0, allowed_updates=["message", "callback_query"]
                )
            except RetryAfter as error:
                await asyncio.sleep(_seconds(error))
            except Conflict as error:
                conflicts += 1
                if conflicts >= CONFLICTS:
                    raise BotDoubled(reason=self._plain(error)) from None
                log.warning("another process asks for this bot's news: %s", self._plain(error))
                await asyncio.sleep(2.0)
            except InvalidToken as error:
                raise BotTokenRefused(reason=self._plain(error)) from None
            except TelegramError as error:
                log.warning("Telegram can't be reached: %s", self._plain(error))
                await asyncio.sleep(AWAY)
            else:
                conflicts = 0
                offset = updates[-1].update_id + 1 if updates else offset
                if news := tuple(heard for update in updates if (heard := _heard(update))):
                    yield news

    async def say(self, chat: int, text: str, keys: Keyboard = (), *, reply_to: int | None = None) -> int:
        """Send a message and return its number."""
        sent = await self._patiently(
            lambda: self._bot.send_message(
                chat,
                text,
                reply_markup=_markup(keys),
                reply_parameters=_reply(reply_to),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
        return sent.message_id

    async def rewrite(self, chat: int, message: int, text: str, keys: Keyboard = ()) -> None:
        """Change a message; fine when it says so already."""
        await self._change(
            lambda: self._bot.edit_message_text(
                text,
                chat,
                message,
                reply_markup=_markup(keys),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )

    async def rebutton(self, chat: int, message: int, keys: Keyboard) -> None:
        """Change the buttons below a message; fine when they are so already."""
        await self._change(lambda: self._bot.edit_message_reply_markup(chat, message, reply_markup=_markup(keys)))

    async def show(self, chat: int, video: Video, caption: str, keys: Keyboard) -> int:
        """Send a video that plays while it loads, and return its message's number."""

        async def send() -> Message:
            with video.path.open("rb") as film:  # opened anew for each attempt
                return await self._bot.send_video(
                    chat,
                    InputFile(film, filename=video.path.name, read_file_handle=False),
                    duration=round(video.seconds),
                    width=video.width,
                    height=video.height,
                    cover=video.cover.read_bytes() if video.cover else None,
                    supports_streaming=True,
                    caption=caption,
                    reply_markup=_markup(keys),
                    read_timeout=MEDIA_SECONDS,
                )

        return (await self._patiently(send)).message_id

    async def answer(self, query: str, text: str, *, alert: bool = False) -> None:
        """Answer a button; fine when the question is too old by now."""
        try:
            await self._patiently(lambda: self._bot.answer_callback_query(query, text, show_alert=alert))
        except TelegramRefused:
            log.info("the answer to a button came too late")

    async def download(self, file: str, target: Path) -> None:
        """Fetch a file that somebody sent."""

        async def fetch() -> None:
            found = await self._bot.get_file(file)
            await found.download_to_drive(target, read_timeout=MEDIA_SECONDS)

        await self._patiently(fetch)

    async def _change(self, ask: Callable[[], Awaitable[Any]]) -> None:
        try:
            await self._patiently(ask)
        except TelegramRefused as error:
            if "not modified" not in str(error.facts["reason"]).lower():
                raise

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask until there is an answer; waits as long as a flood-wait says, a network that fails is tried five times."""
        delays, floods = iter(DELAYS), 0
        while True:
            try:
                return await ask()
            except RetryAfter as error:
                floods += 1
                if floods > FLOODS:
                    raise TelegramUnreachable(reason=self._plain(error)) from None
                wait = _seconds(error)
                log.info("Telegram asks for a rest of %.0f s", wait)
            except InvalidToken as error:
                raise BotTokenRefused(reason=self._plain(error)) from None
            except BadRequest as error:  # a kind of NetworkError, but asking again is no use
                kind = ChatGone if "chat not found" in str(error).lower() else TelegramRefused
                raise kind(reason=self._plain(error)) from None
            except (Forbidden, ChatMigrated) as error:
                raise ChatGone(reason=self._plain(error)) from None
            except NetworkError as error:
                delay = next(delays, None)
                if delay is None:
                    raise TelegramUnreachable(reason=self._plain(error)) from None
                wait = delay
            except TelegramError as error:
                raise TelegramRefused(reason=self._plain(error)) from None
            await asyncio.sleep(wait)

    def _plain(self, error: Exception) -> str:
        return without_token(str(error), self._token).rstrip(".")


def _request(write: float = 20.0) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=32, read_timeout=30.0, write_timeout=20.0, pool_timeout=60.0, media_write_timeout=write
    )


def _seconds(error: RetryAfter) -> float:
    told = error.retry_after
    return told.total_seconds() if isinstance(told, timedelta) else float(told)


def _markup(keys: Keyboard) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(key.label, callback_data=key.data) for key in row] for row in keys]
    return InlineKeyboardMarkup(rows) if rows else None


def _reply(message: int | None) -> ReplyParameters | None:
    return None if message is None else ReplyParameters(message, allow_sending_without_reply=True)


def _heard(update: Update) -> Heard | None:
    if update.callback_query:
        return _pressed(update.callback_query)
    message = update.message
    if message is None:
        return None
    reply = message.reply_to_message
    return Said(
        chat=message.chat.id,
        message=message.message_id,
        text=message.text or message.caption or "",
        attachment=_attachment(message),
        reply_to=reply.message_id if reply else None,
    )


def _pressed(query: CallbackQuery) -> Pressed | None:
    if query.message is None:
        return None
    return Pressed(query.message.chat.id, query.message.message_id, query.id, query.data or "")


def _attachment(message: Message) -> Attachment | None:
    if message.voice:
        return Attachment(message.voice.file_id, "voice.ogg", message.voice.file_size)
    if message.video_note:
        return Attachment(message.video_note.file_id, "video.mp4", message.video_note.file_size)
    found = message.video or message.audio or message.document
    return Attachment(found.file_id, found.file_name or "video.mp4", found.file_size) if found else None
