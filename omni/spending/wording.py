"""Money in words, for every place that shows it."""

from omni.contracts import Charge, Estimate
from omni.timecode import clock


def dollars(usd: float | None) -> str:
    """Return an amount as people read it; what isn't known is never shown as nothing."""
    return "not known" if usd is None else f"${usd:.4f}"


def lines_of(estimate: Estimate) -> tuple[str, ...]:
    """Return an estimate as lines of text: a line a role that is paid for, then the sum."""
    length = clock(estimate.seconds)
    if not estimate.charges:
        return (f"$0.0000 for {length} of source: the offline engines do it, nothing leaves this machine.",)
    whole = "cost not known" if estimate.usd is None else f"about {dollars(estimate.usd)}"
    return (*(_line(charge) for charge in estimate.charges), f"{whole} for {length} of source")


def _line(charge: Charge) -> str:
    calls = f"{charge.calls} call{'' if charge.calls == 1 else 's'}"
    tokens = f"{charge.input_tokens} tokens read, {charge.output_tokens} written"
    return f"{charge.role:<10}  {charge.model:<24}  {calls}, {tokens}, {dollars(charge.usd)}"
