"""Every way a job can fail: what happened, what to do next, and whether waiting helps."""

from typing import ClassVar


class OmniError(Exception):
    """Base. Facts are keyword arguments and fill ``message`` and ``remedy``; plain, picklable, without secrets."""

    code: ClassVar[str] = "internal"
    exit_code: ClassVar[int] = 1
    transient: ClassVar[bool] = False
    message: ClassVar[str] = "Something failed that has no name yet."
    remedy: ClassVar[str] = "Run `omni doctor`, and report what it says."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(str(self))

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.facts)

    def __str__(self) -> str:
        return f"{self.cause} {self.next_step}"

    @property
    def cause(self) -> str:
        """What happened."""
        return self.message.format(**self.facts)

    @property
    def next_step(self) -> str:
        """What the user can do about it."""
        return self.remedy.format(**self.facts)


def _rebuild(kind: type[OmniError], facts: dict[str, object]) -> OmniError:
    return kind(**facts)


# ── the source ───────────────────────────────────────────────────────────────────────────────────


class SourceError(OmniError):
    """The input can't be used as it is."""

    exit_code = 7


class SourceNotFound(SourceError):
    """Facts: path."""

    code, exit_code = "source_not_found", 3
    message = "There is no file at {path}."
    remedy = "Check the path; it is read on the machine that runs the job."


class SourceEmpty(SourceError):
    """Facts: path."""

    code = "source_empty"
    message = "{path} has zero bytes."
    remedy = "The download or upload was probably interrupted: fetch the file again."


class SourceUnreadable(SourceError):
    """Facts: path, reason."""

    code = "source_unreadable"
    message = "{path} is not a video or audio file that can be decoded ({reason})."
    remedy = "Export it again as MP4, MOV, MKV, WebM, MP3, WAV or FLAC."


class SourceTruncated(SourceError):
    """Facts: path, reason."""

    code = "source_truncated"
    message = "{path} is cut off: its index is missing ({reason})."
    remedy = "Copy the whole file again, or repair it with a tool such as untrunc and submit the repaired file."


class SourceTooLong(SourceError):
    """Facts: path, duration, limit (seconds)."""

    code = "source_too_long"
    message = "{path} lasts {duration:.0f} s; the limit is {limit:.0f} s."
    remedy = "Cut it into parts, or raise OMNI_MAX_SOURCE_SECONDS."


class SourceTooShort(SourceError):
    """Facts: path, duration, limit (seconds)."""

    code = "source_too_short"
    message = "{path} lasts {duration:.1f} s; a Short needs at least {limit:.0f} s."
    remedy = "Submit a longer source."


class SourceTooLarge(SourceError):
    """Facts: path, what."""

    code = "source_too_large"
    message = "{path} is larger than is accepted: {what}."
    remedy = "Scale the picture down or split the file; the limits stand in `.env.example`."


class NothingToClip(SourceError):
    """Facts: path, reason."""

    code = "nothing_to_clip"
    message = "No moment of {path} can stand as a Short: {reason}."
    remedy = "Lower min_seconds in the brief, or submit a longer source."


# ── addresses ────────────────────────────────────────────────────────────────────────────────────


class UrlSourcesOff(OmniError):
    """No facts."""

    code, exit_code = "url_sources_off", 2
    message = "A source can't be an address here: fetching is switched off."
    remedy = "Upload the file, or set OMNI_URL_SOURCES=true and name the hosts in OMNI_URL_HOSTS."


class AddressRefused(OmniError):
    """Facts: url (without credentials, path and query), reason."""

    code, exit_code = "address_refused", 2
    message = "The address {url} may not be used: {reason}."
    remedy = "Use an https address on port 443 of a public host that this installation allows."


class AddressWithoutFile(OmniError):
    """Facts: url (without credentials, path and query), reason."""

    code, exit_code = "address_without_file", 3
    message = "There is no file to fetch at {url}: {reason}."
    remedy = "Check the address: it must lead to the file itself, without a login."


