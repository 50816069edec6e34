"""Named retry and cache policies: what may be tried again, and what counts as the same work."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from prefect.cache_policies import CacheKeyFnPolicy
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task, exponential_backoff
from prefect.utilities.annotations import opaque

from omni.errors import MediaToolFailed

T = TypeVar("T")

SCHEMA = 4
"""Bump when a contract changes its shape: results of older contracts are then never read again."""


def is_transient(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether waiting can help: the error itself knows, and an FFmpeg that was killed from outside may live next time.

    What an adapter has already waited for isn't waited for again: retries would multiply.
    """
    try:
        state.result()
    except MediaToolFailed as error:
        return int(str(error.facts["returncode"])) < 0  # a signal: want of memory, or an operator's
    except Exception as error:  # noqa: BLE001  # whatever the task raised, asked for one attribute
        return bool(getattr(error, "transient", False)) and not getattr(error, "waited", False)
    return False


PATIENT: dict[str, Any] = {
    "retries": 3,
    "retry_delay_seconds": exponential_backoff(backoff_factor=2),
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": is_transient,
}
"""Three more tries after about 2, 4 and 8 s, for transient errors only."""


def kept_by(key: Callable[[dict[str, Any]], tuple[object, ...]]) -> dict[str, Any]:
    """Keep a task's result across runs under a key designed by the stage: content digest, revision, what was asked.

    A change of code is not part of the key: each stage has a REVISION, to be bumped when the same input should give
    another result.
    """

    def cache_key(_context: Any, arguments: dict[str, Any]) -> str:
        return "-".join(str(part) for part in (SCHEMA, *key(arguments)))

    return {
        "cache_policy": CacheKeyFnPolicy(cache_key_fn=cache_key),
        "persist_result": True,
        "result_serializer": "json",
    }


def whole(value: T) -> T:
    """Hand a large contract to a task as it is: looking through two hours of words for futures takes Prefect 2–3 s."""
    return cast("T", opaque(value))
