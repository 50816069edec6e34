"""From the results of the stages to what the job tells of itself."""

from pathlib import Path

import pytest
from builders import analysis, brief, campaign, footage, source, transcript

from omni.contracts import Charge, Delivery, Dossier, FileRef, Precedents
from omni.packaging.assembling import pack, production_of

DELIVERY = Delivery(
    output_dir=Path("/out/talk"),
    manifest=FileRef(path=Path("/out/talk/manifest.json"), sha256="ab" * 32, size_bytes=1),
    shorts_count=1,
)


def charge(usd: float | None, model: str = "m") -> Charge:
    return Charge(role="analyst", model=model, calls=1, input_tokens=9, output_tokens=3, usd=usd)


def dossier() -> Dossier:
    return Dossier(
        source=source(), transcript=transcript(), footage=footage(), precedents=Precedents(), brief=brief()
    )  # fmt: skip


@pytest.mark.parametrize(
    ("charges", "usd"),
    [((), 0.0), ((charge(0.25), charge(0.5)), 0.75), ((charge(0.25), charge(None)), None)],
    ids=["offline", "known", "a price isn't known"],
)
def test_the_result_tells_what_was_spent(charges: tuple[Charge, ...], usd: float | None) -> None:
    parcel = pack(dossier(), analysis(), campaign(), (), (), charges)

    told = production_of(parcel, DELIVERY, "s", (), charges)

    assert (told.cost_usd, told.charges, parcel.charges) == (usd, charges, charges)


def test_a_price_that_is_not_known_is_told_once_also_when_it_came_up_after_the_delivery() -> None:
    early, late = (charge(None),), (charge(None), charge(None, "late"))
    parcel = pack(dossier(), analysis(), campaign(), (), ("A Short is missing.",), early)

    told = production_of(parcel, DELIVERY, "s", ("Not remembered.",), late)

    assert [w.partition(" costs")[0] for w in told.warnings] == [
        "A Short is missing.",
        "What m",
        "Not remembered.",
        "What late",
    ]
