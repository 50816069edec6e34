"""The base of every error: facts in, a message and a remedy out."""

from typing import ClassVar


class OmniError(Exception):
    """Base. Facts are keyword arguments and fill ``message`` and ``remedy``; plain, picklable, without secrets."""

    code: ClassVar[str] = "internal"
    exit_code: ClassVar[int] = 1
    transient: ClassVar[bool] = False
    waited: ClassVar[bool] = False
    """Whether all the waiting that can help within a job is already done: a task doesn't try again."""
    message: ClassVar[str] = "Something failed that has no name yet."
    remedy: ClassVar[str] = "Run `omni doctor`, and report what it says."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(str(self))

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.facts)

    def __str__(self) -> str:
        return f"{self.cause} {self.next_step}"

    @property
    def cause(self) -> str:
        """What happened."""
        return self.message.format(**self.facts)

    @property
    def next_step(self) -> str:
        """What the user can do about it."""
        return self.remedy.format(**self.facts)


def _rebuild(kind: type[OmniError], facts: dict[str, object]) -> OmniError:
    return kind(**facts)
