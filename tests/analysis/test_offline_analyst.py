"""The offline analyst as a whole: what an operator gets for a talk, a snippet, a silent film, a second job."""

from itertools import pairwise

import pytest
from talk_builder import Talk, dossier, source, spoken, transcript

from omni.analysis.offline import REVISION, OfflineAnalyst
from omni.analysis.paging import page_of
from omni.contracts import (
    Analysis,
    Brief,
    Curve,
    Dossier,
    Footage,
    Loudness,
    Precedents,
    Shot,
    Span,
    Transcript,
    Word,
)
from omni.errors import NothingToClip

TALK = "\n\n".join(
    f"""Why is the {thing} so {quality}?
Most people never look at a {thing} for longer than a second.
In 19{n}0 a {trade} from the north counted {n * 7} of them in one street.
Nobody believed the {trade}, but the {thing} was still there the next morning.
That is why every {thing} needs a {trade} with patience."""
    for n, (thing, quality, trade) in enumerate(
        [
            ("harbour", "loud", "captain"),
            ("window", "narrow", "glazier"),
            ("orchard", "quiet", "gardener"),
            ("bridge", "heavy", "mason"),
            ("lantern", "bright", "keeper"),
            ("violin", "small", "luthier"),
        ],
        start=1,
    )
)


def analysed(given: Dossier) -> Analysis:
    return page_of(OfflineAnalyst().analyze(given), given)


def talk(brief: Brief | None = None, used: tuple[Span, ...] = ()) -> Dossier:
    said = spoken(TALK)
    return dossier(transcript(said), said.t + 1, brief=brief, used=used, title="Six things")


def test_engine_names_itself_with_its_revision() -> None:
    assert OfflineAnalyst().engine == f"offline/{REVISION}"
    assert analysed(talk()).engine == OfflineAnalyst().engine


def test_a_talk_gives_four_to_nine_clips_with_reason_evidence_and_their_own_words() -> None:
    given = talk()
    found = analysed(given)
    assert 4 <= len(found.clips) <= 9
    assert found.warnings == ()
    for clip in found.clips:
        assert clip.text.startswith(clip.hook)
        inside = [w.text for w in given.transcript.words if clip.start <= (w.start + w.end) / 2 < clip.end]
        assert clip.text == " ".join(inside)
        assert clip.reason.endswith(".")
        assert any(e.weight > 0 for e in clip.evidence)
        assert clip.title.rstrip("…") in clip.text.replace(".", "")
    assert len({c.title for c in found.clips}) == len(found.clips)


def test_topic_titles_keywords_and_key_sentences_are_said_in_the_talk() -> None:
    given = talk()
    found = analysed(given)
    said = " ".join(w.text for w in given.transcript.words)
    assert 3 <= len(found.titles) <= 5
    assert all(len(t) <= 100 and t in said for t in found.titles)
    assert all(k.casefold() in said.casefold() for k in found.keywords)
    assert all(s in said for s in found.key_sentences)
    assert [said.index(s) for s in found.key_sentences] == sorted(said.index(s) for s in found.key_sentences)
    assert "people" not in found.keywords


def test_a_title_longer_than_a_hundred_characters_is_cut_between_words() -> None:
    said = spoken(" ".join(f"Harbour{i}" for i in range(40)) + ".")
    found = analysed(dossier(transcript(said), said.t + 1, brief=Brief(min_seconds=3)))
    assert len(found.clips[0].title) <= 100
    assert found.clips[0].title.rstrip("…").split()[-1] in found.clips[0].text.split()


def test_the_asked_number_of_clips_is_given_when_it_fits() -> None:
    assert len(analysed(talk(Brief(clips=3))).clips) == 3
    assert len(analysed(talk(Brief(clips=7, min_seconds=8, max_seconds=20))).clips) == 7


def test_fewer_clips_than_asked_come_with_the_reason() -> None:
    found = analysed(talk(Brief(clips=20, min_seconds=20)))
    assert len(found.clips) < 20
    assert any("of 20 clips were found" in w for w in found.warnings)


