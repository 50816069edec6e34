"""The API's client: asks again when an answer is lost, and never makes a second job by it."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from time import sleep
from typing import Any, Self
from uuid import UUID

import httpx
from pydantic import BaseModel, SecretStr

from deployments.errors import (
    ApiAddressUnusable,
    ApiConflict,
    ApiKeyRefused,
    ApiNotFound,
    ApiRequestRefused,
    ApiUnreachable,
    ApiUnusable,
    TransferDamaged,
)
from deployments.remote.answers import M, Told, address, printable, refusal, told, wait_of
from deployments.remote.transfers import Reading
from deployments.schemas import EditOrder, FileList, Job, JobPage, OutcomeReceipt, ReviewOrder, Submission, Upload
from omni.errors import OmniError
from omni.outcomes import Outcome
from omni.record import Status

DELAYS = (0.5, 1.0, 2.0, 4.0)
"""Seconds before each further attempt, unless Retry-After asks for more."""
LONGEST_WAIT = 120.0
"""A longer Retry-After is told to the user instead of being waited for."""
AGAIN = frozenset({429, 502, 503, 504})
PROXY_LOST = frozenset({502, 504})
"""The proxy lost the answer; the API may have carried the request out."""
NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
PATIENCE = 60.0
"""Seconds for one answer: SQLite under many submits takes long (FACTS.md)."""

Body = bytes | Callable[[], Iterator[bytes]] | None


class ApiClient:
    """One API and one key; a context manager. ``tell`` hears, in a sentence, why an answer takes long.

    Every call raises ApiUnreachable, ApiUnusable or a kind of ApiRefused.
    """

    def __init__(self, api: str, key: SecretStr | None = None, tell: Callable[[str], None] = lambda _: None) -> None:
        self._url = _url(api)
        self._tell = tell
        self._http = httpx.Client(
            base_url=self._url,
            headers={"User-Agent": "omni-cli", "Accept": "application/json"} | _authorization(key),
            timeout=httpx.Timeout(PATIENCE, connect=5.0),
            trust_env=not self.is_local,  # a proxy of the environment is not asked for this machine itself
        )
        if key is not None and self._url.scheme == "http" and not self.is_local:
            tell(f"The key travels unencrypted to {self.address}; https would protect it.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @property
    def address(self) -> str:
        """Where the API is, without secrets."""
        return address(self._url)

    @property
    def is_local(self) -> bool:
        """Whether the API is on this machine, and reads the files that are here."""
        try:
            return ip_address(self._url.host).is_loopback
        except ValueError:
            return self._url.host == "localhost" or self._url.host.endswith(".localhost")

    def submit(self, submission: Submission, key: str) -> Told[Job]:
        """Make a job; asked again with the same key, it is the same job."""
        if not (key.isascii() and key.isprintable() and 0 < len(key.strip()) <= 255):
            raise ApiRequestRefused(
                code="idempotency_key_unusable", detail="The idempotency key has other than 1–255 ASCII characters."
            )
        body = submission.model_dump_json(exclude_none=True, exclude_defaults=True).encode()
        headers = {"Idempotency-Key": key.strip(), "Content-Type": "application/json"}
        return told(self._ask("POST", "/process", content=body, headers=headers), Job)

    def status(self, job_id: UUID, *, within: float | None = None) -> Told[Job]:
        """Return where a job stands. ``within`` (seconds): ask only once, and wait no longer than that."""
        if within is None:
            return told(self._ask("GET", f"/status/{job_id}"), Job)
        return told(self._ask("GET", f"/status/{job_id}", delays=(), timeout=within), Job)

    def jobs(self, limit: int, cursor: str | None = None, status: Status | None = None) -> Told[JobPage]:
        """Return some jobs, newest first."""
        asked = {"limit": str(limit), "cursor": cursor, "status": status.value if status else None}
        params = {name: value for name, value in asked.items() if value is not None}
        return told(self._ask("GET", "/jobs", params=params), JobPage)

    def cancel(self, job_id: UUID) -> Told[Job]:
        """Ask for the end of a job; ApiConflict when it has ended before."""
        return self._move(job_id, "cancel")

    def retry(self, job_id: UUID) -> Told[Job]:
        """Resume an ended job; ApiConflict when it has not ended."""
        return self._move(job_id, "retry")

    def review(self, job_id: UUID, order: ReviewOrder) -> Told[Job]:
        """Decide on clips; ApiConflict when there is nothing to decide now, ApiNotFound for a clip that isn't there."""
        return self._say("POST", f"/jobs/{job_id}/review", order, Job)

    def edit(self, job_id: UUID, clip: int, order: EditOrder) -> Told[Job]:
        """Change a clip, in place of what was changed before; ApiConflict when nothing can be edited now."""
        return self._say("PUT", f"/jobs/{job_id}/clips/{clip}", order, Job)

    def more(self, job_id: UUID) -> Told[Job]:
        """Make a job of the next best moments, once however often it is asked; ApiConflict when there are none."""
        return told(self._ask("POST", f"/jobs/{job_id}/more"), Job)

    def outcome(self, job_id: UUID, clip: int, outcome: Outcome) -> Told[OutcomeReceipt]:
        """Tell what came of a clip; told again, it is kept once. ApiConflict when the job isn't completed."""
        return self._say("POST", f"/jobs/{job_id}/clips/{clip}/outcome", outcome, OutcomeReceipt)

    def delete(self, job_id: UUID) -> None:
        """Delete a job and its files; ApiConflict while it runs."""
        try:
            self._ask("DELETE", f"/jobs/{job_id}")
        except ApiNotFound as error:
            if not error.facts["repeated"]:  # else it was the lost answer that had deleted it
                raise

    def files(self, job_id: UUID) -> Told[FileList]:
        """Return the files of a completed job."""
        return told(self._ask("GET", f"/jobs/{job_id}/files"), FileList)

    def upload(self, path: Path, progress: Callable[[int], None] = lambda _: None) -> Told[Upload]:
        """Send a file; ``progress`` hears the bytes sent so far, from 0 again when it is sent again.

        Raises SourceNotFound, SourceEmpty or SourceUnreadable for the file, TransferDamaged when it arrived otherwise.
        """
        reading = Reading(path, progress)
        name = path.name.encode("utf-8", "replace").decode()  # a name in another encoding is still a name
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(reading.size)}
        answer = told(
            self._ask("POST", "/uploads", content=reading.chunks, params={"name": name}, headers=headers), Upload
        )
        if answer.body.sha256 != reading.sha256:
            raise TransferDamaged(name=printable(name))
        return answer

    @contextmanager
    def stream(
        self, path: str, headers: dict[str, str], *, delays: tuple[float, ...] = DELAYS, quiet: float = PATIENCE
    ) -> Generator[httpx.Response]:
        """Give an answer whose body is still to be read; raises ApiUnreachable after ``quiet`` seconds of silence."""
        timeout = httpx.Timeout(quiet, connect=5.0)
        response = self._ask("GET", path, headers=headers, delays=delays, timeout=timeout, stream=True)
        try:
            yield response
        except httpx.TransportError as error:
            raise self._unreachable(error) from None
        finally:
            response.close()

    def rest(self, seconds: float) -> None:
        """Wait before asking again."""
        sleep(seconds)

    def _say(self, method: str, path: str, said: BaseModel, kind: type[M]) -> Told[M]:
        body = said.model_dump_json(exclude_defaults=True).encode()
        return told(self._ask(method, path, content=body, headers={"Content-Type": "application/json"}), kind)

    def _move(self, job_id: UUID, verb: str) -> Told[Job]:
        try:
            return told(self._ask("POST", f"/jobs/{job_id}/{verb}"), Job)
        except ApiConflict as error:
            if not error.facts["repeated"]:
                raise
        return self.status(job_id)  # the attempt whose answer was lost had done it

    def _ask(
        self,
        method: str,
        path: str,
        *,
        content: Body = None,
        delays: tuple[float, ...] = DELAYS,
        stream: bool = False,
        **more: Any,
    ) -> httpx.Response:
        lost, left = False, iter(delays)
        while True:
            wait = 0.0
            try:
                response = self._send(method, path, content, stream=stream, **more)
            except httpx.TransportError as error:
                lost = lost or not isinstance(error, NEVER_ARRIVED)
                failure: OmniError = self._unreachable(error)
            else:
                if response.is_success:
                    return response
                failure, wait = _refused(response, repeated=lost), wait_of(response) or 0.0
                lost = lost or response.status_code in PROXY_LOST
                if response.status_code not in AGAIN:
                    raise failure
            delay = next(left, None)
            if delay is None or wait > LONGEST_WAIT:
                raise failure
            if delay == delays[0]:
                self._tell(f"{failure.cause} Asking again.")
            self.rest(max(delay, wait))

    def _send(self, method: str, path: str, content: Body, *, stream: bool, **more: Any) -> httpx.Response:
        body = content() if callable(content) else content
        request = self._http.build_request(method, path, content=body, **more)
        try:
            return self._http.send(request, stream=stream)
        except httpx.DecodingError:
            raise ApiUnusable(api=self.address, reason="the answer can't be decoded") from None

    def _unreachable(self, error: httpx.TransportError) -> ApiUnreachable:
        said = "no answer in time" if isinstance(error, httpx.TimeoutException) else printable(str(error))
        return ApiUnreachable(api=self.address, reason=said.rstrip(".") or "the connection broke")


def _refused(response: httpx.Response, *, repeated: bool) -> OmniError:
    try:
        response.read()
    except httpx.TransportError:
        return ApiUnusable(
            api=address(response.request.url), reason=f"it broke off while answering {response.status_code}"
        )
    finally:
        response.close()
    return refusal(response, repeated=repeated)


def _url(api: str) -> httpx.URL:
    try:
        url = httpx.URL(api.strip())
    except httpx.InvalidURL:
        raise ApiAddressUnusable(reason="it is no URL") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise ApiAddressUnusable(reason="it does not begin with http:// or https:// and a host")
    if url.userinfo:
        raise ApiAddressUnusable(reason="it holds a user name or a password")
    return url.copy_with(query=None, fragment=None)


def _authorization(key: SecretStr | None) -> dict[str, str]:
    shown = key.get_secret_value().strip() if key else ""
    if not (shown.isascii() and shown.isprintable()):
        raise ApiKeyRefused(code="key_unusable", detail="OMNI_API_KEY holds characters that no key has.")
    return {"Authorization": f"Bearer {shown}"} if shown else {}
