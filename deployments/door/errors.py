"""Every way in which the HTTP door refuses to show a source or to know a browser; the others stand in ``deployments.errors``."""

from omni.errors import OmniError


class SessionSecretUnusable(OmniError):
    """Facts: where, reason."""

    code, exit_code = "session_secret_unusable", 4
    message = "The secret that signs the pages' cookies can't be used ({where}): {reason}."
    remedy = "Set OMNI_SESSION_SECRET to 32 characters or more, or remove the file in OMNI_HOME: a new one is made."


class SourceNotShown(OmniError):
    """Facts: reason."""

    code, exit_code = "source_not_shown", 3
    message = "The source of this job can't be shown: {reason}."
    remedy = "Open the file where it is; the Shorts and everything else of the job are here."
