"""Who may speak to the bot, and what a stranger hears: the number of the chat, once."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

TOLD_A_MINUTE = 10
REMEMBERED = 1000
"""Strangers that are kept in mind; one who was forgotten hears it again."""


class Gate:
    """The chats that are allowed, and the strangers that were told."""

    def __init__(self, chats: tuple[int, ...], clock: Callable[[], float] = monotonic) -> None:
        self._chats = frozenset(chats)
        self._clock = clock
        self._strangers: OrderedDict[int, float] = OrderedDict()

    def admits(self, chat: int) -> bool:
        """Whether a chat may give orders."""
        return chat in self._chats

    def may_hear(self, stranger: int) -> bool:
        """Whether a stranger is answered now: once each, and only some a minute, so that nobody can use up the bot."""
        now = self._clock()
        lately = sum(now - at < 60 for at in self._strangers.values())
        if stranger in self._strangers or lately >= TOLD_A_MINUTE:
            return False
        self._strangers[stranger] = now
        while len(self._strangers) > REMEMBERED:
            self._strangers.popitem(last=False)
        return True
