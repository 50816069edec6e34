"""The sound of a Short, settled by measuring its cut: which channels, how much gain, how high the peaks."""

from collections.abc import Sequence
from dataclasses import dataclass

from omni.checking.files import LOUDNESS_LUFS, TRUE_PEAK_DBTP
from omni.checking.verdicts import failed
from omni.contracts import Check, ClipPlan, Source
from omni.ports import Media
from omni.ports.media import ChannelLevels, Channels, Encoding, Inspection, Mix

LOUDEST_GAIN_DB = 30.0
"""A voice far from its microphone is at −40 LUFS or a little below; more would only raise the noise of a silent source."""
GAIN_ROUNDS = 5
CLOSE_LUFS = 0.2
ONE_SIDED_DB = 20.0
"""A level difference of 15–20 dB is heard from one loudspeaker only (Rumsey, Spatial Audio, 2001): on one ear, half lost."""
CANCELLED_DB = 15.0
"""Both sides added lose this much only when one is the other turned over: a telephone's one loudspeaker plays nothing."""
LEAST_SLOPE = 0.15
"""Of a gain of 1 dB, a limiter that works hard leaves less than this; steps larger than 6.7 × would overshoot."""
PEAK_MARGIN_DB = 0.3


@dataclass(frozen=True)
class Take:
    """One encoded attempt and its verdicts."""

    mix: Mix
    encoding: Encoding
    inspection: Inspection
    checks: tuple[Check, ...]


def settle_mix(source: Source, plan: ClipPlan, media: Media) -> Mix:
    """Return the mix that brings the Short to −14 LUFS under the limiter; no gain for silence.

    The limiter takes some of the gain back, so the level is measured behind it until it settles.
    """
    if source.audio is None:
        return Mix()
    return levelled(source, plan, media, Mix(channels=choose_channels(media.channel_levels(source, plan.cut))))


def levelled(source: Source, plan: ClipPlan, media: Media, mix: Mix) -> Mix:
    """Return a mix with the gain that brings it to its level."""
    tried: list[tuple[float, float]] = []
    for _ in range(GAIN_ROUNDS):
        heard = media.rehearse(source, plan, mix).integrated_lufs
        if heard is None:
            return mix.model_copy(update={"gain_db": 0.0})
        tried.append((mix.gain_db, heard))
        if abs(heard - LOUDNESS_LUFS) <= CLOSE_LUFS:
            break
        mix = mix.model_copy(update={"gain_db": next_gain(tried)})
        if mix.gain_db == tried[-1][0]:
            break
    return mix


def choose_channels(levels: ChannelLevels | None) -> Channels:
    """Return which channel both sides play: the one that is alive, or the louder of two that cancel each other."""
    if levels is None:
        return "all"
    louder = "left" if levels.left >= levels.right else "right"
    is_one_sided = abs(levels.left - levels.right) >= ONE_SIDED_DB
    is_cancelled = max(levels.left, levels.right) - levels.middle >= CANCELLED_DB
    return louder if is_one_sided or is_cancelled else "all"


def next_gain(tried: Sequence[tuple[float, float]]) -> float:
    """Return the gain to try after (gain, loudness) pairs: the missing decibels over what the last step brought a dB.

    >>> next_gain([(0.0, -24.0)]), next_gain([(0.0, -24.0), (10.0, -19.0)])
    (10.0, 20.0)
    """
    gain, heard = tried[-1]
    slope = 1.0
    if len(tried) > 1 and gain != tried[-2][0]:
        slope = min(1.0, max(LEAST_SLOPE, (heard - tried[-2][1]) / (gain - tried[-2][0])))
    return round(min(LOUDEST_GAIN_DB, gain + (LOUDNESS_LUFS - heard) / slope), 2)


def repaired(source: Source, plan: ClipPlan, media: Media, take: Take) -> Mix | None:
    """Return the mix of a second take when loudness or peak failed; ``None`` when a mix can't mend what failed.

    A peak behind the limiter follows its ceiling, not the gain; under a lower ceiling the gain is settled anew.
    """
    level, peak = take.inspection.integrated_lufs, take.inspection.true_peak_dbtp
    faults, mix = failed(take.checks), take.mix
    better = mix
    if "true peak" in faults and peak is not None:
        ceiling = round(mix.ceiling_dbfs - (peak - TRUE_PEAK_DBTP) - PEAK_MARGIN_DB, 2)
        better = levelled(source, plan, media, mix.model_copy(update={"ceiling_dbfs": ceiling}))
    elif "loudness" in faults and level is not None:
        gain = round(min(LOUDEST_GAIN_DB, mix.gain_db + LOUDNESS_LUFS - level), 2)
        better = mix.model_copy(update={"gain_db": gain})
    return better if better != mix else None
