"""Results as people export them, a table or JSON, to outcomes; a row that can't be used is named by its line."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any, cast

from pydantic import ValidationError

from omni.outcomes import FIGURES, ClipOutcome, Outcome, figure_of, objection
from omni.ports import MemoryRecord

COLUMNS = ("job", "strategy_id", "file", "clip", "platform", "date", *FIGURES, "verdict", "reason")
_ALIASES = {
    "strategy": "strategy_id",
    "job_id": "job",
    "filename": "file",
    "on": "date",
    "day": "date",
    "number": "clip",
    "watch_time": "watch_seconds",
    "average_watch_seconds": "watch_seconds",
    "network": "platform",
}
_PLATFORMS = {
    "youtube_shorts": "youtube",
    "shorts": "youtube",
    "reels": "instagram",
    "instagram_reels": "instagram",
    "twitter": "x",
}
_DELIMITERS = ",;\t|"
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d.*)?")
"""A day, as of the hour where one is told."""
_DAY_WITH_POINTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
"""Wherever days are written with points, the day comes first; with strokes it may be the month."""
_NAMED_DELIMITER = re.compile(r"\s*sep=([,;\t|])\s*", re.IGNORECASE)
"""A first line by which Excel is told the delimiter."""
_MOST_ROWS = 100_000


class ResultsUnreadable(ValueError):
    """The file holds no table of results; the message says why."""


@dataclass(frozen=True)
class Row:
    """One row: where it stands in the file, and its filled cells by the names of COLUMNS."""

    line: int
    cells: Mapping[str, str]
    extra: int = 0
    """Cells beyond the last column: a delimiter within a text."""
    unknown: tuple[str, ...] = ()
    """The columns that aren't among COLUMNS, as the file calls them."""


@dataclass(frozen=True)
class Place:
    """The clip that a row is about."""

    workspace: str
    strategy_id: str
    clip: int


@dataclass(frozen=True)
class Fault:
    """Why a row can't be used."""

    line: int
    reason: str


@dataclass(frozen=True)
class Results:
    """What a file says."""

    outcomes: tuple[ClipOutcome, ...]
    faults: tuple[Fault, ...]
    unknown: tuple[str, ...] = ()
    """The columns of which nothing was read, as the file calls them."""


def read_rows(text: str) -> tuple[Row, ...]:
    """Return the rows of a CSV file of any usual delimiter, or of a JSON list of objects; raises ResultsUnreadable."""
    told = text.removeprefix("\ufeff")
    rows = tuple(_from_json(told) if told.lstrip()[:1] in ("[", "{") else _from_table(told))
    if not rows:
        msg = "it holds no rows"
        raise ResultsUnreadable(msg)
    return rows


def results_of(
    rows: Iterable[Row], find: Callable[[Row], Place], clips: Mapping[str, MemoryRecord], today: date
) -> Results:
    """Return the outcomes of rows, and what is wrong with the others.

    ``find`` names the clip of a row and raises ValueError with the reason; ``clips`` are those that the memory holds, by id.
    """
    outcomes: list[ClipOutcome] = []
    faults: list[Fault] = []
    before: dict[tuple[str, date], tuple[int, ClipOutcome]] = {}
    unknown: dict[str, None] = {}
    for row in rows:
        unknown |= dict.fromkeys(row.unknown)
        try:
            if row.extra:
                faults.append(Fault(row.line, f"it has {row.extra} cells more than there are columns"))
                continue
            told = tuple(_checked(row, find(row), clips, today))
            _agreeing(row.line, told, before)
            outcomes += told
        except ValidationError as error:
            faults.append(Fault(row.line, _reason(error)))
        except ValueError as error:
            faults.append(Fault(row.line, str(error)))
    return Results(tuple(outcomes), tuple(faults), tuple(unknown))


def _checked(row: Row, place: Place, clips: Mapping[str, MemoryRecord], today: date) -> Iterator[ClipOutcome]:
    for outcome in _outcomes(row.cells):
        told = ClipOutcome(workspace=place.workspace, strategy_id=place.strategy_id, clip=place.clip, outcome=outcome)
        clip = clips.get(told.clip_id)
        if clip is None or clip.workspace != place.workspace:
            msg = f"the memory of workspace {place.workspace!r} holds no clip {place.clip} of {place.strategy_id}"
            raise ValueError(f"{msg}; it is one of --workspace {clip.workspace}" if clip else msg)
        made_on = clip.created_at.date() if clip.created_at else None
        if wrong := objection(outcome, today, made_on, clip.span.length if clip.span else None):
            raise ValueError(wrong)
        yield told


def _agreeing(line: int, told: Sequence[ClipOutcome], before: dict[tuple[str, date], tuple[int, ClipOutcome]]) -> None:
    """Write down what a line tells; raises ValueError, and writes nothing, when a line before says otherwise of the same thing."""
    for one in told:
        first, same = before.get((one.id, one.outcome.on), (line, one))
        if same != one:
            msg = f"line {first} says otherwise of the same clip{', platform' if one.outcome.platform else ''} and day"
            raise ValueError(msg)
    for one in told:
        before.setdefault((one.id, one.outcome.on), (line, one))


