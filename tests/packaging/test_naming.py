"""File names that every system takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omni.packaging.naming import LONGEST_BYTES, slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What's a Short? It's 60 s!", "whats-a-short-its-60-s"),
        ("../../etc/passwd", "etc-passwd"),
        ("-rf", "rf"),
        ("日本語の字幕", "日本語の字幕"),
        ("🎬🎬", "clip"),
        ("", "clip"),
    ],
)
def test_a_slug_is_readable_and_safe(text: str, expected: str) -> None:
    assert slug(text) == expected


@given(st.text(max_size=300))
def test_a_slug_never_leaves_its_folder_and_is_never_too_long(text: str) -> None:
    made = slug(text)

    assert made
    assert len(made.encode()) <= LONGEST_BYTES
    assert not set(made) & set('/\\:*?"<>|\0\n. ')
    assert not made.startswith("-")
