"""All the evidence on one window, weighed and summed; and the sentence that gives the reason."""

from collections.abc import Callable, Iterable, Sequence
from math import exp, log

from omni.analysis.evidence.asked import asked
from omni.analysis.evidence.courtesy import courtesy
from omni.analysis.evidence.idling import idling
from omni.analysis.evidence.learned import learned
from omni.analysis.evidence.opening import opening
from omni.analysis.evidence.pace import pace
from omni.analysis.evidence.picture import picture
from omni.analysis.evidence.pitch import pitch
from omni.analysis.evidence.sign import Sign
from omni.analysis.evidence.sound import sound
from omni.analysis.evidence.substance import substance
from omni.analysis.evidence.telling import telling
from omni.analysis.evidence.wholeness import wholeness
from omni.analysis.material import Material, Window
from omni.analysis.timeline import Ground
from omni.analysis.weights import WEIGHTS
from omni.contracts import Evidence

KINDS: tuple[Callable[[Window, Material], Iterable[Sign]], ...] = (
    opening, wholeness, pace, substance, telling, idling, courtesy, sound, pitch, picture, asked,
)  # fmt: skip
"""Every kind of evidence on the window itself; a new kind is a new file and a name here."""

_MIDDLE: dict[Ground, float] = {"words": 3.8, "regions": 0.5, "picture": 0.5}
"""The sum of an ordinary window, which scores 50: whole sentences between two pauses; without words, far fewer signs can speak."""
_WIDTH = 1.8
"""Two strong signs above the middle score 75, two below it 25."""
_NAMED = 3
"""Signs that a reason names."""


def evidence_on(window: Window, material: Material) -> tuple[Evidence, ...]:
    """Return what speaks for and against a window, strongest first."""
    signs = _signs(window, material)
    weighed = (Evidence(kind=s.kind, weight=round(s.strength * WEIGHTS[s.kind].value, 3), text=s.text) for s in signs)
    return tuple(sorted(weighed, key=lambda e: (-abs(e.weight), e.kind)))


def merit_of(window: Window, material: Material) -> float:
    """Return the sum of the weighed evidence, without wording it."""
    return sum(sign.strength * WEIGHTS[sign.kind].value for sign in _signs(window, material))


def _signs(window: Window, material: Material) -> list[Sign]:
    """Return all signs on a window, and last what earlier outcomes make of them."""
    signs = [sign for kind in KINDS for sign in kind(window, material)]
    return [*signs, *learned(signs, window, material)]


def score(merit: float, ground: Ground) -> float:
    """Return a sum of evidence as a score, 0–100."""
    return round(100 / (1 + exp(-max(-40.0, min(40.0, (merit - _MIDDLE[ground]) / _WIDTH)))), 1)


def merit_for(score_: float, ground: Ground) -> float:
    """Return the sum of evidence that would give a score: the inverse of :func:`score`, bounded at 1 and 99."""
    share = max(0.01, min(0.99, score_ / 100))
    return _MIDDLE[ground] + _WIDTH * log(share / (1 - share))


def reason_from(evidence: Sequence[Evidence]) -> str:
    """Return one sentence made of the strongest evidence for a clip, and the strongest against it when it weighs."""
    strong = [e.text for e in evidence if e.weight > 0][:_NAMED]
    against = [e.text for e in evidence if e.weight <= -0.5][:1]
    if not strong:
        return "The best that could be found, though it " + (against[0] if against else "has nothing special") + "."
    said = _joined(strong) + (f", though it {against[0]}" if against else "")
    return said[0].upper() + said[1:] + "."


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + ", and " + parts[-1]
