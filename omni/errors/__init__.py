"""Every way a job can fail: what happened, what to do next, and whether waiting helps."""

from omni.errors.base import OmniError as OmniError

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
    remedy = "Set `repeat` in the brief for moments that were used, lower min_seconds, or submit a longer source."


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


class NothingApproved(OmniError):
    """Facts: count."""

    code, exit_code = "nothing_approved", 9
    message = "None of the {count} clips was approved."
    remedy = "Ask for the next best moments (`omni more JOB`), approve one after all, or submit another brief."


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


class EditFileUnusable(OmniError):
    """Facts: kind, reason."""

    code = "edit_file_unusable"
    message = "The file for editors ({kind}) would not say what is meant: {reason}."
    remedy = "The Shorts themselves are fine; take one of the other files in edit/."


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


class JobHeldElsewhere(OmniError):
    """Facts: path, seconds."""

    code, exit_code, transient = "job_held_elsewhere", 75, True
    message = "Another process was still working on this job after {seconds:.0f} s ({path} is held)."
    remedy = "Let it finish; when it hangs, cancel the job and retry it."


# ── the memory ───────────────────────────────────────────────────────────────────────────────────


class MemoryLocked(OmniError):
    """Facts: path, seconds, holder (begins the sentence: ``Process 4711``, or ``Another process``)."""

    code, exit_code, transient, waited = "memory_locked", 75, True, True
    message = "{holder} held the memory at {path} for more than {seconds:.0f} s."
    remedy = "Wait for it to finish, or set QDRANT_URL to share one memory between many processes."


class MemoryUnavailable(OmniError):
    """Facts: where, reason."""

    code, exit_code, transient = "memory_unavailable", 75, True
    message = "The memory at {where} can't be reached: {reason}."
    remedy = "Start Qdrant or correct QDRANT_URL; without QDRANT_URL the memory is a folder on this machine."


class RecordsRefused(OmniError):
    """Facts: where, reason."""

    code = "records_refused"
    message = "The memory at {where} would not take these records: {reason}."
    remedy = "They lie in the outbox; `omni memory flush --again` tries once more after an update."


class ImportUnusable(OmniError):
    """Facts: where, count, faults (a line each)."""

    code, exit_code = "import_unusable", 2
    message = "{count} lines of {where} can't be read, so nothing was imported:\n{faults}"
    remedy = "Correct them, or leave them out with --skip-bad."


class NotForgotten(OmniError):
    """Facts: where, count."""

    code, exit_code, transient = "not_forgotten", 75, True
    message = (
        "{count} records of what was to be forgotten are in the memory at {where} again: a job kept them meanwhile."
    )
    remedy = "Let the jobs end, and forget it once more."


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


class UploadNotFound(OmniError):
    """Facts: upload."""

    code, exit_code = "upload_not_found", 3
    message = "No upload found with this ID."
    remedy = "Send the file to POST /uploads again; unused uploads are kept for some days only."


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
