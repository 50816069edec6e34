"""The table of costs in the documents is what the code computes."""

import re
from pathlib import Path

from builders import brief

from omni.settings import Settings
from omni.spending import prices
from omni.spending.estimating import Footing, Models, estimate
from omni.spending.prices import Prices

DOCUMENT = (Path(__file__).parents[2] / "docs" / "engines.md").read_text(encoding="utf-8")
EMBEDDING = str(Settings.model_fields["gemini_embedding_model"].default)


def usd(model: str, minutes: int, *, has_picture: bool) -> str:
    footing = Footing(60 * minutes, has_picture, Models(model, model, EMBEDDING))
    return f"{estimate(footing, brief(), None, Prices()).usd:.2f}"


def row(model: str, price: prices.Price) -> str:
    cells = (
        f"{price.input:.2f} / {price.output:.2f}",
        usd(model, 60, has_picture=True),
        usd(model, 60, has_picture=False),
        usd(model, 10, has_picture=True),
    )
    return f"| `{model}` | {' | '.join(cells)} |"


def test_the_table_has_every_known_model_and_what_it_costs() -> None:
    wanted = [row(model, price) for model, price in prices._table().items() if price.output]

    assert re.findall(r"^\| `gemini.*\|$", DOCUMENT, re.MULTILINE) == wanted


def test_the_readme_names_the_price_of_the_default_model() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    default = str(Settings.model_fields["gemini_model"].default)

    assert f"about ${usd(default, 60, has_picture=True)} for an hour of video" in readme


def test_the_day_of_the_prices_is_told() -> None:
    assert prices.checked_on() in DOCUMENT
