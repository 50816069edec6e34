"""What `omni doctor` says about the store, the engines and what they cost."""

from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from deployments import doctor, memory
from omni.contracts import Brief
from omni.errors import EngineUnavailable, OmniError
from omni.errors.models import ModelKeyRefused, ModelUnreachable
from omni.ports import MemoryRecord
from omni.settings import Settings
from omni.wiring import Workshop

RECORD = MemoryRecord(
    id=str(uuid4()), workspace="default", kind="clip", strategy_id="s", source_sha256="a" * 64, source_title="", title="", text=""
)  # fmt: skip


def store_finding(store: str | None) -> doctor.Finding:
    return doctor._store(Workshop(Settings(store=store)))


def test_without_a_store_the_local_folder_is_named() -> None:
    assert store_finding(None).state == "ok"
    assert str(Settings().output.absolute()) in store_finding(None).value


@pytest.mark.parametrize("kind", ["file", "memory"])
def test_a_store_that_works_is_left_as_it_was(kind: str, tmp_path: Path) -> None:
    url = f"file://{tmp_path}/store" if kind == "file" else f"memory://{uuid4().hex}"
    workshop = Workshop(Settings(store=url))

    assert doctor._store(workshop).value == f"{url}, readable and writable"
    assert workshop.storage is not None
    assert workshop.storage.list("probes") == {}


def test_a_store_that_can_not_be_written_is_broken_and_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    finding = store_finding(f"file://{tmp_path}/file/store")

    assert finding.state == "broken"
    assert "OMNI_STORE" in finding.advice


# engines


class Wired(Workshop):
    """A workshop with Gemini behind its ports: ``fault`` is what its check raises."""

    fault: OmniError | None = None

    @property
    def model(self) -> Any:
        def check() -> None:
            if self.fault:
                raise self.fault

        return SimpleNamespace(check=check)

    def analyst(self, brief: Brief) -> Any:
        return SimpleNamespace(engine="gemini/gemini-3.8-flash/1" if self.settings.gemini_api_key else "offline/1")

    copywriter = analyst

    @property
    def embedder(self) -> Any:
        if self.settings.embedder == "gemini" and not self.settings.gemini_api_key:
            raise EngineUnavailable(engine="gemini", role="embedder", reason="there is no key")
        return SimpleNamespace(name="gemini-embedding-2")


def wired(fault: OmniError | None = None, **settings: Any) -> Workshop:
    made = type("Faulty", (Wired,), {"fault": fault})(Settings(_env_file=None, **settings))  # pyright: ignore[reportCallIssue]
    assert isinstance(made, Workshop)
    return made


KEY = {"GEMINI_API_KEY": "hush-hush"}


def test_without_a_key_the_offline_engines_answer_and_nothing_is_asked() -> None:
    for finding in doctor._thinkers(wired(ModelUnreachable(model="m", reason="it was asked", tries=1))):
        assert finding.state == "ok"
        assert finding.value.startswith("offline/1, for there is no key; GEMINI_API_KEY")


def test_with_a_key_the_model_is_tried_and_its_name_told() -> None:
    findings = doctor._thinkers(wired(**KEY))

    assert [f.name for f in findings] == ["Analyst", "Copywriter"]
    assert {f.value for f in findings} == {"gemini/gemini-3.8-flash/1, whose key and model were just tried"}


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (ModelKeyRefused(model="gemini-3.8-flash", reason="API key not valid"), "broken"),
        (ModelUnreachable(model="gemini-3.8-flash", reason="ConnectError", tries=3), "degraded"),
    ],
)
def test_a_model_that_would_not_answer_is_told_with_what_to_do(fault: OmniError, state: str) -> None:
    for finding in doctor._thinkers(wired(fault, **KEY)):
        assert finding.state == state
        assert fault.cause in finding.value
        assert finding.advice == fault.next_step
        assert "hush" not in finding.model_dump_json()


def test_an_embedder_that_was_asked_for_and_is_not_there_is_broken() -> None:
    assert doctor._embedder(wired(**KEY)).value == "gemini-embedding-2, for there is a key"
    assert doctor._embedder(wired(embedder="gemini")).state == "broken"


