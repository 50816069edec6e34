"""What is registered anew when it changes."""

import importlib
from pathlib import Path
from typing import Any, get_args, get_type_hints

import yaml
from pydantic import BaseModel

from deployments.stack.registering import ROOT, SHAPES


def files_of(kind: Any, seen: set[Any]) -> set[Path]:
    """Return the files of ours that hold the models within a type, at any depth."""
    if kind in seen:
        return set()
    seen.add(kind)
    inner = [part for part in get_args(kind) if not isinstance(part, str)]
    found = set[Path]()
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        file = importlib.import_module(kind.__module__).__file__
        assert file
        found.add(Path(file))
        inner += [field.annotation for field in kind.model_fields.values()]
    return found.union(*(files_of(part, seen) for part in inner if part.__hash__))


def test_every_file_that_holds_a_parameter_of_a_deployment_is_looked_at() -> None:
    looked_at = {path for shape in SHAPES for path in ROOT.glob(shape)}
    needed, told = set[Path](), yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    for deployment in told["deployments"]:
        module, _, name = deployment["entrypoint"].rpartition(".")
        hints = get_type_hints(getattr(importlib.import_module(module), name).fn)
        for parameter in hints.keys() - {"return"}:
            needed |= files_of(hints[parameter], set())

    assert ROOT / "omni/outcomes.py" in needed
    assert needed - looked_at == set()
