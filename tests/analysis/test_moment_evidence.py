"""Each kind of evidence speaks when it should, against when it should, and keeps silent otherwise."""

from talk_builder import Talk, dossier, spoken, transcript

from omni.analysis.cuts import cutter_for
from omni.analysis.judgement import KINDS, evidence_on, reason_from, score
from omni.analysis.material import Material, Window, material_of
from omni.analysis.weights import WEIGHTS
from omni.contracts import (
    Brief,
    Curve,
    Evidence,
    FaceBox,
    FaceTrack,
    Footage,
    Loudness,
    Pitch,
    Precedent,
    Precedents,
    Shot,
    Span,
)

TEXT = """
Why does bread rise at all?
Yeast eats the sugar and breathes out.
It takes 12 hours in a cold room.

And that is the whole secret.
My grandfather told me this when I was seven.
He said that nobody can hurry a loaf.
"""


def weighed(material: Material, first: int, last: int) -> dict[str, float]:
    cutter = cutter_for(material.dossier)
    span = cutter.trim(first, last, strict=False)
    assert span is not None
    return {e.kind: e.weight for e in evidence_on(Window(first, last, span), material)}


def material(talk: Talk, brief: Brief | None = None, **changes: object) -> Material:
    given = dossier(transcript(talk, **changes), talk.t + 1, brief=brief or Brief(min_seconds=3))
    return material_of(given, cutter_for(given).timeline)


def test_every_sign_that_can_be_given_stands_in_the_table_with_a_reason() -> None:
    talk = spoken(TEXT)
    kinds = {
        kind for first in range(6) for last in range(first + 1, 7) for kind in weighed(material(talk), first, last)
    }
    assert kinds <= set(WEIGHTS)
    assert all(weight.value >= 0 and weight.why for weight in WEIGHTS.values())


def test_a_question_a_number_and_a_person_in_the_first_seconds_are_hooks() -> None:
    m = material(spoken(TEXT))
    assert weighed(m, 0, 3)["hook.question"] > 0
    assert "hook.question" not in weighed(m, 1, 3)
    assert weighed(m, 2, 4)["hook.number"] > 0
    assert weighed(m, 4, 6)["hook.person"] > 0


def test_an_opener_that_points_back_speaks_against_and_a_sentence_that_stands_alone_for() -> None:
    m = material(spoken(TEXT))
    assert weighed(m, 3, 6)["whole.leaning"] < -1
    assert weighed(m, 1, 3)["whole.start"] > 0


def test_an_answer_without_its_question_and_a_question_without_its_answer_both_count_against() -> None:
    m = material(spoken("Yeast breathes.\nWhy does it rise?\nYeast eats sugar.\nIt breathes out."))
    assert weighed(m, 2, 4)["whole.lost_question"] < 0
    assert weighed(m, 0, 2)["whole.open_end"] < 0


def test_a_clip_that_ends_where_the_speaker_pauses_is_better_than_one_that_stops_before_and() -> None:
    m = material(spoken("Bread is slow.\nBread is alive.\nAnd bread is old.\n\nSalt is quick."))
    assert "whole.continued" in weighed(m, 0, 2)
    assert weighed(m, 0, 3)["whole.end"] > 0


def test_dead_air_counts_unless_the_room_claps_or_something_as_loud_as_the_talk_is_heard() -> None:
    talk = Talk()
    talk.say("Bread is slow and bread is alive.", pause=2.5)
    talk.say("Salt is quick and salt is cheap.")
    assert weighed(material(talk), 0, 2)["pace.dead_air"] < -1
    gap = Span(start=talk.sentences[0].end + 0.1, end=talk.sentences[1].start - 0.1)
    clapping = {"start": gap.start, "end": gap.end, "kind": "applause", "confidence": 0.9}
    assert "pace.dead_air" not in weighed(material(talk, events=(clapping,)), 0, 2)
    loud = Loudness(integrated_lufs=-18, true_peak_dbtp=None, curve=Curve(step=1.0, values=(-18.0,) * 20))
    assert "pace.dead_air" not in weighed(material(talk, loudness=loud), 0, 2)


def test_laughter_after_the_last_word_counts_more_than_laughter_inside() -> None:
    talk = spoken("Bread is slow.\nI am slower.\n[laughter]\nSalt is quick.\nSalt is cheap.\nSalt is old.")
    m = material(talk)
    assert weighed(m, 0, 2)["sound.laughter"] > weighed(m, 0, 4)["sound.laughter"] > 0
    assert "sound.laughter" not in weighed(m, 3, 5)


