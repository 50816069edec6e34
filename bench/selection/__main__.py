"""Which moments are picked, against what was marked by hand and against what costs no thought.

``python -m bench.selection`` reads the talks of ``bench/talks`` aloud on paper: dossiers made of the texts, in five readings that pause at
other places; with ``--unpunctuated`` in small letters and without punctuation, as raw recognition is. ``--audio`` speaks them with
espeak-ng (Debian: ``apt install espeak-ng``) and sends sound and subtitles through the real listening; ``--lively WHERE`` raises the
voice there. ``--scores FILE…`` compares with
people's scores of any video instead; ``--report DIR`` writes a page a talk.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.figures import Figure, at_least, at_most, report
from bench.selection.contest import Reading, Standing, heard, read_on_paper
from bench.selection.livening import WHERE
from bench.selection.opinions import opinion_of, read_scores
from bench.selection.pages import write_page
from bench.selection.scoring import Tally
from bench.selection.scripts import Part, Script, scripts
from omni.wiring import wire

READINGS = 5
PARTS: tuple[Part, ...] = ("tuning", "held-out")


def main() -> None:
    """Pick, count and print."""
    options = _options()
    if options.scores:
        _compare(options)
        return
    standings = {part: Standing() for part in PARTS}
    print(f"{'talk':<10} {'genre':<18} {'language':<8} {'set':<8} {'found':>7} {'on a mark':>10} {'distracted':>11}")
    for script in scripts():
        readings = _readings(script, options)
        if options.report:
            print(write_page(readings[0], options.report))
        own = Standing()
        for reading in readings:
            own.add(reading)
            standings[script.part].add(reading)
        print(
            f"{script.name:<10} {script.genre:<18} {script.language:<8} {script.part:<8} "
            f"{own.ours.hit_rate:>7.0%} {own.ours.aim:>10.0%} {own.ours.distraction:>11.0%}"
        )
    for part, standing in standings.items():
        _print_table(part, standing)
    report([figure for part, standing in standings.items() for figure in _figures(part, standing)])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.selection", description=__doc__)
    parser.add_argument("--readings", type=int, default=READINGS)
    parser.add_argument("--audio", action="store_true")
    parser.add_argument("--lively", choices=WHERE, default="nowhere", help="where the voice is raised")
    parser.add_argument("--unpunctuated", action="store_true")
    parser.add_argument("--report", type=Path, metavar="DIR")
    parser.add_argument("--scores", type=Path, nargs="+", metavar="CSV")
    parser.add_argument("--video", type=Path)
    parser.add_argument("--subtitles", type=Path)
    parser.add_argument("--json")
    options = parser.parse_args()
    if options.scores and not (options.video or options.subtitles):
        parser.error("--scores needs --video FILE, or --subtitles FILE where there is no video")
    return options


def _compare(options: argparse.Namespace) -> None:
    opinion = opinion_of(read_scores(options.scores), wire(), options.video, options.subtitles)
    human = "" if opinion.human_tau is None else f"; one person against the others: {opinion.human_tau:.3f}"
    print(f"{opinion.annotators} annotators; Kendall's tau of our seconds: {opinion.tau:.3f}{human}")
    report(
        [
            at_least("percentile of our windows in people's opinion", opinion.percentile, 0.5),
            at_least("Kendall's tau of our seconds with people's", opinion.tau, 0.0),
        ]
    )


def _readings(script: Script, options: argparse.Namespace) -> Sequence[Reading]:
    if options.audio:
        return [heard(script, wire(), options.lively)]
    numbers = range(options.readings)
    return [read_on_paper(script, n, unpunctuated=options.unpunctuated, lively=options.lively) for n in numbers]


def _print_table(part: Part, standing: Standing) -> None:
    print(f"\n{part:<12}{'marks found':>14}{'95 % of draws':>16}{'on a mark':>12}{'precision':>12}{'distracted':>12}")
    rows = {"ours": standing.ours, "first N": standing.first, "loudest N": standing.loudest}
    for name, tally in rows.items():
        print(_row(name, tally.hit_rate, "", tally.aim, tally.precision, tally.distraction))
    low, high = _interval(standing.chance)
    found, aim, precision, distracted = _means(standing.chance)
    print(_row("random N", found, f"{low:.0%}–{high:.0%}", aim, precision, distracted))


def _row(name: str, found: float, interval: str, aim: float, precision: float, distracted: float) -> str:
    return f"{name:<12}{found:>14.0%}{interval:>16}{aim:>12.0%}{precision:>12.0%}{distracted:>12.0%}"


def _figures(part: Part, standing: Standing) -> Iterator[Figure]:
    ours, whole = standing.ours, standing.whole
    _, high = _interval(standing.chance)
    found, aim, _, distracted = _means(standing.chance)
    yield at_least(f"{part}: marks found, of those that chance misses", (ours.hit_rate - found) / (1 - found), 0.6)
    yield at_least(f"{part}: marks found, above 97.5 % of random draws", ours.hit_rate, round(high, 3))
    yield at_least(f"{part}: seconds on a mark against random", ours.aim / aim, 1.4)
    yield at_most(f"{part}: picks spoilt by a distractor against random", ours.distraction / distracted, 0.5)
    yield at_least(f"{part}: picks that begin with a sentence", whole.starts / whole.windows, 0.95)
    yield at_least(f"{part}: picks that end with a sentence", whole.ends / whole.windows, 0.95)


def _means(draws: Sequence[Tally]) -> tuple[float, float, float, float]:
    rates = [(t.hit_rate, t.aim, t.precision, t.distraction) for t in draws]
    found, aim, precision, distracted = (sum(column) / len(rates) for column in zip(*rates, strict=True))
    return found, aim, precision, distracted


def _interval(draws: Sequence[Tally]) -> tuple[float, float]:
    """Return what 95 of 100 draws lie between."""
    rates = sorted(t.hit_rate for t in draws)
    return rates[int(0.025 * len(rates))], rates[int(0.975 * len(rates))]


if __name__ == "__main__":
    main()
