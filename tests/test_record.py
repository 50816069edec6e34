"""A job's record survives as labels, whatever version wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omni.contracts import Charge, Estimate, Production
from omni.errors import MediaToolFailed, SourceEmpty
from omni.record import PREFIX, ClipState, JobRecord, Status, failure_of, labels_of, record_of

RECORD = JobRecord(
    owner="ann",
    reached=Status.RENDERING,
    stage="render",
    progress=0.42,
    clips=(ClipState(number=1, title="A “title” – ü", start=1.5, end=20, state="rendering", progress=0.5),),
    warnings=("one", "two"),
    failure=failure_of(SourceEmpty(path="/v.mp4"), "ingest"),
    result=Production(output_dir="/o/j", shorts_count=2, strategy_id=None, source="v", engines={"a": "b"}),  # pyright: ignore[reportArgumentType]
    estimate=Estimate(charges=(), usd=None, seconds=60.5),
    charges=(Charge(role="analyst", model="m", calls=1, input_tokens=2, output_tokens=3, usd=0.000123),),
    pid=7,
    attempt=2,
)


def test_a_record_comes_back_as_it_was_written() -> None:
    labels = labels_of(**dict(RECORD))

    assert all(isinstance(value, str | int | float) for value in labels.values())
    assert record_of(labels | {"prefect.flow.id": "x"}) == RECORD


def test_only_what_is_told_is_written() -> None:
    assert labels_of(progress=0.5, failure=None) == {"omni.progress": 0.5, "omni.failure": ""}


@given(
    st.dictionaries(
        st.sampled_from([PREFIX + n for n in JobRecord.model_fields]), st.text() | st.integers() | st.floats()
    )
)
def test_a_strange_label_costs_its_field_only(labels: dict[str, object]) -> None:
    strange = {k: v for k, v in labels.items() if k != "omni.owner"}

    assert record_of(strange | {"omni.owner": "ann"}).owner == "ann"


def test_an_unforeseen_error_tells_its_kind_and_none_of_its_words() -> None:
    failure = failure_of(RuntimeError("secret-token"), "watch")

    assert failure.code == "internal"
    assert "RuntimeError" in failure.cause
    assert "secret-token" not in failure.model_dump_json()


def test_a_known_error_tells_cause_and_next_step() -> None:
    error = MediaToolFailed(doing="cutting", returncode=1, tail="x")

    assert failure_of(error, "").cause == error.cause
    assert failure_of(error, "").stage is None


@pytest.mark.parametrize("folder", ["/srv/omni/uploads", "/home/ann/my files/uploads", ""])
def test_of_an_uploaded_file_a_failure_tells_the_name_and_not_the_folder(folder: str) -> None:
    path = f"{folder}/up_{7:032x}/my talk.mp4"

    assert failure_of(SourceEmpty(path=path), "ingest").cause == "my talk.mp4 has zero bytes."
    error = MediaToolFailed(doing="cutting", returncode=1, tail=f"x: Error opening '{path}': no data")
    assert "opening 'my talk.mp4': no data" in failure_of(error, "render").cause
    assert failure_of(SourceEmpty(path="/srv/talk.mp4"), "ingest").cause == "/srv/talk.mp4 has zero bytes."
