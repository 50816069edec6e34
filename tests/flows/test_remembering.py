"""The task remember: a job is done whatever the memory does, and what it made is kept in the end."""

from pathlib import Path

import pytest
from fakes.qdrant import LOCKED, REFUSED, UNAVAILABLE, FakeMemory

from omni.contracts import Analysis, Brief, Campaign, Clip, Source
from omni.memory.outbox import Outbox
from omni.memory.records import strategy_id
from omni.settings import Settings
from omni.wiring import Workshop

SOURCE = Source(
    path=Path("/m/talk.mp4"), sha256="a" * 64, size_bytes=1, container="mp4", duration=200, video=None, audio=None, title="Talk"
)  # fmt: skip
CLIP = Clip(number=1, start=1, end=20, title="The box", hook="", text="It is a box.", score=50, reason="")
ANALYSIS = Analysis(topic="Boxes", titles=("Boxes",), clips=(CLIP,), language="en", engine="offline/1")
CAMPAIGN = Campaign(strategy="# Boxes", posts=(), language="en", engine="offline/1")


class Shop(Workshop):
    """A workshop whose memory is a fake."""

    memory = FakeMemory()


@pytest.mark.prefect
@pytest.mark.parametrize("error", [LOCKED, UNAVAILABLE, REFUSED])
def test_a_job_whose_memory_is_out_of_reach_is_done_told_its_strategy_and_remembered_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    from tasks import remember as stage

    shop = Shop(Settings(home=tmp_path))
    shop.__dict__["memory"] = FakeMemory(failing=error)
    monkeypatch.setattr(stage, "wire", lambda: shop)
    monkeypatch.setattr(stage, "remember", stage.remember.fn)

    told, warnings = stage.remember_or_warn(SOURCE, Brief(), ANALYSIS, CAMPAIGN)

    assert told == strategy_id("default", SOURCE.sha256, Brief())
    assert [warning for warning in warnings if str(error) in warning]
    assert len(Outbox(tmp_path / "outbox", 1).waiting()) == 1

    shop.__dict__["memory"] = memory = FakeMemory()
    assert stage.remember_or_warn(SOURCE, Brief(clips=2), ANALYSIS, CAMPAIGN)[1] == ()
    assert len(memory.kept) == 4
    assert told in memory.kept
    assert Outbox(tmp_path / "outbox", 1).waiting() == ()
