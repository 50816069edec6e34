"""The sound graph of a Short: stereo, level, limiter, fades, exact length."""

from __future__ import annotations  # the types of ffmpeg-python stand in typings/ only

import ffmpeg

from omni.contracts import ClipPlan

RATE = 48_000
LIMIT_DBFS = -2.0
"""The encoder's overshoot is about 1 dB: −2 dBFS keeps the encoded peak below −1 dBTP (peers' measurement, peers.md)."""
OVERSAMPLED = 192_000
"""A limiter at four times the rate sees the peaks between samples."""
PRIMING_SAMPLES = 1024
"""FFmpeg's AAC encoder starts with one frame of priming; without edit lists a player would play it."""
FADE_IN, FADE_OUT = 0.02, 0.12


def levelled(track: ffmpeg.Stream, gain_db: float, *, measured: bool = False) -> ffmpeg.Stream:
    """Return the track in stereo, raised by ``gain_db`` and limited.

    A track that is only measured isn't oversampled: its loudness is the same to 0.1 LU, in a third of the time.
    """
    stereo = track.filter("aresample", sample_rate=RATE, **{"async": 1, "first_pts": 0}).filter(
        "aformat", sample_rates=RATE, channel_layouts="stereo"
    )
    raised = stereo.filter("volume", volume=f"{gain_db:.2f}dB", precision="float")
    fine = raised if measured else raised.filter("aresample", osr=OVERSAMPLED)
    limited = fine.filter("alimiter", limit=f"{10 ** (LIMIT_DBFS / 20):.4f}", attack=5, release=60, level=0, latency=1)
    limited = limited if measured else limited.filter("aresample", osr=RATE)
    return limited.filter("aformat", sample_fmts="fltp", sample_rates=RATE, channel_layouts="stereo")


def short_sound(track: ffmpeg.Stream | None, plan: ClipPlan, gain_db: float) -> ffmpeg.Stream:
    """Return the finished sound of a Short, as long as its picture; silence when the source has none."""
    length = plan.cut.length
    if track is None:
        return ffmpeg.input(f"anullsrc=r={RATE}:cl=stereo:d={length:.3f}", f="lavfi").audio
    return (
        levelled(track, gain_db)
        .filter("afade", type="in", start_time=0, duration=FADE_IN)
        .filter("afade", type="out", start_time=f"{max(0.0, length - FADE_OUT):.3f}", duration=FADE_OUT)
        .filter("apad", whole_dur=f"{length:.3f}")
        .filter("atrim", start_sample=PRIMING_SAMPLES)
        .filter("asetpts", expr="PTS-STARTPTS")
    )
