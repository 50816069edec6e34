"""The page and the picture of the evidence: whole, harmless and small, whatever was said."""

from html.parser import HTMLParser
from xml.etree.ElementTree import fromstring

from omni.contracts import Contender, EvidenceTimeline, EvidenceTrack, Subject
from omni.packaging.charting import Marked, chart
from omni.packaging.evidencing import evidence_page

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</title><script src="https://evil.example/x.js"></script>\x00\x0b & "quoted"'


def timeline(duration: float = 60.0, **changes: object) -> EvidenceTimeline:
    seconds = int(duration)
    facts: dict[str, object] = {
        "duration": duration,
        "tracks": (EvidenceTrack(name="merit", label="best window here", values=(0.5,) * (seconds - 1) + (1.0,)),),
        "subjects": (Subject(start=0, end=duration / 2, title="bread, yeast"),),
        "contenders": (
            Contender(start=5, end=25, score=80, number=1, reason="Opens with a question."),
            Contender(start=30, end=50, score=40, reason="Is dense."),
        ),
    }
    return EvidenceTimeline.model_validate(facts | changes)


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_the_picture_draws_every_window_subject_curve_and_mark_where_it_is() -> None:
    marks = (
        Marked(start=6, end=24, title="the proof", wanted=True),
        Marked(start=40, end=50, title="ad", wanted=False),
    )
    picture = fromstring(chart(timeline(), marks))

    boxes = {box.get("class"): box for box in picture.iter(f"{SVG}rect")}
    assert {"pick", "other", "subject", "good", "bad", "column"} <= boxes.keys()
    pick, other = (float(boxes[kind].get("x", "")) for kind in ("pick", "other"))
    wide = float(boxes["pick"].get("width", ""))
    assert round((other - pick) / wide, 2) == 25 / 20
    assert [t.text for t in picture.iter(f"{SVG}title") if t.text and t.text.startswith("1 ·")] == [
        "1 · 0:05–0:25 · 80 of 100 · Opens with a question."
    ]
    assert len(list(picture.iter(f"{SVG}path"))) == 1


def test_nothing_that_was_said_becomes_markup_or_breaks_the_picture() -> None:
    told = timeline(
        subjects=(Subject(start=0, end=60, title=HOSTILE),),
        contenders=(Contender(start=5, end=25, score=80, number=1, reason=HOSTILE),),
    )
    page = evidence_page(HOSTILE, told)

    fromstring(chart(told))
    assert not [tag for tag, _ in Tags(page).seen if tag == "script"]
    assert not [
        a for _, attributes in Tags(page).seen for a in attributes if a in ("src", "href") or a.startswith("on")
    ]


def test_three_hours_fit_into_what_prefect_keeps() -> None:
    duration = 3 * 3600.0
    names = ("merit", "salience", "hook", "questions", "pace", "reactions", "loudness", "faces", "motion", "shots")
    tracks = tuple(
        EvidenceTrack(name=n, label=n, values=tuple((i * 37 % 101) / 100 for i in range(10_800))) for n in names
    )
    windows = tuple(
        Contender(start=i * 150, end=i * 150 + 40, score=50, number=i + 1 if i < 9 else None, reason="Why? " * 40)
        for i in range(69)
    )
    assert len(chart(timeline(duration, tracks=tracks, contenders=windows))) < 300_000


def test_a_source_of_which_nothing_is_known_has_a_page_too() -> None:
    page = evidence_page("Silence", EvidenceTimeline(duration=0.5))

    assert "Why these moments: Silence" in page
    assert "of the others" not in page
