"""The sound graph of a Short: stereo, pieces joined, level, limiter, fades, exact length."""

from __future__ import annotations  # the types of ffmpeg-python stand in typings/ only

import ffmpeg

from omni.contracts import ClipPlan, Span
from omni.ports.media import Mix

RATE = 48_000
OVERSAMPLED = 192_000
"""A limiter at four times the rate sees the peaks between samples."""
PRIMING_SAMPLES = 1024
"""FFmpeg's AAC encoder starts with one frame of priming; without edit lists a player would play it."""
CROSSFADE_SAMPLES = 960
"""20 ms, half of it on each side of a join: as long as a period of the lowest hum, short against a syllable."""


def levelled(track: ffmpeg.Stream, plan: ClipPlan, mix: Mix, *, measured: bool = False) -> ffmpeg.Stream:
    """Return the cut in stereo, joined, raised and limited.

    A track that is only measured isn't oversampled: its loudness is the same to 0.1 LU, in a third of the time.
    """
    joined = spliced(stereo(track, mix), plan)
    raised = joined.filter("volume", volume=f"{mix.gain_db:.2f}dB", precision="float")
    fine = raised if measured else raised.filter("aresample", osr=OVERSAMPLED)
    ceiling = f"{10 ** (mix.ceiling_dbfs / 20):.4f}"
    limited = fine.filter("alimiter", limit=ceiling, attack=5, release=60, level=0, latency=1)
    limited = limited if measured else limited.filter("aresample", osr=RATE)
    return limited.filter("aformat", sample_fmts="fltp", sample_rates=RATE, channel_layouts="stereo")


def small_sound(track: ffmpeg.Stream, seconds: float) -> ffmpeg.Stream:
    """Return the track in mono from t = 0, ``seconds`` long."""
    even = track.filter("aresample", sample_rate=16_000, **{"async": 1, "first_pts": 0})
    return even.filter("aformat", sample_rates=16_000, channel_layouts="mono").filter(
        "apad", whole_dur=f"{seconds:.3f}"
    )


def stereo(track: ffmpeg.Stream, mix: Mix) -> ffmpeg.Stream:
    """Return two channels.

    More than two are folded down by ITU-R BS.775, as FFmpeg does it: centre and surrounds at −3 dB to both sides,
    without the low-frequency channel.
    """
    even = from_start(track).filter("aformat", sample_rates=RATE, channel_layouts="stereo")
    if mix.channels == "all":
        return even
    side = "c0" if mix.channels == "left" else "c1"
    return even.filter("pan", args=f"stereo|c0={side}|c1={side}")


def from_start(track: ffmpeg.Stream) -> ffmpeg.Stream:
    """Return a track at 48 kHz whose first sample is at the cut's start, with silence where samples are missing."""
    return track.filter("aresample", sample_rate=RATE, **{"async": 1, "first_pts": 0})


def sides(track: ffmpeg.Stream) -> ffmpeg.Stream:
    """Return left, right and their sum as three channels, to be measured."""
    return stereo(track, Mix()).filter("pan", args="3.0|c0=c0|c1=c1|c2=0.5*c0+0.5*c1")


def spliced(track: ffmpeg.Stream, plan: ClipPlan) -> ffmpeg.Stream:
    """Return the pieces of a cut one behind the other, crossfaded, exactly as long as their picture.

    Each piece takes half a crossfade more from what is left out beside it, so that joining costs no time.
    """
    if len(plan.pieces) == 1:
        return track
    whole = track.filter("apad", whole_dur=f"{plan.cut.length:.3f}")
    split = whole.filter_multi_output("asplit", len(plan.pieces))
    parts = [
        split.stream(number).filter("atrim", start_sample=first, end_sample=last).filter("asetpts", expr="PTS-STARTPTS")
        for number, (first, last) in enumerate(sample_ranges(plan.pieces))
    ]
    joined = parts[0]
    for part in parts[1:]:
        joined = ffmpeg.filter([joined, part], "acrossfade", nb_samples=CROSSFADE_SAMPLES, curve1="qsin", curve2="qsin")
    return joined


def sample_ranges(pieces: tuple[Span, ...]) -> list[tuple[int, int]]:
    """Return the samples of each piece, counted from the first one's start, with half a crossfade at every join."""
    origin, half = pieces[0].start, CROSSFADE_SAMPLES // 2
    edges = [(round((p.start - origin) * RATE), round((p.end - origin) * RATE)) for p in pieces]
    firsts = [edges[0][0], *(first - half for first, _ in edges[1:])]
    lasts = [*(last + half for _, last in edges[:-1]), edges[-1][1]]
    return list(zip(firsts, lasts, strict=True))


def short_sound(track: ffmpeg.Stream | None, plan: ClipPlan, mix: Mix) -> ffmpeg.Stream:
    """Return the finished sound of a Short, as long as its picture; silence when the source has none."""
    length = plan.length
    if track is None:
        return ffmpeg.input(f"anullsrc=r={RATE}:cl=stereo:d={length:.3f}", f="lavfi").audio
    fades = plan.fades
    return (
        levelled(track, plan, mix)
        .filter("apad", whole_dur=f"{length:.3f}")
        .filter("atrim", start_sample=PRIMING_SAMPLES)
        .filter("asetpts", expr="PTS-STARTPTS")
        .filter("afade", type="in", start_time=0, duration=fades.rise)
        .filter(
            "afade",
            type="out",
            start_time=f"{max(0.0, length - PRIMING_SAMPLES / RATE - fades.fall):.4f}",
            duration=fades.fall,
        )
    )