class AddressUnreachable(OmniError):
    """Facts: url (without credentials, path and query), reason."""

    code, exit_code, transient = "address_unreachable", 75, True
    message = "{url} can't be reached: {reason}."
    remedy = "Try again later; if it stays so, check the address and this machine's connection."


# ── what the operator asked ──────────────────────────────────────────────────────────────────────


class BriefUnusable(OmniError):
    """Facts: field, reason."""

    code, exit_code = "brief_unusable", 2
    message = "The brief's {field} can't be followed: {reason}."
    remedy = "Correct it and submit the job again."


class EngineUnavailable(OmniError):
    """Facts: engine, role, reason."""

    code, exit_code = "engine_unavailable", 2
    message = "The {role} `{engine}` was asked for and is not available: {reason}."
    remedy = "Set what it needs, or ask for `auto` or `offline`."


# ── tools ────────────────────────────────────────────────────────────────────────────────────────


class MediaToolMissing(OmniError):
    """Facts: what."""

    code = "media_tool_missing"
    message = "No complete FFmpeg was found: {what}."
    remedy = "Run `uv sync` (it brings one), or set OMNI_FFMPEG to a build with libx264, libass and loudnorm."


class MediaToolFailed(OmniError):
    """Facts: doing, returncode, tail (last lines of stderr)."""

    code = "media_tool_failed"
    message = "FFmpeg failed while {doing} (exit {returncode}): {tail}"
    remedy = "If the source plays elsewhere, report this with the output of `omni doctor`."


class MediaToolTimedOut(OmniError):
    """Facts: doing, seconds."""

    code, exit_code, transient = "media_tool_timed_out", 75, True
    message = "FFmpeg was still {doing} after {seconds:.0f} s and was stopped."
    remedy = "The machine is overloaded or the source is damaged: try again, or raise OMNI_MEDIA_TIMEOUT_FACTOR."


class DiskFull(OmniError):
    """Facts: path."""

    code, exit_code, transient = "disk_full", 75, True
    message = "There is no space left to write {path}."
    remedy = "Free some space (`omni doctor` shows how much is used) and run the job again; finished stages are kept."


class Aborted(OmniError):
    """Facts: doing."""

    code, exit_code = "aborted", 130
    message = "The job was stopped while {doing}."
    remedy = "Run it again: finished stages are kept."


class NoUsableShort(OmniError):
    """Facts: count, reasons."""

    code = "no_usable_short"
    message = "None of the {count} Shorts passed its checks: {reasons}."
    remedy = "The files and their checks are kept in the work folder; try other lengths, or turn captions off."


class OrchestratorFailed(OmniError):
    """Facts: reason."""

    code, exit_code, transient = "orchestrator_failed", 75, True
    message = "Prefect's server is not there: {reason}."
    remedy = "Its log is server.log in OMNI_HOME/prefect; free memory or disk space and run it again."


class OrchestratorUnavailable(OmniError):
    """Facts: reason."""

    code, exit_code, transient = "orchestrator_unavailable", 75, True
    message = "Prefect's API does not answer ({reason})."
    remedy = "Try again in a few seconds; when it stays away, look at the Prefect server (`omni doctor` names it)."


class DeploymentMissing(OmniError):
    """Facts: name."""

    code, exit_code, transient = "deployment_missing", 75, True
    message = "The deployment {name} is not registered on the Prefect server."
    remedy = "Run `omni deploy` against this server, or `omni serve`, which does."


class JobNotFound(OmniError):
    """Facts: job."""

    code, exit_code = "job_not_found", 3
    message = "No job found with this ID."
    remedy = "Look at GET /jobs; a deleted job is gone."


class JobHeldElsewhere(OmniError):
    """Facts: path, seconds."""

    code, exit_code, transient = "job_held_elsewhere", 75, True
    message = "Another process was still working on this job after {seconds:.0f} s ({path} is held)."
    remedy = "Let it finish; when it hangs, cancel the job and retry it."


# ── the memory ───────────────────────────────────────────────────────────────────────────────────


