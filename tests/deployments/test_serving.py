"""Ranges of files, as RFC 9110 reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployments.door.serving import Span, span_of


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, None),
        ("bytes=0-9", Span(0, 10)),
        ("bytes=90-", Span(90, 100)),
        ("bytes=90-500", Span(90, 100)),
        ("bytes=-10", Span(90, 100)),
        ("bytes=-500", Span(0, 100)),
        ("bytes=5-2", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=100-", Span(100, 100)),
        ("bytes=-0", Span(100, 100)),
    ],
)
def test_a_range_is_what_the_rfc_says(header: str | None, span: Span | None) -> None:
    assert span_of(header, 100) == span


@given(st.text(alphabet="bytes=0123456789-, ", max_size=30), st.integers(0, 1000))
def test_no_range_reaches_out_of_the_file(header: str, size: int) -> None:
    span = span_of(header, size)

    assert span is None or 0 <= span.start <= span.end <= size
