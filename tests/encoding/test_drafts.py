"""A draft is the same Short, drawn quickly and small; the final reuses all but the encode."""

from pathlib import Path

from builders import SHA, analysis, brief, campaign, clip, footage, plan, source, transcript
from fakes.ffmpeg import FakeMedia

from omni.contracts import Dossier, Precedents
from omni.encoding.planning import as_draft
from omni.encoding.rendering import render_short
from omni.memory.records import strategy_id
from omni.packaging.delivering import Parcel, deliver
from tasks.analyze import _key as analysis_key
from tasks.write import _key as campaign_key

DRAFT, FINAL = brief(draft=True, clips=3), brief(clips=3)


def test_a_draft_differs_in_size_and_haste_only() -> None:
    final, draft = plan(), as_draft(plan())

    changed = {name for name in type(final).model_fields if getattr(final, name) != getattr(draft, name)}
    assert changed == {"width", "height", "draft"}
    assert (draft.width, draft.height) == (540, 960)


def test_what_was_found_and_written_for_a_draft_is_used_for_the_final() -> None:
    def dossier(asked: object) -> Dossier:
        return Dossier.model_validate(
            {
                "source": source(), "transcript": transcript(), "footage": footage(), "precedents": Precedents(), "brief": asked,
            }
        )  # fmt: skip

    def writing(asked: object) -> dict[str, object]:
        return {"analysis": analysis(), "precedents": Precedents(), "brief": asked}

    assert analysis_key({"dossier": dossier(DRAFT)}) == analysis_key({"dossier": dossier(FINAL)})
    assert campaign_key(writing(DRAFT)) == campaign_key(writing(FINAL))
    assert strategy_id("default", SHA, DRAFT) == strategy_id("default", SHA, FINAL)
    assert analysis_key({"dossier": dossier(FINAL)}) != analysis_key({"dossier": dossier(brief(clips=4))})


def test_the_gates_of_a_draft_are_those_of_its_size(tmp_path: Path) -> None:
    checks = {
        check.name: check.bar for check in render_short(source(), as_draft(plan()), tmp_path, media=FakeMedia()).checks
    }

    assert checks["picture"].startswith("540×960")
    assert checks["loudness"] == "-14 ± 1 LUFS"


def test_a_draft_is_marked_and_lies_in_no_platforms_folder(tmp_path: Path) -> None:
    short = render_short(source(), as_draft(plan()), tmp_path / "work", media=FakeMedia()).model_copy(
        update={"usable": True}
    )
    parcel = Parcel(
        source=source(), brief=DRAFT, analysis=analysis(clip()), campaign=campaign(), shorts=(short,), engines={}, warnings=()
    )  # fmt: skip

    folder = deliver(parcel, tmp_path / "out", "12345678").output_dir

    videos = [str(path.relative_to(folder)) for path in folder.rglob("*.mp4")]
    assert videos == ["clips/01-clip-1-draft.mp4"]
    assert (folder / "youtube" / "01-clip-1-draft.txt").is_file()
    assert '"draft": true' in (folder / "manifest.json").read_text()
