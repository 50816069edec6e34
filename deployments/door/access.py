"""Who may ask: hashed API keys with scopes, the loopback's own user, and how often each may ask."""

import hashlib
import hmac
import ipaddress
import json
import math
import os
import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from fastapi import Depends, Request
from limits import RateLimitItemPerMinute
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from pydantic import Field, TypeAdapter

from deployments.door.sessions import COOKIE, Session, Sessions
from deployments.errors import (
    CountersUnusable,
    KeyFileUnusable,
    NotAuthenticated,
    OriginRefused,
    ScopeMissing,
    TooManyRequests,
)
from omni.addresses import redacted
from omni.contracts import Contract, Sha256
from omni.settings import Settings

Scope = Literal["submit", "read", "admin"]
SCOPES: tuple[Scope, ...] = ("submit", "read", "admin")
PREFIX = "omni_"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Change nothing, so that a cookie is enough to ask for them."""
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
FAILURES_PER_MINUTE = 30
"""Wrong keys from one address; a key has 256 random bits, so this only keeps the log short."""


class Principal(Contract):
    """Who asks. ``key`` is empty for the user of the loopback door, who may do everything."""

    owner: str
    scopes: tuple[Scope, ...]
    key: str = ""

    @property
    def sees(self) -> str | None:
        """The owner whose jobs are shown; None: everybody's."""
        return None if "admin" in self.scopes else self.owner


class ApiKey(Contract):
    """One key as it is kept; the secret itself is shown once and never stored."""

    id: str
    owner: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.@-]{0,63}$")]
    sha256: Sha256
    scopes: tuple[Scope, ...]
    created_at: datetime

    @property
    def principal(self) -> Principal:
        """Who shows it."""
        return Principal(owner=self.owner, scopes=self.scopes, key=self.id)


LOCAL = Principal(owner="local", scopes=SCOPES)
_KEYS = TypeAdapter(tuple[ApiKey, ...])


