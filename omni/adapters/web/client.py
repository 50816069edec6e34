"""Addresses that users name, asked over HTTP: no request leaves for an address that wasn't checked."""

import contextlib
import datetime as dt
import email.message
import email.utils
import errno
import functools
import hashlib
import os
import secrets
import ssl
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpcore
import httpx

from omni.adapters.web.sockets import Clock, Resolver, Sockets, checked_addresses, system_addresses
from omni.addresses import Reach, Target, check_address, redacted
from omni.errors import AddressRefused, AddressUnreachable, AddressWithoutFile, DiskFull, SourceTooLarge

MOST_REDIRECTS = 3
ANSWER_BYTES = 64 * 1024
"""Read of the answer to a POST, and then forgotten."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429})
"""Answers below 500 that waiting can change."""


@dataclass(frozen=True)
class Fetched:
    """What was fetched, and what its server said of it."""

    sha256: str
    size_bytes: int
    content_type: str
    host: str
    """Who sent it, after redirects."""
    filename: str | None
    """As the server names it: untrusted."""


@dataclass(frozen=True)
class Answered:
    """What a POST was answered with."""

    status: int
    retry_after: float | None
    """Seconds."""


def fetch(
    url: str,
    target: Path,
    reach: Reach,
    *,
    max_bytes: int,
    max_seconds: float,
    resolve: Resolver = system_addresses,
    tls: ssl.SSLContext | None = None,
) -> Fetched:
    """Write what an address holds to ``target``, which appears only when it is complete.

    Raises AddressRefused, AddressUnreachable, AddressWithoutFile, SourceTooLarge or DiskFull. ``max_seconds`` holds for
    everything but the system's own name resolution.
    """
    line = _Line(reach, Clock(max_seconds), resolve, tls or _public_tls())
    with _followed(url, line) as (hop, response):
        _require_file(url, response, max_bytes)
        digest, size = _saved(url, response, target, max_bytes)
        return Fetched(
            digest, size, _header(response, b"content-type") or "", hop.host, _told_name(response),
        )  # fmt: skip


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    reach: Reach,
    *,
    timeout: float,
    resolve: Resolver = system_addresses,
    tls: ssl.SSLContext | None = None,
) -> Answered:
    """Send ``body`` within ``timeout`` seconds and tell the status; a redirect is an answer like any other.

    Raises AddressRefused or AddressUnreachable.
    """
    line = _Line(reach, Clock(timeout), resolve, tls or _public_tls())
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    with _asked("POST", check_address(url, reach), line, raw, body) as response:
        with contextlib.suppress(httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
            read = 0  # the status is known: trouble with the rest changes nothing
            for chunk in response.iter_stream():
                read += len(chunk)
                if read >= ANSWER_BYTES:
                    break
        return Answered(response.status, _retry_after(response))


# ── one request ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Line:
    reach: Reach
    clock: Clock
    resolve: Resolver
    tls: ssl.SSLContext


@contextmanager
def _followed(url: str, line: _Line) -> Generator[tuple[Target, httpcore.Response]]:
    """Ask with GET; where the answer is a redirect, check and ask the next one."""
    address = url
    for _ in range(MOST_REDIRECTS + 1):
        hop = check_address(address, line.reach)
        with _asked("GET", hop, line) as response:
            location = _header(response, b"location")
            if response.status not in _REDIRECTS or location is None:
                yield hop, response
                return
        try:
            address = urljoin(hop.url, location)
        except ValueError:
            raise AddressRefused(url=redacted(url), reason="it redirects to no address") from None
    raise AddressRefused(url=redacted(url), reason=f"it redirects more than {MOST_REDIRECTS} times")


@contextmanager
def _asked(
    method: str, hop: Target, line: _Line, headers: list[tuple[bytes, bytes]] | None = None, body: bytes | None = None
) -> Generator[httpcore.Response]:
    """Give the answer to one request; foreign errors are translated, those of reading the answer too."""
    host, path = hop.host.encode("ascii"), hop.path.encode("ascii")
    address = httpcore.URL(scheme=hop.scheme.encode("ascii"), host=host, port=hop.port, target=path)
    ours = [
        (b"Host", hop.authority.encode("ascii")),
        (b"User-Agent", b"omni-operator"),
        (b"Accept", b"*/*"),
        (b"Accept-Encoding", b"identity"),  # a compressed body could grow beyond any limit
        (b"Connection", b"close"),
    ]
    sockets = Sockets(checked_addresses(hop, line.resolve), line.clock)
    try:
        with (
            httpcore.ConnectionPool(ssl_context=line.tls, network_backend=sockets, max_connections=1) as pool,
            pool.stream(method, address, headers=ours + (headers or []), content=body) as response,
        ):
            yield response
    except httpcore.TimeoutException as error:
        raise AddressUnreachable(url=redacted(hop.url), reason="it took too long") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        reason = str(error)[:200] or "the connection broke"
        raise AddressUnreachable(url=redacted(hop.url), reason=reason) from error


@functools.lru_cache(maxsize=1)
def _public_tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()  # the bundled authorities, or those of SSL_CERT_FILE


# ── the answer ───────────────────────────────────────────────────────────────────────────────────


def _require_file(url: str, response: httpcore.Response, max_bytes: int) -> None:
    status, shown = response.status, redacted(url)
    if status in _PASSING or status >= 500:
        raise AddressUnreachable(url=shown, reason=f"it answers {status}")
    if status != 200:
        raise AddressWithoutFile(url=shown, reason=f"it answers {status}")
    if (_header(response, b"content-encoding") or "identity").lower() != "identity":
        raise AddressWithoutFile(url=shown, reason="it answers compressed, which it was not asked to")
    declared = _header(response, b"content-length") or ""
    if declared.isdecimal() and int(declared[:19]) > max_bytes:
        raise _too_large(url, f"{declared} bytes", max_bytes)


def _saved(url: str, response: httpcore.Response, target: Path, max_bytes: int) -> tuple[str, int]:
    """Write the body beside the target, then give it the name; return its sha256 and size."""
    digest, size = hashlib.sha256(), 0
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            for chunk in response.iter_stream():
                size += len(chunk)
                if size > max_bytes:
                    raise _too_large(url, "more bytes", max_bytes)
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(path=target) from error
        raise
    finally:
        part.unlink(missing_ok=True)
    return digest.hexdigest(), size


def _too_large(url: str, what: str, max_bytes: int) -> SourceTooLarge:
    return SourceTooLarge(path=redacted(url), what=f"{what}, {max_bytes} are accepted")


def _header(response: httpcore.Response, name: bytes) -> str | None:
    found = next((value for key, value in response.headers if key.lower() == name), None)
    return None if found is None else found.decode("utf-8", errors="replace").strip()


def _told_name(response: httpcore.Response) -> str | None:
    message = email.message.Message()
    message["content-disposition"] = _header(response, b"content-disposition") or ""
    told: list[Any] = [value for name, value in message.get_params([], "content-disposition") if name == "filename"]
    # the extended form, which is a tuple, holds the letters that the plain one can't (RFC 6266)
    best = next((value for value in told if not isinstance(value, str)), told[0] if told else None)
    return None if best is None else email.utils.collapse_rfc2231_value(best)


def _retry_after(response: httpcore.Response) -> float | None:
    told = _header(response, b"retry-after") or ""
    if told.isdecimal():
        return float(told[:9])
    try:
        when = email.utils.parsedate_to_datetime(told)
    except (ValueError, OverflowError):
        return None
    now = dt.datetime.now(when.tzinfo)
    return max(0.0, (when - now).total_seconds())
