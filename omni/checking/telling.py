"""A missed gate in a creator's words: what is to be seen or heard, with the figure and what would be good."""

from omni.contracts import Check

SAID: dict[str, str] = {
    "starts with a sentence": "it begins in the middle of a sentence",
    "ends with a sentence": "it ends in the middle of a sentence",
    "speech begins": "nothing is said for the first {value} (good: {bar})",
    "after the last word": "from the last word to the end it is {value} (good: {bar})",
    "longest dead air": "the longest pause lasts {value} (good: {bar})",
    "shortest shot at an edge": "a shot flashes by beside a cut, for {value} (good: {bar})",
    "face inside the crop": "the face is wholly in the picture {value} of the time (good: {bar})",
    "camera jitter": "the camera trembles: {value} (good: {bar})",
    "camera reversals": "the camera turns back too often: {value} (good: {bar})",
    "camera jumps": "the camera jumps where there is no cut, {value} times",
    "overlap with another Short": "it shares {value} with another Short (good: {bar})",
    "caption reading speed, p95": "captions pass too fast to read: {value} (good: {bar})",
    "caption lines": "the largest caption has {value} (good: {bar})",
    "caption timing": "captions are off their words: {value} (good: {bar})",
    "captions beside the face": "captions stand over a face: {value} (good: {bar})",
    "captions in the safe area": "captions leave the area that the platforms keep free: {value} (good: {bar})",
    "hook title": "the hook title stands in the way: {value} (good: {bar})",
    "loudness": "its loudness is {value} (good: {bar})",
    "true peak": "its loudest peak is {value} (good: {bar})",
    "black frames": "the picture is black where the source isn't: {value}",
    "frozen frames": "the picture stands still where the source doesn't: {value}",
}
"""By the name of the gate; the others, about the file itself, are told by their names."""


def told(check: Check) -> str:
    """Return what a missed gate means, without a full stop."""
    if check.name == "cut inside a word":
        return _torn(check.value)
    bar = check.bar.replace("<=", "at most").replace(">=", "at least")
    return SAID.get(check.name, f"{check.name}: {{value}} (good: {{bar}})").format(value=check.value, bar=bar)


def _torn(words: str) -> str:
    named = [f"“{word.strip('.,;:!?…') or word}”" for word in words.split(", ")]
    return (
        f"the cut falls inside the word {named[0]}"
        if len(named) == 1
        else f"cuts fall inside the words {', '.join(named)}"
    )
