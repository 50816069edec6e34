"""Gates of TARGETS.md §2 on captions and hook title, decided by the plan."""

from itertools import accumulate
from statistics import median

from omni.captions.faces import sightings
from omni.captions.placing import Scene, covered, has_room
from omni.contracts import Area, Captions, Check, ClipPlan, Cue, Footage, Span, Word

READING_SPEED = 20.0
LINE_CHARACTERS = 24
LINES = 2
TITLE_LINES = 3
HIDDEN = 0.1
"""A caption stands over a face when they share this part of the smaller one, on average: less is a beard's edge, or a
cut within the caption."""
RIM = 22 / 1080
"""The most that a style draws beyond its letters, and a margin, as a part of the picture's width: the box of ``subtitle``."""
LATE_MEDIAN, LATE_P95 = 0.050, 0.125


def caption_checks(plan: ClipPlan, words: list[Word], footage: Footage) -> tuple[Check, ...]:
    """Return the verdicts on the captions of one plan; ``words`` are those of its cut, in source time."""
    captions = plan.captions
    if not captions.cues:
        return ()
    return (
        *_reading(captions),
        _timing(captions, words, plan.cut),
        *(_faces(plan, footage) if captions.script else ()),
        *(_title(captions) if captions.title else ()),
    )


def lateness(captions: Captions, words: list[Word], cut: Span) -> list[float]:
    """Return, for each word with letters, how far from its beginning it is highlighted, in seconds.

    Words of the cut and of the captions are told apart by their place among all letters: the words of both differ where
    long ones were divided and stray signs were joined.
    """
    shown = [word for cue in captions.cues for line in cue.lines for word in line]
    ends = list(accumulate(_letters(word.text) for word in shown))
    found: list[float] = []
    before = 0
    for word in words:
        count = _letters(word.text)
        if count:
            at = next((i for i, end in enumerate(ends) if end > before), None)
            found.append(float("inf") if at is None else abs(shown[at].start - max(0.0, word.start - cut.start)))
        before += count
    return found


def _reading(captions: Captions) -> tuple[Check, ...]:
    speeds = sorted(_characters(cue) / max(cue.length, 0.001) for cue in captions.cues)
    fast = speeds[max(0, round(0.95 * len(speeds)) - 1)]
    widest = max(len(line) for cue in captions.cues for line in cue.text.split("\n"))
    rows = max(len(cue.lines) for cue in captions.cues)
    return (
        Check(
            name="caption reading speed, p95",
            value=f"{fast:.1f} characters/s",
            bar=f"<= {READING_SPEED:.0f}",
            passed=fast <= READING_SPEED,
        ),
        Check(
            name="caption lines",
            value=f"{rows} × {widest} characters",
            bar=f"<= {LINES} × {LINE_CHARACTERS}",
            passed=rows <= LINES and widest <= LINE_CHARACTERS,
        ),
    )


def _timing(captions: Captions, words: list[Word], cut: Span) -> Check:
    off = sorted(lateness(captions, words, cut))
    middle, most = (median(off), off[max(0, round(0.95 * len(off)) - 1)]) if off else (0.0, 0.0)
    return Check(
        name="caption timing",
        value=f"median {middle * 1000:.0f} ms, p95 {most * 1000:.0f} ms off the word",
        bar=f"<= {LATE_MEDIAN * 1000:.0f} ms, <= {LATE_P95 * 1000:.0f} ms",
        passed=middle <= LATE_MEDIAN and most <= LATE_P95,
    )


def _faces(plan: ClipPlan, footage: Footage) -> tuple[Check, ...]:
    """Judge the captions that could have stood beside every face; where none could, nothing is to be judged."""
    faces = sightings(plan.framing, plan.cut, footage, width=plan.width, height=plan.height)
    area = _inner(plan)
    scene = Scene(faces=faces, logo=plan.logo.place if plan.logo else None)
    drawn = [cue for cue in plan.captions.cues if cue.place]
    if not faces or area is None or not drawn:
        return ()
    free = [cue for cue in drawn if cue.place and has_room(cue.place, cue, area, scene)]
    hidden = sum(cue.length for cue in free if cue.place and covered(cue.place, cue, scene) > HIDDEN)
    share = hidden / max(0.001, sum(cue.length for cue in free))
    tight = len(drawn) - len(free)
    return (
        Check(
            name="captions beside the face",
            value=f"over it {share:.0%} of the time" + (f", no room for {tight} of {len(drawn)}" if tight else ""),
            bar="0 % where there is room",
            passed=share < 0.005 if free else None,
        ),
    )


def _inner(plan: ClipPlan) -> Area | None:
    """Return where letters may stand whatever the style draws around them."""
    area, rim = plan.captions.area, round(RIM * plan.width)
    return area and area.model_copy(update={"top": area.top + rim, "bottom": area.bottom - rim})


def _title(captions: Captions) -> tuple[Check, ...]:
    title = captions.title
    if title is None:
        return ()
    met = [c for c in captions.cues if c.place and c.overlap(title) > 0 and c.place.overlap(title.place)]
    return (
        Check(
            name="hook title",
            value=f"{len(title.lines)} lines for {title.length:.1f} s, {'over' if met else 'clear of'} captions",
            bar=f"<= {TITLE_LINES} lines, clear of captions",
            passed=len(title.lines) <= TITLE_LINES and not met,
        ),
    )


def _characters(cue: Cue) -> int:
    return len(cue.text.replace("\n", " "))


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
