"""Processes and threads that fit the cores."""

from pathlib import Path

import pytest

from omni.adapters.cores import usable_cores
from omni.encoding.parallelism import Shares, shares_of


@pytest.mark.parametrize(
    ("cores", "shares"),
    [(1, (1, 1)), (2, (2, 1)), (3, (2, 1)), (4, (2, 2)), (6, (3, 2)), (8, (4, 2)), (16, (4, 4)), (64, (4, 16))],
)
def test_the_shares_fit_the_cores(cores: int, shares: tuple[int, int]) -> None:
    assert shares_of(cores) == Shares(*shares)


@pytest.mark.parametrize(("asked", "threads"), [(1, 8), (3, 2), (16, 1)])
def test_the_operator_may_set_the_processes(asked: int, threads: int) -> None:
    assert shares_of(8, asked) == Shares(asked, threads)


def test_a_container_has_the_cores_of_its_quota(tmp_path: Path) -> None:
    quota = tmp_path / "cpu.max"
    everything = usable_cores(tmp_path / "nothing")

    quota.write_text("100000 100000\n")
    assert usable_cores(quota) == 1
    quota.write_text("50000 100000\n")
    assert usable_cores(quota) == 1
    quota.write_text("max 100000\n")
    assert usable_cores(quota) == everything
    quota.write_text("6400000 100000\n")
    assert usable_cores(quota) == everything
