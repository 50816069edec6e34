"""Signatures of webhooks, by the Standard Webhooks specification."""

import base64
import binascii
import secrets
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr
from standardwebhooks import Webhook

from omni.errors import WebhookSecretUnusable
from omni.kept import kept

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret, by the specification."""
FILE = "webhook-secret"


def secret_of(configured: SecretStr | None, home: Path) -> str:
    """Return the secret of this installation: the configured one, else the one in the home, made when it is missing.

    Several, separated by blanks, are in force during a change. Raises WebhookSecretUnusable.
    """
    told = configured.get_secret_value().strip() if configured else ""
    secret = told or _kept(home / FILE)
    _keys(secret, "OMNI_WEBHOOK_SECRET" if told else str(home / FILE))
    return secret


def signed(body: bytes, delivery: str, secret: str, now: datetime) -> dict[str, str]:
    """Return the headers that go with exactly these bytes; each of several secrets signs."""
    signatures = (Webhook(key).sign(delivery, now, body.decode()) for key in _keys(secret, "the webhook secret"))
    return {
        "content-type": "application/json",
        "webhook-id": delivery,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _keys(secret: str, where: str) -> list[bytes]:
    parts = secret.split()
    if not parts:
        raise WebhookSecretUnusable(where=where, reason="it is empty")
    return [_key(part, where) for part in parts]


def _key(part: str, where: str) -> bytes:
    """Return the bytes of one secret; the library would sign with whatever it could make out of a damaged one."""
    if not part.startswith(PREFIX):
        raise WebhookSecretUnusable(where=where, reason=f"a secret doesn't begin with {PREFIX}")
    text = part.removeprefix(PREFIX).rstrip("=")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise WebhookSecretUnusable(where=where, reason=f"what follows {PREFIX} is not base64") from None
    if not SHORTEST <= len(key) <= LONGEST:
        reason = f"a secret has {len(key)} bytes; {SHORTEST} to {LONGEST} are accepted"
        raise WebhookSecretUnusable(where=where, reason=reason)
    return key


def _kept(path: Path) -> str:
    try:
        return kept(path, lambda: f"{PREFIX}{base64.b64encode(secrets.token_bytes(32)).decode()}")
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not text"
        raise WebhookSecretUnusable(where=path, reason=reason) from None
