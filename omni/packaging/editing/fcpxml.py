"""The cuts as FCPXML 1.8: an event with a vertical project per Short, for Final Cut Pro and DaVinci Resolve.

Written here: OpenTimelineIO's adapter (otio-fcpx-xml-adapter 1.0) fails on 30000/1001 frames a second, asks ffprobe about
the media and lists each clip twice.
"""

from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from omni.ports.editing import Cut, CutList, Mark, Reel, Take

VERSION = "1.8"
"""The last whose media are an attribute: what is read since 2018, by programs that read later ones too."""
WIDTH, HEIGHT = 1080, 1920
SOURCE, VERTICAL, MEDIA = "r1", "r2", "r3"


def fcpxml(cuts: CutList) -> str:
    """Return the document; marks of words are left out, for they would bury the time line."""
    root = Element("fcpxml", version=VERSION)
    resources, reel = SubElement(root, "resources"), cuts.reel
    frame = _seconds(1 / reel.fps)
    if reel.has_picture:
        size = {"width": str(reel.width), "height": str(reel.height)}
        SubElement(resources, "format", {"id": SOURCE, "frameDuration": frame} | size)
    SubElement(resources, "format", id=VERTICAL, frameDuration=frame, width=str(WIDTH), height=str(HEIGHT))
    SubElement(resources, "asset", _asset(reel))
    event = SubElement(root, "event", name=cuts.title or reel.name)
    for cut in cuts.cuts:
        event.append(_project(cut, reel))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n{tostring(root, encoding="unicode")}\n'


def _asset(reel: Reel) -> dict[str, str]:
    facts = {"id": MEDIA, "name": reel.name, "src": reel.url} | ({"format": SOURCE} if reel.has_picture else {})
    facts |= {"start": _seconds(reel.first / reel.fps), "duration": _seconds(reel.frames / reel.fps)}
    facts |= {"hasVideo": str(int(reel.has_picture)), "hasAudio": str(int(reel.has_sound))}
    if reel.has_sound:
        facts |= {"audioSources": "1", "audioChannels": str(reel.channels), "audioRate": str(reel.sample_rate)}
    return facts


def _project(cut: Cut, reel: Reel) -> Element:
    project = Element("project", name=cut.name)
    length = sum(take.frames for take in cut.takes)
    sequence = SubElement(
        project,
        "sequence",
        format=VERTICAL,
        duration=_seconds(length / reel.fps),
        tcStart="0s",
        tcFormat=_clock(reel),
        audioLayout="stereo",
        audioRate="48k",
    )
    spine, at = SubElement(sequence, "spine"), 0
    for take in cut.takes:
        spine.append(_clip(take, at, cut.name, reel))
        at += take.frames
    return project


def _clip(take: Take, at: int, name: str, reel: Reel) -> Element:
    clip = Element(
        "asset-clip",
        ref=MEDIA,
        name=name,
        offset=_seconds(at / reel.fps),
        start=_seconds(take.first / reel.fps),
        duration=_seconds(take.frames / reel.fps),
        tcFormat=_clock(reel),
    )
    notes = [mark for mark in take.marks if mark.kind == "short"]
    for mark in notes[:1]:
        SubElement(clip, "note").text = mark.comment
    for mark in notes:
        SubElement(clip, "marker", _marker(mark, reel))
    return clip


def _marker(mark: Mark, reel: Reel) -> dict[str, str]:
    span = {"start": _seconds(mark.first / reel.fps), "duration": _seconds(mark.frames / reel.fps)}
    return span | {"value": mark.text, "note": mark.comment}


def _clock(reel: Reel) -> str:
    return "DF" if reel.drop_frame else "NDF"


def _seconds(time: Fraction) -> str:
    """Return a time as FCPXML has it: a fraction of seconds, exact."""
    return f"{time.numerator}s" if time.denominator == 1 else f"{time.numerator}/{time.denominator}s"
