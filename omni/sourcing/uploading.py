"""An upload that lies in the store, brought to the machine that works on it."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from omni.contracts import Sha256
from omni.errors import StoredFileMissing, UploadNotFound
from omni.ports.storage import Storage

FACTS = "upload.json"
"""Beside the file, in the store and in the folder of uploads: what the API noted when it was complete."""


class _Facts(BaseModel):
    name: Annotated[str, Field(pattern=r"^[^/\\.][^/\\]*$")]
    sha256: Sha256


def bring(upload: str, storage: Storage, uploads: Path) -> Path:
    """Return ``uploads/<upload>/<name>`` of this machine, fetched unless it is here with the digest it was sent with.

    Raises UploadNotFound, StoreUnavailable, DiskFull.
    """
    try:
        facts = _Facts.model_validate_json(b"".join(storage.read(f"uploads/{upload}/{FACTS}")))
        target = uploads / upload / facts.name
        return storage.fetch(f"uploads/{upload}/{facts.name}", target, sha256=facts.sha256).path
    except (StoredFileMissing, ValidationError) as error:
        raise UploadNotFound(upload=upload) from error
