"""No secret in a log, an error, a result, a cache or a pickle."""

import base64
import json
import logging
import os
import pickle
import secrets
import string
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args
from urllib.parse import quote, quote_plus

import pytest
from fakes.gemini_server import gemini_server
from fakes.gemini_talent import answer
from fakes.qdrant_server import qdrant_server
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prefect_server import settle
from pydantic import AliasChoices, SecretStr

import deployments.bot.errors
import deployments.door.errors
import deployments.errors
import deployments.pages.errors
import omni.errors.models
from deployments.errors import CountersUnusable
from omni.adapters.qdrant import QdrantMemory
from omni.adapters.storage import Store
from omni.addresses import Reach, check_address, redacted
from omni.errors import AddressRefused, MemoryUnavailable, OmniError, StoreUnavailable
from omni.memory.hashing import HashingEmbedder
from omni.settings import Settings
from omni.wiring import Workshop

ROOM = Path(omni.errors.__file__).parent
SECRET_NAMES = ("_key", "_secret", "_token", "_password")
ADDRESSES = ("qdrant_url", "store", "rate_storage", "api_url", "prefect_ui_url", "public_url")
"""Settings that may carry a user and a password."""
TOKENS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=8, max_size=40).filter(str.strip)
HEADER_TOKENS = st.text(string.ascii_letters + string.digits + "-_~", min_size=12, max_size=40)
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def token() -> str:
    return f"canary-{secrets.token_hex(12)}"


