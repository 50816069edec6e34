"""Plans of edited clips: what a person chose is rendered, and nothing else is."""

from builders import analysis, brief, clip, footage, source, transcript

from omni.analysis.revising import only, revised
from omni.captions.fontbook import FontBook
from omni.captions.looks import look_of
from omni.contracts import Clip, ClipPlan
from omni.encoding.planning import Dress, Material, plan_clips
from omni.review import ClipEdit, Revision
from omni.writing.limits import text_area

TALK = transcript(("One two three four five six.", 10, 16), ("Seven eight nine ten.", 40, 48))
MATERIAL = Material(source(), TALK, footage())
FONTS = FontBook.scan(system=())
DRESS = Dress(look_of(brief(), text_area(brief()), FONTS), FONTS)
FOUND = analysis(clip(1, 10, 16.3), clip(2, 40, 48.3))


def plans(
    revision: Revision, made: frozenset[int] = frozenset({1, 2}), found: tuple[Clip, ...] = FOUND.clips
) -> dict[int, ClipPlan]:
    shown = only(revised(FOUND, revision, TALK, 120), made)
    return {p.number: p for p in plan_clips(MATERIAL, shown, brief(), dress=DRESS, revision=revision, found=found)}


def test_an_edit_of_one_clip_leaves_the_plan_of_the_other_to_the_byte() -> None:
    before = plans(Revision())

    for edit in (
        ClipEdit(clip=1, start=11.2, end=47),
        ClipEdit(clip=1, title="Another"),
        ClipEdit.model_validate({"clip": 1, "captions": [{"first": 0, "last": 2, "text": "Uno"}]}),
    ):
        after = plans(Revision().edited(edit))
        assert after[1].digest() != before[1].digest()
        assert after[2].digest() == before[2].digest()


def test_posts_and_dropped_neighbours_render_nothing_anew() -> None:
    post = ClipEdit.model_validate({"clip": 1, "posts": {"x": {"text": "Mine."}}})

    assert plans(Revision().edited(post)) == plans(Revision())
    assert plans(Revision(), frozenset({2}))[2] == plans(Revision())[2]


def test_captions_say_what_a_person_wrote_and_the_others_stay_where_they_were() -> None:
    edit = ClipEdit.model_validate({"clip": 1, "captions": [{"first": 0, "last": 2, "text": "Uno due"}]})

    before, after = plans(Revision())[1], plans(Revision().edited(edit))[1]

    assert " ".join(cue.text for cue in after.captions.cues).split()[:3] == ["Uno", "due", "three"]
    assert [(cue.start, cue.end) for cue in after.captions.cues] == [
        (cue.start, cue.end) for cue in before.captions.cues
    ]
    assert {check.name: check.passed for check in after.checks} == {check.name: check.passed for check in before.checks}


def test_a_chosen_cut_inside_a_word_is_rendered_and_told() -> None:
    plan = plans(Revision().edited(ClipEdit(clip=1, start=10.5)))[1]

    assert plan.cut.start == 10.5
    assert next(check for check in plan.checks if check.name == "cut inside a word").passed is False


def test_a_title_that_a_person_wrote_is_shown_where_no_other_would_be() -> None:
    silent = analysis(clip(1, 20, 30, hook="", text="", title="talk, 0:20"))
    edit = Revision().edited(ClipEdit(clip=1, title="Look at this"))
    material = Material(source(), transcript(("Far away.", 90, 92)), footage())

    bare, titled = (
        plan_clips(material, revised(silent, said, material.transcript, 120), brief(), dress=DRESS)[0]
        for said in (Revision(), edit)
    )

    assert bare.captions.title is None
    assert titled.captions.title is not None
    assert " ".join(titled.captions.title.lines) == "Look at this"
