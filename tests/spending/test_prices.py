"""The price table: dated, overruled by the operator, and silent about what it doesn't know."""

from datetime import date

import pytest

from omni.spending import prices
from omni.spending.prices import Price, Prices, Tokens

MILLION = 1_000_000


def test_the_table_says_when_it_was_looked_up() -> None:
    assert date(2026, 11, 1) <= date.fromisoformat(prices.checked_on())
    assert prices._data()["source"]


def test_every_row_is_a_price() -> None:
    assert len(prices._table()) >= 5
    assert all(price.input > 0 for price in prices._table().values())


def test_the_models_in_use_by_default_have_one() -> None:
    from omni.settings import Settings

    for model in (
        Settings.model_fields["gemini_model"].default,
        Settings.model_fields["gemini_embedding_model"].default,
    ):
        assert Prices().of(model), model


def test_an_unknown_model_costs_nobody_knows_what() -> None:
    assert Prices().usd("gemini-99-neon", Tokens(1, 1)) is None
    assert Prices().usd("gemini-99-neon", Tokens(0, 0)) is None


def test_the_operators_price_wins() -> None:
    own = Prices({"gemini-3.8-flash": (1.5, 7.5), "house-model": (1.0, 1.0)})

    assert own.usd("gemini-3.8-flash", Tokens(MILLION, MILLION)) == 9.0
    assert own.usd("house-model", Tokens(MILLION, 0)) == 1.0
    assert own.of("gemini-3.5-flash-lite") == Prices().of("gemini-3.5-flash-lite")


@pytest.mark.parametrize(
    ("price", "usd"),
    [(Price(input=1.0, output=4.0, cached=0.1), 0.6 + 0.04 + 4.0), (Price(input=1.0, output=4.0), 1.0 + 4.0)],
    ids=["cached input is cheaper", "unless its price isn't known"],
)
def test_cached_tokens_are_part_of_the_input(price: Price, usd: float) -> None:
    assert price.usd(Tokens(input=MILLION, output=MILLION, cached=400_000)) == pytest.approx(usd)


def test_thoughts_and_answer_are_paid_alike() -> None:
    assert Prices().usd("gemini-3.8-flash", Tokens(0, MILLION)) == 3.75
