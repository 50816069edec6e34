"""The page that shows why these moments were chosen: one file, no script, light and dark."""

from collections.abc import Iterator, Sequence
from html import escape

from omni.contracts import Contender, EvidenceTimeline
from omni.packaging.charting import Marked, chart
from omni.timecode import clock

_OTHERS = 20
"""Windows told in words that weren't chosen; the picture has all."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""The page asks for nothing, whatever somebody said in the source."""

_STYLE = """
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:1.5rem auto;max-width:72rem;padding:0 1rem}
.chart{overflow-x:auto;border:1px solid #8884;border-radius:6px}.chart svg{display:block;min-width:100%}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #8884}td.n{white-space:nowrap}
p.note{opacity:.75}summary{cursor:pointer;margin:1rem 0}
"""


def evidence_page(title: str, timeline: EvidenceTimeline, marks: Sequence[Marked] = ()) -> str:
    """Return a page of HTML; ``marks`` are what a person chose, when that is known."""
    chosen = sorted((c for c in timeline.contenders if c.number is not None), key=lambda c: c.number or 0)
    others = sorted((c for c in timeline.contenders if c.number is None), key=lambda c: -c.score)
    name = escape(title)
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>Why these moments: {name}</title><style>{_STYLE}</style></head><body>",
        f"<h1>Why these moments: {name}</h1>",
        f'<p class="note">{clock(timeline.duration)} of source. Point at a bar to read why. Curves run from 0 to 1.</p>',
        f'<div class="chart">{chart(timeline, marks)}</div>',
        "<h2>Chosen</h2>",
        *_table(chosen),
    ]
    if others:
        told = f"The best {min(_OTHERS, len(others))} of the others"
        parts += [f"<details><summary>{told}</summary>", *_table(others[:_OTHERS]), "</details>"]
    return "\n".join((*parts, "</body></html>\n"))


def _table(windows: Sequence[Contender]) -> Iterator[str]:
    yield "<table><tr><th>#</th><th>from</th><th>to</th><th>score</th><th>why</th></tr>"
    for window in windows:
        cells = (window.number or "", clock(window.start), clock(window.end), f"{window.score:.0f}")
        numbers = "".join(f'<td class="n">{cell}</td>' for cell in cells)
        yield f"<tr>{numbers}<td>{escape(window.reason)}</td></tr>"
    yield "</table>"
