"""Commands whose process ends with the one that starts it, also when that one is killed."""

import os
import shutil
import sys
from collections.abc import Sequence
from functools import cache

_SHELL = 'test "$PPID" = "$0" && exec "$@"'
"""The parent may have died before the kernel was asked; nobody would end the child then."""

_PYTHON = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
os.getppid() == int(sys.argv[1]) or os._exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""
"""The same for a system without util-linux; some thirty times slower to start."""


def tethered(command: Sequence[str]) -> list[str]:
    """Return what runs ``command`` so that it is killed when the thread that starts it dies; elsewhere than on Linux, itself.

    Not ``preexec_fn``: that forks this interpreter with all its locks, and runs its at-fork hooks. A child of a process with
    Prefect's threads was seen to spin in them for ever (py-spy, 2026-11-25), and with it a job that waited for FFmpeg.
    The first element of ``command`` is an absolute path, or found on the PATH.
    """
    if sys.platform != "linux":
        return list(command)
    program = shutil.which(command[0]) or command[0]
    words = [program, *command[1:]]
    parent = str(os.getpid())
    setpriv = _setpriv()
    if setpriv:
        return [setpriv, "--pdeathsig", "KILL", "/bin/sh", "-c", _SHELL, parent, *words]
    return [sys.executable, "-I", "-S", "-c", _PYTHON, parent, *words]


@cache
def _setpriv() -> str | None:
    return shutil.which("setpriv")
