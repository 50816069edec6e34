"""How many threads numpy's matrix products take."""

import ctypes
import threading
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np


@contextmanager
def one_thread() -> Generator[None]:
    """Let numpy multiply in one thread, where its wheel brings OpenBLAS (Linux); elsewhere nothing changes.

    OpenBLAS's threads spin while they wait for each other: a clip embedded on two cores that others use too took 2.5–12 s
    and 0.3–0.6 processor seconds, in one thread 0.9–2.5 s and 0.1 (November 2026).
    """
    library = _openblas()
    if library is None:
        yield
        return
    _narrow.enter(library)
    try:
        yield
    finally:
        _narrow.leave(library)


class _Narrow:
    """How many are inside at once: the number of threads is the whole process's, so the last one out restores it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._usual = 1

    def enter(self, library: ctypes.CDLL) -> None:
        with self._lock:
            if not self._inside:
                self._usual = library.scipy_openblas_get_num_threads64_()
                library.scipy_openblas_set_num_threads64_(1)
            self._inside += 1

    def leave(self, library: ctypes.CDLL) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                library.scipy_openblas_set_num_threads64_(self._usual)


_narrow = _Narrow()


@cache
def _openblas() -> ctypes.CDLL | None:
    for path in (Path(np.__file__).parents[1] / "numpy.libs").glob("libscipy_openblas64_*.so"):
        library = ctypes.CDLL(str(path))  # the one that numpy has loaded, not another
        if hasattr(library, "scipy_openblas_set_num_threads64_"):
            return library
    return None
