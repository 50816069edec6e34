"""Who uses the pages: a signed cookie that names an API key, never the key itself, and what binds a form to it."""

import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass
from functools import cached_property

from deployments.door.errors import SessionSecretUnusable
from omni.kept import kept
from omni.settings import Settings

COOKIE = "omni_session"
FILE = "session-secret"
LASTS_SECONDS = 7 * 86400
SHORTEST = 32
"""Characters of a configured secret; one of our own has 43, for 256 random bits."""
_COOKIE = re.compile(r"([A-Za-z0-9_-]{22})\.([0-9a-f]{8}|-)\.(\d{10})\.([0-9a-f]{64})")


@dataclass(frozen=True)
class Session:
    """What a cookie says. ``key`` is empty where the loopback's user needs none; ``expires`` in seconds since 1970."""

    nonce: str
    key: str
    expires: int


class Sessions:
    """Signs cookies, reads them again, and makes the tokens of their forms; nothing is stored."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def begin(self, key: str = "", digest: str = "") -> tuple[Session, str]:
        """Return a new session and its cookie; ``digest`` is the key's own, so that no other key of its id can use it."""
        session = Session(secrets.token_urlsafe(16), key, int(time.time()) + LASTS_SECONDS)
        return session, f"{_told(session)}.{self._signature('session', _told(session), digest)}"

    def named(self, cookie: str) -> Session | None:
        """Return what an unexpired cookie claims; it is worth nothing before :meth:`holds` says so."""
        found = _COOKIE.fullmatch(cookie)
        if found is None or int(found[3]) < time.time():
            return None
        return Session(found[1], found[2].strip("-"), int(found[3]))

    def holds(self, cookie: str, session: Session, digest: str = "") -> bool:
        """Whether this cookie was signed here, for the key with this digest."""
        return hmac.compare_digest(cookie.rpartition(".")[2], self._signature("session", _told(session), digest))

    def token(self, session: Session) -> str:
        """Return what every form of this session carries: another page can't know it."""
        return self._signature("form", session.nonce)

    def _signature(self, *parts: str) -> str:
        return hmac.new(self._secret, "\0".join(parts).encode(), hashlib.sha256).hexdigest()

    @cached_property
    def _secret(self) -> bytes:
        """The configured secret, else the one in the home; raises SessionSecretUnusable."""
        configured, path = self._settings.session_secret, self._settings.home / FILE
        try:
            told = configured.get_secret_value() if configured else kept(path, lambda: secrets.token_urlsafe(32))
        except (OSError, UnicodeError) as error:
            raise SessionSecretUnusable(where=FILE, reason=f"it can't be read ({type(error).__name__})") from error
        if len(told) < SHORTEST:
            where = "OMNI_SESSION_SECRET" if configured else FILE
            raise SessionSecretUnusable(where=where, reason=f"it has fewer than {SHORTEST} characters")
        return told.encode()


def _told(session: Session) -> str:
    return f"{session.nonce}.{session.key or '-'}.{session.expires}"
