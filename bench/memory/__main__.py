"""The memory's figures: ``python -m bench.memory [PART …] [--json FILE]``, each part a module beside this one; without any, all."""

import sys
from importlib import import_module
from pathlib import Path

from bench.figures import Figure, report

PARTS = tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_")))


def main() -> None:
    """Run the parts that were asked for, and report all their figures."""
    asked = [argument for argument in sys.argv[1:] if argument in PARTS] or PARTS
    found: list[Figure] = []
    for part in asked:
        print(f"── {part} ──")
        found += import_module(f"bench.memory.{part}").figures()
    report(found)


if __name__ == "__main__":
    main()
