"""Frames of the talk: camera, stage, presenter, slides and audience put together."""

from dataclasses import dataclass

import numpy as np
from maker import slides, stage
from maker.actor import FPS, Actor, Pose
from maker.crowd import draw_crowd
from maker.figure import FLOOR, Figure, draw, face_box
from maker.sculpture import Array
from maker.shots import Shot, drift
from maker.timeline import Timeline

SIZE = (1280, 720)
SCALES = {"wide": 44.0, "medium": 112.0, "close": 168.0}
HEAD_HEIGHT = {"wide": 0.235, "medium": 0.36, "close": 0.44}
"""Where the middle of the head stands in the picture, as a fraction of its height."""


@dataclass(frozen=True)
class Set:
    """Everything that is made once."""

    timeline: Timeline
    actor: Actor
    figure: Figure
    backdrops: dict[str, stage.Backdrop]
    people: list[Array]


def frame(scene: Set, shot: Shot, number: int) -> Array:
    """Return frame ``number`` of the talk, uint8 RGB."""
    t = number / FPS
    if shot.kind == "slide":
        return slides.slide(shot.slide, (number - shot.first) / (shot.last - shot.first) * 1.05)
    backdrop = scene.backdrops[shot.slide]
    if shot.kind == "audience":
        return _audience(scene, backdrop, t)
    pose = scene.actor.pose(number)
    centre, origin, scale = camera(scene, shot, number, pose)
    picture = stage.view(backdrop.sharp if shot.kind == "wide" else backdrop.soft, centre, scale, SIZE)
    if shot.kind == "wide":
        floor = origin[1] - FLOOR * scale
        stage.contact(picture, (origin[0], floor), scale)
        draw(picture, scene.figure, pose, origin, scale)
        stage.reflect(picture, floor + 2, 60)
    else:
        draw(picture, scene.figure, pose, origin, scale)
    return picture


def camera(scene: Set, shot: Shot, number: int, pose: Pose) -> tuple[tuple[float, float], tuple[float, float], float]:
    """Return centre (head units), pixel of the presenter's head, and scale; the camera is locked but for a slight drift."""
    scale = SCALES[shot.kind] * (1 + 0.012 * (number - shot.first) / FPS / 8 if shot.kind != "wide" else 1)
    wander = drift(number / FPS) if shot.kind != "wide" else (0.0, 0.0)  # a wide camera stands on a tripod
    middle = scene.actor.pose((shot.first + shot.last) // 2).x
    x = 0.12 * middle if shot.kind == "wide" else middle - (shot.place - 0.5) * SIZE[0] / scale
    y = -(0.5 - HEAD_HEIGHT[shot.kind]) * SIZE[1] / scale
    centre = (x + wander[0], y + wander[1])
    origin = (SIZE[0] / 2 + (pose.x - centre[0]) * scale, SIZE[1] / 2 + centre[1] * scale)
    return centre, origin, scale


def true_face(scene: Set, shot: Shot, number: int) -> tuple[float, float, float, float] | None:
    """Return x, y, w, h of the presenter's face as fractions of the frame; ``None`` where he isn't in the picture."""
    if shot.kind in ("slide", "audience"):
        return None
    pose = scene.actor.pose(number)
    _, origin, scale = camera(scene, shot, number, pose)
    x, y, w, h = face_box(pose, origin, scale)
    return x / SIZE[0], y / SIZE[1], w / SIZE[0], h / SIZE[1]


def _audience(scene: Set, backdrop: stage.Backdrop, t: float) -> Array:
    """Rows of people from behind, the bright screen before them."""
    wander = drift(t)
    picture = stage.view(backdrop.sharp, (wander[0] * 0.5, -2.9 + wander[1] * 0.5), 46.0, SIZE)
    mood = {"laughter": 0.0, "applause": 0.0}
    for sound in scene.timeline.sounds:
        swell = np.clip((t - sound.start + 0.2) / 0.5, 0, 1) * np.clip((sound.end - t) / 0.9, 0, 1)
        mood[sound.kind] = max(mood[sound.kind], float(swell))
    draw_crowd(picture, scene.people, t, mood["applause"], mood["laughter"])
    return picture