def _outcomes(cells: Mapping[str, str]) -> list[Outcome]:
    """Return what one row tells: figures, a verdict, or both."""
    if "date" not in cells:
        msg = "it has no date"
        raise ValueError(msg)
    on = _day(cells["date"])
    figures = {name: _number(name, cells[name]) for name in FIGURES if name in cells}
    found: list[Outcome] = []
    if figures or "verdict" not in cells:
        platform = re.sub(r"[\s-]+", "_", cells.get("platform", "").casefold())
        named = {"platform": _PLATFORMS.get(platform, platform)} if platform else {}
        found.append(Outcome.model_validate({"on": on, **figures, **named}))
    if "verdict" in cells:
        said = {"verdict": cells["verdict"].casefold(), "reason": cells.get("reason", "")}
        found.append(Outcome.model_validate({"on": on, **said}))
    return found


def _day(text: str) -> date:
    plain, pointed = _DAY.fullmatch(text), _DAY_WITH_POINTS.fullmatch(text)
    try:
        if pointed:
            return date(int(pointed[3]), int(pointed[2]), int(pointed[1]))
        return date.fromisoformat(plain[1] if plain else text)
    except ValueError:
        msg = f"{text!r} is no date; write it as YYYY-MM-DD"
        raise ValueError(msg) from None


def _number(name: str, text: str) -> float:
    number = figure_of(name, text)
    if number is None:
        msg = f"{name} is {text!r}; write it in digits, {'18.5' if name == 'watch_seconds' else '1200'} for one"
        raise ValueError(msg)
    if name != "watch_seconds" and number != int(number):
        msg = f"{name} is {text!r}, which is no whole number"
        raise ValueError(msg)
    return number


def _from_table(text: str) -> Iterator[Row]:
    lines = text.splitlines(keepends=True)
    named = _NAMED_DELIMITER.fullmatch(lines[0]) if lines else None
    first = len(lines[:1]) if named else 0
    header = next((line for line in lines[first:] if line.strip()), "")
    delimiter = named[1] if named else max(_DELIMITERS, key=header.count)
    reader = csv.reader(StringIO("".join(lines[first:])), delimiter=delimiter, strict=True)
    names: Sequence[str] | None = None
    unknown: tuple[str, ...] = ()
    begun = first + 1
    try:
        for cells in reader:
            begun, line = first + reader.line_num + 1, first + reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if names is None:
                names = _named(cells)
                unknown = _unknown(cells, names)
            else:
                yield _row(line, dict(zip(names, cells, strict=False)), unknown, extra=len(cells) - len(names))
    except csv.Error as error:
        msg = f"the row of line {begun} is no CSV: {error}; is a quotation mark left open?"
        raise ResultsUnreadable(msg) from None


def _from_json(text: str) -> Iterator[Row]:
    try:
        told = json.loads(text)
    except ValueError as error:
        msg = f"it is no JSON: {error}"
        raise ResultsUnreadable(msg) from None
    rows = cast("list[Any]", told if isinstance(told, list) else [told])
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            msg = f"entry {number} is no object"
            raise ResultsUnreadable(msg)
        cells = cast("dict[str, Any]", row)
        names = _named(list(cells))
        told = {n: "" if v is None else str(v) for n, v in zip(names, cells.values(), strict=True)}
        yield _row(number, told, _unknown(list(cells), names))


def _named(cells: Sequence[str]) -> list[str]:
    """Return the columns by our names; raises ResultsUnreadable when none says which clip it is."""
    plain = [re.sub(r"[\s_-]+", "_", cell.strip().casefold()) for cell in cells]
    names = [_ALIASES.get(name, name) for name in plain]
    twice = sorted({name for name in names if name in COLUMNS and names.count(name) > 1})
    if twice:
        msg = f"the column {twice[0]} is there twice"
        raise ResultsUnreadable(msg)
    if not {"job", "strategy_id", "file"} & set(names):
        msg = f"no column says which clip a row is about: it needs file, or clip with job or strategy_id (it has {', '.join(plain)[:200]})"
        raise ResultsUnreadable(msg)
    return names


def _unknown(cells: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.strip() for cell, name in zip(cells, names, strict=True) if cell.strip() and name not in COLUMNS)


def _row(line: int, cells: Mapping[str, str], unknown: tuple[str, ...], extra: int = 0) -> Row:
    if line > _MOST_ROWS:
        msg = f"it has more than {_MOST_ROWS} lines"
        raise ResultsUnreadable(msg)
    filled = {name: cell.strip() for name, cell in cells.items() if name in COLUMNS and cell.strip()}
    return Row(line, filled, max(0, extra), unknown)


def _reason(error: ValidationError) -> str:
    told = error.errors()[0]
    where = ".".join(str(part) for part in told["loc"] if part != "outcome")
    said = str(told["msg"]).removeprefix("Value error, ")
    return f"{where}: {said}" if where else said
