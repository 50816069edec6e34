"""What a submission names: a file that the API can open itself, an address, or an upload of what is here."""

import re
from pathlib import Path

from pydantic import ValidationError
from rich.console import Console

from deployments.errors import ApiRequestRefused
from deployments.live import transfer
from deployments.remote.answers import printable
from deployments.remote.client import ApiClient
from deployments.schemas import UPLOAD_ID, Submission, Webhook
from omni.contracts import Brief
from omni.errors import SourceNotFound


def submission(
    client: ApiClient,
    said: Console,
    video: str,
    brief: Brief,
    webhook: str | None,
    *,
    upload: bool,
    dry_run: bool = False,
) -> Submission:
    """Return what to submit; a file that the API can't open by its path has been sent to it then.

    Raises ApiRequestRefused for what no API takes, SourceNotFound when there is nothing to upload.
    """
    file = _here(video)
    if upload and file is None:
        raise SourceNotFound(path=printable(video))
    fields: dict[str, object] = {"brief": _localized(client, brief), "dry_run": dry_run}
    try:
        if webhook is not None:
            fields["webhook"] = Webhook(url=webhook)  # before an upload that would be for nothing
        if re.fullmatch(f"upload:{UPLOAD_ID[1:-1]}", video):  # as `video_path` of a job tells it
            fields["upload_id"] = video.removeprefix("upload:")
        elif file is not None and (upload or not client.is_local or not str(file).isprintable()):
            fields["upload_id"] = _upload(client, said, file)
        else:
            fields["video_path"] = video if file is None else str(file)
        return Submission.model_validate(fields)
    except ValidationError as error:
        raise ApiRequestRefused(code="invalid_request", detail=_said(error)) from None


def _here(video: str) -> Path | None:
    """Return the file of this name on this machine."""
    if "\0" in video or video.startswith(("http://", "https://")):
        return None
    path = Path(video).expanduser().absolute()
    return path if path.is_file() else None


def _upload(client: ApiClient, said: Console, file: Path) -> str:
    said.print(f"Sending {printable(file.name)} to {client.address} …", markup=False, soft_wrap=True)
    with transfer(said, "sending", file.stat().st_size) as progress:
        return client.upload(file, progress).body.upload_id


def _localized(client: ApiClient, brief: Brief) -> Brief:
    """Return the brief with a path to its logo that doesn't depend on where this command runs."""
    logo = _here(str(brief.logo)) if brief.logo and client.is_local else None
    return brief.model_copy(update={"logo": logo}) if logo else brief


def _said(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in found["loc"])
    return printable(f"{where}: {found['msg']}" if where else found["msg"])