def test_the_rung_of_the_embedder_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(**how: Any) -> str:
        return doctor._embedder(Workshop(Settings(_env_file=None, **how))).value  # pyright: ignore[reportCallIssue]

    assert "hashing-v1, for neither a key nor the extra `meaning`" in told()
    monkeypatch.setattr("omni.settings.find_spec", find_spec)
    assert told().startswith("all-minilm-l6-v2, for the extra `meaning` is installed")
    assert told(embedder="hashing") == "hashing-v1, as OMNI_EMBEDDER says"


def test_the_memory_tells_what_lacks_a_meaning_and_the_outbox_what_waits(tmp_path: Path) -> None:
    def finding(look: str, **how: Any) -> doctor.Finding:
        return getattr(doctor, look)(Workshop(Settings(home=tmp_path, **how)))

    assert (finding("_memory").state, finding("_outbox").value) == ("ok", "empty")
    Workshop(Settings(home=tmp_path, embedder="hashing")).memory.keep([RECORD])
    Workshop(Settings(home=tmp_path)).outbox.post([RECORD])

    assert finding("_memory", embedder="hashing").value.endswith(f"{tmp_path}/memory: 1 records")
    lacking = finding("_memory", embedder="minilm")
    assert (lacking.state, "omni memory reindex" in lacking.advice) == ("degraded", True)
    assert finding("_outbox").value == "1 batches wait for the memory, 0 were refused"


def test_a_memory_that_outgrew_its_folder_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workshop = Workshop(Settings(home=tmp_path, embedder="hashing"))
    monkeypatch.setattr("deployments.memory.wire", lambda: workshop)

    def told() -> tuple[str, str, bool]:
        finding = doctor._memory(workshop)
        memory.show()
        return finding.state, finding.advice, "set QDRANT_URL" in capsys.readouterr().out

    workshop.memory.keep([RECORD, RECORD.model_copy(update={"id": str(uuid4())})])
    monkeypatch.setattr("omni.adapters.qdrant.homes.Disk.most", 2)
    assert told() == ("ok", "", False)
    monkeypatch.setattr("omni.adapters.qdrant.homes.Disk.most", 1)
    state, advice, is_shown = told()
    assert (state, "QDRANT_URL" in advice, is_shown) == ("degraded", True, True)


def test_an_embedder_that_is_not_there_stops_no_other_finding() -> None:
    workshop = Workshop(Settings(_env_file=None, embedder="gemini"))  # pyright: ignore[reportCallIssue]

    findings = [*doctor._thinkers(workshop), doctor._embedder(workshop), doctor._spending(workshop)]

    assert {f.state for f in findings} == {"broken"}
    assert all(f.advice for f in findings)


def test_without_its_pitch_model_a_machine_is_degraded_and_not_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor._pitch_model().state == "ok"
    monkeypatch.setattr("omni.adapters.swift.find_spec", lambda name: None)
    assert (doctor._pitch_model().state, doctor._pitch_model().advice) == ("degraded", "Run `uv sync`.")


def test_the_budget_and_the_day_of_the_prices_are_told() -> None:
    assert doctor._spending(wired()).value == "nothing: no engine in use is paid for"
    assert doctor._spending(wired(**KEY)).value.startswith("no limit a job (OMNI_BUDGET_USD sets one); prices of 2026-")
    assert "at most $2.0000 a job" in doctor._spending(wired(**KEY, budget_usd=2)).value


def test_a_model_without_a_price_is_degraded_until_it_is_named() -> None:
    strange = doctor._spending(wired(**KEY, gemini_model="gemini-99"))

    assert strange.state == "degraded"
    assert "gemini-99" in strange.value
    assert "OMNI_PRICES" in strange.advice
    assert doctor._spending(wired(**KEY, gemini_model="gemini-99", prices={"gemini-99": (1, 2)})).state == "ok"


def test_a_bot_that_would_answer_nobody_is_degraded_and_its_token_is_not_told() -> None:
    silent = doctor._bot(wired(telegram_token="7001:hush-hush"))
    ready = doctor._bot(wired(telegram_token="7001:hush-hush", telegram_chats=(42,)))

    assert doctor._bot(wired()).state == "ok"
    assert (silent.state, ready.state) == ("degraded", "ok")
    assert "--find-chat" in silent.advice
    assert "hush" not in silent.model_dump_json() + ready.model_dump_json()
