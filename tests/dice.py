"""Choices out of bytes: Hypothesis draws one string of them four times faster than a dozen values."""

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Dice:
    """Each throw uses up some bytes; zeros follow the last one."""

    def __init__(self, data: bytes) -> None:
        self._data = iter(data)

    def number(self, size: int) -> int:
        """Return a number of ``size`` bytes."""
        return int.from_bytes(next(self._data, 0) for _ in range(size))

    def pick(self, options: Sequence[T]) -> T:
        return options[self.number(1) % len(options)]

    def text(self, most: int) -> str:
        """Return up to ``most`` characters of the basic plane, surrogates too."""
        return "".join(chr(self.number(self.pick((1, 2)))) for _ in range(self.number(1) % (most + 1)))


def dice(throws: int) -> st.SearchStrategy[Dice]:
    return st.binary(min_size=throws, max_size=throws).map(Dice)
