"""A rendered Short against the known truth of its source: time, sound, colour."""

import subprocess
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from makers.shapes import make_disc
from media import BEATS, CUTS, make

from omni.adapters.container import encoded_file
from omni.checking.files import file_checks
from omni.contracts import Area, Brief, CameraKey, Captions, ClipPlan, FileRef, Framing, Logo, Segment, Source, Span
from omni.encoding.mixing import settle_mix
from omni.encoding.rates import short_rate
from omni.ports.media import Stillness
from omni.sourcing.ingesting import ingest
from omni.wiring import wire

pytestmark = pytest.mark.ffmpeg


def opened(name: str, ffmpeg: str, made: Path) -> Source:
    workshop = wire()
    return ingest(make(name, ffmpeg, made).path, workshop.prober, workshop.limits)


def planned(source: Source, start: float, end: float, layout: str = "fit") -> ClipPlan:
    length = end - start
    path = (CameraKey(t=0, x=0.4, y=0.5), CameraKey(t=length, x=0.6, y=0.5)) if layout != "fit" else ()
    lower = path[::-1] if layout == "split" else ()
    lower = tuple(key.model_copy(update={"t": length - key.t}) for key in lower)
    segment = Segment.model_validate({"start": 0, "end": length, "layout": layout, "path": path, "lower": lower})
    framing = Framing(crop_w=0.31640625, crop_h=1.0, segments=(segment,)) if source.video else None
    return ClipPlan(
        number=1, cut=Span(start=start, end=end), framing=framing, captions=Captions(), frame_rate=short_rate(source.video),
        width=540, height=960,
    )  # fmt: skip


def rendered(source: Source, plan: ClipPlan, folder: Path) -> Path:
    media = wire().media
    target = folder / "short.mp4"
    media.render(source, plan, target, mix=settle_mix(source, plan, media))
    return target


