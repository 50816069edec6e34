"""How long and how often the same is tried."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from omni.adapters.gemini.faults import Fault

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """At most ``tries``, with pauses that double from ``first`` to ``longest`` seconds; a test brings its own clock."""

    tries: int = 7
    """With the pauses between them, most of a minute: a model is overloaded for longer than some seconds."""
    first: float = 1.0
    longest: float = 60.0
    """Also of what the service asks for: a quota of a minute is free again after one."""
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random

    def insist(self, call: Callable[[float], T | Fault], seconds: float, until: float) -> T | Fault:
        """Call until it succeeds, can't succeed, or would go on after ``until`` on the clock.

        ``call`` gets the seconds that it may take: ``seconds``, or what is left.
        """
        tried = 0
        while True:
            got = call(min(seconds, max(1.0, until - self.clock())))
            tried += 1
            if not isinstance(got, Fault) or not got.kind.passes:
                return got
            pause = self.pause(tried, got.wait)
            if tried >= self.tries or self.clock() + pause >= until:
                return replace(got, tries=tried)
            self.sleep(pause)

    def pause(self, tried: int, asked: float | None) -> float:
        """Return the seconds before the next try: what was asked for, else half of a doubling span and a random part.

        Chance keeps many workers, all refused at once, from coming back at once.
        """
        if asked is not None:
            return min(self.longest, asked + self.chance())
        return min(self.longest, self.first * 2 ** (tried - 1)) * (0.5 + self.chance() / 2)
