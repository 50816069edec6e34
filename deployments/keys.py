"""`omni keys` and `omni webhook-secret`: what the operator hands to others."""

import json
import sys
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from deployments.door.access import SCOPES, KeyRing, Scope
from deployments.errors import KeyUnknown
from omni.notices.signing import secret_of
from omni.settings import Settings

app = App(name="keys", help="Make, show and revoke API keys.")
said = Console(stderr=True, highlight=False)


@app.command
def create(owner: str, *, scope: tuple[Scope, ...] = ("submit", "read")) -> None:
    """Make a key and print it; it is shown this once, only its hash is kept.

    Parameters
    ----------
    owner
        Whose jobs it makes and sees; two keys of one owner see the same jobs.
    scope
        What it may do: submit, read, admin (everything, of everybody); give it more than once for more.

    """
    key, secret = KeyRing(Settings().keys).create(owner, scope)
    said.print(f"key {key.id} of {key.owner} may {', '.join(key.scopes)}; keep it, it is not shown again:")
    sys.stdout.write(secret + "\n")


@app.command(name="list")
def list_keys(*, as_json: Annotated[bool, Parameter(name="--json")] = False) -> None:
    """Show the keys: id, owner, scopes, day.

    Parameters
    ----------
    as_json
        Print them as JSON.

    """
    keys = [key.model_dump(mode="json", exclude={"sha256"}) for key in KeyRing(Settings().keys).keys()]  # noqa: SIM118  # it reads a file
    if as_json:
        sys.stdout.write(json.dumps(keys, indent=2) + "\n")
        return
    for key in keys:
        sys.stdout.write(f"{key['id']}  {key['owner']:<20} {' '.join(key['scopes']):<20} {key['created_at'][:10]}\n")
    if not keys:
        said.print(
            f"There are no keys: only this machine may ask. `omni keys create OWNER` makes one ({', '.join(SCOPES)})."
        )


@app.command
def revoke(key_id: str) -> None:
    """Take a key back; it works no more from now on.

    Parameters
    ----------
    key_id
        The first column of `omni keys list`.

    """
    if not KeyRing(Settings().keys).revoke(key_id):
        raise KeyUnknown(key=key_id)
    said.print(f"key {key_id} is revoked")


def webhook_secret() -> None:
    """Print what webhooks are signed with (`whsec_…`), for those who check the signature."""
    settings = Settings()
    sys.stdout.write(secret_of(settings.webhook_secret, settings.home) + "\n")