class MemoryLocked(OmniError):
    """Facts: path, seconds."""

    code, exit_code, transient = "memory_locked", 75, True
    message = "Another process held the memory at {path} for more than {seconds:.0f} s."
    remedy = "Wait for it to finish, or set QDRANT_URL to share one memory between many processes."


class MemoryUnavailable(OmniError):
    """Facts: where, reason."""

    code, exit_code, transient = "memory_unavailable", 75, True
    message = "The memory at {where} can't be reached: {reason}."
    remedy = "Start Qdrant or correct QDRANT_URL; without QDRANT_URL the memory is a folder on this machine."


# ── the store ────────────────────────────────────────────────────────────────────────────────────


class StoreUnavailable(OmniError):
    """Facts: where (without credentials), reason."""

    code, exit_code, transient = "store_unavailable", 75, True
    message = "The store at {where} can't be used: {reason}."
    remedy = "Check OMNI_STORE and its credentials; an S3 store needs the extra `s3`: `uv sync --extra s3`."


class StoredFileMissing(OmniError):
    """Facts: where (without credentials), key."""

    code, exit_code = "stored_file_missing", 3
    message = "There is no {key} in the store at {where}."
    remedy = "It was deleted or never finished: upload the file again, or run the job again."


class StoreKeyRefused(OmniError):
    """Facts: key."""

    code, exit_code = "store_key_refused", 2
    message = "{key!r} can't name a file in the store."
    remedy = "Use a relative path without `..`, empty parts, backslashes or control characters."


# ── the door ─────────────────────────────────────────────────────────────────────────────────────


class NotAuthenticated(OmniError):
    """Facts: reason."""

    code, exit_code = "not_authenticated", 4
    message = "Nobody is known here by this request: {reason}."
    remedy = "Send `Authorization: Bearer KEY`; `omni keys create` makes one (the command line takes OMNI_API_KEY)."


class ScopeMissing(OmniError):
    """Facts: scope."""

    code, exit_code = "scope_missing", 4
    message = "This API key may not do that: it lacks the scope {scope}."
    remedy = "Ask the operator for a key with that scope."


class KeyFileUnusable(OmniError):
    """Facts: path."""

    code, exit_code, transient = "key_file_unusable", 4, True
    message = "The file of API keys can't be read."
    remedy = "Nobody is let in until it is repaired: it stands in OMNI_API_KEYS_FILE, and `omni keys` writes it."


class KeyUnknown(OmniError):
    """Facts: key (its id)."""

    code, exit_code = "key_unknown", 3
    message = "There is no API key {key}."
    remedy = "`omni keys list` shows them."


class OriginRefused(OmniError):
    """Facts: what."""

    code, exit_code = "origin_refused", 4
    message = "A request from {what} is not answered."
    remedy = "Call the API by its own address, or name the host in OMNI_ALLOWED_HOSTS."


class TooManyRequests(OmniError):
    """Facts: limit (requests a minute), retry_after (seconds)."""

    code, exit_code, transient = "too_many_requests", 75, True
    message = "More than {limit} requests a minute came with this key."
    remedy = "Wait for Retry-After; watch jobs by their event stream instead of asking often."


class QueueFull(OmniError):
    """Facts: limit, retry_after (seconds)."""

    code, exit_code, transient = "queue_full", 75, True
    message = "{limit} jobs of this owner are waiting already."
    remedy = "Submit it again when some are done, or raise OMNI_MAX_QUEUED."


class VideoNotFound(OmniError):
    """Facts: roots."""

    code, exit_code = "video_not_found", 3
    message = "Video file not found."
    remedy = (
        "Give a file below one of the media roots ({roots}); OMNI_MEDIA_ROOTS names them, POST /uploads takes others."
    )


class UploadNotFound(OmniError):
    """Facts: upload."""

    code, exit_code = "upload_not_found", 3
    message = "No upload found with this ID."
    remedy = "Send the file to POST /uploads again; unused uploads are kept for some days only."


