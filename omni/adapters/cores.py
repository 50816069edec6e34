"""How many cores this process may use: a container's share is smaller than its machine."""

import os
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""Control groups, version 2: ``200000 100000`` is two cores, ``max 100000`` all of them."""


def usable_cores(quota: Path = QUOTA) -> int:
    """Return the cores that the scheduler and the control group give to this process; at least one."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        share, period = quota.read_text(encoding="ascii").split()
        return max(1, min(allowed, int(share) // int(period)))
    except (OSError, ValueError):  # no such file, or no limit
        return allowed
