"""The account of a job: what it has spent, and whether the next call may be made."""

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

from omni.contracts import Charge, Role, total_usd
from omni.errors.models import BudgetExceeded, PriceUnknown
from omni.spending.prices import Prices, Tokens

Booking = Callable[[Tokens], None]
"""Called with what the service counted, as often as a call was paid for."""


class Account:
    """What one job spends. Thread-safe. Without :meth:`open` it counts and forbids nothing."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices
        self._lock = threading.Lock()
        self._charges: dict[tuple[Role, str], Charge] = {}
        self._budget: float | None = None
        self._reserved = 0.0
        self._listener: Callable[[tuple[Charge, ...]], None] | None = None

    def open(
        self,
        budget_usd: float | None,
        earlier: Sequence[Charge] = (),
        listener: Callable[[tuple[Charge, ...]], None] | None = None,
    ) -> None:
        """Begin a job: ``earlier`` is what its former attempts spent, ``listener`` hears every new sum."""
        with self._lock:
            self._charges = {(charge.role, charge.model): charge for charge in earlier}
            self._budget, self._listener, self._reserved = budget_usd, listener, 0.0

    @property
    def charges(self) -> tuple[Charge, ...]:
        """What was spent so far, by role and model."""
        with self._lock:
            return tuple(self._charges[key] for key in sorted(self._charges))

    @contextmanager
    def reserving(self, role: Role, model: str, most: Tokens) -> Generator[Booking]:
        """Keep back what a call costs at ``most``, and yield what it is booked with; what isn't booked is free again.

        Raises BudgetExceeded or PriceUnknown before anything is spent.
        """
        kept = self._reserve(role, model, most)
        try:
            yield lambda tokens: self._book(role, model, tokens)
        finally:
            with self._lock:
                self._reserved -= kept

    def _reserve(self, role: Role, model: str, most: Tokens) -> float:
        needed = self._prices.usd(model, most)
        with self._lock:
            if self._budget is None:
                return 0.0
            spent = total_usd(tuple(self._charges.values()))
            if needed is None or spent is None:
                raise PriceUnknown(model=model, budget=self._budget)
            if spent + self._reserved + needed > self._budget:
                raise BudgetExceeded(role=role, budget=self._budget, spent=spent + self._reserved, needed=needed)
            self._reserved += needed
            return needed

    def _book(self, role: Role, model: str, tokens: Tokens) -> None:
        usd = self._prices.usd(model, tokens)
        with self._lock:
            before = self._charges.get((role, model))
            charge = Charge(
                role=role, model=model, calls=1, input_tokens=tokens.input, cached_tokens=tokens.cached,
                output_tokens=tokens.output, usd=usd,
            )  # fmt: skip
            self._charges[role, model] = charge if before is None else _sum(before, charge)
            charges, listener = tuple(self._charges[key] for key in sorted(self._charges)), self._listener
        if listener:
            listener(charges)


def _sum(one: Charge, other: Charge) -> Charge:
    usd = None if one.usd is None or other.usd is None else one.usd + other.usd
    return one.model_copy(
        update={
            "calls": one.calls + other.calls,
            "input_tokens": one.input_tokens + other.input_tokens,
            "cached_tokens": one.cached_tokens + other.cached_tokens,
            "output_tokens": one.output_tokens + other.output_tokens,
            "usd": usd,
        }
    )
