"""Addresses that users name: what may be asked of which host. Nothing here resolves a name or opens a connection."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import quote

import idna

from omni.errors import AddressRefused

LONGEST = 2048
_SHAPE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?")
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::([0-9]{0,5}))?")
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_SHOWABLE = re.compile(r"([\w.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{0,5})?")
_PORTS = {"http": 80, "https": 443}

# IANA's special-purpose registries (2026-10), beside 240/4 and multicast. Kept here because what `ipaddress` calls
# global differs between patch releases of Python.
_NOT_PUBLIC_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/3",
            "168.63.129.16/32",  # Azure's host agent: a public number that answers only from inside
        ),
    )
)  # fmt: skip
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
# protocol assignments (Teredo and ORCHID among them), documentation, 6to4: a tunnel may end anywhere
_NOT_PUBLIC_V6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class Reach:
    """Where requests may go: patterns are ``example.org`` or ``*.example.org`` (any name below it, not itself)."""

    schemes: frozenset[str] = frozenset({"https"})
    ports: frozenset[int] = frozenset({443})
    hosts: tuple[str, ...] | None = None
    """The only hosts; None: any public one."""
    trusted: tuple[str, ...] = ()
    """Hosts named by the operator: http, any port and private addresses are fine there."""


@dataclass(frozen=True)
class Target:
    """A checked address in parts, so that nobody parses it again and reads something else."""

    scheme: str
    host: str
    """In ASCII and lower case; an IPv6 address without brackets."""
    port: int
    path: str
    """Path and query in ASCII, as the request line has it."""
    trusted: bool

    @property
    def authority(self) -> str:
        """Host and port as the ``Host`` header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address: for following it, never for a log."""
        return f"{self.scheme}://{self.authority}{self.path}"


def check_address(url: str, reach: Reach) -> Target:
    """Take an address apart and return what to ask of whom; raises AddressRefused for one outside ``reach``."""
    try:
        target = _parsed(url, reach)
        if not target.trusted:
            _refuse_beyond(target, reach)
    except ValueError as error:
        raise AddressRefused(url=redacted(url), reason=str(error)) from None
    return target


def redacted(url: str) -> str:
    """Return scheme, host and port of an address: user names, paths and queries may all hold secrets."""
    scheme, found, rest = url.partition("://")
    if not found or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]{0,15}", scheme):
        return "…"
    authority = re.split(r"[/\\?#]", rest, maxsplit=1)[0]
    path = rest[len(authority) :]
    host = authority.rpartition("@")[2]
    if not _SHOWABLE.fullmatch(host) or (":" in authority and "@" in path):  # a password may hold a slash
        host = "…"
    return f"{scheme.lower()}://{host}{'/…' if len(path) > 1 else ''}"


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the public internet: unicast, and neither reserved nor a tunnel's end."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _NOT_PUBLIC_V4)
    if ip in _NAT64:  # how an IPv6-only network names every IPv4 host
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.scope_id is None and ip in _PUBLIC_V6 and not any(ip in network for network in _NOT_PUBLIC_V6)


def is_named(host: str, patterns: Iterable[str]) -> bool:
    """Tell whether a host (ASCII, lower case) is one of the patterns."""
    for pattern in patterns:
        wildcard = pattern.startswith("*.")
        try:
            name = _host(pattern.removeprefix("*."))
        except ValueError:
            continue
        if host.endswith(f".{name}") if wildcard else host == name:
            return True
    return False


def _parsed(url: str, reach: Reach) -> Target:
    if len(url) > LONGEST:
        _refuse(f"it is longer than {LONGEST} characters")
    if any(c <= " " or c == "\\" or not c.isprintable() for c in url):
        _refuse("it holds blanks, backslashes or control characters")
    shape = _SHAPE.fullmatch(url)
    scheme = shape[1].lower() if shape else ""
    if shape is None or scheme not in _PORTS:
        _refuse("it is not a web address")
    if "@" in shape[2]:
        _refuse("it carries credentials")
    authority = _AUTHORITY.fullmatch(shape[2])
    if authority is None:
        _refuse("its host or port can't be read")
    host, port = _host(authority[1]), int(authority[2] or _PORTS[scheme])
    if not 0 < port < 65536:
        _refuse("its host or port can't be read")
    path = quote((shape[3] or "/") + (shape[4] or ""), safe="%/?:@!$&'()*+,;=-._~[]")
    return Target(scheme, host, port, path, trusted=is_named(host, reach.trusted))


def _host(text: str) -> str:
    """Return a host in the one form that is compared and connected to; raises ValueError for a disguised one."""
    try:
        if text.startswith("["):
            return str(ipaddress.IPv6Address(text[1:-1]))
        host = text if text.isascii() else idna.encode(text, uts46=True).decode()
    except ValueError:
        _refuse("its host is not a name that can exist")
    host = host.lower().removesuffix(".")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):  # whatever ends in a number is taken for an IPv4 address by someone
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            _refuse("its host is an IP address in an odd notation")
    if len(host) > 253 or not _NAME.fullmatch(host):
        _refuse("its host is not a name that can exist")
    return host


def _refuse_beyond(target: Target, reach: Reach) -> None:
    if target.scheme not in reach.schemes:
        _refuse(f"{target.scheme} is not accepted")
    if target.port not in reach.ports:
        _refuse(f"port {target.port} is not accepted")
    if reach.hosts is not None and not is_named(target.host, reach.hosts):
        _refuse("its host is not on the list of allowed ones")
    if _is_ip(target.host):
        if not is_public(target.host):
            _refuse("its host is not public")
    elif "." not in target.host:
        _refuse("its host is not public")


def _is_ip(host: str) -> bool:
    return ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]) is not None


def _refuse(reason: str) -> NoReturn:
    raise ValueError(reason) from None