def test_clips_are_spread_over_the_talk() -> None:
    given = talk()
    middles = sorted((c.start + c.end) / 2 / given.source.duration for c in analysed(given).clips)
    assert middles[0] < 0.35
    assert middles[-1] > 0.65


def test_a_source_below_45_seconds_gives_one_clip() -> None:
    said = spoken("\n\n".join(TALK.split("\n\n")[:1]))
    assert 20 < said.t < 45
    assert len(analysed(dossier(transcript(said), said.t)).clips) == 1


def test_a_source_shorter_than_the_shortest_short_is_taken_whole_with_a_warning() -> None:
    said = spoken("Tell me, is the lord of the universe in?\nYes, he is in a bad mood.")
    found = analysed(dossier(transcript(said), said.t + 0.2))
    (clip,) = found.clips
    assert clip.text == "Tell me, is the lord of the universe in? Yes, he is in a bad mood."
    assert 3 <= clip.length < 15
    assert any("min_seconds" in w for w in found.warnings)


def test_below_three_seconds_there_is_nothing_to_clip() -> None:
    said = spoken("Hello there.")
    with pytest.raises(NothingToClip, match=r"lasts 2\.0 s"):
        analysed(dossier(transcript(said), 2.0))


def test_used_moments_are_replaced_by_others_and_asked_repeats_come_back() -> None:
    first = analysed(talk())
    used = tuple(Span(start=c.start, end=c.end) for c in first.clips[:3])
    second = analysed(talk(used=used))
    assert all(c.overlap(u) <= 0.3 * min(c.length, u.length) for c in second.clips for u in used)
    assert analysed(talk(Brief(repeat=True), used)).clips == first.clips


def test_when_all_is_used_the_error_says_so_and_names_the_way_out() -> None:
    with pytest.raises(NothingToClip, match=r"already used.*repeat"):
        analysed(talk(used=(Span(start=0, end=500),)))


def test_directives_bound_the_times_and_a_time_beyond_the_end_is_explained() -> None:
    clips = analysed(talk(Brief(directives="from 0:30 to 1:40"))).clips
    assert all(c.start >= 29.5 and c.end <= 100.5 for c in clips)
    with pytest.raises(NothingToClip, match="no time before its end"):
        analysed(talk(Brief(directives="after 50:00")))


def test_a_wanted_topic_comes_first_and_a_shunned_one_never() -> None:
    assert "violin" in analysed(talk(Brief(directives="topic: violin", clips=1))).clips[0].text
    assert all("violin" not in c.text for c in analysed(talk(Brief(directives="avoid: violin"))).clips)


def test_only_questions_gives_clips_that_ask() -> None:
    clips = analysed(talk(Brief(directives="only questions"))).clips
    assert all("?" in c.text for c in clips)


def test_directives_that_need_a_model_are_told_back() -> None:
    warnings = analysed(talk(Brief(directives="Make it feel like a thriller"))).warnings
    assert any("Make it feel like a thriller" in w for w in warnings)


def silent(duration: float, *, motion: tuple[float, ...], shots: tuple[float, ...] = ()) -> Dossier:
    borders = (0.0, *shots, duration)
    seen = Footage(
        shots=tuple(Shot(start=a, end=b) for a, b in pairwise(borders)),
        motion=Curve(step=1.0, values=motion),
        engine="test",
    )
    unheard = Transcript(engine="none", word_times="none")
    return Dossier(
        source=source(duration, title="Cup final"),
        transcript=unheard,
        footage=seen,
        precedents=Precedents(),
        brief=Brief(),
    )


def test_without_words_the_moments_are_where_it_moves_and_the_warning_says_how_they_were_found() -> None:
    action = tuple(0.9 if 100 <= t < 125 else 0.1 + 0.0001 * t for t in range(300))
    found = analysed(silent(300, motion=action, shots=(60.0, 101.0, 180.0)))
    best = found.clips[0]
    assert best.overlap(Span(start=100, end=125)) > 0.6 * best.length
    assert 4 <= len(found.clips) <= 9
    assert any("chosen by sound and picture" in w for w in found.warnings)
    assert (best.hook, best.text) == ("", "")
    assert "Cup final" in found.topic
    assert 3 <= len(found.titles) <= 5


