"""Every way in which Telegram, or what it was set up with, refuses."""

from omni.errors import OmniError


class BotTokenMissing(OmniError):
    """Facts: none."""

    code, exit_code = "bot_token_missing", 2
    message = "There is no token for a Telegram bot."
    remedy = "@BotFather makes a bot and its token: put that into OMNI_TELEGRAM_TOKEN (docs/telegram.md)."


class BotChatsMissing(OmniError):
    """Facts: none."""

    code, exit_code = "bot_chats_missing", 2
    message = "No chat may give orders to the bot, so it would answer nobody."
    remedy = (
        "Run `omni bot --find-chat`, write to the bot, and put the number that it answers into OMNI_TELEGRAM_CHATS."
    )


class BotTokenRefused(OmniError):
    """Facts: reason, without the token."""

    code, exit_code = "bot_token_refused", 4
    message = "Telegram doesn't take the token: {reason}."
    remedy = "Put the token that @BotFather shows for this bot into OMNI_TELEGRAM_TOKEN."


class BotDoubled(OmniError):
    """Facts: reason."""

    code, exit_code = "bot_doubled", 5
    message = "Something else takes this bot's messages: {reason}."
    remedy = (
        "Stop the other process, or the webhook, that uses this token; a bot of its own costs nothing at @BotFather."
    )


class TelegramUnreachable(OmniError):
    """Facts: reason, without the token."""

    code, exit_code, transient = "telegram_unreachable", 75, True
    message = "Telegram can't be reached: {reason}."
    remedy = "Try again later; behind a proxy set HTTPS_PROXY, for a server of your own OMNI_TELEGRAM_BASE_URL."


class TelegramRefused(OmniError):
    """Facts: reason, without the token."""

    code, exit_code = "telegram_refused", 1
    message = "Telegram doesn't do that: {reason}."
    remedy = (
        "Look whether the bot may still write in the chat, and whether the file is small enough (docs/telegram.md)."
    )


class ChatGone(TelegramRefused):
    """The bot was put out of the chat, or there is no such chat any more; any other refusal is of one message."""
