"""What counts as better."""

import pytest

from omni.checking.verdicts import is_strictly_better
from omni.contracts import Check


def told(**verdicts: bool | None) -> tuple[Check, ...]:
    return tuple(Check(name=name, value="", bar="", passed=passed) for name, passed in verdicts.items())


@pytest.mark.parametrize(
    ("new", "better"),
    [
        (told(a=True, b=False, c=True), True),
        (told(a=True, b=True, c=True), True),
        (told(a=False, b=False, c=True), False),
        (told(a=True, b=True, c=False), False),
        (told(a=None, b=False, c=None), True),
    ],
)
def test_a_repair_is_better_when_fewer_gates_fail_and_no_other(new: tuple[Check, ...], *, better: bool) -> None:
    assert is_strictly_better(new, told(a=False, b=False, c=True)) is better
