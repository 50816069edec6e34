"""The account of a job: what it has spent, and whether the next call may be made."""

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

from omni.contracts import Charge, Role, Warnings, total_usd
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
        self._telling = threading.Lock()

    def open(
        self,
        budget_usd: float | None,
        earlier: Sequence[Charge] = (),
        listener: Callable[[tuple[Charge, ...]], None] | None = None,
    ) -> None:
        """Begin a job: ``earlier`` is what its former attempts spent, ``listener`` hears every new sum, in order."""
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
        self._tell()

    def _tell(self) -> None:
        """Tell the listener, one sum after another; it may take its time without holding up those who reserve."""
        with self._telling:
            if self._listener:
                self._listener(self.charges)


def remarks_on(charges: Sequence[Charge]) -> Warnings:
    """Return a warning for each model that was paid for and whose price isn't known."""
    models = dict.fromkeys(charge.model for charge in charges if charge.usd is None)
    return tuple(unpriced(model) for model in models)


def unpriced(model: str) -> str:
    """Return the warning that a sum can't be told."""
    return f"What {model} costs isn't known, so the cost of the job isn't either; name its price in OMNI_PRICES."


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
