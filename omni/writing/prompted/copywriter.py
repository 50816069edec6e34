"""The copywriter that a language model stands behind."""

from dataclasses import replace

from omni.contracts import Analysis, Brief, Campaign, Precedents
from omni.errors.models import ModelAnswerUnusable, ModelDeclined, ModelError
from omni.ports.model import LanguageModel
from omni.writing.prompted.answers import read
from omni.writing.prompted.commission import Commission, Portion, portions
from omni.writing.prompted.finishing import finished
from omni.writing.prompted.questions import question
from omni.writing.prompted.sheets import Sheet

# Raise it when the same analysis should be written about anew: instructions, data, schema, judging or mending changed.
REVISION = 1

# A model that didn't mend a fault when told of it twice won't at the third time.
_REASKS = 2
# Troubles with what was asked, not with the model: the next question may fare better.
_OF_THE_QUESTION = (ModelAnswerUnusable, ModelDeclined)


class ModelCopywriter:
    """Fulfils the port ``Copywriter``: believes nothing that a model writes, and hands in all that is owed.

    The trouble of the first question is raised. Whatever happens later, what is already written is kept, unless the brief
    wants no fallback: then that is raised too.
    """

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    @property
    def engine(self) -> str:
        return f"{self._model.name}/{REVISION}"

    def write(self, analysis: Analysis, precedents: Precedents, brief: Brief) -> Campaign:
        commission = Commission(analysis, precedents, brief)
        first, *others = portions(commission)
        sheets = [self._corrected(self._written(first, commission), commission)]
        for portion in others:
            sheets.append(self._next(portion, sheets[-1].trouble, commission))
        return finished(tuple(sheets), commission, self.engine)

    def _written(self, portion: Portion, commission: Commission) -> Sheet:
        return Sheet(portion).after(read(self._model.ask(question(commission, portion)), portion), commission)

    def _corrected(self, sheet: Sheet, commission: Commission) -> Sheet:
        """Ask again for what is wrong, and only for that."""
        for _ in range(_REASKS):
            wrong = sheet.open()
            if wrong is None:
                break
            try:
                answer = self._model.ask(question(commission, wrong))
            except ModelError as trouble:
                if not commission.brief.fallback:
                    raise
                return replace(sheet, trouble=trouble)
            sheet = sheet.after(read(answer, wrong), commission)
        return sheet

    def _next(self, portion: Portion, trouble: ModelError | None, commission: Commission) -> Sheet:
        """Write a later portion, unless the model can't be asked any more."""
        if trouble is not None and not isinstance(trouble, _OF_THE_QUESTION):
            return Sheet(portion, trouble=trouble)
        try:
            return self._corrected(self._written(portion, commission), commission)
        except ModelError as new:
            if not commission.brief.fallback:
                raise
            return Sheet(portion, trouble=new)
