"""Which clips have something to promise in their first seconds."""

from builders import clip

from omni.contracts import Evidence
from omni.encoding.planning import _titles


def test_a_clip_without_words_shows_no_file_name_as_its_title() -> None:
    assert _titles(clip(title="Montage, 1:00", hook="", text="")) == ()


def test_a_clip_with_words_or_a_model_behind_it_shows_its_title() -> None:
    chosen = Evidence(kind="model", weight=0.5, text="shows a goal")

    assert _titles(clip()) == ("Clip 1", "Why?")
    assert _titles(clip(title="The goal", hook="", text="", evidence=(chosen,))) == ("The goal", "")
