"""The cuts as CMX 3600 edit decision list: the oldest file that every editing program opens; cuts and names, nothing more.

Written here: the list of OpenTimelineIO's adapter (otio-cmx3600-adapter 1.0) names no sound, and no drop-frame mode.
"""

from omni.ports.editing import CutList, Reel, Take
from omni.timecode import frame_of, smpte

BEGIN = "01:00:00"
"""Where a programme begins by custom, so that something may stand before it."""


def edl(cuts: CutList) -> str:
    """Return all Shorts one behind the other; a ``LOC`` line, at record time, says where each begins."""
    reel = cuts.reel
    mode = "DROP FRAME" if reel.drop_frame else "NON-DROP FRAME"
    lines = [f"TITLE: {cuts.title}", f"FCM: {mode}", ""]
    at, event = frame_of(f"{BEGIN}{';' if reel.drop_frame else ':'}00", reel.fps), 0
    for cut in cuts.cuts:
        for place, take in enumerate(cut.takes):
            event += 1
            lines += [_event(event, take, at, reel), f"* FROM CLIP NAME: {reel.name}"]
            if place == 0:
                lines.append(f"* LOC: {_clock(at, reel)} RED     {cut.name}")
            at += take.frames
    return "\n".join(lines) + "\n"


def _event(number: int, take: Take, at: int, reel: Reel) -> str:
    clocks = (take.first, take.first + take.frames, at, at + take.frames)
    return f"{number:03d}  AX       {_channels(reel):<5} C        {' '.join(_clock(frame, reel) for frame in clocks)}"


def _channels(reel: Reel) -> str:
    sound = {0: "", 1: "A"}.get(reel.channels, "AA")
    if not reel.has_picture:
        return sound
    return {"": "V", "A": "B", "AA": "AA/V"}[sound]


def _clock(frame: int, reel: Reel) -> str:
    return smpte(frame, reel.fps, drop_frame=reel.drop_frame)
