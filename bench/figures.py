"""A benchmark's figures: printed with their bars, and as JSON."""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured figure and the bar of TARGETS.md §3."""

    name: str
    value: float
    unit: str
    bar: str
    met: bool


def at_most(name: str, value: float, bar: float, unit: str = "ratio") -> Figure:
    """Return a figure that should not be above its bar."""
    return Figure(name, round(value, 3), unit, f"<= {bar}", value <= bar)


def at_least(name: str, value: float, bar: float, unit: str = "ratio") -> Figure:
    """Return a figure that should not be below its bar."""
    return Figure(name, round(value, 3), unit, f">= {bar}", value >= bar)


def report(figures: list[Figure]) -> None:
    """Print the figures; with ``--json FILE`` also write them."""
    for figure in figures:
        mark = "met" if figure.met else "MISSED"
        print(f"{figure.name:<60} {figure.value:>9.3f} {figure.unit:<6} {figure.bar:<10} {mark}")
    if "--json" in sys.argv:
        target = Path(sys.argv[sys.argv.index("--json") + 1])
        told = {f.name: {k: v for k, v in asdict(f).items() if k != "name"} for f in figures}
        target.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
