"""No token in a log: Telegram's addresses hold it, and libraries log addresses."""

import logging

HIDDEN = "«token»"
SHORTEST = 8
"""Letters below which something is no secret, and hiding it would only garble what is said."""
CHATTY = ("httpx", "httpcore", "telegram")
"""Libraries that log each request with its address."""


def without_token(text: str, token: str) -> str:
    """Return a text that doesn't hold the token, nor its secret half alone.

    >>> without_token("POST /bot12:abcdefgh/getMe", "12:abcdefgh")
    'POST /bot«token»/getMe'
    """
    half = token.partition(":")[2]
    text = text.replace(token, HIDDEN)
    return text.replace(half, HIDDEN) if len(half) >= SHORTEST else text


class Redacting(logging.Formatter):
    """Formats as another formatter does, tracebacks too, and hides the token."""

    def __init__(self, inner: logging.Formatter, token: str) -> None:
        super().__init__()
        self._inner, self._token = inner, token

    def format(self, record: logging.LogRecord) -> str:
        return without_token(self._inner.format(record), self._token)


def hush(token: str) -> None:
    """Hide the token in every line that the root's handlers write, and leave each request unlogged."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(Redacting(handler.formatter or logging.Formatter(), token))
