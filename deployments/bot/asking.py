"""What a message asks for: a command, or a source and how to treat it."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import ValidationError

from deployments.bot.messages import Said
from deployments.errors import ApiRequestRefused
from omni.contracts import Approval, Brief

COMMAND = re.compile(r"/([a-z]+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL | re.IGNORECASE)
"""Telephones begin a line with a capital."""
LINK = re.compile(r"https?://\S+")
PATH = re.compile(r"/.*|.*\.\w{2,5}")
"""A line that could name a file: beginning at the root, or ending like one; people write and/or, too."""
WISH = re.compile(r"(?<!\S)#(draft|approve|\d{1,2})(?!\S)")


@dataclass(frozen=True)
class Asked:
    """A job to be made; ``video`` is a link or a path, ``None`` for the file that came with the message."""

    video: str | None
    brief: Brief


def command_in(text: str) -> tuple[str, str] | None:
    """Return a command and its argument.

    >>> command_in("/cancel@my_bot 1a2b3c4d"), command_in("talk.mp4")
    (('cancel', '1a2b3c4d'), None)
    """
    found = COMMAND.fullmatch(text.strip())
    return (found[1].lower(), (found[2] or "").strip()) if found else None


def asked_in(said: Said) -> Asked | None:
    """Return the job that a message asks for, or ``None`` for mere words; raises ApiRequestRefused for what no brief takes.

    A file's caption is the directives. In a text the first line is a link or a path, and what follows the directives;
    `#draft`, `#approve` and `#3` ask for previews, for approval before the Shorts are made, and for so many.
    """
    if said.attachment is not None:
        return Asked(None, _brief(said.text))
    first, _, rest = said.text.strip().partition("\n")
    link = LINK.match(first)
    if link:
        return Asked(link[0], _brief(f"{first[link.end() :]}\n{rest}"))
    bare = WISH.sub("", first).strip()
    if bare and PATH.fullmatch(bare):
        return Asked(bare, _brief(f"{' '.join(found[0] for found in WISH.finditer(first))}\n{rest}"))
    return None


def _brief(text: str) -> Brief:
    wishes = [found[1] for found in WISH.finditer(text)]
    counts = [int(wish) for wish in wishes if wish.isdecimal()]
    fields: dict[str, object] = {"directives": "\n".join(filter(None, map(str.strip, WISH.sub("", text).splitlines())))}
    if counts:
        fields["clips"] = counts[-1]
    if "draft" in wishes:
        fields["draft"] = True
    if "approve" in wishes:
        fields["approval"] = Approval.CLIPS
    with refused():
        return Brief.model_validate(fields)


@contextmanager
def refused() -> Generator[None]:
    """Tell what no request takes as the API would: raises ApiRequestRefused."""
    try:
        yield
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in found["loc"])
        said = f"{where}: {found['msg']}"
        raise ApiRequestRefused(
            code="invalid_request", detail=said, next_step="Send it otherwise; see /help."
        ) from None