def melody(talk: Talk, *raised: int, by: float = 4.0) -> Pitch:
    """Pitch as it is in ``talk``: half voiced while something is said, some sentences raised by semitones."""
    count = int(talk.t) + 2
    voiced, excursion = [0.0] * count, [0.0] * count
    for number, sentence in enumerate(talk.sentences):
        for second in range(int(sentence.start), int(sentence.end) + 1):
            voiced[second], excursion[second] = 0.5, by if number in raised else 0.0
    return Pitch(voiced=Curve(step=1.0, values=tuple(voiced)), excursion=Curve(step=1.0, values=tuple(excursion)))


LONG = "\n".join(
    f"The baker lights his old oven with wood and straw at hour {n} of every working day." for n in range(6)
)


def test_a_raised_voice_speaks_for_a_moment_and_a_dropped_one_against() -> None:
    talk = spoken(LONG)
    plain, raised, dropped = (
        material(talk, pitch=melody(talk, *which, by=by)) for which, by in (((), 0.0), ((2, 3), 4.0), ((2, 3), -4.0))
    )
    assert weighed(raised, 2, 4)["pitch.level"] > 0 > weighed(dropped, 2, 4)["pitch.level"]
    assert not {"pitch.level", "pitch.peak"} & {*weighed(raised, 4, 6), *weighed(plain, 2, 4)}
    cutter = cutter_for(raised.dossier)
    span = cutter.trim(2, 4, strict=False)
    assert span is not None
    texts = {e.kind: e.text for e in evidence_on(Window(2, 4, span), raised)}
    assert "semitones above the voice's usual pitch" in texts["pitch.level"]


def test_a_cry_stands_out_of_a_calm_window() -> None:
    talk = spoken(LONG)
    calm = melody(talk)
    second = int(talk.sentences[2].start) + 1
    values = [8.0 if i in (second, second + 1) else v for i, v in enumerate(calm.excursion.values)]
    cried = calm.model_copy(update={"excursion": Curve(step=1.0, values=tuple(values))})
    assert "pitch.peak" in weighed(material(talk, pitch=cried), 1, 4)
    assert "pitch.peak" not in weighed(material(talk, pitch=cried), 4, 6)


def test_what_is_hardly_voiced_or_was_not_measured_has_no_pitch() -> None:
    talk = spoken(LONG)
    loud = melody(talk, 2, 3)
    breath = Pitch(voiced=Curve(step=1.0, values=tuple(0.1 * v for v in loud.voiced.values)), excursion=loud.excursion)
    for pitch in (Pitch(), breath):
        assert not {"pitch.level", "pitch.peak"} & set(weighed(material(talk, pitch=pitch), 2, 4))


def test_courtesies_at_the_edges_count_against() -> None:
    m = material(
        spoken(
            "Thank you and welcome to this evening.\nBread is alive and it is older than any of us here.\nBread is old and nobody ever found out who made it.\nThank you."
        )
    )
    assert weighed(m, 0, 3)["hook.polite"] < -1
    assert weighed(m, 1, 4)["whole.polite_end"] < -1
    assert "hook.polite" not in weighed(m, 1, 3)


def test_what_happened_to_somebody_is_a_story_and_what_one_should_do_is_none() -> None:
    told = material(
        spoken("In 1911 the baker lost his oven.\nHe walked to the river and he asked the miller.\nThe miller said no.")
    )
    advice = material(
        spoken("A baker needs a good oven.\nYou can buy an oven at the river.\nSome ovens are round and warm.")
    )
    german = material(
        spoken("Der Bäcker verlor seinen Ofen.\nEr ging zum Fluss und fragte den Müller.\nDer Müller sagte ihm nein."),
        language="de",
    )
    assert weighed(told, 0, 3)["say.story"] > 1
    assert weighed(german, 0, 3)["say.story"] > 1
    assert "say.story" not in weighed(advice, 0, 3)


def test_chatter_hedges_and_saying_it_again_count_against() -> None:
    idle = material(
        spoken(
            "Okay.\nRight, here we go.\nMaybe the bread, um, is probably bread.\nOh yes.\nThe bread bread bread.\n"
            + "Bread and flour, flour and bread.\n" * 4
        )
    )
    signs = weighed(idle, 0, 9)
    assert signs["idle.chatter"] < 0
    assert signs["idle.hedge"] < 0
    assert signs["idle.again"] < 0
    assert not [kind for kind in weighed(material(spoken(TEXT)), 0, 6) if kind.startswith("idle.")]


