"""How many Shorts are encoded at a time, and with how many threads each."""

from dataclasses import dataclass

MOST_PROCESSES = 4
"""Each takes about 300 MB at 1080×1920; more of them would only wait for memory and disk."""


@dataclass(frozen=True)
class Shares:
    """FFmpeg processes at a time, and the threads of each."""

    processes: int
    threads: int


def shares_of(cores: int, processes: int | None = None) -> Shares:
    """Return the shares that fit the cores, ``processes`` being what the operator set.

    Two processes of one thread beat one of two on two cores (FACTS.md: 30.4 s against 32.8 s for four pieces), because
    crop, scale and captions run in one thread whatever x264 does; four at a time on two cores only cost memory.

    >>> shares_of(1), shares_of(2), shares_of(8), shares_of(32)
    (Shares(processes=1, threads=1), Shares(processes=2, threads=1), Shares(processes=4, threads=2), Shares(processes=4, threads=8))
    """
    wanted = processes or min(MOST_PROCESSES, cores, max(2, cores // 2))
    return Shares(wanted, max(1, cores // wanted))