class KeyRing:
    """The keys in a file; read again when it has changed, so that one can be revoked without a restart."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._keys: tuple[ApiKey, ...] = ()

    def keys(self) -> tuple[ApiKey, ...]:
        """Return the keys; raises KeyFileUnusable rather than letting everybody in."""
        try:
            stat = self._path.stat()
            seen = stat.st_ino, stat.st_mtime_ns, stat.st_size
            if seen != self._seen:
                self._keys = _KEYS.validate_json(self._path.read_bytes())
                self._seen = seen
        except FileNotFoundError as error:
            if self._seen is not None:  # it was there: whoever took it away must not open the door by that
                raise KeyFileUnusable(path=self._path) from error
            return ()
        except (OSError, ValueError) as error:
            raise KeyFileUnusable(path=self._path) from error
        return self._keys

    def principal(self, secret: str) -> Principal | None:
        """Return whose key this is."""
        digest = hashlib.sha256(secret.encode()).hexdigest()
        found = [key for key in self.keys() if hmac.compare_digest(key.sha256, digest)]
        return found[0].principal if found else None

    def of_id(self, key_id: str) -> ApiKey | None:
        """Return a key by its id; None as soon as it is revoked."""
        return next((key for key in self.keys() if key.id == key_id), None)

    def create(self, owner: str, scopes: tuple[Scope, ...]) -> tuple[ApiKey, str]:
        """Add a key and return it with its secret, which is shown this once."""
        secret = f"{PREFIX}{secrets.token_urlsafe(32)}"
        digest = hashlib.sha256(secret.encode()).hexdigest()
        key = ApiKey(id=digest[:8], owner=owner, sha256=digest, scopes=scopes, created_at=datetime.now(UTC))
        self._write((*self.keys(), key))
        return key, secret

    def revoke(self, key_id: str) -> bool:
        """Remove a key; tell whether there was one."""
        kept = tuple(key for key in self.keys() if key.id != key_id)
        if len(kept) == len(self.keys()):
            return False
        self._write(kept)
        return True

    def _write(self, keys: tuple[ApiKey, ...]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=self._path.parent, prefix=".api-keys-")  # created for us alone (0600)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump([key.model_dump(mode="json") for key in keys], file, indent=2)
            Path(part).replace(self._path)
        finally:
            with suppress(FileNotFoundError):
                Path(part).unlink()


def has_keys(settings: Settings) -> bool:
    """Whether any API key exists; without one, only the loopback is let in."""
    return bool(KeyRing(settings.keys).keys())


def is_loopback(host: str) -> bool:
    """Whether an address or name is this machine's own."""
    if host in LOCAL_HOSTS:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Gatekeeper:
    """Decides who asks, from where, and whether not too often."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ring = KeyRing(settings.keys)
        self._sessions = Sessions(settings)
        self._limiter = FixedWindowRateLimiter(_counters(settings.rate_storage))

    def check_origin(self, request: Request) -> None:
        """Refuse what a web page of somebody else makes a browser send: rebound names, foreign origins."""
        allowed = {name.lower() for name in self._settings.allowed_hosts}
        authority = request.headers.get("host", "")
        host = _host_of(authority)
        if "*" not in allowed and host not in allowed and not is_loopback(host) and not self._ring.keys():
            raise OriginRefused(what=f"the host {host!r}")
        if request.method in SAFE_METHODS:
            return
        origin = request.headers.get("origin")
        if origin is not None and not _is_same(origin, authority):
            raise OriginRefused(what="another web page")
        if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
            raise OriginRefused(what="another web page")

    async def principal(self, request: Request) -> Principal:
        """Return who asks, by the key that is shown; the pages' cookie is enough where nothing is changed.

        Raises NotAuthenticated.
        """
        secret = _shown_key(request)
        if not self.has_keys:
            return self._local(request)
        session = self.session(request) if not secret and request.method in SAFE_METHODS else None
        if session is not None and session.key:
            return self.visitor(session, request)
        return await self.known(request, secret)

    @property
    def has_keys(self) -> bool:
        """Whether anybody has to show who they are."""
        return bool(self._ring.keys())

    async def known(self, request: Request, secret: str) -> Principal:
        """Return whose key this is; raises NotAuthenticated, and TooManyRequests for one who guesses."""
        known = self._ring.principal(secret) if secret else None
        if known is None:
            await self._count(f"failed:{request.client.host if request.client else ''}", FAILURES_PER_MINUTE)
            raise NotAuthenticated(reason="no API key was shown" if not secret else "the API key is not known")
        return known

    def begin(self, who: Principal | None = None) -> tuple[Session, str]:
        """Return a new session of the pages and its cookie; without a key it stands for nobody."""
        key = self._ring.of_id(who.key) if who and who.key else None
        return self._sessions.begin(key.id, key.sha256) if key else self._sessions.begin()

    def session(self, request: Request) -> Session | None:
        """Return the session that a request's cookie proves; none when it has ended or its key is revoked."""
        cookie = request.cookies.get(COOKIE, "")
        named = self._sessions.named(cookie)
        key = self._ring.of_id(named.key) if named and named.key else None
        if named is None or (named.key and key is None):
            return None
        return named if self._sessions.holds(cookie, named, key.sha256 if key else "") else None

    def visitor(self, session: Session, request: Request) -> Principal:
        """Return whom a proven session stands for; raises NotAuthenticated."""
        key = self._ring.of_id(session.key)
        return key.principal if key else self._local(request)

    def token(self, session: Session) -> str:
        """Return what the forms of a session carry."""
        return self._sessions.token(session)

    def _local(self, request: Request) -> Principal:
        """Return the user of this machine; a door without keys answers nobody else."""
        if self.has_keys or not is_loopback(request.client.host if request.client else ""):
            raise NotAuthenticated(reason="this API has no keys, and answers its own machine only")
        return LOCAL

    async def admit(self, who: Principal, scope: Scope) -> None:
        """Let somebody do something; raises ScopeMissing or TooManyRequests."""
        if scope not in who.scopes and "admin" not in who.scopes:
            raise ScopeMissing(scope=scope)
        if who.key:
            limits = {"submit": self._settings.submits_per_minute, "read": self._settings.reads_per_minute}
            await self._count(f"{scope}:{who.key}", limits.get(scope, self._settings.reads_per_minute))

    async def _count(self, name: str, per_minute: int) -> None:
        item = RateLimitItemPerMinute(per_minute)
        if not await self._limiter.hit(item, name):
            stats = await self._limiter.get_window_stats(item, name)
            raise TooManyRequests(limit=per_minute, retry_after=max(1, math.ceil(stats.reset_time - time.time())))


def needs(scope: Scope) -> Callable[[Request], Awaitable[Principal]]:
    """Return the dependency that lets a request in when its key has the scope."""

    async def admitted(request: Request) -> Principal:
        gatekeeper: Gatekeeper = request.app.state.gatekeeper
        who = await gatekeeper.principal(request)
        await gatekeeper.admit(who, scope)
        return who

    return admitted


Submitter = Annotated[Principal, Depends(needs("submit"))]
Viewer = Annotated[Principal, Depends(needs("read"))]


def _counters(address: str) -> Storage:
    """Return where requests are counted; the address may hold a password, which the library's errors would quote."""
    try:
        storage = storage_from_string(address, implementation="redispy")
    except (ConfigurationError, ValueError) as error:
        raise CountersUnusable(address=redacted(address), reason=type(error).__name__) from None
    if not isinstance(storage, Storage):
        raise CountersUnusable(address=redacted(address), reason="it isn't an async one")
    return storage


def _shown_key(request: Request) -> str:
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else request.headers.get("x-api-key", "")


def _is_same(origin: str, authority: str) -> bool:
    """Whether a page's origin is this door: another port of this machine is another page."""
    scheme, _, named = origin.lower().partition("://")
    port = {"http": ":80", "https": ":443"}.get(scheme)
    return port is not None and named.removesuffix(port) == authority.lower().removesuffix(port)


def _host_of(authority: str) -> str:
    """Return the name in ``name:port`` or ``[::1]:port``."""
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    return authority.partition(":")[0].lower()
