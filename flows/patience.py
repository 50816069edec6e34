"""Asking Prefect's server until it answers: a server that is restarted is no reason to fail."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.exceptions import ObjectNotFound

from omni.errors import OrchestratorFailed

TRIES, SECONDS_BETWEEN_TRIES = 30, 5.0
"""A server that is restarted is back in 15 s, the whole stack on a busy machine in two minutes."""

T = TypeVar("T")
log = logging.getLogger("omni.patience")


def patiently(ask: Callable[[SyncPrefectClient], T]) -> T:
    """Return Prefect's answer, whenever it comes; raises OrchestratorFailed after minutes, ObjectNotFound at once."""
    for attempt in range(1, TRIES + 1):
        try:
            with get_client(sync_client=True) as client:
                return ask(client)
        except ObjectNotFound:
            raise
        except Exception as error:
            if attempt == TRIES:
                raise OrchestratorFailed(reason=type(error).__name__) from error
            log.warning("Prefect's server doesn't answer (%s); asking again", type(error).__name__)
            time.sleep(SECONDS_BETWEEN_TRIES)
    raise AssertionError