def test_an_offer_counts_against() -> None:
    offer = material(spoken("Use the link and get a discount.\nSubscribe to the newsletter.\nBread is old."))
    assert weighed(offer, 0, 2)["say.sells"] < -0.5
    assert "say.sells" not in weighed(offer, 2, 3)


def test_a_list_of_numbers_is_no_evidence_and_a_number_is() -> None:
    m = material(
        spoken("Buses 7, 9, 22 and 14 run at 8, 10 and 12.\nThe oven burned for 300 years and nobody ever put it out.")
    )
    assert weighed(m, 0, 1)["say.numbers"] < 0 < weighed(m, 1, 2)["say.numbers"]


def test_both_ends_of_a_long_recording_count_against_and_a_short_one_has_none() -> None:
    sentences = "\n".join(f"The oven of house {i} is made of stone, clay and old iron." for i in range(60))
    long, brief = material(spoken(sentences)), material(spoken(TEXT))
    assert weighed(long, 0, 3)["place.head"] < 0
    assert weighed(long, 57, 60)["place.tail"] < 0
    assert not [kind for kind in (*weighed(long, 25, 29), *weighed(brief, 0, 6)) if kind.startswith("place.")]


def test_what_the_operator_asked_for_outweighs_and_what_he_shuns_too() -> None:
    wanted = material(spoken(TEXT), Brief(min_seconds=3, directives="topic: grandfather"))
    assert weighed(wanted, 4, 6)["ask.wanted"] >= 2
    shunned = material(spoken(TEXT), Brief(min_seconds=3, directives="avoid: grandfather"))
    assert weighed(shunned, 4, 6)["ask.shunned"] <= -2


def test_faces_and_black_picture_are_seen() -> None:
    talk = spoken(TEXT)
    box = FaceBox(t=0, x=0.4, y=0.2, w=0.1, h=0.2, score=0.9)
    boxes = tuple(box.model_copy(update={"t": float(t)}) for t in range(8))
    end = talk.t + 1
    seen = Footage(
        shots=(Shot(start=0, end=end),),
        tracks=(FaceTrack(shot=0, boxes=boxes),),
        black=(Span(start=9, end=12),),
        engine="t",
    )
    given = dossier(transcript(talk), end, footage=seen, brief=Brief(min_seconds=3))
    m = material_of(given, cutter_for(given).timeline)
    assert weighed(m, 0, 2)["see.faces"] > 0
    assert weighed(m, 3, 6)["see.black"] < 0


def test_a_precedent_is_named_and_not_weighed() -> None:
    talk = spoken(TEXT)
    before = Precedent(
        id="1",
        kind="clip",
        title="Yeast eats sugar",
        text="",
        score=1,
        source_sha256="1" * 64,
        source_title="Other",
        strategy_id="2",
    )
    given = dossier(transcript(talk), talk.t + 1, brief=Brief(min_seconds=3))
    given = given.model_copy(update={"precedents": Precedents(nearest=(before,))})
    m = material_of(given, cutter_for(given).timeline)
    assert weighed(m, 0, 3)["recall.near"] == 0


def test_the_reason_is_one_sentence_that_names_the_strongest_signs_and_the_weightiest_doubt() -> None:
    signs = (
        Evidence(kind="a", weight=1.0, text="opens with a question"),
        Evidence(kind="b", weight=-0.9, text="is long"),
        Evidence(kind="c", weight=0.4, text="names a number"),
    )
    assert reason_from(signs) == "Opens with a question, and names a number, though it is long."
    assert reason_from(()) == "The best that could be found, though it has nothing special."


def test_scores_rise_with_merit_within_0_and_100() -> None:
    scores = [score(m / 2, "words") for m in range(-200, 200)]
    assert scores == sorted(scores)
    assert 0 <= scores[0] < 5 < 95 < scores[-1] <= 100
    assert score(3.8, "words") == 50


def test_every_kind_of_evidence_is_in_use() -> None:
    assert {kind.__name__ for kind in KINDS} == {
        "opening",
        "wholeness",
        "pace",
        "substance",
        "telling",
        "idling",
        "courtesy",
        "sound",
        "pitch",
        "picture",
        "asked",
    }
