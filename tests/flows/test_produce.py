"""The real flow on a temporary Prefect server, with the real FFmpeg and small made files."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from media import make, make_talk
from prefect_server import settle

from omni.errors import SourceEmpty

pytestmark = [pytest.mark.prefect, pytest.mark.ffmpeg]


@pytest.fixture(autouse=True)
def next_job() -> Iterator[None]:
    """A job that failed lets no child start until the next job begins; here that is the next test."""
    yield
    from omni.wiring import wire

    wire().runner.resume()


@pytest.fixture
def talk(ffmpeg: str, tmp_path: Path) -> Path:
    """A talk of 18 s with its subtitles."""
    return make_talk(ffmpeg, tmp_path)


def run_of(name: str) -> Any:
    """Return the newest flow run with its task runs."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter
    from prefect.client.schemas.sorting import FlowRunSort

    with get_client(sync_client=True) as client:
        run = client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1)[0]
        states = client.read_flow_run_states(run.id)
        tasks = client.read_task_runs(flow_run_filter=FlowRunFilter.model_validate({"id": {"any_": [run.id]}}))
        artifacts = client.read_artifacts()
    assert run.name == name
    return run, [s.name for s in sorted(states, key=lambda s: s.timestamp)], tasks, artifacts


@pytest.mark.usefixtures("prefect")
def test_a_talk_becomes_a_checked_delivery_and_a_second_run_encodes_nothing(
    talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.produce import produce
    from omni.adapters.ffmpeg import FFmpegMedia
    from omni.wiring import wire

    first = produce(str(talk))

    manifest = json.loads((first.output_dir / "manifest.json").read_text())
    assert first.shorts_count == len(manifest["shorts"]) >= 1
    assert first.strategy_id
    assert first.engines["transcriber"].startswith("sidecar")
    entry = manifest["shorts"][0]
    assert all((first.output_dir / ref["path"]).stat().st_size == ref["size_bytes"] for ref in entry["files"].values())
    assert [p["platform"] for p in manifest["posts"] if p["clip"] == 1] == [
        "youtube",
        "tiktok",
        "instagram",
        "linkedin",
        "x",
    ]
    assert wire().memory.search("default", "small teams", limit=3)

    run, names, _, artifacts = run_of("produce small talk.mp4")
    assert [n for n in names if n.isupper()] == ["ANALYZING", "WRITING_STRATEGY", "RENDERING"]
    assert names[-1] == "Completed"
    shown = {a.key: a.data for a in artifacts if a.flow_run_id == run.id}
    assert shown.keys() >= {"progress", "result", "contact-sheet", "evidence"}
    assert shown["progress"] == 100
    assert (first.output_dir / manifest["contact_sheet"]["path"]).stat().st_size == manifest["contact_sheet"][
        "size_bytes"
    ]

    monkeypatch.setattr(FFmpegMedia, "render", lambda *_, **__: pytest.fail("a second run must not encode"))
    second = produce(str(talk))

    assert (second.output_dir / "manifest.json").read_bytes() == (first.output_dir / "manifest.json").read_bytes()
    assert second.strategy_id == first.strategy_id


@pytest.mark.usefixtures("prefect")
def test_another_layout_for_one_short_renders_that_one_only(talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.produce import produce
    from omni.adapters.ffmpeg import FFmpegMedia
    from omni.contracts import Brief

    asked = Brief(clips=2, min_seconds=4, max_seconds=9, workspace="layouts")  # no other test's moments are used
    first = produce(str(talk), asked)
    render, rendered = FFmpegMedia.render, list[int]()

    def noted(media: FFmpegMedia, source: Any, plan: Any, *rest: Any, **options: Any) -> Any:
        rendered.append(plan.number)
        return render(media, source, plan, *rest, **options)

    monkeypatch.setattr(FFmpegMedia, "render", noted)
    second = produce(str(talk), asked.model_copy(update={"layouts": {"2": "follow"}}))

    before, after = (json.loads((p.output_dir / "manifest.json").read_text())["shorts"] for p in (first, second))
    assert [short["layout"] for short in before] == ["fit", "fit"]
    assert [short["layout"] for short in after] == ["fit", "follow"]
    assert [(s["start"], s["end"]) for s in after] == [(s["start"], s["end"]) for s in before]
    assert set(rendered) == {2}
    assert second.strategy_id == first.strategy_id


@pytest.mark.usefixtures("prefect")
def test_a_second_page_shows_other_moments_of_the_same_analysis(talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.produce import produce
    from omni.analysis.offline import OfflineAnalyst
    from omni.contracts import Brief

    asked = Brief(clips=1, min_seconds=6, max_seconds=10, draft=True, workspace="pages")
    first = produce(str(talk), asked)
    monkeypatch.setattr(OfflineAnalyst, "analyze", lambda *_: pytest.fail("a second page must not be analysed anew"))
    second = produce(str(talk), asked.model_copy(update={"page": 2}))

    (before,), (after,) = (json.loads((p.output_dir / "manifest.json").read_text())["shorts"] for p in (first, second))
    assert before["end"] <= after["start"] or after["end"] <= before["start"]
    assert (before["number"], after["number"]) == (1, 1)
    assert second.strategy_id != first.strategy_id


@pytest.mark.usefixtures("prefect")
def test_a_cached_short_whose_file_is_gone_is_rendered_again(talk: Path) -> None:
    from flows.produce import produce
    from omni.wiring import wire

    first = produce(str(talk))
    shutil.rmtree(wire().settings.work)

    again = produce(str(talk))

    assert again.shorts_count == first.shorts_count


@pytest.mark.usefixtures("prefect")
@pytest.mark.parametrize("name", ["no_audio", "portrait", "wav", "hdr_hlg"])
def test_unusual_sources_end_in_shorts_with_a_warning(name: str, ffmpeg: str, made: Path) -> None:
    from flows.produce import produce
    from omni.contracts import Brief

    production = produce(str(make(name, ffmpeg, made).path), Brief(min_seconds=4))

    assert production.shorts_count >= 1
    assert production.warnings


@pytest.mark.usefixtures("prefect")
def test_a_source_that_cannot_be_used_fails_with_its_cause_and_no_folder(ffmpeg: str, made: Path) -> None:
    from flows.produce import produce
    from omni.wiring import wire

    before = set(wire().settings.output.glob("*"))

    with pytest.raises(SourceEmpty, match="zero bytes"):
        produce(str(make("empty", ffmpeg, made).path))

    assert set(wire().settings.output.glob("*")) == before


@pytest.mark.usefixtures("prefect")
def test_a_brief_that_cannot_be_followed_fails_before_any_work(talk: Path) -> None:
    from flows.produce import produce
    from omni.contracts import Brief, Engine
    from omni.errors import BriefUnusable, EngineUnavailable

    with pytest.raises(BriefUnusable, match="no file"):
        produce(str(talk), Brief(logo=talk.with_suffix(".png")))
    with pytest.raises(BriefUnusable, match="no font here is called 'Nobody Sans'"):
        produce(str(talk), Brief(brand_font="Nobody Sans"))
    with pytest.raises(EngineUnavailable, match="gemini"):
        produce(str(talk), Brief(analyst=Engine.GEMINI))


@pytest.mark.usefixtures("prefect")
def test_a_dry_run_tells_what_the_job_would_cost_and_does_none_of_it(
    talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.produce import produce
    from omni.contracts import Estimate
    from omni.record import record_of
    from omni.spending.estimating import Models
    from omni.wiring import Workshop, wire

    monkeypatch.setattr(Workshop, "models", lambda *_: Models("gemini-3.8-flash", "gemini-3.8-flash"))
    monkeypatch.setattr(Workshop, "require", lambda *_: None)  # there is no key here
    before = set(wire().settings.output.glob("*"))

    told = produce(str(talk), dry_run=True)

    assert isinstance(told, Estimate)
    assert [charge.role for charge in told.charges] == ["analyst", "copywriter"]
    assert set(wire().settings.output.glob("*")) == before
    run, names, tasks, artifacts = run_of("produce small talk.mp4")
    assert (names[-1], [task.name.partition("-")[0] for task in tasks]) == ("Completed", ["ingest"])
    record = record_of(run.labels)
    assert (record.estimate, record.result, record.progress, record.charges) == (told, None, 1.0, ())
    assert any("What small talk.mp4 would cost" in str(artifact.data) for artifact in artifacts)


@pytest.mark.usefixtures("prefect")
def test_what_a_model_was_paid_stands_in_result_manifest_and_record_and_a_budget_keeps_it_from_more(
    talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.produce import produce
    from omni.contracts import Analysis, Brief, Campaign, Precedents, Production
    from omni.record import record_of
    from omni.spending.prices import Tokens
    from omni.wiring import Workshop, wire
    from omni.writing.offline import OfflineCopywriter

    class Paid(OfflineCopywriter):
        """An offline copywriter that is paid like a model."""

        @property
        def engine(self) -> str:
            return "paid/1"

        def write(self, analysis: Analysis, precedents: Precedents, brief: Brief) -> Campaign:
            with wire().account.reserving("copywriter", "gemini-3.8-flash", Tokens(10_000, 8000)) as book:
                book(Tokens(8000, 4000))
                return super().write(analysis, precedents, brief)

    free = Workshop.copywriter
    monkeypatch.setattr(
        Workshop, "copywriter", lambda shop, brief: free(shop, brief) if brief.copywriter == "offline" else Paid()
    )

    paid = produce(str(talk), Brief(budget_usd=1, workspace="paid"))
    run, *_ = run_of("produce small talk.mp4")
    poor = produce(str(talk), Brief(budget_usd=0.01, workspace="poor"))

    assert isinstance(paid, Production)
    assert isinstance(poor, Production)
    manifest = json.loads((paid.output_dir / "manifest.json").read_text())
    assert paid.cost_usd == manifest["cost_usd"] == 0.021
    assert (
        [(c.role, c.calls) for c in paid.charges]
        == [(c["role"], c["calls"]) for c in manifest["charges"]]
        == [("copywriter", 1)]
    )
    assert record_of(run.labels).charges == paid.charges
    assert (poor.cost_usd, poor.charges) == (0.0, ())
    assert any("may cost $0.0375" in warning for warning in poor.warnings)


def omni(*arguments: str, home: Path, **options: Any) -> subprocess.Popen[str]:
    environment = os.environ | {
        "OMNI_HOME": str(home),
        "OMNI_OUTPUT": str(home / "output"),
        "PREFECT_HOME": str(home / "prefect"),
    }
    for name in ("PREFECT_API_URL", "PREFECT_RESULTS_LOCAL_STORAGE_PATH"):
        environment.pop(name, None)
    command = [sys.executable, "-c", "from deployments.cli import main; main()", *arguments]
    return subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **options,
    )


def encoders(home: Path) -> list[int]:
    """Return the live FFmpeg processes that write below a folder."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if str(home).encode() in command and b"libx264" in command:
            found.append(int(entry.name))
    return found


def wait_for(condition: Any, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_ending_the_command_in_a_render_leaves_nothing_and_the_next_run_finishes(
    how: signal.Signals, talk: Path, tmp_path: Path, migrated: Path
) -> None:
    home = settle(tmp_path / "home", migrated)
    process = omni("produce", str(talk), home=home)
    wait_for(lambda: encoders(home), 120, "no encoder was started")

    process.send_signal(how)
    process.communicate(timeout=60)

    wait_for(lambda: not encoders(home), 5, "FFmpeg outlived the command")
    assert process.returncode == (130 if how == signal.SIGINT else -how)
    assert not list((home / "work").rglob("short.mp4"))
    assert not list(home.glob("output/*/manifest.json"))

    again = omni("produce", str(talk), "--json", home=home)
    said, told = again.communicate(timeout=240)

    assert again.returncode == 0, told
    assert json.loads(said)["shorts_count"] >= 1
    assert not list(home.rglob("*.part"))
