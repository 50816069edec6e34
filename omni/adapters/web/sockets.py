"""Connections to addresses that were checked, each with an end in time."""

import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

import httpcore

from omni.addresses import Target, is_public, redacted
from omni.errors import AddressRefused, AddressUnreachable

CONNECT_SECONDS = 10.0
IDLE_SECONDS = 30.0
"""A server that says nothing for so long is given up."""
MOST_ADDRESSES = 8

Resolver = Callable[[str, int], list[str]]


def system_addresses(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host, as this machine resolves them; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_addresses(hop: Target, resolve: Resolver) -> list[str]:
    """Return what a name resolves to, now and only now; one address that isn't public refuses them all."""
    try:
        addresses = resolve(hop.host, hop.port)
    except (OSError, UnicodeError) as error:
        raise AddressUnreachable(url=redacted(hop.url), reason="its name can't be resolved") from error
    if not hop.trusted and not all(map(is_public, addresses)):
        raise AddressRefused(url=redacted(hop.url), reason="its host is not public")
    if not addresses:
        raise AddressUnreachable(url=redacted(hop.url), reason="its name has no address")
    return addresses[:MOST_ADDRESSES]


class Clock:
    """The time that a whole exchange has: a server that drips a byte now and then doesn't get more."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, most: float) -> float:
        """Return what is left, at most ``most`` seconds; raises httpcore.ReadTimeout at the end."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return min(left, most)


class Sockets(httpcore.NetworkBackend):
    """Connects to checked addresses, whatever name it is asked for; TLS still asks for the name's certificate."""

    def __init__(self, addresses: list[str], clock: Clock) -> None:
        self._addresses = addresses
        self._clock = clock
        self._system = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        del host, timeout, local_address
        last: Exception = httpcore.ConnectError("no address")
        for address in self._addresses:
            most = self._clock.left(CONNECT_SECONDS)
            try:
                stream = self._system.connect_tcp(address, port, most, socket_options=socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
            else:
                return _Stream(stream, self._clock)
        raise last


class _Stream(httpcore.NetworkStream):
    """A connection of which every step ends when the clock does."""

    def __init__(self, stream: httpcore.NetworkStream, clock: Clock) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._stream.read(max_bytes, self._clock.left(IDLE_SECONDS))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._stream.write(buffer, self._clock.left(IDLE_SECONDS))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        del timeout
        left = self._clock.left(CONNECT_SECONDS)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
