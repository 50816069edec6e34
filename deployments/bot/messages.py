"""What goes through a chat, whoever carries it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Attachment:
    """A file that somebody sent; ``size`` in bytes, where it is told."""

    id: str
    name: str
    size: int | None = None


@dataclass(frozen=True)
class Said:
    """A message to the bot; ``text`` is the caption of a file."""

    chat: int
    message: int
    text: str = ""
    attachment: Attachment | None = None
    reply_to: int | None = None


@dataclass(frozen=True)
class Pressed:
    """A button below one of the bot's messages; ``query`` is what has to be answered."""

    chat: int
    message: int
    query: str
    data: str


Heard = Said | Pressed


@dataclass(frozen=True)
class Button:
    """A button and what it says to the bot: at most 64 bytes."""

    label: str
    data: str


Keyboard = tuple[tuple[Button, ...], ...]
"""Rows of buttons."""


@dataclass(frozen=True)
class Video:
    """A Short on its way into a chat; sizes in pixels."""

    path: Path
    cover: Path | None
    width: int
    height: int
    seconds: float
