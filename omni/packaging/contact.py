"""The contact sheet: every Short of a job on one picture, with its number, score, title, hook and verdict."""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path

from omni.captions.fontbook import FontBook
from omni.contracts import Analysis, Short, Warnings
from omni.errors import MediaToolFailed, MediaToolTimedOut
from omni.packaging.sheetwords import sheet_words
from omni.ports import Media
from omni.ports.media import SheetLayout
from omni.writing.limits import safe_area

REVISION = 1
"""Raise it when the same Shorts should give another sheet."""
FRAMES, FRAME_WIDTH, FRAME_HEIGHT = 5, 180, 320
PANEL_WIDTH = 420
PREVIEW_WIDTH = 1000
log = logging.getLogger("omni.contact")


def sheet_layout() -> SheetLayout:
    """Return the measures of a sheet; the strict safe area of all networks is drawn on its frames."""
    area = safe_area("strict")
    across, down = FRAME_WIDTH / 1080, FRAME_HEIGHT / 1920
    return SheetLayout(
        frames=FRAMES,
        frame_width=FRAME_WIDTH,
        frame_height=FRAME_HEIGHT,
        safe_area=(
            round(area.left * across), round(area.top * down), round(area.right * across), round(area.bottom * down),
        ),
        panel_width=PANEL_WIDTH,
        gap=6,
        ground="0x161a24",
    )  # fmt: skip


def draw_contact_sheet(
    analysis: Analysis, shorts: Sequence[Short], folder: Path, *, media: Media, fonts: FontBook
) -> tuple[Path | None, Warnings]:
    """Return the sheet in ``folder``, drawn unless it is there; one that fails is a warning, for the Shorts are done.

    Beside it stands a preview, ``.jpg``, for those who look from afar.
    """
    layout, clips = sheet_layout(), {clip.number: clip for clip in analysis.clips}
    words = sheet_words([(short, clips[short.number]) for short in shorts], layout, fonts, analysis.language)
    target = folder / f"contact-sheet-{_digest(words.script, shorts)}.png"
    try:
        if not target.is_file():
            strips = [_strip(short, folder, layout, media) for short in shorts]
            media.contact_sheet(strips, words, layout, target)
        if not preview_of(target).is_file():
            media.preview(target, PREVIEW_WIDTH, preview_of(target))
    except (MediaToolFailed, MediaToolTimedOut) as error:
        log.warning("the contact sheet could not be drawn", exc_info=True)
        return None, (f"There is no contact sheet. {error}",)
    return target, ()


def preview_of(sheet: Path) -> Path:
    """Return where the small picture of a sheet stands."""
    return sheet.with_suffix(".jpg")


def _strip(short: Short, folder: Path, layout: SheetLayout, media: Media) -> Path:
    target = folder / f"strip-{short.video.sha256[:16]}-{REVISION}.png"
    if not target.is_file():
        media.strip(short.video.path, short.duration, layout, target)
    return target


def _digest(script: str, shorts: Sequence[Short]) -> str:
    parts = (str(REVISION), script, *(short.video.sha256 for short in shorts))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
