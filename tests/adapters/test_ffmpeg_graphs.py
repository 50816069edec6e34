"""Graphs as argument lists and expressions: decided in microseconds, without running FFmpeg."""

import re
from fractions import Fraction
from pathlib import Path

import ffmpeg
import pytest
from builders import plan, source, video

from omni.adapters.ffmpeg import inputs, picture, sounds
from omni.adapters.ffmpeg.paths import camera_path, kept_frames, piecewise_linear
from omni.contracts import CameraKey, ClipPlan, Fades, Framing, Segment, Source, Span
from omni.ports.media import Mix


def graph_of(made: ClipPlan, given: Source) -> str:
    stream = ffmpeg.input("in")
    arguments = ffmpeg.output(picture.short_picture(stream, given, made), "out").get_args()
    return arguments[arguments.index("-filter_complex") + 1]


def follow(start: float, end: float, *keys: tuple[float, float]) -> Segment:
    return Segment(start=start, end=end, layout="follow", path=tuple(CameraKey(t=t, x=x, y=0.5) for t, x in keys))


def framing(*segments: Segment) -> Framing:
    return Framing(crop_w=0.31640625, crop_h=1, segments=segments)


def value_at(expression: str, t: float) -> float:
    """Evaluate an FFmpeg expression of our kind."""
    names = {
        "t": t,
        "lt": lambda a, b: a < b,
        "min": min,
        "max": max,
        "clip": lambda x, a, b: min(max(x, a), b),
        "choose": lambda c, a, b: a if c else b,
    }
    return eval(expression.replace("if(", "choose("), {"__builtins__": {}}, names)


@pytest.mark.parametrize(("t", "expected"), [(0, 0), (1, 10), (2, 20), (2.5, 20), (3, 50), (4, 40), (9, 40)])
def test_a_path_is_linear_between_keys_and_jumps_where_two_meet(t: float, expected: float) -> None:
    expression = piecewise_linear([(0, 0), (2, 20), (3, 20), (3, 50), (4, 40)])

    assert value_at(expression, t) == pytest.approx(expected, abs=0.01)


def test_a_still_path_is_a_number() -> None:
    assert piecewise_linear([(0, 5), (9, 5)]) == "5"


def test_a_long_path_is_a_balanced_tree() -> None:
    expression = piecewise_linear([(i, float(i % 7)) for i in range(500)])
    depth = deepest = 0
    for char in expression:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)

    assert deepest < 24
    assert value_at(expression, 123.5) == pytest.approx(4.5)


def test_keys_on_a_line_are_one_piece_even_on_a_slow_curve() -> None:
    line = [(n / 10, 3 + 2.5 * n) for n in range(200)]
    curve = [(n / 10, 0.01 * n * n) for n in range(200)]

    assert "if" not in piecewise_linear(line)
    assert all(value_at(piecewise_linear(curve), t) == pytest.approx(x, abs=0.05) for t, x in curve)


def test_the_longest_split_fits_into_one_argument() -> None:
    """Linux takes 128 KB an argument; two restless faces for 90 s are more keys than any camera needs."""
    restless = tuple(CameraKey(t=n / 5, x=0.3 + 0.1 * (n % 3), y=0.4 + 0.05 * (n % 4)) for n in range(451))
    split = Segment(start=0, end=90, layout="split", path=restless, lower=restless)

    assert len(graph_of(plan(framing=framing(split)), source())) < 131072


def test_a_split_is_two_moving_crops_one_above_the_other() -> None:
    ways = [tuple(CameraKey(t=t, x=x, y=0.4) for t, x in ((0, a), (20, b))) for a, b in ((0.2, 0.3), (0.7, 0.8))]
    split = Segment(start=0, end=20, layout="split", path=ways[0], lower=ways[1], scale=1.2)

    text = graph_of(plan(framing=framing(split)), source())

    # 1.2 × 405 × 360 pixels of the source are each 1080 × 960 of the Short; the coarse crops are a few wider
    assert text.count("crop=h=436:w=490") == 2
    assert text.count("exact=1:h=960:w=1080") == 2
    assert text.count("vstack=inputs=2") == 1


def test_splits_of_two_sizes_are_two_branches() -> None:
    still = (CameraKey(t=0, x=0.5, y=0.5),)
    parts = [
        Segment(start=a, end=b, layout="split", path=still, lower=still, scale=scale)
        for a, b, scale in ((0, 5, 1.0), (5, 20, 1.5))
    ]

    assert "concat=a=0:n=2:v=1" in graph_of(plan(framing=framing(*parts)), source())


def test_a_run_counts_its_times_from_its_own_start() -> None:
    assert camera_path((follow(5, 8, (5, 0.4), (8, 0.6)),), 5.0, Fraction(30)) == [(0.0, 0.4, 0.5), (3.0, 0.6, 0.5)]


@pytest.mark.parametrize(("cut", "frame"), [(2.0, 50), (2.013, 50), (1.993, 50), (2.02, 51), (2.027, 51)])
def test_the_camera_jumps_with_the_frame_that_shows_the_new_shot(cut: float, frame: int) -> None:
    """A picture that falls between two output frames is shown on the nearest one."""
    run = (follow(0, cut, (0, 0.3), (cut, 0.3)), follow(cut, 4, (cut, 0.7), (4, 0.7)))

    expression = piecewise_linear([(t, x) for t, x, _ in camera_path(run, 0.0, Fraction(25))])

    assert value_at(expression, (frame - 1) / 25) == pytest.approx(0.3)
    assert value_at(expression, frame / 25) == pytest.approx(0.7)


