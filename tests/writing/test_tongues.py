"""The language of a post is the one asked for, and is doubted only where it is clearly another."""

import pytest
from writing_analyses import ENGLISH, GARDEN, SLEEP, WIN

from omni.contracts import Brief
from omni.writing.tongues import Tongues, tongues_of

GERMAN = (
    "Warum hat die Kiste gewonnen? Nicht weil sie stark war, sondern weil sich alle darüber einig waren, und weil es am Ende "
    "für jeden besser war."
)


@pytest.mark.parametrize(
    ("heard", "brief", "tongues"),
    [
        ("en", {}, Tongues("en", "en")),
        ("eng", {"posts_language": "deu"}, Tongues("en", "de")),
        (None, {"language": "fr"}, Tongues("fr", "fr")),
        (None, {"posts_language": "fr"}, Tongues(None, "fr")),
        (None, {}, Tongues(None, None)),
    ],
)
def test_codes_of_two_and_three_letters_are_one_language(heard: str | None, brief: dict, tongues: Tongues) -> None:
    found = tongues_of(ENGLISH.model_copy(update={"language": heard}), Brief(**brief))
    assert found == tongues
    assert found.translated is (tongues.wanted != tongues.spoken)


@pytest.mark.parametrize(
    ("text", "wanted", "strayed"),
    [
        (WIN, "en", None),
        (GERMAN, "en", "de"),
        (SLEEP, "en", "zh"),
        (GARDEN, "de", "fr"),
        (" ".join(GERMAN.split()[:19]), "en", None),  # too short to tell
        (SLEEP[:9], "en", "zh"),  # … but for another script
        (f"“{WIN}” Die Kiste.", "de", None),  # what is quoted may be in any language
        (GERMAN, None, None),
        (GERMAN, "sw", None),  # no word list
        ("So why did the box win? It was not because of strength.", "de", "en"),
        (WIN, "sw", "en"),  # … but it is still as it was spoken
    ],
)
def test_a_text_strays_only_when_it_is_clearly_in_another_language(
    text: str, wanted: str | None, strayed: str | None
) -> None:
    assert Tongues("en", wanted).strayed(text) == strayed
