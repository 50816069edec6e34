"""What follows from verdicts."""

from collections.abc import Sequence

from omni.contracts import Check


def failed(checks: Sequence[Check]) -> frozenset[str]:
    """Return the names of the gates that failed."""
    return frozenset(check.name for check in checks if check.passed is False)


def is_strictly_better(new: Sequence[Check], old: Sequence[Check]) -> bool:
    """Whether fewer gates failed, and none that had not failed before."""
    return failed(new) < failed(old)
