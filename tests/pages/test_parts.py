"""A form with a file, read in pieces of any size."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployments.pages.errors import FormUnusable
from deployments.pages.parts import boundary_of, parts_of

BOUNDARY = b"----WebKitFormBoundaryAbC"
TRICKY = [b"", b"\r\n", b"\r\n--", b"\r\n------WebKitFormBoundaryAb", b"--" + BOUNDARY, b"\x00\xff" * 50, b"\r\n\r\n"]


def form(*parts: tuple[str, str | None, bytes], ending: bytes = b"--\r\n") -> bytes:
    told = b""
    for name, file_name, data in parts:
        file = f'; filename="{file_name}"\r\nContent-Type: video/mp4' if file_name is not None else ""
        told += b"--" + BOUNDARY + f'\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()
        told += data + b"\r\n"
    return told + b"--" + BOUNDARY + ending


def read(body: bytes, size: int = 7) -> list[tuple[str, str | None, bytes]]:
    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(body), size):
            yield body[at : at + size]

    async def all_of_it() -> list[tuple[str, str | None, bytes]]:
        return [
            (part.name, part.file_name, b"".join([piece async for piece in part.body]))
            async for part in parts_of(chunks(), BOUNDARY)
        ]

    return asyncio.run(all_of_it())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(TRICKY), st.binary(max_size=60)), max_size=4), st.integers(1, 200))
def test_what_was_sent_arrives_however_it_is_cut(bodies: list[bytes], size: int) -> None:
    told = [(f"part-{i}", "talk.mp4" if i % 2 else None, body) for i, body in enumerate(bodies)]

    if any(b"\r\n--" + BOUNDARY in b"\r\n" + body for body in bodies):
        return  # a browser draws another boundary then
    assert read(form(*told), size) == told


def test_a_part_that_nobody_reads_is_skipped() -> None:
    async def names() -> list[str]:
        async def chunks() -> AsyncIterator[bytes]:
            yield form(("a", None, b"1" * 999), ("b", "x.mp4", b"2" * 999), ("c", None, b"3"))

        return [part.name async for part in parts_of(chunks(), BOUNDARY)]

    assert asyncio.run(names()) == ["a", "b", "c"]


def test_names_come_as_they_were() -> None:
    told = read(form(("file", "a %22quoted%22 tälk.mp4", b"x")))

    assert told[0][1] == 'a "quoted" tälk.mp4'


@pytest.mark.parametrize(
    "body",
    [b"", b"--", b"nothing of the kind", form(("a", None, b"x"))[:-9], form(("a", None, b"x"), ending=b"")],
)
def test_a_form_that_breaks_off_is_told(body: bytes) -> None:
    with pytest.raises(FormUnusable, match="broke off"):
        read(body)


def test_a_head_without_end_is_refused() -> None:
    with pytest.raises(FormUnusable, match="too long"):
        read(b"--" + BOUNDARY + b"\r\n" + b"x" * 20_000)


def test_a_part_without_a_name_is_refused() -> None:
    with pytest.raises(FormUnusable, match="no name"):
        read(b"--" + BOUNDARY + b"\r\nContent-Type: text/plain\r\n\r\nx\r\n--" + BOUNDARY + b"--")


@pytest.mark.parametrize("kind", ["", "application/json", "multipart/form-data", "multipart/mixed; boundary=x"])
def test_another_kind_of_body_has_no_boundary(kind: str) -> None:
    with pytest.raises(FormUnusable):
        boundary_of(kind)


def test_the_boundary_is_read_as_browsers_write_it() -> None:
    assert boundary_of("multipart/form-data; boundary=----WebKitFormBoundaryAbC") == BOUNDARY
    assert boundary_of('multipart/form-data; boundary="xyz"') == b"xyz"
