"""Every way in which the pages refuse, beside those of the doors."""

from omni.errors import OmniError


class LoginNeeded(OmniError):
    """Facts: path (where the visitor wanted to go)."""

    code, exit_code = "not_authenticated", 4
    message = "Nobody is known here by this browser, or its session has ended."
    remedy = "Log in with an API key; `omni keys create` makes one."


class KeyNotKnown(OmniError):
    """Facts: none."""

    code, exit_code = "not_authenticated", 4
    message = "This API key is not known; it may have been revoked."
    remedy = (
        "Look whether all of it was copied: a key begins with omni_. Whoever runs this installation can make another."
    )


class FormOutdated(OmniError):
    """Facts: none."""

    code, exit_code = "form_outdated", 4
    message = "This form belongs to a session that has ended, or to another one."
    remedy = "Load the page again and send it once more; nothing was changed."


class FormUnusable(OmniError):
    """Facts: reason."""

    code, exit_code = "form_unusable", 2
    message = "The form can't be used: {reason}."
    remedy = "Correct it and send it again; nothing was changed."


class ClipChanged(OmniError):
    """Facts: clip (its number)."""

    code, exit_code = "clip_changed", 5
    message = "Short {clip} was changed meanwhile, here or by somebody else; what you typed isn't saved yet."
    remedy = "Compare it with the Short as it is now; saved again, all of this form takes the place of that change."