def test_sound_without_picture_or_words_is_cut_where_it_is_loud_and_outside_of_speech_regions() -> None:
    levels = tuple(-14.0 if 60 <= t < 90 else -30.0 for t in range(200))
    regions = tuple(Span(start=float(t), end=t + 3.4) for t in range(0, 200, 4))
    heard = Transcript(
        speech=regions,
        loudness=Loudness(integrated_lufs=-20, true_peak_dbtp=None, curve=Curve(step=1.0, values=levels)),
        engine="none",
        word_times="none",
    )
    given = Dossier(
        source=source(200, picture=False),
        transcript=heard,
        footage=Footage(engine="none"),
        precedents=Precedents(),
        brief=Brief(),
    )
    found = analysed(given)
    assert found.clips[0].overlap(Span(start=60, end=90)) > 0.6 * found.clips[0].length
    for clip in found.clips:
        assert not any(r.start + 0.05 < t < r.end - 0.05 for r in regions for t in (clip.start, clip.end))


@pytest.mark.parametrize("noise", [False, True], ids=["speech", "one long noise"])
def test_a_few_words_among_much_speech_tear_nothing_and_noise_is_no_speech(*, noise: bool) -> None:
    """Subtitles of a foreign passage only, or those that end early."""
    regions = (
        (Span(start=0.0, end=199.0),) if noise else tuple(Span(start=float(t), end=t + 3.4) for t in range(0, 200, 4))
    )
    words = tuple(Word(start=t, end=t + 0.5, text="Boxes") for t in (4.2, 4.8, 5.5))
    heard = Transcript(words=words, speech=regions, engine="sidecar", word_times="estimated")
    given = Dossier(
        source=source(200), transcript=heard, footage=Footage(engine="none"), precedents=Precedents(), brief=Brief()
    )
    found = analysed(given)
    assert len(found.clips) >= 4
    edges = [t for clip in found.clips for t in (clip.start, clip.end)]
    assert noise or not any(r.start + 0.05 < t < r.end - 0.05 for r in regions for t in edges)
    assert any(("sound and picture alone" if noise else "Only few of the words") in w for w in found.warnings)


def test_clips_beside_the_asked_subject_are_named_and_a_wish_against_itself_is_told() -> None:
    said = Talk()
    for i in range(60):
        said.say(f"The {i % 7}th captain of ship{i} said that {'cranes' if i < 8 else f'harbour{i}'} cost {i} dollars.")
    asked = Brief(directives="topic: cranes, captain; avoid: captain", clips=4)
    given = dossier(transcript(said), said.t + 1, brief=asked)
    found = page_of(analysed(given), given)
    others = [str(c.number) for c in found.clips if c.start > said.sentences[7].end]
    assert others
    assert any(w.endswith(f"about something else: clip {', '.join(others)}.") for w in found.warnings)
    assert any("“captain” and want to do without" in w for w in found.warnings)
    loose = given.model_copy(update={"brief": Brief(directives="lively, as high as cranes", clips=4)})
    assert not any("about something else" in w for w in page_of(analysed(loose), loose).warnings)


def test_times_that_exclude_each_other_are_called_so() -> None:
    said = spoken("The boxes win in the end.\n" * 30)
    given = dossier(transcript(said), said.t + 1, brief=Brief(directives="after 1:00, before 0:30"))
    with pytest.raises(NothingToClip, match="exclude each other"):
        analysed(given)


def test_a_two_hour_talk_still_gives_four_to_nine_clips() -> None:
    said = Talk()
    for i in range(1700):
        said.say(f"The {i % 37}th captain of ship{i % 91} said that harbour{i % 53} was never so full of box{i % 29}.")
    assert len(said.words) > 20_000
    given = dossier(transcript(said), said.t + 1)
    found = analysed(given)
    assert 4 <= len(found.clips) <= 9
