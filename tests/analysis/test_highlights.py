"""On written talks with marked highlights the picks hit the marks better than first-N and evenly spaced windows do."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from talk_builder import Talk, dossier, spoken, transcript

from omni.analysis.offline import OfflineAnalyst
from omni.contracts import Brief, Dossier, Sentence, Span, Transcript, Word

SAMPLES = Path(__file__).parents[2] / "samples"

BAKERY = """
Good evening and thank you for coming out in this rain.
Before I begin, a word about the fire exits and the coffee.
There are two doors at the back, and the coffee will be ready at nine.

I run a bakery in a small town, as some of you know.
We have a website, and the opening hours are on it.
It was made by a nephew of mine and it is quite nice.

*What is the most expensive ingredient in a loaf of bread?
It is not the flour, and it is not the butter.
It is the 14 hours in which nothing happens.
Factories cut those hours to forty minutes, and that is why you can't digest the bread.

There are several kinds of flour that we order.
Some come on Tuesdays and others come on Fridays.
We keep them on shelves in the room beside the office.
The shelves are from the previous owner, like the sign.

*When I was 22, I burned the whole Christmas order.
Three hundred loaves, black as coal, at four in the morning.
I sat on the floor and cried, and then the doorbell rang.
It was my first customer, and she bought a burned one.
She said: nobody needs a perfect loaf, but everybody needs a baker.
[laughter]

The oven was serviced in March, and the flue was cleaned as well.
We may or may not replace the second mixer during the summer.
It depends on a number of quotes that we are still waiting for.

*Never trust a bread that is still soft after a week.
Real bread goes stale, because real bread was alive.
A loaf with 5 ingredients dies in three days, a loaf with 25 lives forever.
So ask your bread how old it wants to get.
[applause]

That is more or less what is going on at our place.
The leaflets are at the entrance, and there is a list for the newsletter.
Thank you again, and mind the step on your way out.
"""


def hit(spans: Sequence[Span], marks: Sequence[Span]) -> float:
    """Share of the shown seconds that lie within marks."""
    return sum(s.overlap(m) for s in spans for m in marks) / sum(s.length for s in spans)


def found(spans: Sequence[Span], marks: Sequence[Span]) -> float:
    """Share of the marks of which most is shown by one clip."""
    return sum(any(s.overlap(m) > 0.6 * m.length for s in spans) for m in marks) / len(marks)


def first_ones(picks: Sequence[Span]) -> list[Span]:
    """As many windows of the same lengths, one after another from the start."""
    spans, t = list[Span](), 0.0
    for pick in picks:
        spans.append(Span(start=t, end=t + pick.length))
        t += pick.length
    return spans


def even_ones(picks: Sequence[Span], duration: float) -> list[Span]:
    """As many windows of the same lengths, their middles evenly spaced."""
    middles = [duration * (2 * i + 1) / (2 * len(picks)) for i in range(len(picks))]
    return [Span(start=m - p.length / 2, end=m + p.length / 2) for m, p in zip(middles, picks, strict=True)]


def test_picks_of_a_spoken_talk_hit_its_highlights() -> None:
    talk = spoken(BAKERY)
    given = dossier(transcript(talk), talk.t + 1, brief=Brief(clips=3, min_seconds=10, max_seconds=30))
    picks = OfflineAnalyst().analyze(given).clips
    ours = hit(picks, talk.marks)
    assert ours > 0.9
    assert found(picks, talk.marks) == 1.0
    assert ours > 1.5 * hit(first_ones(picks), talk.marks)
    assert ours > 1.5 * hit(even_ones(picks, given.source.duration), talk.marks)


def test_highlights_are_hit_by_words_alone_too() -> None:
    talk = spoken(BAKERY)
    silent_room = dossier(
        transcript(talk, events=(), speech=()), talk.t + 1, brief=Brief(clips=3, min_seconds=10, max_seconds=30)
    )
    picks = OfflineAnalyst().analyze(silent_room).clips
    assert hit(picks, talk.marks) > 0.8


def sample() -> tuple[Dossier, list[Span]]:
    """The sample talk with its true sentence times, the words spread over each sentence."""
    path = SAMPLES / "talk.truth.json"
    if not path.exists():
        pytest.skip("samples/talk.truth.json has not been made")
    truth = json.loads(path.read_text())
    talk = Talk()
    for said in truth["sentences"]:
        tokens, first = said["text"].split(), len(talk.words)
        step = (said["end"] - said["start"]) / len(tokens)
        talk.words += [
            Word(start=said["start"] + i * step, end=said["start"] + (i + 0.95) * step, text=t)
            for i, t in enumerate(tokens)
        ]
        last = len(talk.words)
        talk.sentences.append(Sentence(start=said["start"], end=said["end"], first=first, last=last, text=said["text"]))
    heard: Transcript = transcript(talk)
    shots = tuple(s["start"] for s in truth["shots"][1:])
    marks = [Span(start=h["start"], end=h["end"]) for h in truth["highlights"]]
    return dossier(heard, truth["duration"], shots=shots), marks


def test_picks_of_the_sample_talk_hit_its_highlights() -> None:
    given, marks = sample()
    picks = OfflineAnalyst().analyze(given).clips
    ours = hit(picks, marks)
    assert ours > 0.85
    assert found(picks, marks) >= 4 / len(marks)
    assert ours > hit(first_ones(picks), marks)
    assert ours > hit(even_ones(picks, given.source.duration), marks)
