"""Every picture is resized and becomes limited-range BT.709 in one step, whatever its colours were."""

from __future__ import annotations  # the types of ffmpeg-python stand in typings/ only

import ffmpeg

from omni.contracts import VideoStream

DIFFUSE_WHITE_NITS = 203
"""What a white sheet is on an HDR display (ITU-R BT.2408); it becomes 89 % of the signal, and a grey of 18 % its 42 %."""
PEAK_NITS = 1000
"""The display that HLG is defined on and that most PQ is graded for; what is brighter is white."""
KNEE = 0.5
"""Mobius keeps light below this part of diffuse white as it is, faces included, and rolls off what is above."""

STANDARD_LINES = 576
"""So many lines at most are standard definition, and mean BT.601 where a file doesn't say."""

SCALE_MATRICES = {
    "bt709": "bt709", "smpte170m": "bt601", "bt470bg": "bt601", "fcc": "bt601", "bt2020nc": "bt2020", "bt2020c": "bt2020",
}  # fmt: skip
LIGHT_MATRICES = {
    "bt709": "709", "smpte170m": "170m", "bt470bg": "470bg", "fcc": "fcc", "bt2020nc": "2020_ncl", "bt2020c": "2020_cl",
}  # fmt: skip
PRIMARIES = {"bt709": "709", "bt2020": "2020", "smpte432": "smpte432"}
WIDE = frozenset({"bt2020", "smpte432"})
RGB = ("rgb", "bgr", "gbr", "pal8")


def resized(stream: ffmpeg.Stream, video: VideoStream, width: int, height: int, *, flags: str) -> ffmpeg.Stream:
    """Return the picture at a size in limited-range BT.709: tone-mapped when it is PQ or HLG.

    Colour comes after the resizing, for then there is less of it, and because zscale reads garbage from a 10-bit frame
    that was cropped at an odd pixel (seen on 9.0).
    """
    if video.hdr or video.primaries in WIDE:
        span = _range(video)
        sized = stream.filter("scale", w=width, h=height, flags=flags, in_range=span, out_range=span)
        return _through_light(sized, video)
    return stream.filter("scale", w=width, h=height, flags=flags, **_conversion(video))


def _conversion(video: VideoStream) -> dict[str, str]:
    """Return what ``scale`` must know; nothing when the picture is as it should be."""
    if any(name in video.pixel_format for name in RGB):
        return {"out_color_matrix": "bt709", "out_range": "limited"}
    matrix = SCALE_MATRICES[matrix_of(video)]
    if matrix == "bt709" and not video.full_range:
        return {}
    return {
        "in_color_matrix": matrix, "out_color_matrix": "bt709", "in_range": _range(video), "out_range": "limited",
    }  # fmt: skip


def _through_light(stream: ffmpeg.Stream, video: VideoStream) -> ffmpeg.Stream:
    """Convert primaries, and for HDR brightness too, in linear light."""
    wide = bool(video.hdr)
    transfer = {"pq": "smpte2084", "hlg": "arib-std-b67", None: "709"}[video.hdr]
    linear = stream.filter(
        "zscale", tin=transfer, min=LIGHT_MATRICES["bt2020nc" if wide and not video.matrix else matrix_of(video)],
        pin=PRIMARIES.get(video.primaries or "", "2020"), rin=_range(video), t="linear", npl=DIFFUSE_WHITE_NITS if wide else 100,
    )  # fmt: skip
    narrowed = linear.filter("format", pix_fmts="gbrpf32le").filter("zscale", p="709")
    if wide:
        narrowed = narrowed.filter(
            "tonemap", tonemap="mobius", param=KNEE, peak=round(PEAK_NITS / DIFFUSE_WHITE_NITS, 3), desat=0
        )
    return narrowed.filter("zscale", t="709", m="709", r="limited").filter("format", pix_fmts="yuv420p")


def matrix_of(video: VideoStream) -> str:
    """Return the matrix that a picture is written with, by the convention of every player where it doesn't say."""
    if video.matrix in LIGHT_MATRICES:
        return video.matrix
    return "smpte170m" if video.coded_height <= STANDARD_LINES else "bt709"


def _range(video: VideoStream) -> str:
    return "full" if video.full_range else "limited"
