"""The corpus of hostile texts is what it says: sixty different orders, each of which reaches the dossier."""

from collections import Counter

import pytest
from injections import INJECTIONS, Injection, clean_dossier, injected_dossier, subtitled_dossier

from omni.untrusted.links import handles, links


def test_there_are_sixty_orders_with_a_canary_each_by_four_carriers() -> None:
    assert Counter(i.carrier for i in INJECTIONS) == {"speech": 24, "subtitles": 16, "file_names": 10, "metadata": 10}
    assert len({i.canary for i in INJECTIONS}) == len({(i.carrier, i.name) for i in INJECTIONS}) == 60
    assert all(i.canary in i.text for i in INJECTIONS)


def test_every_pointer_is_one() -> None:
    pointers = [i.pointer for i in INJECTIONS if i.pointer]
    assert len(pointers) >= 8
    assert all(links(p) or handles(p) for p in pointers)


@pytest.mark.parametrize("injection", INJECTIONS, ids=str)
def test_every_order_reaches_the_dossier(injection: Injection) -> None:
    given = injected_dossier(injection)
    transcript, source, precedents = given.transcript, given.source, given.precedents
    said = " ".join(w.text for w in transcript.words)
    told = (said, source.title, source.audio.title or "", *(p.text for p in precedents.nearest))
    assert any(_letters(injection.canary) in _letters(text) for text in told)


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def test_the_clean_twins_say_the_same_words() -> None:
    said, read = clean_dossier().transcript, subtitled_dossier().transcript
    assert [w.text for w in said.words] == [w.text for w in read.words]
    assert len(said.sentences) == 40
