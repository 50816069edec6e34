"""The account of a job: a budget holds, whoever asks at the same time, and nothing that was paid is forgotten."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from omni.contracts import Charge, total_usd
from omni.errors.models import BudgetExceeded, PriceUnknown
from omni.spending.account import Account, remarks_on
from omni.spending.prices import Prices, Tokens

DOLLAR = Tokens(input=1_000_000, output=0)
PRICES = Prices({"m": (1.0, 2.0)})


def charge(**facts: object) -> Charge:
    told = {"role": "analyst", "model": "m", "calls": 1, "input_tokens": 1_000_000, "output_tokens": 0, "usd": 1.0}
    return Charge.model_validate(told | facts)


def spend(account: Account, tokens: Tokens = DOLLAR, model: str = "m") -> None:
    with account.reserving("analyst", model, tokens) as book:
        book(tokens)


def test_an_account_that_was_never_opened_counts_and_forbids_nothing() -> None:
    account = Account(PRICES)

    spend(account)
    spend(account, Tokens(input=10, output=5, cached=4), "unheard-of")

    assert total_usd(account.charges) is None
    assert [(c.model, c.calls, c.input_tokens, c.cached_tokens, c.output_tokens, c.usd) for c in account.charges] == [
        ("m", 1, 1_000_000, 0, 0, 1.0),
        ("unheard-of", 1, 10, 4, 5, None),
    ]


def test_the_call_that_would_exceed_the_budget_is_refused_before_it_is_made() -> None:
    account = Account(PRICES)
    account.open(2.0)
    spend(account)

    with pytest.raises(BudgetExceeded) as refused, account.reserving("copywriter", "m", Tokens(0, 500_001)):
        pytest.fail("the call was made")

    assert (refused.value.facts["spent"], refused.value.facts["budget"]) == (1.0, 2.0)
    spend(account)  # exactly what is left
    assert total_usd(account.charges) == 2.0


def test_what_is_kept_back_and_not_booked_is_free_again() -> None:
    account = Account(PRICES)
    account.open(1.0)

    with pytest.raises(RuntimeError), account.reserving("analyst", "m", DOLLAR):
        raise RuntimeError
    with account.reserving("analyst", "m", DOLLAR) as book:
        book(Tokens(input=250_000, output=0))

    spend(account, Tokens(input=750_000, output=0))
    assert total_usd(account.charges) == 1.0
    assert account.charges[0].calls == 2


def test_threads_that_ask_at_once_never_exceed_the_budget() -> None:
    account, refused = Account(PRICES), list[BudgetExceeded]()
    account.open(5.0)
    together = threading.Barrier(16)

    def call(_: int) -> None:
        together.wait()
        try:
            spend(account)
        except BudgetExceeded as error:
            refused.append(error)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(call, range(16)))

    assert account.charges[0].calls == 5
    assert len(refused) == 11


def test_a_budget_is_not_promised_for_a_model_without_a_price() -> None:
    account = Account(PRICES)
    account.open(100.0)

    with pytest.raises(PriceUnknown, match="unheard-of"):
        spend(account, model="unheard-of")
    assert account.charges == ()


def test_what_earlier_attempts_spent_counts_against_the_budget() -> None:
    account = Account(PRICES)
    account.open(1.5, earlier=(charge(),))

    with pytest.raises(BudgetExceeded):
        spend(account)
    spend(account, Tokens(input=500_000, output=0))

    assert account.charges == (charge(calls=2, input_tokens=1_500_000, usd=1.5),)


def test_an_earlier_charge_without_a_price_leaves_no_budget_to_keep() -> None:
    account = Account(PRICES)
    account.open(1.5, earlier=(charge(model="unheard-of", usd=None),))

    with pytest.raises(PriceUnknown):
        spend(account)


def test_the_next_job_begins_with_nothing() -> None:
    account = Account(PRICES)
    account.open(1.0)
    spend(account)

    account.open(1.0)
    spend(account)

    assert total_usd(account.charges) == 1.0


def test_the_listener_hears_every_sum_in_order_also_when_it_is_slow() -> None:
    account, heard = Account(PRICES), list[int]()

    def listen(charges: tuple[Charge, ...]) -> None:
        threading.Event().wait(0.001)
        heard.append(charges[0].calls)

    account.open(None, listener=listen)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: spend(account), range(24)))

    assert heard == sorted(heard)
    assert (len(heard), heard[-1]) == (24, 24)


def test_a_price_that_is_not_known_is_a_warning_and_never_nothing() -> None:
    assert remarks_on((charge(), charge(model="x", usd=None), charge(role="copywriter", model="x", usd=None))) == (
        "What x costs isn't known, so the cost of the job isn't either; name its price in OMNI_PRICES.",
    )
    assert remarks_on((charge(),)) == ()
