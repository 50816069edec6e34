"""Which API a command asks, and how it answers: results on stdout, everything said on the way on stderr."""

import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, NoReturn

from cyclopts import Parameter
from rich.console import Console

from deployments.errors import NotConfirmed
from deployments.remote.client import ApiClient
from omni.settings import Settings

EXIT_INTERRUPTED = 130

said = Console(stderr=True, highlight=False)


@Parameter(name="*")
@dataclass(frozen=True)
class Door:
    """Which API to ask, and in which form to answer."""

    api: Annotated[str | None, Parameter(help="Address of the API; OMNI_API_URL when not given.")] = None
    as_json: Annotated[bool, Parameter(name="--json", negative="", help="Print what the API says as JSON.")] = False

    @contextmanager
    def client(self) -> Generator[ApiClient]:
        """Give the API's client; the key is OMNI_API_KEY."""
        settings = Settings()
        with ApiClient(self.api or settings.api_url, settings.api_key, say) as client:
            yield client

    def command(self, *words: object) -> str:
        """Return a command with which the user can go on at the same API."""
        return " ".join(map(str, ("omni", *words, *(("--api", self.api) if self.api else ()))))

    def answer(self, raw: object, text: str) -> None:
        """Print a result, at once: whoever reads it may stop this command next."""
        sys.stdout.write(json.dumps(raw, ensure_ascii=False, indent=2) + "\n" if self.as_json else text)
        sys.stdout.flush()


def say(text: str) -> None:
    """Tell the user something that is no result."""
    said.print(text, markup=False, soft_wrap=True)


def stop(text: str) -> NoReturn:
    """Leave because the user wants so."""
    say(f"\n{text}")
    sys.exit(EXIT_INTERRUPTED)


def is_confirmed(doing: str) -> bool:
    """Ask the user on the terminal; raises NotConfirmed where there is none."""
    if not sys.stdin.isatty():
        raise NotConfirmed(doing=doing)
    said.print(f"{doing}: are you sure? [y/N] ", end="", markup=False)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
