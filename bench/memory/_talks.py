"""Talks put together from parts whose traits are known: how a moment opens, what it is about, how long it lasts."""

import random
from dataclasses import dataclass, field
from pathlib import Path

from omni.contracts import Brief, Dossier, Footage, Precedents, Sentence, Source, Span, Transcript, Word

WORDS_A_SECOND = 2.6
OPENINGS = {
    "question": ("Why does a {a} need a {b} at all?", "What happens to the {a} without its {b}?"),
    "number": ("Exactly 40 of 100 people keep a {a} beside the {b}.", "In 1987 the first {a} met 300 kinds of {b}."),
    "contrast": ("The {a} looks simple, but the {b} is not.", "A {a} seems free, yet the {b} costs dearly."),
    "address": ("You know your {a} better than you know your {b}.", "You have seen a {a} and forgot your {b}."),
    "person": ("My mother kept a {a} and I carried the {b}.", "I lost a {a} once and then I lost the {b}."),
    "none": (
        "The {a} in the corner of the yard stood for a long time next to the {b} that the people of the village used.",
        "A {a} of the older kind was usually placed under the {b} whenever the evening came to the house by the river.",
    ),
}
SUBJECTS = {
    "bread": ("loaf", "oven", "flour", "crust", "yeast", "baker"),
    "harbour": ("vessel", "anchor", "crane", "captain", "cargo", "pilot"),
    "garden": ("seedling", "spade", "compost", "orchard", "hedge", "greenhouse"),
    "music": ("violin", "chorus", "rhythm", "conductor", "melody", "trumpet"),
    "sleep": ("pillow", "dream", "midnight", "alarm", "blanket", "snoring"),
    "money": ("ledger", "savings", "interest", "broker", "invoice", "pension"),
}
BODIES = (
    "The {a} was put next to the {b} before the morning came.",
    "Behind the {b} there was another {a} of the same size.",
    "Every evening the {a} was carried over to the {b} by hand.",
    "The {b} was repaired slowly while the {a} waited outside.",
    "After a while the {a} and the {b} were taken away again.",
    "Along the wall the {a} was kept apart from every {b}.",
)
MOMENTS = 14
"""Moments of a talk: five minutes or so, of which five are chosen."""


@dataclass
class _Speech:
    t: float = 0.6
    words: list[Word] = field(default_factory=list[Word])
    sentences: list[Sentence] = field(default_factory=list[Sentence])

    def say(self, line: str, pause: float) -> None:
        first, tokens = len(self.words), line.split()
        for token in tokens:
            length = (len(token) + 2) / 7.5 / WORDS_A_SECOND
            self.words.append(Word(start=round(self.t, 3), end=round(self.t + 0.92 * length, 3), text=token))
            self.t += length
        start, end = self.words[first].start, self.words[-1].end
        self.sentences.append(Sentence(start=start, end=end, first=first, last=len(self.words), text=line))
        self.t = end + pause


def talk(number: int, dice: random.Random) -> Dossier:
    """Return a talk of one or two subjects, as a job would know it; each moment is a paragraph between two pauses."""
    speech, subjects = _Speech(), dice.sample(sorted(SUBJECTS), 2)
    for _ in range(MOMENTS):
        things = SUBJECTS[dice.choice(subjects)]
        opening = dice.choice(sorted(OPENINGS))
        speech.say(_line(dice.choice(OPENINGS[opening]), things, dice), 0.35)
        for _ in range(dice.randint(4, 13)):
            speech.say(_line(dice.choice(BODIES), things, dice), 0.35)
        speech.t += 1.0
    speeches = (Span(start=s.start, end=s.end) for s in speech.sentences)
    transcript = Transcript(
        words=tuple(speech.words), sentences=tuple(speech.sentences), speech=tuple(speeches), language="en", engine="made", word_times="measured",
    )  # fmt: skip
    source = Source(
        path=Path(f"/made/{number}.mp4"), sha256=f"{number:064x}", size_bytes=1, container="mp4", duration=speech.t + 1, video=None, audio=None,
        title=f"Talk {number}",
    )  # fmt: skip
    footage = Footage(engine="none")
    return Dossier(source=source, transcript=transcript, footage=footage, precedents=Precedents(), brief=Brief(clips=5))


def _line(pattern: str, things: tuple[str, ...], dice: random.Random) -> str:
    a, b = dice.sample(things, 2)
    return pattern.format(a=a, b=b)