class FileNotDelivered(OmniError):
    """Facts: name."""

    code, exit_code = "file_not_found", 3
    message = "This job has no file {name!r}."
    remedy = "Look at the list under links.files; a job has files when it is COMPLETED."


class TooLarge(OmniError):
    """Facts: limit (bytes)."""

    code, exit_code = "too_large", 7
    message = "The body is larger than {limit} bytes."
    remedy = "Put the file below a media root, or raise OMNI_MAX_UPLOAD_BYTES."


class UploadUnusable(OmniError):
    """Facts: reason."""

    code, exit_code = "upload_unusable", 2
    message = "The upload can't be kept: {reason}."
    remedy = "Send the file itself as the body: curl -T talk.mp4 'http://…/uploads?name=talk.mp4'."


class IdempotencyKeyUnusable(OmniError):
    """Facts: reason."""

    code, exit_code = "idempotency_key_unusable", 2
    message = "The Idempotency-Key can't be used: {reason}."
    remedy = "Send 1–255 printable ASCII characters, such as a UUID, and another one for another request."


class IdempotencyKeyReused(OmniError):
    """Facts: none."""

    code, exit_code = "idempotency_key_reused", 2
    message = "This Idempotency-Key came before with another request."
    remedy = "Send another key for another request."


class CursorUnusable(OmniError):
    """Facts: none."""

    code, exit_code = "cursor_unusable", 2
    message = "The cursor is not one that this API gave."
    remedy = "Begin again without a cursor."


class JobEnded(OmniError):
    """Facts: status."""

    code, exit_code = "job_ended", 5
    message = "The job has ended already: it is {status}."
    remedy = "An ended job can be retried or deleted."


class JobNotEnded(OmniError):
    """Facts: status."""

    code, exit_code = "job_not_ended", 5
    message = "The job is {status}; there is nothing to retry."
    remedy = "A job that failed or was cancelled can be retried."


class JobRunning(OmniError):
    """Facts: status."""

    code, exit_code = "job_running", 5
    message = "The job has not ended: it is {status}."
    remedy = "Cancel it first, or wait for its end."


# ── the command line, asking an API ──────────────────────────────────────────────────────────────


class ApiAddressUnusable(OmniError):
    """Facts: reason. The address itself may hold a password and is not repeated."""

    code, exit_code = "api_address_unusable", 2
    message = "The address of the API can't be used: {reason}."
    remedy = "Give --api or OMNI_API_URL as http://HOST:PORT or https://HOST; the key goes into OMNI_API_KEY."


class ApiUnreachable(OmniError):
    """Facts: api, reason."""

    code, exit_code, transient = "api_unreachable", 6, True
    message = "The API at {api} can't be reached: {reason}."
    remedy = "Start it with `omni serve`, or say where it is with --api or OMNI_API_URL."


class ApiUnusable(OmniError):
    """Facts: api, reason."""

    code, exit_code = "api_unusable", 6
    message = "What answers at {api} is no use as an Omni-Operator API: {reason}."
    remedy = "Check --api or OMNI_API_URL, that client and API have the same version, and the log of the API."


class ApiRefused(OmniError):
    """The API said no. Facts: code, detail, next_step (its own words; empty for the remedy below), repeated."""

    message = "{detail} ({code})"

    @property
    def next_step(self) -> str:
        """What the API advises, else what is advised here."""
        return str(self.facts.get("next_step") or self.remedy)


class ApiRequestRefused(ApiRefused):
    """What was asked can't be followed."""

    code, exit_code = "api_request_refused", 2
    remedy = "Correct the request; --help shows what is accepted."


class ApiNotFound(ApiRefused):
    """What was asked for isn't there, or belongs to another key."""

    code, exit_code = "api_not_found", 3
    remedy = "`omni list` shows the jobs of this key."


class ApiKeyRefused(ApiRefused):
    """There is no key, an unknown one, or one that may not do this."""

    code, exit_code = "api_key_refused", 4
    remedy = "Put a key that may do this into OMNI_API_KEY; the operator makes one with `omni keys create`."


