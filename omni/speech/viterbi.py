"""The best way through a row of states, for many rows at once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_NEVER = np.float32(-1e9)


def best_paths(scores: Sequence[NDArray[np.float32]], optional: Sequence[NDArray[np.bool_]]) -> list[NDArray[np.intp]]:
    """Return for each table the state of every frame, never going back and missing no state that isn't optional.

    ``scores[k]`` has the shape (frames, states), higher is better; ``optional[k]`` marks states that may be passed over,
    never two in a row. A path begins in state 0 or 1 and ends in one of the last two. Each table needs more frames than
    states. All tables advance together, frame by frame: numpy's cost a call is shared.
    """
    frames = [len(table) for table in scores]
    states = [table.shape[1] for table in scores]
    block = np.full((max(frames), len(scores), max(states)), _NEVER, np.float32)
    passing = np.full((len(scores), max(states)), _NEVER, np.float32)
    for k, (table, free) in enumerate(zip(scores, optional, strict=True)):
        block[: frames[k], k, : states[k]] = table
        passing[k, 2 : states[k]] = np.where(free[1:-1], 0, _NEVER)
    steps, finals = _forward(block, passing, np.array(frames))
    return [_path(steps[: frames[k], k], finals[k], states[k]) for k in range(len(scores))]


def _forward(
    block: NDArray[np.float32], passing: NDArray[np.float32], frames: NDArray[np.intp]
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return how many states each best step advanced, and the scores at the last frame of each table."""
    steps = np.zeros(block.shape, np.int8)
    score = np.full(block.shape[1:], _NEVER, np.float32)
    score[:, :2] = block[0, :, :2]
    finals = score.copy()
    one, two = np.full_like(score, _NEVER), np.full_like(score, _NEVER)
    for t in range(1, len(block)):
        one[:, 1:] = score[:, :-1]
        two[:, 2:] = score[:, :-2]
        two += passing
        best = np.maximum(np.maximum(score, one), two)
        steps[t] = np.where(best == score, 0, np.where(best == one, 1, 2))
        score = best + block[t]
        ending = frames == t + 1
        finals[ending] = score[ending]
    return steps, finals


def _path(steps: NDArray[np.int8], final: NDArray[np.float32], states: int) -> NDArray[np.intp]:
    state = states - 1 if final[states - 1] >= final[states - 2] else states - 2
    path = np.zeros(len(steps), np.intp)
    for t in range(len(steps) - 1, -1, -1):
        path[t] = state
        state -= int(steps[t, state])
    return path
