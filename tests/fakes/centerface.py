"""A face detector that knows the truth, and has its bad days."""

import threading
from collections.abc import Callable, Iterable

from omni.contracts import FaceBox
from omni.errors import EngineUnavailable
from omni.ports import Picture

Rectangle = tuple[float, float, float, float]
"""x, y, w, h as fractions of the frame."""

MISSING = EngineUnavailable(engine="centerface", role="face detector", reason="the model is not installed")


class FakeFaceDetector:
    """Fulfils the port ``FaceDetector``: ``truth(t)`` gives the faces; ``blind(t)`` hides them, ``ghosts(t)`` adds some."""

    engine = "fake-faces"

    def __init__(
        self,
        truth: Callable[[float], Iterable[Rectangle]] = lambda t: (),
        *,
        blind: Callable[[float], bool] = lambda t: False,
        ghosts: Callable[[float], Iterable[Rectangle]] = lambda t: (),
        failing: Exception | None = None,
        fails_at: float = 0.0,
    ) -> None:
        self._truth, self._blind, self._ghosts = truth, blind, ghosts
        self._failing, self._fails_at = failing, fails_at
        self.asked: list[float] = []
        self.threads: set[str] = set()

    def detect(self, picture: Picture, t: float) -> tuple[FaceBox, ...]:
        self.asked.append(t)
        self.threads.add(threading.current_thread().name)
        if self._failing and t >= self._fails_at:
            raise self._failing
        seen = [] if self._blind(t) else list(self._truth(t))
        sure = [FaceBox(t=t, x=x, y=y, w=w, h=h, score=0.9) for x, y, w, h in seen]
        return (*sure, *(FaceBox(t=t, x=x, y=y, w=w, h=h, score=0.6) for x, y, w, h in self._ghosts(t)))