def brightness(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        return np.array([frame.to_ndarray(format="gray").mean() for frame in container.decode(video=0)])


def loud_moments(path: Path, rate: int = 48000) -> list[float]:
    """Return when sound begins: where it rises from near silence."""
    with av.open(str(path)) as container:
        sound = np.concatenate([f.to_ndarray().mean(axis=0) for f in container.decode(audio=0)])
    on = np.abs(sound) > 0.2 * np.abs(sound).max()
    moments = np.flatnonzero(on) / rate
    return [float(at) for at, gap in zip(moments, np.diff(moments, prepend=-1.0), strict=True) if gap > 0.5]


def test_flash_and_beep_stay_together_and_where_they_were(ffmpeg: str, made: Path, tmp_path: Path) -> None:
    source = opened("sync", ffmpeg, made)
    plan = planned(source, 0.5, 5.5)
    short = rendered(source, plan, tmp_path)
    frame = float(1 / Fraction(plan.frame_rate))

    light = brightness(short)
    flashes = [i * frame for i in range(1, len(light)) if light[i] - light[i - 1] > 30]

    expected = [beat - 0.5 for beat in BEATS]
    assert flashes == pytest.approx(expected, abs=frame + 0.001)
    assert loud_moments(short) == pytest.approx(expected, abs=frame)
    assert loud_moments(short)[-1] - flashes[-1] == pytest.approx(0, abs=frame)


def test_a_copy_for_messengers_is_smaller_and_shows_and_says_the_same(ffmpeg: str, made: Path, tmp_path: Path) -> None:
    source = opened("sync", ffmpeg, made)
    whole, copy = rendered(source, planned(source, 2.0, 6.0), tmp_path), tmp_path / "small.mp4"

    wire().media.messenger_copy(whole, 4.0, copy)

    first, second = encoded_file(whole), encoded_file(copy)
    changed = {"width": 720, "height": 1280, "size_bytes": second.size_bytes}
    assert second.model_dump() == first.model_dump() | changed
    assert np.abs(brightness(whole) - brightness(copy)).max() < 3
    assert loud_moments(copy) == loud_moments(whole)


@pytest.mark.parametrize("layout", ["fit", "follow", "split"])
def test_a_cut_of_the_source_falls_on_its_frame(layout: str, ffmpeg: str, made: Path, tmp_path: Path) -> None:
    source = opened("cuts", ffmpeg, made)
    plan = planned(source, 1.0, 5.0, layout)
    short = rendered(source, plan, tmp_path)

    with av.open(str(short)) as container:
        pictures = [f.to_ndarray(format="gray").astype(float) for f in container.decode(video=0)]
    changes = np.array([np.abs(a - b).mean() for a, b in pairwise(pictures)])
    rate = float(Fraction(plan.frame_rate))

    for cut in (c - 1.0 for c in CUTS if 1.0 < c < 5.0):
        near = changes[round(cut * rate) - 3 : round(cut * rate) + 2]
        assert int(near.argmax()) == 2


@pytest.mark.parametrize(
    "name",
    [
        "plain", "rotated_90", "anamorphic", "odd_size", "portrait", "tall", "interlaced", "variable_rate_mp4", "hdr_pq",
        "hdr_hlg", "ten_bit", "film_rate", "double_rate", "no_audio", "silent_audio", "surround", "mono_low_rate", "wav",
        "late_video", "webm", "transport_stream", "cover", "name_quotes", "name_newline", "name_dash",
    ],
)  # fmt: skip
def test_every_kind_of_source_gives_a_file_that_passes_its_gates(
    name: str, ffmpeg: str, made: Path, tmp_path: Path
) -> None:
    source = opened(name, ffmpeg, made)
    plan = planned(source, 0.5, 4.5)
    short = rendered(source, plan, tmp_path)
    media = wire().media
    found = media.inspect(short)

    checks = file_checks(
        found, plan, media.caption_extent(plan), Stillness(black=found.stillness.black, frozen=found.stillness.frozen)
    )

    assert [f"{c.name}: {c.value}" for c in checks if c.passed is False] == []


def test_a_logo_stands_in_its_place_in_its_colour(ffmpeg: str, made: Path, tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    subprocess.run(
        [ffmpeg, "-v", "error", "-f", "lavfi", "-i", "color=c=0xE11D48:s=300x120", "-frames:v", "1", str(logo)],
        check=True,
    )
    image = wire().logo(Brief(logo=logo))
    assert image is not None
    assert (image.width, image.height) == (300, 120)
    place = Area(left=300, top=144, right=444, bottom=202)
    file = FileRef(path=image.path, sha256=image.sha256, size_bytes=image.size_bytes)
    source = opened("plain", ffmpeg, made)
    plan = planned(source, 0.5, 4.5).model_copy(update={"logo": Logo(file=file, place=place)})

    with av.open(str(rendered(source, plan, tmp_path))) as container:
        frame = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    red = (np.abs(frame - (0xE1, 0x1D, 0x48)) < 30).all(-1)

    assert red[place.top + 2 : place.bottom - 2, place.left + 2 : place.right - 2].all()
    assert red.sum() == pytest.approx(place.width * place.height, rel=0.06)


def test_the_same_plan_gives_the_same_bytes(ffmpeg: str, made: Path, tmp_path: Path) -> None:
    source = opened("plain", ffmpeg, made)
    plan = planned(source, 0.5, 4.5, "follow")

    first = rendered(source, plan, tmp_path / "a").read_bytes()

    assert rendered(source, plan, tmp_path / "b").read_bytes() == first


@pytest.mark.parametrize("name", ["rotated_90", "rotated_180", "rotated_270"])
def test_a_turned_picture_stands_upright(name: str, ffmpeg: str, made: Path, tmp_path: Path) -> None:
    """It has a red top left and a blue bottom right corner."""
    source = opened(name, ffmpeg, made)
    assert source.video is not None
    short = rendered(source, planned(source, 0.5, 3.5), tmp_path)

    with av.open(str(short)) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(float)
    high = min(960, round(540 * source.video.height / source.video.width))
    wide = round(high * source.video.width / source.video.height)
    top, left = (960 - high) // 2, (540 - wide) // 2
    corner = slice(top + 20, top + 40), slice(left + 20, left + 40)
    opposite = slice(top + high - 40, top + high - 20), slice(left + wide - 40, left + wide - 20)

    assert picture[corner].mean(axis=(0, 1)) == pytest.approx((255, 0, 0), abs=60)
    assert picture[opposite].mean(axis=(0, 1)) == pytest.approx((0, 0, 255), abs=60)


def length_of_middle(line: np.ndarray) -> int:
    """Return the length of the bright run in the middle of a line."""
    dark = np.flatnonzero(~line)
    return int(dark[dark > line.size // 2].min(initial=line.size) - dark[dark < line.size // 2].max(initial=-1) - 1)


@pytest.mark.parametrize("layout", ["fit", "follow"])
@pytest.mark.parametrize(("aspect", "degrees"), [("4/3", 0), ("12/11", 90)])
def test_what_is_round_stays_round(aspect: str, degrees: int, layout: str, ffmpeg: str, tmp_path: Path) -> None:
    source = ingest(make_disc(ffmpeg, tmp_path, aspect, degrees), wire().prober, wire().limits)
    assert source.video is not None
    plan = planned(source, 0.5, 3.5, layout)
    assert plan.framing is not None
    # a 9:16 window in the middle of what a viewer sees
    ratio = source.video.width / source.video.height
    window = {"crop_w": min(1.0, 9 / 16 / ratio), "crop_h": min(1.0, ratio * 16 / 9)}
    middle = tuple(
        s.model_copy(update={"path": tuple(k.model_copy(update={"x": 0.5}) for k in s.path)})
        for s in plan.framing.segments
    )
    framing = plan.framing.model_copy(update={**window, "segments": middle})
    short = rendered(source, plan.model_copy(update={"framing": framing}), tmp_path)

    with av.open(str(short)) as container:
        bright = next(container.decode(video=0)).to_ndarray(format="gray")[:960, :540] > 128

    wide, high = length_of_middle(bright[480]), length_of_middle(bright[:, 270])
    assert 100 < wide == pytest.approx(high, rel=0.02)


@pytest.mark.parametrize(
    ("name", "layout"), [("hdr_pq", "follow"), ("hdr_hlg", "split"), ("ten_bit", "follow"), ("plain", "split")]
)
def test_a_cropped_picture_has_the_colours_of_the_whole_one(
    name: str, layout: str, ffmpeg: str, made: Path, tmp_path: Path
) -> None:
    """A crop at odd pixels once turned 10-bit pictures into garbage."""
    source = opened(name, ffmpeg, made)
    whole = rendered(source, planned(source, 0.5, 4.5, "fit"), tmp_path / "a")
    cropped = rendered(source, planned(source, 0.5, 4.5, layout), tmp_path / "b")

    def saturation(path: Path) -> float:
        with av.open(str(path)) as container:
            pictures = [frame.to_ndarray(format="rgb24").astype(float) for frame in container.decode(video=0)]
        return float(np.mean([np.ptp(p, axis=2).mean() for p in pictures[::10]]))

    assert saturation(cropped) == pytest.approx(saturation(whole), rel=0.5)