def test_one_layout_needs_no_split() -> None:
    text = graph_of(plan(framing=framing(follow(0, 20, (0, 0.5), (20, 0.5)))), source())

    assert "split" not in text
    assert "concat" not in text
    assert text.startswith("[0:0]fps=fps=30:start_time=0")


def test_mixed_layouts_are_cut_on_the_frame_grid_and_joined() -> None:
    made = plan(framing=framing(follow(0, 5, (0, 0.5)), Segment(start=5, end=20, layout="fit")))

    text = graph_of(made, source())

    assert re.search(r"trim=end_frame=150:start_frame=0", text)
    assert re.search(r"trim=start_frame=150", text)
    assert "concat=a=0:n=2:v=1" in text


def test_the_picture_is_cropped_in_two_steps_for_a_gliding_camera() -> None:
    text = graph_of(plan(framing=framing(follow(0, 20, (0, 0.3), (20, 0.7)))), source())

    # 0.3164 × 1280 = 405 pixels of the source are 1080 of the Short; the coarse crop is a few wider
    assert "crop=h=720:w=408" in text
    assert "exact=1:h=1920:w=1080" in text


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (video(), None),
        (video(matrix="smpte170m"), "in_color_matrix=bt601:in_range=limited:out_color_matrix=bt709"),
        (video(matrix=None, coded_height=480), "in_color_matrix=bt601"),
        (video(full_range=True), "in_range=full"),
        (video(hdr="pq"), "tin=smpte2084"),
        (video(hdr="hlg"), "tin=arib-std-b67"),
    ],
)
def test_colour_is_converted_only_where_it_must_be(given: object, expected: str | None) -> None:
    text = graph_of(plan(), source(video=given))

    if expected is None:
        assert "color_matrix" not in text
        assert "zscale" not in text
    else:
        assert expected in text


def test_an_interlaced_source_is_deinterlaced_first() -> None:
    assert graph_of(plan(), source(video=video(interlaced=True))).startswith("[0:0]bwdif=")


def test_an_audio_source_shows_its_wave() -> None:
    assert "showwaves" in graph_of(plan(framing=None), source(video=None))


def test_a_source_without_sound_gets_silence_of_the_right_length() -> None:
    arguments = ffmpeg.output(sounds.short_sound(None, plan(), Mix()), "out").get_args()

    assert arguments[:4] == ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo:d=20.000"]


TIGHT = (Span(start=10, end=12), Span(start=13, end=20), Span(start=24, end=30))


def sound_of(made: ClipPlan, mix: Mix) -> str:
    track = ffmpeg.input("in")["1"]
    arguments = ffmpeg.output(sounds.short_sound(track, made, mix), "out").get_args()
    return arguments[arguments.index("-filter_complex") + 1]


def test_a_tightened_picture_keeps_whole_frames_of_its_pieces() -> None:
    text = graph_of(plan(kept=TIGHT), source())

    assert r"select=expr=if(lt(n\,90)\,if(lt(n\,60)\,1\,0)\,if(lt(n\,300)\,1\,if(lt(n\,420)\,0\,1)))" in text
    assert "setpts=expr=N/((30)*TB)" in text


@pytest.mark.parametrize("count", [2, 3, 7, 60])
def test_the_kept_frames_are_those_of_the_pieces(count: int) -> None:
    made = [Span(start=5 + 2 * i, end=6 + 2 * i) for i in range(count)]
    chosen = compile(kept_frames(made, Fraction(25)).replace("if(", "choose("), "<expression>", "eval")

    names = {"lt": lambda a, b: a < b, "choose": lambda c, a, b: a if c else b}
    kept = [n for n in range(50 * count - 25) if eval(chosen, {"__builtins__": {}}, names | {"n": n})]

    assert kept == [n for n in range(50 * count - 25) if n % 50 < 25]


def test_joined_sound_is_as_long_as_its_pieces() -> None:
    """Every crossfade takes back what its two pieces took more."""
    ranges = sounds.sample_ranges(TIGHT)

    assert ranges[0] == (0, 96_480)
    assert sum(last - first for first, last in ranges) - 2 * sounds.CROSSFADE_SAMPLES == 15 * sounds.RATE
    assert sound_of(plan(kept=TIGHT), Mix()).count("acrossfade") == 2


@pytest.mark.parametrize(("channels", "expected"), [("all", None), ("left", "c0=c0|c1=c0"), ("right", "c0=c1|c1=c1")])
def test_a_dead_channel_is_replaced_by_the_live_one(channels: str, expected: str | None) -> None:
    text = sound_of(plan(), Mix.model_validate({"channels": channels})).replace("\\", "")

    assert (expected in text) if expected else ("pan" not in text)


def test_fades_stand_behind_the_priming_and_before_the_end() -> None:
    text = sound_of(plan(fades=Fades(rise=0.01, fall=0.05)), Mix())

    assert "afade=duration=0.01:start_time=0:type=in" in text
    assert f"afade=duration=0.05:start_time={20 - 1024 / 48000 - 0.05:.4f}:type=out" in text


def test_every_input_is_guarded(tmp_path: Path) -> None:
    file = tmp_path / "-i http: 'x'.mp4"
    file.write_text("x")

    with inputs.opened(file) as descriptor:
        arguments = ffmpeg.output(inputs.guarded_input(descriptor), "out").get_args()

    assert arguments[arguments.index("-i") + 1] == f"file:/dev/fd/{descriptor}"
    assert arguments[arguments.index("-protocol_whitelist") + 1] == "file"
    whitelist = arguments[arguments.index("-format_whitelist") + 1].split(",")
    assert not {"hls", "concat", "dash", "sdp", "image2"} & set(whitelist)
    assert "-max_pixels" in arguments
