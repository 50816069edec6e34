"""The folder of a job: complete, or not there at all."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from builders import analysis, brief, campaign, clip, plan, source, transcript
from fakes.ffmpeg import FakeMedia

from omni.contracts import Charge, Contender, EvidenceTimeline, Framing, Platform, Segment, Short, Span
from omni.encoding.rendering import render_short
from omni.errors import NoUsableShort
from omni.packaging.delivering import Parcel, deliver, fits

JOB = "12345678-aaaa-bbbb-cccc-000000000000"


def short(folder: Path, number: int = 1, *, usable: bool = True, duration: float = 20.0) -> Short:
    made = render_short(source(), plan(number=number), folder / str(number), media=FakeMedia())
    return made.model_copy(update={"usable": usable, "duration": duration, "warnings": () if usable else ("bad",)})


def parcel(*shorts: Short) -> Parcel:
    numbers = [s.number for s in shorts]
    return Parcel(
        source=source(), brief=brief(), analysis=analysis(*(clip(n) for n in numbers)), campaign=campaign(*numbers),
        shorts=shorts, engines={"analyst": "offline/1"}, warnings=("Mind the gap.",),
    )  # fmt: skip


def tree(folder: Path) -> list[str]:
    return sorted(str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file())


def test_each_platform_gets_the_video_and_its_post(tmp_path: Path) -> None:
    delivery = deliver(parcel(short(tmp_path / "work")), tmp_path / "out", JOB)

    assert delivery.output_dir == tmp_path / "out" / "talk-12345678"
    assert delivery.shorts_count == 1
    assert tree(delivery.output_dir) == sorted(
        [
            *(f"clips/01-clip-1.{kind}" for kind in ("jpg", "mp4", "srt", "vtt")),
            *(f"{p.value}/01-clip-1.{kind}" for p in Platform for kind in ("jpg", "json", "mp4", "txt")),
            "manifest.json",
            "strategy.md",
        ]
    )
    assert (delivery.output_dir / "youtube/01-clip-1.txt").read_text() == "Boxes\n\nText 1\n\n#box\n"


def test_the_contact_sheet_is_delivered_and_stands_in_the_manifest(tmp_path: Path) -> None:
    sheet = tmp_path / "drawn.png"
    sheet.write_bytes(b"picture")

    delivery = deliver(parcel(short(tmp_path / "work")), tmp_path / "out", JOB, sheet)

    told = json.loads(delivery.manifest.path.read_text())["contact_sheet"]
    assert (delivery.output_dir / told["path"]).read_bytes() == b"picture"
    assert told["sha256"] == hashlib.sha256(b"picture").hexdigest()
    assert delivery.contact_sheet is not None
    assert delivery.contact_sheet.path == delivery.output_dir / "contact-sheet.png"


def test_a_job_without_a_contact_sheet_says_so_in_the_manifest(tmp_path: Path) -> None:
    delivery = deliver(parcel(short(tmp_path / "work")), tmp_path / "out", JOB)

    assert json.loads(delivery.manifest.path.read_text())["contact_sheet"] is None
    assert delivery.contact_sheet is None


def test_the_manifest_says_which_layout_is_on_screen_when(tmp_path: Path) -> None:
    segments = [(0, 4, "follow"), (4, 9.5, "follow"), (9.5, 14, "fit"), (14, 20, "follow")]
    framing = Framing(
        crop_w=0.3, crop_h=1, segments=tuple(Segment(start=a, end=b, layout=layout) for a, b, layout in segments)
    )
    made = render_short(source(), plan(framing=framing), tmp_path / "work", media=FakeMedia())

    entry = json.loads(deliver(parcel(made), tmp_path / "out", JOB).manifest.path.read_text())["shorts"][0]

    assert entry["layout"] == "follow+fit"
    assert [(span["start"], span["end"], span["layout"]) for span in entry["layouts"]] == [
        (0, 9.5, "follow"), (9.5, 14, "fit"), (14, 20, "follow"),
    ]  # fmt: skip


def test_the_manifest_has_the_digest_of_every_file(tmp_path: Path) -> None:
    delivery = deliver(parcel(short(tmp_path / "work")), tmp_path / "out", JOB)

    told = json.loads(delivery.manifest.path.read_text())

    assert told["warnings"] == ["Mind the gap."]
    assert (told["cost_usd"], told["charges"]) == (0.0, [])
    for ref in told["shorts"][0]["files"].values():
        data = (delivery.output_dir / ref["path"]).read_bytes()
        assert (ref["sha256"], ref["size_bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))


@pytest.mark.parametrize("usd", [0.31, None], ids=["known", "a price isn't known"])
def test_the_manifest_tells_what_models_were_paid_for(usd: float | None, tmp_path: Path) -> None:
    charge = Charge(role="analyst", model="m", calls=2, input_tokens=9, cached_tokens=4, output_tokens=3, usd=usd)
    paid = replace(parcel(short(tmp_path / "work")), charges=(charge,))

    told = json.loads(deliver(paid, tmp_path / "out", JOB).manifest.path.read_text())

    assert told["cost_usd"] == usd
    assert told["charges"] == [charge.model_dump()]


def test_doing_it_again_gives_the_same_bytes(tmp_path: Path) -> None:
    made = short(tmp_path / "work")
    first = deliver(parcel(made), tmp_path / "out", JOB)
    before = {name: (first.output_dir / name).read_bytes() for name in tree(first.output_dir)}

    second = deliver(parcel(made), tmp_path / "out", JOB)

    assert {name: (second.output_dir / name).read_bytes() for name in tree(second.output_dir)} == before
    assert second == first


def test_an_unfit_short_is_set_apart_and_posted_nowhere(tmp_path: Path) -> None:
    shorts = (short(tmp_path / "work", 1), short(tmp_path / "work", 2, usable=False))

    delivery = deliver(parcel(*shorts), tmp_path / "out", JOB)

    names = tree(delivery.output_dir)
    assert delivery.shorts_count == 1
    assert [n for n in names if "02-clip-2" in n] == [f"rejected/02-clip-2.{k}" for k in ("jpg", "mp4", "srt", "vtt")]


def test_no_usable_short_is_a_failure_that_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NoUsableShort, match="bad"):
        deliver(parcel(short(tmp_path / "work", usable=False)), tmp_path / "out", JOB)

    assert not (tmp_path / "out").exists()


def test_a_failure_half_way_leaves_nothing_under_the_final_name(tmp_path: Path) -> None:
    made = short(tmp_path / "work")
    made.vtt.path.unlink()

    with pytest.raises(FileNotFoundError):
        deliver(parcel(made), tmp_path / "out", JOB)

    assert list((tmp_path / "out").iterdir()) == []


def test_a_short_too_long_for_a_platform_is_not_put_in_its_folder() -> None:
    assert fits(Platform.YOUTUBE, 150)
    assert not fits(Platform.X, 150)


def test_the_cut_in_the_manifest_is_in_source_time(tmp_path: Path) -> None:
    made = short(tmp_path / "work").model_copy(update={"cut": Span(start=10, end=30)})

    told = json.loads(deliver(parcel(made), tmp_path / "out", JOB).manifest.path.read_text())

    assert (told["shorts"][0]["start"], told["shorts"][0]["end"]) == (10, 30)


def test_what_was_said_is_delivered_with_its_times_and_stands_in_the_manifest(tmp_path: Path) -> None:
    said = transcript(("Why boxes?", 0, 1), ("They stack.", 1.5, 2.5))

    delivery = deliver(replace(parcel(short(tmp_path / "work")), transcript=said), tmp_path / "out", JOB)

    told = json.loads(delivery.manifest.path.read_text())["transcript"]
    text = (delivery.output_dir / told["path"]).read_bytes()
    assert told["sha256"] == hashlib.sha256(text).hexdigest()
    assert json.loads(text) == {
        "language": "en",
        "word_times": "measured",
        "words": [[0.0, 0.5, "Why"], [0.5, 1.0, "boxes?"], [1.5, 2.0, "They"], [2.0, 2.5, "stack."]],
        "sentences": [[0, 2], [2, 4]],
    }


def test_why_these_moments_were_chosen_is_delivered_as_the_contract_says_it(tmp_path: Path) -> None:
    why = EvidenceTimeline(duration=120, contenders=(Contender(start=10, end=30, score=80, number=1),))

    delivery = deliver(replace(parcel(short(tmp_path / "work")), evidence=why), tmp_path / "out", JOB)

    told = json.loads(delivery.manifest.path.read_text())["evidence"]
    text = (delivery.output_dir / told["path"]).read_bytes()
    assert told["sha256"] == hashlib.sha256(text).hexdigest()
    assert EvidenceTimeline.model_validate_json(text) == why


def test_a_short_too_large_for_messengers_has_a_small_copy_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omni.encoding.rendering.LARGEST_FOR_MESSENGERS", 10)

    delivery = deliver(parcel(short(tmp_path / "work")), tmp_path / "out", JOB)

    files = json.loads(delivery.manifest.path.read_text())["shorts"][0]["files"]
    assert files["video_small"]["path"] == "clips/01-clip-1-720p.mp4"
    assert (delivery.output_dir / files["video_small"]["path"]).read_text().startswith("small ")
    assert not (delivery.output_dir / "youtube" / "01-clip-1-720p.mp4").exists()