class ApiConflict(ApiRefused):
    """The job is in a state in which this can't be done."""

    code, exit_code = "api_conflict", 5
    remedy = "`omni status ID` shows where the job stands."


class ApiFileRefused(ApiRefused):
    """The file is too large, or of a kind that isn't taken."""

    code, exit_code = "api_file_refused", 7
    remedy = "Send a smaller video or audio file, or put it below a media root of the API."


class ApiBusy(ApiRefused):
    """The API, or what it needs, has no room or no time now."""

    code, exit_code, transient = "api_busy", 75, True
    remedy = "Try again later."


class WaitTimedOut(OmniError):
    """Facts: job, seconds, command."""

    code, exit_code = "wait_timed_out", 124
    message = "Job {job} had not ended after {seconds:g} s of waiting."
    remedy = "It goes on; wait again with: {command}"


class NotConfirmed(OmniError):
    """Facts: doing."""

    code, exit_code = "not_confirmed", 2
    message = "{doing} needs a yes, and there is no terminal to ask on."
    remedy = "Say --yes."


class TransferDamaged(OmniError):
    """Facts: name."""

    code, exit_code, transient = "transfer_damaged", 75, True
    message = "{name} did not arrive as it was sent: its sha256 differs."
    remedy = "Try again; when it stays so, the file was changed while it was sent, or something on the way changes it."


class FolderUnwritable(OmniError):
    """Facts: path, reason."""

    code, exit_code = "folder_unwritable", 2
    message = "{path} can't be written: {reason}."
    remedy = "Name another folder."


# ── the stack: server, workers, API ──────────────────────────────────────────────────────────────


class OrchestratorUnnamed(OmniError):
    """Facts: command."""

    code, exit_code = "orchestrator_unnamed", 2
    message = "`omni {command}` works with a Prefect server, and none is named."
    remedy = "Set PREFECT_API_URL (http://host:4200/api), or run `omni serve`, which brings its own."


class PortTaken(OmniError):
    """Facts: port, setting."""

    code, exit_code = "port_taken", 2
    message = "Another process listens on port {port}."
    remedy = "Stop it, or set {setting} to another port."


class AlreadyServing(OmniError):
    """Facts: what, home."""

    code, exit_code = "already_serving", 5
    message = "`omni {what}` is running with {home} already."
    remedy = "Stop that one, or set OMNI_HOME to another folder."


class KeysRequired(OmniError):
    """Facts: host."""

    code, exit_code = "keys_required", 4
    message = "{host} can be reached by others, and there is no API key that would keep them out."
    remedy = "Make one with `omni keys create`, or stay on 127.0.0.1."


class PartFailed(OrchestratorFailed):
    """Facts: part, reason, log."""

    code = "part_failed"
    message = "The part `{part}` doesn't come up: {reason}"
    remedy = "The whole log is {log}; correct what it names and start again."


class RegistrationFailed(OmniError):
    """Facts: reason."""

    code = "registration_failed"
    message = "The deployments of prefect.yaml can't be registered: {reason}"
    remedy = "Correct what it names and run `omni deploy`."


# ── webhooks ─────────────────────────────────────────────────────────────────────────────────────


class WebhookSecretUnusable(OmniError):
    """Facts: where, reason; never the secret."""

    code, exit_code = "webhook_secret_unusable", 2
    message = "Webhooks can't be signed: {where} can't be used ({reason})."
    remedy = "Set OMNI_WEBHOOK_SECRET to `whsec_` and 24 to 64 bytes in base64, or leave it out: then one is made."


class NoticeUnaddressed(OmniError):
    """Facts: job, reason."""

    code, exit_code = "notice_unaddressed", 3
    message = "There is nobody to tell of job {job}: {reason}."
    remedy = "Submit a job with a webhook that asks for this event."


class WebhookMissing(OmniError):
    """Facts: none."""

    code, exit_code = "webhook_missing", 5
    message = "No webhook of this job has been sent yet."
    remedy = "A job has one when it was submitted with `webhook`; it is sent when the job ends."
