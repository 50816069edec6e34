"""The tally of the job that runs in this process."""

from functools import lru_cache

from omni.progress import Tally


@lru_cache(maxsize=1)
def tally() -> Tally:
    """Return the one tally; a flow run has a process of its own, or runs alone in the command line's."""
    return Tally()
