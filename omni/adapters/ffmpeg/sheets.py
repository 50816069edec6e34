"""Graphs of the contact sheet: frames of a Short side by side, and the strips of a job one above the other."""

from __future__ import annotations  # the types of ffmpeg-python stand in typings/ only

from collections.abc import Sequence

import ffmpeg

from omni.ports.media import SheetLayout


def strip(video: ffmpeg.Stream, seconds: float, layout: SheetLayout) -> ffmpeg.Stream:
    """Return ``layout.frames`` frames of a Short in a row, evenly spread, with the safe area drawn on each.

    The input must give key frames only, of which there is one in two seconds at least: the whole Short in 0.2 s.
    """
    step = f"{seconds / layout.frames:.4f}"
    left, top, right, bottom = layout.safe_area
    spread = video.filter("select", expr=f"isnan(prev_selected_t)+gt(floor(t/{step}),floor(prev_selected_t/{step}))")
    small = spread.filter("scale", w=layout.frame_width, h=layout.frame_height, flags="area")
    marked = small.filter("drawbox", x=left, y=top, w=right - left, h=bottom - top, color="0xffd400@0.7", thickness=1)
    return marked.filter(
        "tile", layout=f"{layout.frames}x1", nb_frames=layout.frames, padding=layout.gap, margin=layout.gap, color=layout.ground
    )  # fmt: skip


def sheet(strips: Sequence[ffmpeg.Stream], layout: SheetLayout) -> ffmpeg.Stream:
    """Return the strips one above the other with room for words at their left, and the words of the script."""
    column = strips[0] if len(strips) == 1 else ffmpeg.filter(list(strips), "vstack", inputs=len(strips))
    wide = column.filter("pad", w=f"iw+{layout.panel_width}", h="ih", x=layout.panel_width, y=0, color=layout.ground)
    return wide.filter("ass", filename="captions.ass", fontsdir="fonts")
