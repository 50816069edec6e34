"""Ask Gemini: within a budget, with patience, and for nothing but complete JSON."""

from contextlib import AbstractContextManager
from typing import Any, NoReturn

from google import genai
from pydantic import SecretStr

from omni.adapters.gemini.answers import Answer, Outcome, Verdict, is_empty, judged, read, tokens_of
from omni.adapters.gemini.faults import Fault, Kind, senseless
from omni.adapters.gemini.patience import Patience
from omni.adapters.gemini.questions import MOST_OUTPUT_TOKENS, Request, most_of, request_of
from omni.adapters.gemini.service import Service
from omni.adapters.gemini.uploads import Uploads
from omni.contracts import FileRef
from omni.errors.models import ModelAnswerUnusable, ModelDeclined
from omni.ports.model import Attachment, Question
from omni.spending.account import Account

_CHECK_SECONDS = 10.0


class GeminiModel:
    """Fulfils the port ``LanguageModel``. Thread-safe; it holds a key, so that it can't be pickled."""

    def __init__(
        self,
        key: SecretStr,
        model: str,
        account: Account,
        *,
        base_url: str | None = None,
        thinking: str = "medium",
        timeout_seconds: float = 300,
        patience: Patience | None = None,
    ) -> None:
        self._service = Service(key, model, base_url, timeout_seconds, patience or Patience())
        self._uploads = Uploads(self._service)
        self._account = account
        self._thinking = None if model.startswith("gemini-2") else thinking  # levels came with the 3.x family

    def __reduce__(self) -> NoReturn:
        msg = "a model holds a key: build it where it is used"
        raise TypeError(msg)

    @property
    def name(self) -> str:
        return self._service.name

    def attached(self, file: FileRef, media_type: str, seconds: float) -> AbstractContextManager[Attachment]:
        return self._uploads.holding(file, media_type, seconds)

    def ask(self, question: Question) -> str:
        until, limit, is_second = self._service.deadline, question.max_output_tokens, False
        while True:
            verdict = judged(self._answered(question, limit, until))
            if verdict.outcome is Outcome.COMPLETE:
                return verdict.words
            doubled = min(2 * limit, MOST_OUTPUT_TOKENS)
            if verdict.outcome is Outcome.CUT_OFF and limit == question.max_output_tokens < doubled:
                limit = doubled
            elif verdict.outcome is Outcome.UNUSABLE and not is_second:
                is_second = True
            else:
                self._reject(verdict, question)

    def check(self) -> None:
        """Raise ModelError when key, model or connection won't do; costs nothing and takes at most some seconds."""
        model = self._service.model
        found = self._service.call(lambda client: client.models.get(model=model), seconds=_CHECK_SECONDS, tries=1)
        if isinstance(found, Fault):
            self._service.fail(found)

    def _answered(self, question: Question, limit: int, until: float) -> Answer:
        """Return the answer to a question whose file, should it be gone, is sent again once."""
        answer = self._tried(question, limit, until)
        if isinstance(answer, Fault) and answer.kind is Kind.GONE and question.attachment:
            renewed = self._uploads.renew(question.attachment)
            if renewed:
                answer = self._tried(question.model_copy(update={"attachment": renewed}), limit, until)
        if isinstance(answer, Fault):
            self._service.fail(answer)
        return answer

    def _tried(self, question: Question, limit: int, until: float) -> Answer | Fault:
        """Ask with patience; every call is reserved before and booked after."""
        request, most = request_of(question, limit, self._thinking), most_of(question, limit)
        model = self._service.model

        def once(seconds: float) -> Answer | Fault:
            with self._account.reserving(question.role, model, most) as book:
                body = self._service.once(lambda client: _sent(client, model, request), seconds)
                answer = body if isinstance(body, Fault) else read(body)
                if isinstance(answer, Fault):
                    return answer
                if tokens := tokens_of(answer, most):
                    book(tokens)
            return senseless("") if is_empty(answer) else answer

        return self._service.insist(once, until=until)

    def _reject(self, verdict: Verdict, question: Question) -> NoReturn:
        kind = ModelDeclined if verdict.outcome is Outcome.DECLINED else ModelAnswerUnusable
        raise kind(model=self.name, role=question.role, reason=verdict.words)


def _sent(client: genai.Client, model: str, request: Request) -> str:
    """Return the JSON of the answer, as text."""
    models: Any = client.models  # typed with an imaging library that isn't installed
    answer = models.generate_content(model=model, contents=request.contents, config=request.config)
    return (answer.sdk_http_response and answer.sdk_http_response.body) or ""
