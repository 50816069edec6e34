"""Errors of language models, and of what they may cost."""

from omni.errors.base import OmniError


class ModelError(OmniError):
    """A language model gave no answer that can be used; the offline engines can take over."""

    waited = True


class ModelKeyRefused(ModelError):
    """Facts: model, reason."""

    code, exit_code = "model_key_refused", 2
    message = "{model} refused the key: {reason}."
    remedy = "Check GEMINI_API_KEY (https://aistudio.google.com/apikey makes one), or ask for the `offline` engines."


class ModelUnknown(ModelError):
    """Facts: model, reason."""

    code, exit_code = "model_unknown", 2
    message = "{model} isn't there for this key: {reason}."
    remedy = "Set OMNI_GEMINI_MODEL to a model that the key may use; docs/engines.md names some."


class ModelRequestRefused(ModelError):
    """Facts: model, reason."""

    code = "model_request_refused"
    message = "{model} refused the request: {reason}."
    remedy = (
        "Another model (OMNI_GEMINI_MODEL) may take it; if it stays so, report this with the output of `omni doctor`."
    )


class ModelQuotaSpent(ModelError):
    """Facts: model, quota."""

    code, exit_code, transient = "model_quota_spent", 75, True
    message = "The daily quota of {model} is used up ({quota})."
    remedy = "Wait for the next day, raise the quota at Google, or ask for the `offline` engines."


class ModelBusy(ModelError):
    """Facts: model, reason, tries."""

    code, exit_code, transient = "model_busy", 75, True
    message = "{model} couldn't answer after {tries} tries: {reason}."
    remedy = "Retry the job later; what is done is kept."


class ModelUnreachable(ModelError):
    """Facts: model, reason, tries."""

    code, exit_code, transient = "model_unreachable", 75, True
    message = "{model} can't be reached, tried {tries} times: {reason}."
    remedy = "Check this machine's connection (a proxy, a firewall) and retry the job; what is done is kept."


class ModelDeclined(ModelError):
    """Facts: model, role, reason."""

    code = "model_declined"
    message = "{model} declined to answer as {role}: {reason}."
    remedy = "The service blocks this content; ask for the `offline` engines."


class ModelAnswerUnusable(ModelError):
    """Facts: model, role, reason."""

    code = "model_answer_unusable"
    message = "The answer of {model} as {role} can't be used: {reason}."
    remedy = "Retry the job, take another model (OMNI_GEMINI_MODEL), or ask for the `offline` engines."


class ModelFileRefused(ModelError):
    """Facts: model, reason."""

    code = "model_file_refused"
    message = "{model} couldn't take the video: {reason}."
    remedy = "Retry the job; if it stays so, ask for the `offline` analyst."


class BudgetExceeded(ModelError):
    """Facts: role, budget, spent, needed (US dollars)."""

    code, exit_code = "budget_exceeded", 2
    message = "The next call of the {role} may cost ${needed:.4f}; ${spent:.4f} of the job's ${budget:.4f} are spent."
    remedy = "Raise budget_usd (`omni produce --estimate` tells what a job costs), or ask for the `offline` engines."


class PriceUnknown(ModelError):
    """Facts: model, budget (US dollars)."""

    code, exit_code = "price_unknown", 2
    message = "What {model} costs isn't known, so the budget of ${budget:.4f} can't be kept."
    remedy = "Name its price in OMNI_PRICES, or submit the job without budget_usd."
