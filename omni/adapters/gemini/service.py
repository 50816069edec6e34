"""The line to the service: a client a call, its exceptions turned into facts."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn, TypeVar

from google import genai
from google.genai import types
from pydantic import SecretStr

from omni.adapters.gemini.faults import FOREIGN, Fault, Kind, error_of, fault_of
from omni.adapters.gemini.patience import Patience

T = TypeVar("T")

_TOTAL = 3
"""So many full time-outs may the tries of one call take together."""


class Service:
    """Google's API for one key and model. Every call has its own client: nothing is shared by threads or forks."""

    def __init__(self, key: SecretStr, model: str, base_url: str | None, timeout: float, patience: Patience) -> None:
        self.model = model
        self.name = f"gemini/{model}"
        self.timeout = timeout
        self.patience = patience
        self._key = key
        self._base_url = base_url

    @property
    def deadline(self) -> float:
        """When, on the clock, a call that begins now is given up."""
        return self.patience.clock() + _TOTAL * self.timeout

    def call(
        self, do: Callable[[genai.Client], T], *, seconds: float | None = None, tries: int | None = None
    ) -> T | Fault:
        """Do something with a client, again while that can help."""
        return self.insist(lambda allowed: self.once(do, allowed), seconds=seconds, tries=tries)

    def insist(
        self,
        call: Callable[[float], T | Fault],
        *,
        seconds: float | None = None,
        tries: int | None = None,
        until: float | None = None,
    ) -> T | Fault:
        """Call with at most so many seconds, while it passes; until the deadline of a call that begins now."""
        patience = self.patience if tries is None else replace(self.patience, tries=tries)
        limit = self.timeout if seconds is None else min(seconds, self.timeout)
        return patience.insist(call, limit, self.deadline if until is None else until)

    def once(self, do: Callable[[genai.Client], T], seconds: float) -> T | Fault:
        """Do something with a client; never raises what the SDK raises, and keeps nothing of it."""
        key = self._key.get_secret_value().strip()  # a secret that comes from a file ends in a line break
        if not (key and key.isascii() and key.isprintable()):  # else the HTTP library's error would quote it
            return Fault(Kind.KEY, "GEMINI_API_KEY is empty or holds characters that no header can carry")
        _silence()
        try:
            with genai.Client(api_key=key, vertexai=False, http_options=self._options(seconds)) as client:
                return do(client)
        except FOREIGN as error:
            return fault_of(error, key)

    def fail(self, fault: Fault) -> NoReturn:
        """Raise what a fault is to everybody else; no foreign exception is being handled any more."""
        raise error_of(fault, self.name)

    def _options(self, seconds: float) -> types.HttpOptions:
        # A redirect is not followed: the client would carry the key to wherever it leads.
        return types.HttpOptions(
            base_url=self._base_url, timeout=int(seconds * 1000), client_args={"follow_redirects": False}
        )


def _silence() -> None:
    """Keep the SDK's and its HTTP client's chatter out of the logs, unless the operator has set their levels."""
    for name, level in (("google_genai", logging.ERROR), ("httpx2", logging.WARNING), ("httpcore2", logging.WARNING)):
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(level)
