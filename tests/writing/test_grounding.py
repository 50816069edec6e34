"""What a post claims has to stand in its evidence."""

import pytest

from omni.writing.grounding import ungrounded

EVIDENCE = (
    "In 1956 Malcom McLean loaded 1,000 boxes for 3.5 million dollars. “Nobody believed us,” he said. "
    "A box that fits every truck changed the world. Jean-Luc paid 24 000 francs."
)


@pytest.mark.parametrize(
    "text",
    [
        "1000 boxes, 1 000 boxes, 1,000 boxes and 1.000 boxes and 1'000",
        "24000 francs and ٢٤٠٠٠",
        "For 3.5 or 3,5 million",
        "It was McLean who did it in 1956",
        "“A box that fits every truck changed the world”",
        "“A box that fits … changed the world.”",
        "He said: “nobody believed us”",
        "Einstein may stand first in a sentence, since nobody can tell",
        "The Whole Headline Wears Capitals Today",
        "盒子改变了世界",
        "What Jean did",
        "That is McLean's box",
    ],
)
def test_what_the_evidence_says_passes(text: str) -> None:
    assert ungrounded(text, EVIDENCE) == ()


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("2000 boxes", ("2000",)),
        ("10 000 boxes", ("10 000",)),
        ("35 million", ("35",)),
        ("For 3.6 million", ("3.6",)),
        ("So said Einstein in 1957", ("1957", "Einstein")),
        ("The great Dr. Smith", ("Dr", "Smith")),
        ("“A box changed everything”", ("A box changed everything",)),
        ("“changed the world … every truck”", ("changed the world … every truck",)),
        ("« Personne ne l'a cru »", (" Personne ne l'a cru ",)),
        ("「世界」", ("世界",)),
        ("Read more on example.com", ("example.com",)),
        ("Ask @mclean or me@box.org", ("box.org", "@mclean", "me@box.org")),
    ],
)
def test_what_the_evidence_does_not_say_is_named(text: str, claims: tuple[str, ...]) -> None:
    assert ungrounded(text, EVIDENCE) == claims


def test_a_german_noun_is_no_name_but_two_capitals_in_a_row_are() -> None:
    evidence = "Wir gießen im Garten."
    assert ungrounded("So sparst du im Sommer viel Wasser", evidence, "de") == ()
    assert ungrounded("Das sagt auch Angela Merkel dazu", evidence, "de") == ("Angela", "Merkel")
    assert ungrounded("So sparst du im Sommer", evidence, "en") == ("Sommer",)


def test_an_address_in_the_evidence_is_supported_and_a_file_name_is_none() -> None:
    assert ungrounded("See example.com", "visit EXAMPLE.com today") == ()
    assert ungrounded("We wrote Node.js and a README.md", "he wrote Node.js with a README.md file") == ()
