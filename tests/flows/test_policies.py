"""What is tried again."""

import pytest

from omni.errors import MediaToolFailed, MediaToolTimedOut, OmniError, SourceEmpty


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (MediaToolFailed(doing="encoding", returncode=-9, tail="it said nothing"), True),
        (MediaToolFailed(doing="encoding", returncode=1, tail="Invalid data"), False),
        (MediaToolTimedOut(doing="encoding", seconds=60), True),
        (SourceEmpty(path="a.mp4"), False),
    ],
)
def test_what_waiting_can_help_is_tried_again_and_so_is_an_ffmpeg_that_was_killed(
    error: OmniError, again: object
) -> None:
    from prefect.client.schemas.objects import State, StateType

    from tasks.policies import is_transient

    class Ended(State[object]):
        def result(self, *_: object, **__: object) -> object:
            raise error

    assert is_transient(None, None, Ended(type=StateType.FAILED)) is again  # pyright: ignore[reportArgumentType]
