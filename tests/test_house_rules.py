"""Rules of the house that no linter knows."""

import ast
import re
import socket
from importlib import import_module
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PACKAGES = ("omni", "tasks", "flows", "deployments")
STAGES = ("ingest", "listen", "watch", "recall", "analyze", "write", "render", "deliver", "remember")
SENT = {
    "produce": {"video": "/x.mp4", "brief": {"clips": 3}},
    "notify": {"job_id": "00000000-0000-4000-8000-000000000001", "event": "job.failed", "delivery": "msg_1"},
    "learn": {
        "outcomes": [
            {
                "workspace": "default",
                "strategy_id": "00000000-0000-5000-8000-000000000001",
                "clip": 1,
                "outcome": {"on": "2026-11-23", "verdict": "approved"},
                "told_at": "2026-11-23T12:00:00Z",
            }
        ]
    },
}
MODULES = sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))


def functions(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def length(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_holds_two_ideas() -> None:
    long = {str(p.relative_to(ROOT)): n for p in MODULES if (n := len(p.read_text().splitlines())) > 400}

    assert long == {}


def test_no_drawer_is_called_utils() -> None:
    assert [p.name for p in MODULES if p.stem in {"utils", "util", "helpers", "common", "manager", "misc"}] == []


def test_no_test_imports_from_a_conftest() -> None:
    """There are several: which of them the name means depends on the tests that were collected before."""
    imported = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "conftest"
    ]

    assert imported == []


def test_no_two_files_of_tests_have_one_name() -> None:
    """They are no packages: pytest would take the second for the first."""
    names = [path.stem for path in (ROOT / "tests").rglob("test_*.py")]

    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_a_decorated_function_is_short() -> None:
    long = {
        f"{path.stem}.{node.name}": length(node)
        for package, most in (("tasks", 25), ("flows", 60))
        for path in (ROOT / package).glob("*.py")
        for node in functions(path)
        if node.decorator_list and length(node) > most
    }

    assert long == {}


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_has_a_task_of_its_name_and_a_row_in_the_documents(stage: str) -> None:
    pytest.importorskip("prefect")
    task = getattr(import_module(f"tasks.{stage}"), stage)

    assert task.name == stage
    assert f"| {stage} |" in (ROOT / "docs/design.md").read_text()
    assert stage in (ROOT / "README.md").read_text()


@pytest.mark.prefect
def test_every_deployment_loads_and_takes_what_the_door_sends() -> None:
    from prefect.flows import load_flow_from_entrypoint

    told = yaml.safe_load((ROOT / "prefect.yaml").read_text())
    for deployment in told["deployments"]:
        flow = load_flow_from_entrypoint(deployment["entrypoint"], use_placeholder_flow=False)

        assert flow.validate_parameters(SENT[flow.name])


def test_the_readmes_commands_exist() -> None:
    readme, makefile = (ROOT / "README.md").read_text(), (ROOT / "Makefile").read_text()

    for target in re.findall(r"^make (\S+)", readme, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    assert "make test" in (ROOT / ".ci/run").read_text()


@pytest.mark.parametrize(
    "command", sorted(set(re.findall(r"omni (produce|recall|doctor)", (ROOT / "README.md").read_text())))
)
def test_the_readmes_omni_commands_have_a_help_page(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    from deployments.cli import app

    with pytest.raises(SystemExit):
        app([command, "--help"])

    assert f"Usage: omni {command}" in capsys.readouterr().out


def descendants(kind: type) -> list[type]:
    """Return all classes below one."""
    return [found for child in kind.__subclasses__() for found in (child, *descendants(child))]


def test_every_exit_code_is_documented() -> None:
    from omni.errors import OmniError

    for path in (ROOT / "omni/errors").glob("*.py"):
        import_module(f"omni.errors.{path.stem}")
    text = (ROOT / "docs/errors.md").read_text()
    leaves = [kind for kind in descendants(OmniError) if not kind.__subclasses__()]

    for kind in leaves:
        row = next((line for line in text.splitlines() if f"`{kind.code}`" in line), "")
        assert row.startswith(f"| {kind.exit_code} |"), kind.__name__


def test_an_error_survives_a_pickle_with_its_facts() -> None:
    import pickle

    from omni.errors import MediaToolFailed

    error = MediaToolFailed(doing="rendering Short 3", returncode=1, tail="no such filter")

    again = pickle.loads(pickle.dumps(error))

    assert str(again) == str(error)
    assert again.facts == error.facts


@pytest.mark.parametrize("address", ["192.0.2.1", "example.org"])
def test_no_test_speaks_to_another_machine(address: str) -> None:
    with socket.socket() as phone, pytest.raises(OSError, match="this machine only"):
        phone.connect((address, 443))
