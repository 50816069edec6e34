"""What the documents for operators say is what the code does."""

import json
import os
import re
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bench.compose import load
from deployments.cli import app
from omni.notices.signing import secret_of, signed
from omni.settings import Settings

ROOT = Path(__file__).parents[1]
OPERATE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
PATH = os.environ["PATH"]
SECRET = "whsec_YmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtYmVuY2g="


def defaults() -> dict[str, str]:
    """Every variable that the settings read, and its default as a line of `.env` has it; a first alias is the name."""
    found = dict[str, str]()
    for name, field in Settings.model_fields.items():
        variable = str(getattr(field.validation_alias, "choices", [f"OMNI_{name.upper()}"])[0])
        found[variable] = "" if name == "home" else _written(field.default)
    return found


def _written(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case tuple():
            return json.dumps(value)
        case _:
            return str(value)


def rows(text: str) -> dict[str, str]:
    """Variables and defaults of the table of settings."""
    return {
        found[1]: (found[2] or "").strip("`")
        for found in re.finditer(r"^\| `([A-Z_]+)` \| (`[^`]*`)? ?\|", text, re.MULTILINE)
    }


def lines(text: str) -> dict[str, str]:
    """Variables and defaults of .env.example."""
    return dict(re.findall(r"^# ([A-Z][A-Z_]+)=(.*)$", text, re.MULTILINE))


def test_the_table_of_settings_is_the_settings() -> None:
    assert rows(OPERATE) == defaults()


def test_the_example_of_an_env_file_is_the_settings() -> None:
    assert lines(EXAMPLE) == defaults()


def test_every_setting_is_explained() -> None:
    for variable in defaults():
        assert re.search(rf"^\| `{variable}` \|[^|]*\| \S.+ \|$", OPERATE, re.MULTILINE), variable


def test_a_setting_that_is_missing_or_has_another_default_is_noticed() -> None:
    assert rows(OPERATE.replace("| `OMNI_PORT` | `8000` |", "| `OMNI_PORT` | `8001` |")) != defaults()
    assert lines(EXAMPLE.replace("# OMNI_PORT=8000\n", "")) != defaults()


def test_the_example_of_an_env_file_can_be_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in defaults():
        monkeypatch.delenv(variable, raising=False)
    filled = [f"{k}={v}" for k, v in lines(EXAMPLE).items() if v]
    env = tmp_path / ".env"
    env.write_text("\n".join(filled), encoding="utf-8")

    assert Settings(_env_file=env) == Settings(_env_file=None)


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`?\bomni ([a-z][a-z-]+)", OPERATE))))
def test_every_command_that_is_named_exists(command: str) -> None:
    assert command in set(app), command


def test_the_values_that_the_stack_needs_are_made_by_the_commands(tmp_path: Path) -> None:
    made = re.search(r"```sh\n(hex\(\).*?)```", OPERATE, re.DOTALL)
    assert made
    (tmp_path / "deployments").mkdir()
    subprocess.run(["sh", "-ec", made[1]], cwd=tmp_path, check=True)
    env = tmp_path / "deployments" / ".env"
    values = dict(line.split("=", 1) for line in env.read_text(encoding="utf-8").splitlines())

    assert load([ROOT / "deployments" / "compose.yaml"], values)
    assert secret_of(SecretStr(values["OMNI_WEBHOOK_SECRET"]), tmp_path) == values["OMNI_WEBHOOK_SECRET"]
    assert env.stat().st_mode & 0o077 == 0


def test_the_database_is_copied_by_the_command_while_it_is_in_use(tmp_path: Path) -> None:
    command = re.search(r"^python3 -c 'import sqlite3.*$", OPERATE, re.MULTILINE)
    assert command
    (tmp_path / "prefect").mkdir()
    with sqlite3.connect(tmp_path / "prefect" / "prefect.db") as held:
        held.execute("create table jobs (id)")
        held.execute("insert into jobs values (7)")
        held.commit()
        subprocess.run(
            ["sh", "-ec", command[0]], cwd=tmp_path, env={"OMNI_HOME": str(tmp_path), "PATH": PATH}, check=True
        )

    assert sqlite3.connect(tmp_path / "prefect.db").execute("select id from jobs").fetchall() == [(7,)]


def test_every_route_that_is_named_exists() -> None:
    from deployments.api import create_app

    known = {re.sub(r"\{.*?\}", "{}", path) for path in create_app(Settings()).openapi()["paths"]}
    named = {
        re.sub(r"\{.*?\}", "{}", path) for path in re.findall(r"`(?:GET |POST )?(/[a-z]+(?:/[a-z_{}]+)*)`", OPERATE)
    }

    assert len(named) >= 5
    assert named <= known


def test_every_metric_and_every_error_that_is_named_exists() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "deployments").rglob("*.py"))
    code += "".join(p.read_text(encoding="utf-8") for p in (ROOT / "omni" / "errors").glob("*.py"))
    metrics = re.findall(r"`(omni_[a-z_]+)", OPERATE)
    errors = re.findall(r"`([a-z]+_[a-z_]+)`", OPERATE.partition("## When something")[2])

    assert {name for name in metrics if f'"{name.removesuffix("_total")}"' not in code} == set()
    assert {name for name in errors if f'"{name}"' not in code} == set()


def test_the_receivers_example_takes_a_true_event_and_no_other() -> None:
    from standardwebhooks import WebhookVerificationError

    code = re.search(r"```python\n(.*?)```", OPERATE, re.DOTALL)
    assert code
    own: dict[str, Any] = {}
    exec(code[1], own)
    body = b'{"type":"job.completed"}'
    headers = signed(body, "msg_1", SECRET, datetime.now(UTC))

    assert own["event_of"](SECRET, body, headers) == {"type": "job.completed"}
    with pytest.raises(WebhookVerificationError):
        own["event_of"](SECRET, body.replace(b"completed", b"failed"), headers)


def test_links_between_documents_lead_somewhere() -> None:
    for path in (ROOT / "docs").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        headings = {
            re.sub(r"[^a-z0-9 -]", "", h.lower()).replace(" ", "-")
            for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        }
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if target.startswith("#"):
                assert target[1:] in headings, target
            elif "://" not in target:
                assert (path.parent / target.partition("#")[0]).exists(), target
