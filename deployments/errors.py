"""Every way the doors refuse, and what to do then; the craft's own errors stand in ``omni.errors``."""

from omni.errors import OmniError, OrchestratorFailed


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


class FileNotDelivered(OmniError):
    """Facts: name."""

    code, exit_code = "file_not_found", 3
    message = "This job has no file {name!r}."
    remedy = "Look at the list under links.files; a job has files when it is COMPLETED or NEEDS_REVIEW."


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


class JobNotCompleted(OmniError):
    """Facts: status."""

    code, exit_code = "job_not_completed", 5
    message = "The job is {status}; only a clip that was made can have an outcome."
    remedy = "Tell it when the job is COMPLETED."


class JobNotRemembered(OmniError):
    """Facts: none."""

    code, exit_code = "job_not_remembered", 5
    message = "This job is not in the memory, so nothing can be told about its clips."
    remedy = "Its warnings say why it was not remembered; a new job of the same video and brief is."


class OutcomeImplausible(OmniError):
    """Facts: reason."""

    code, exit_code = "outcome_implausible", 2
    message = "This outcome can't be true: {reason}."
    remedy = "Correct the figure or the date; nothing of the request was kept."


class ResultsUnusable(OmniError):
    """Facts: file, reason."""

    code, exit_code = "results_unusable", 2
    message = "The results in {file} can't be used: {reason}."
    remedy = (
        "Correct what is named (--skip-bad keeps the rows that are good); `omni memory learn --help` names the columns."
    )


class NotReviewable(OmniError):
    """Facts: status."""

    code, exit_code = "job_not_reviewable", 5
    message = "There is nothing to decide or to edit now: the job is {status}."
    remedy = "Wait until it is NEEDS_REVIEW or COMPLETED; then clips can be decided on and edited."


class ClipNotFound(OmniError):
    """Facts: clips, known (how many the job has)."""

    code, exit_code = "clip_not_found", 3
    message = "The job has no clip {clips}."
    remedy = "It has {known}, numbered as in `clips` of GET /status/JOB."


class NothingMore(OmniError):
    """Facts: reason."""

    code, exit_code = "nothing_more", 5
    message = "There is no more to ask of this job: {reason}."
    remedy = "Submit the source again with another brief: other lengths, other directives, or `repeat`."


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


class OrchestratorUnnamed(OmniError):
    """Facts: command."""

    code, exit_code = "orchestrator_unnamed", 2
    message = "`omni {command}` works with a Prefect server, and none is named."
    remedy = "Set PREFECT_API_URL (http://host:4200/api), or run `omni serve`, which brings its own."


class CountersUnusable(OmniError):
    """Facts: address (without credentials), reason."""

    code, exit_code = "counters_unusable", 2
    message = "Requests can't be counted at {address}: {reason}."
    remedy = "Set OMNI_RATE_STORAGE to async+memory:// or async+redis://host:6379/0, or leave it out."


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


class WebhookMissing(OmniError):
    """Facts: none."""

    code, exit_code = "webhook_missing", 5
    message = "No webhook of this job has been sent yet."
    remedy = "A job has one when it was submitted with `webhook`; it is sent when the job ends."