def forms(secret: str) -> list[bytes]:
    """Return what a secret looks like as itself, escaped in an address or in JSON, and inside base64 at any offset."""
    raw = secret.encode()
    found = {raw, quote(secret, safe="").encode(), quote_plus(secret).encode(), json.dumps(secret)[1:-1].encode()}
    for offset in range(3):
        whole = base64.b64encode(bytes(offset) + raw)
        inner = whole[-(-offset * 8 // 6) : (offset + len(raw)) * 8 // 6]  # without what the neighbours decide too
        found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return [form for form in found if len(form) >= 8]


def hits(text: str | bytes, *told: str) -> list[str]:
    """Return the secrets that a text holds in any form."""
    data = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    return [secret for secret in told if any(form in data for form in forms(secret))]


def everything_told(error: BaseException) -> bytes:
    """Return all that a log, a result or another process gets to see of an error."""
    lines = [str(error), repr(error), *traceback.format_exception(error)]
    return "\n".join(lines).encode(errors="surrogatepass") + pickle.dumps(error, 0) + pickle.dumps(error)


def secret_settings() -> dict[str, str]:
    """Return the variable of every setting that is a secret; a new one is found by its type."""
    found: dict[str, str] = {}
    for name, field in Settings.model_fields.items():
        if SecretStr in (field.annotation, *get_args(field.annotation)):
            alias = field.validation_alias
            found[name] = str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"OMNI_{name.upper()}"
    return found


@pytest.fixture
def canaries(monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Every secret setting is a canary."""
    told = {variable: token() for variable in secret_settings().values()}
    for variable, secret in told.items():
        monkeypatch.setenv(variable, secret)
    return tuple(told.values())


# ── the search itself ────────────────────────────────────────────────────────────────────────────


@given(secret=TOKENS, before=st.binary(max_size=7), after=st.binary(max_size=7))
def test_a_secret_is_found_in_every_disguise(secret: str, before: bytes, after: bytes) -> None:
    disguised = [
        before + secret.encode() + after,
        base64.b64encode(before + secret.encode() + after),
        base64.urlsafe_b64encode(before + secret.encode() + after),
        f"https://user:{quote(secret, safe='')}@host".encode(),
        json.dumps({"x": secret}).encode(),
    ]

    assert all(hits(text, secret) for text in disguised)
    assert hits(b"nothing of the kind", secret + "x") == []


# ── settings ─────────────────────────────────────────────────────────────────────────────────────


def test_every_setting_that_is_called_a_secret_is_one() -> None:
    called = {name for name in Settings.model_fields if name.endswith(SECRET_NAMES)}

    assert called == set(secret_settings())
    assert len(called) >= 4


def test_settings_show_no_secret_however_they_are_written(canaries: tuple[str, ...]) -> None:
    told = Settings()
    shown = (
        repr(told),
        str(told),
        f"{told.model_dump()}",
        told.model_dump_json(),
        json.dumps(told.model_dump(mode="json")),
    )

    assert all(getattr(told, name).get_secret_value() in canaries for name in secret_settings())
    assert [hits(text, *canaries) for text in shown] == [[]] * len(shown)
    assert hits(repr(Workshop(told)), *canaries) == []


# ── errors ───────────────────────────────────────────────────────────────────────────────────────


def kinds(kind: type[OmniError] = OmniError) -> Iterator[type[OmniError]]:
    yield kind
    for sub in kind.__subclasses__():
        yield from kinds(sub)


def facts_of(kind: type[OmniError], text: str) -> dict[str, object]:
    """Return a fact for every name in the message and the remedy: a number where it is written as one."""
    fields = [f for words in (kind.message, kind.remedy) for f in string.Formatter().parse(words)]
    return {name: 7 if spec and spec[-1] in "fgd" else text for _, name, spec, _ in fields if name}


def test_the_errors_of_every_room_are_known_here() -> None:
    ours = {kind.__module__ for kind in kinds()}

    assert {module for module in ours if not module.startswith("omni.errors")} == {
        deployments.errors.__name__,
        deployments.bot.errors.__name__,
        deployments.door.errors.__name__,
        deployments.pages.errors.__name__,
    }
    assert {f"omni.errors.{path.stem}" for path in ROOM.glob("[a-z]*.py")} <= ours


@pytest.mark.parametrize("kind", sorted(set(kinds()), key=lambda k: k.__name__), ids=lambda k: k.__name__)
@given(text=TOKENS)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_error_carries_its_facts_through_a_pickle_and_nothing_else(
    kind: type[OmniError], text: str, canaries: tuple[str, ...]
) -> None:
    Settings()
    error = kind(**facts_of(kind, text))

    again = pickle.loads(pickle.dumps(error))

    assert type(again) is kind
    assert (again.facts, str(again)) == (error.facts, str(error))
    assert vars(error).keys() == {"facts"}
    assert hits(everything_told(error), *canaries) == []


# ── what goes to other machines ──────────────────────────────────────────────────────────────────


def failure(call: Callable[[], object], kind: type[OmniError]) -> bytes:
    """Return all that is told of a call that fails."""
    with pytest.raises(kind) as caught:
        call()
    return everything_told(caught.value)


@pytest.mark.parametrize("status", [400, 401, 403, 500, 302])
def test_a_qdrant_server_that_repeats_the_key_gives_nothing_away(status: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key, password = token(), token()
    with qdrant_server(lambda *_: (status, f'{{"status": {{"error": "no such key: {key} of {password}"}}}}')) as (
        url,
        seen,
    ):
        address = url.replace("://", f"://user:{password}@")
        memory = QdrantMemory.on_server(address, key, HashingEmbedder())

        told = failure(lambda: memory.search("default", "boxes", limit=1), MemoryUnavailable)

    assert seen[0]["api-key"] == key
    assert hits(told + caplog.text.encode(), key, password) == []


@QUICK
@given(key=st.one_of(TOKENS, HEADER_TOKENS))
def test_no_key_and_no_password_of_a_qdrant_server_is_told_when_it_is_away(key: str) -> None:
    address = f"http://user:{quote(key, safe='')}@127.0.0.1:1"
    memory = QdrantMemory.on_server(address, key, HashingEmbedder())

    assert hits(failure(lambda: memory.search("default", "boxes", limit=1), MemoryUnavailable), key) == []


@given(secret=HEADER_TOKENS, scheme=st.sampled_from(["https", "http", "ftp", "HTTPS"]))
def test_an_address_is_shown_without_user_path_and_query(secret: str, scheme: str) -> None:
    for url in (
        f"{scheme}://user:{secret}@example.org/talk.mp4",
        f"{scheme}://{secret}@example.org",
        f"{scheme}://user:a/{secret}@example.org/",
        f"{scheme}://example.org/{secret}/talk.mp4",
        f"{scheme}://example.org/talk.mp4?signature={secret}",
        f"{scheme}://example.org/talk.mp4#{secret}",
    ):
        assert hits(redacted(url), secret) == []
        assert hits(failure(lambda url=url: check_address(url, Reach(hosts=())), AddressRefused), secret) == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://user:{}@127.0.0.1:1/folder",
        "http://user:{}@127.0.0.1:1/folder",
        "webdav://user:{}@127.0.0.1:1/folder",
        "nothing://user:{}@host/folder",
        "s3://user:{}@bucket/folder",
        "redis://:{}@127.0.0.1:1/0",
        "sftp://user:{}@127.0.0.1:1/folder",
        "http://user:{}@[::1/folder",
    ],
)
def test_a_store_that_can_not_be_used_keeps_its_password(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = token()
    store = Store(url.format(secret), connect_seconds=1, read_seconds=1)

    told = failure(lambda: store.put("talk.mp4", [b"x"]), StoreUnavailable)

    assert hits(told + store.where.encode() + caplog.text.encode(), secret) == []


@pytest.mark.parametrize("url", ["async+redis://:{}@host:port/0", "nothing://:{}@host", "memory://:{}@host", "{}"])
def test_counters_that_can_not_be_opened_keep_their_password(url: str) -> None:
    from deployments.door.access import Gatekeeper

    secret = token()

    assert hits(failure(lambda: Gatekeeper(Settings(rate_storage=url.format(secret))), CountersUnusable), secret) == []


def test_a_run_is_not_named_after_what_an_address_hides(monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import job

    secret = token()
    for video in (f"https://user:{secret}@example.org", f"https://example.org/talk.mp4?signature={secret}"):
        monkeypatch.setattr(job.flow_run, "get_parameters", lambda video=video: {"video": video})

        assert hits(job.run_name(), secret) == []
        assert "example.org" in job.run_name()


# ── the doctor ───────────────────────────────────────────────────────────────────────────────────


def test_the_doctor_tells_no_secret(
    canaries: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from deployments import doctor

    caplog.set_level(logging.DEBUG)
    password = token()
    with qdrant_server() as (url, _), temporary_settings({PREFECT_API_URL: f"http://user:{password}@127.0.0.1:1/api"}):
        told = Settings(
            home=tmp_path,
            store=f"file://{tmp_path}/store",
            QDRANT_URL=url.replace("://", f"://user:{password}@"),
            OMNI_GEMINI_BASE_URL="http://127.0.0.1:1",
            embedder="hashing",
        )
        monkeypatch.setattr(doctor, "wire", lambda: Workshop(told))

        findings = doctor.examine()

    text = "\n".join(f.model_dump_json() for f in findings) + repr(findings) + caplog.text
    assert any(f.name == "Analyst" and f.state != "ok" for f in findings)
    assert any("server" in f.value for f in findings if f.name == "Memory")
    assert hits(text, password, *canaries) == []


# ── a whole job ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.prefect
@pytest.mark.ffmpeg
def test_a_job_whose_memory_is_away_leaves_no_secret_anywhere(ffmpeg: str, migrated: Path, tmp_path: Path) -> None:
    from makers.making import AAC, H264, moving, run, voice

    home, video = settle(tmp_path / "home", migrated), tmp_path / "small talk.mp4"
    run(ffmpeg, *moving(seconds=8), *voice(8), *H264, *AAC, str(video))
    video.with_suffix(".srt").write_text(
        "1\n00:00:00,500 --> 00:00:03,500\nWhy do small teams ship more?\n\n"
        "2\n00:00:04,000 --> 00:00:07,500\nBecause nobody has to ask.\n"
    )
    told = {variable: token() for variable in secret_settings().values()} | {"the password": token()}
    told["OMNI_WEBHOOK_SECRET"] = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"

    with gemini_server() as gemini:  # the key is shown to it: nothing here may ask Google
        gemini.answer = answer
        done = produced(video, home, told, gemini.url)

    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert done.returncode == 0, done.stderr.decode()
    assert b"was not remembered" in done.stdout + done.stderr
    assert any(file.name.startswith("prefect.db") for file in files)
    assert any(f"produce {video.name}".encode() in file.read_bytes() for file in files if "prefect.db" in file.name)
    assert {str(file): found for file in files if (found := hits(file.read_bytes(), *told.values()))} == {}
    assert hits(done.stdout + done.stderr, *told.values()) == []


def produced(video: Path, home: Path, told: dict[str, str], gemini: str) -> "subprocess.CompletedProcess[bytes]":
    """Run the command with a memory that is away, and with its logs."""
    environment = os.environ | told | {
        "OMNI_HOME": str(home),
        "OMNI_OUTPUT": str(home / "output"),
        "OMNI_GEMINI_BASE_URL": gemini,
        "OMNI_WHISPER_FETCH_SECONDS": "0",
        "QDRANT_URL": f"http://user:{told['the password']}@127.0.0.1:1",
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_LOGGING_EXTRA_LOGGERS": "omni,qdrant_client",
        "PREFECT_LOGGING_LEVEL": "INFO",  # what Prefect's client tells below this can't be sent once its server is gone
    }  # fmt: skip
    for name in ("PREFECT_API_URL", "PREFECT_RESULTS_LOCAL_STORAGE_PATH", "the password"):
        environment.pop(name, None)
    brief = ("--min-seconds", "3", "--max-seconds", "8")
    code = "from deployments.cli import main; main()"
    command = [sys.executable, "-c", code, "produce", str(video), *brief, "--verbose"]
    return subprocess.run(command, env=environment, capture_output=True, timeout=300, check=False)
