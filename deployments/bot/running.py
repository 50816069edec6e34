"""`omni bot`: settings in, one bot that runs until it is stopped."""

import asyncio
import logging
import signal
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from filelock import FileLock, Timeout
from rich.console import Console

from deployments.bot.desk import Desk
from deployments.bot.errors import BotChatsMissing, BotTokenMissing
from deployments.bot.following import Follower, Pace
from deployments.bot.gate import Gate
from deployments.bot.ledger import Ledger
from deployments.bot.redacting import hush
from deployments.bot.showing import Presenter
from deployments.bot.telegram import Telegram
from deployments.bot.wording import COMMANDS
from deployments.errors import AlreadyServing
from deployments.remote.client import ApiClient
from omni.settings import Settings

STATE = "telegram.json"
SLOW = 10.0
"""Seconds after which an answer no longer holds up the next questions."""
LEAVING = 4.0
"""Seconds in which answers may end when the bot stops, and again in which they may say that they didn't: Docker kills after 10."""
said = Console(stderr=True, highlight=False)
log = logging.getLogger("omni.bot")


def bot(
    *,
    find_chat: Annotated[
        bool, Parameter(negative="", help="Take no orders; tell everybody who writes the number of the chat.")
    ] = False,
) -> None:
    """Answer in Telegram: take videos, links and paths, send back Shorts with buttons; a client of the API."""
    settings = Settings()
    if settings.telegram_token is None:
        raise BotTokenMissing
    if not settings.telegram_chats and not find_chat:
        raise BotChatsMissing
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    warnings.filterwarnings("ignore", "Deprecated since version v22.2: In a future")  # said of every flood-wait
    hush(settings.telegram_token.get_secret_value().strip())
    home = settings.home.expanduser().absolute()
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "bot.lock")
    try:
        with lock.acquire(blocking=False):
            asyncio.run(_until_stopped(settings, home / STATE, find_chat=find_chat))
    except Timeout as error:
        raise AlreadyServing(what="bot", home=home) from error


async def _until_stopped(settings: Settings, state: Path, *, find_chat: bool) -> None:
    task = asyncio.current_task()
    assert task is not None  # noqa: S101  # inside asyncio.run
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError), ApiClient(settings.api_url, settings.api_key, log.info) as client:
        chats = () if find_chat else settings.telegram_chats
        await run(settings, client, state, chats)
    said.print("stopped")


async def run(
    settings: Settings, client: ApiClient, state: Path, chats: tuple[int, ...], pace: Pace | None = None
) -> None:
    """Hear and answer until this is cancelled; raises BotTokenRefused, BotDoubled, or TelegramUnreachable at the start."""
    assert settings.telegram_token is not None  # noqa: S101  # looked at by the command
    async with Telegram(settings.telegram_token, settings.telegram_base_url) as telegram:
        ledger = Ledger(state, telegram.id)
        presenter = Presenter(telegram, client, ledger, settings.public_url)
        follower = Follower(telegram, client, ledger, presenter, pace or Pace())
        gate = Gate(chats)
        desk = Desk(telegram, client, ledger, gate, follower)
        await telegram.offer(COMMANDS)
        resumed = follower.resume(gate.admits)
        said.print(f"[green]✓[/] @{telegram.name} answers; {resumed} jobs are followed. Ctrl-C stops it, not them.")
        await _answer(telegram, desk, follower)


async def _answer(telegram: Telegram, desk: Desk, follower: Follower) -> None:
    """Answer all of the news before the next are asked for: what isn't done yet comes again after a crash.

    What takes long, a large file or a flood-wait, goes on beside, or one chat would keep the others waiting;
    on a stop it gets a moment to end.
    """
    pending: set[asyncio.Task[None]] = set()
    try:
        async for news in telegram.heard():
            pending |= {asyncio.create_task(desk.hear(heard)) for heard in news}
            _, pending = await asyncio.wait(pending, timeout=SLOW)
    finally:
        await _leave(pending)
        await follower.stop()


async def _leave(pending: set[asyncio.Task[None]]) -> None:
    """Let answers end, for a while: Telegram has forgotten the questions. What doesn't end says so in its chat."""
    for _ in range(2):
        if pending:
            _, pending = await asyncio.wait(pending, timeout=LEAVING)
        for task in pending:
            task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
