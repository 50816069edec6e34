"""The analyst that lets a language model watch: it proposes, the craft cuts, and what is missing is found without it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from omni.analysis.candidates import Candidate
from omni.analysis.choice import choose, further
from omni.analysis.finding import Search, found, found_beside, found_further, reserve_of, search_for
from omni.analysis.material import Material
from omni.analysis.prompted.answers import Answer
from omni.analysis.prompted.composing import analysis_of
from omni.analysis.prompted.parts import Part, parts_of, units_in
from omni.analysis.prompted.prompting import question
from omni.analysis.prompted.vetting import Proposal, Vetted, joined, vetted
from omni.contracts import Analysis, Dossier, FileRef, Span
from omni.errors.models import ModelAnswerUnusable, ModelDeclined, ModelError
from omni.ports import Media
from omni.ports.model import Attachment, LanguageModel
from omni.timecode import clock

REVISION = 4
"""Bump when the same answer would lead to other clips, or another question is asked: it is part of the cache key."""
_FAULTS = 3
"""Faults that an error names."""


@dataclass(frozen=True)
class _Heard:
    """What one part gave; ``silence`` says why it gave nothing."""

    part: Part
    vetted: Vetted
    silence: ModelError | None


class ModelAnalyst:
    """Fulfils the port ``Analyst`` with a model; small copies of the source are made below ``work`` and don't outlive a call."""

    def __init__(self, model: LanguageModel, media: Media, work: Path) -> None:
        self._model, self._media, self._work = model, media, work

    @property
    def engine(self) -> str:
        return f"{self._model.name}/{REVISION}"

    def analyze(self, dossier: Dossier) -> Analysis:
        search = search_for(dossier)
        found(search)  # what can't be clipped at all costs nothing
        heard = tuple(self._hear(search))
        proposals = [proposal for one in heard for proposal in one.vetted.proposals]
        if not proposals:
            raise next(one.silence for one in heard if one.silence)
        chosen = choose(proposals, search.count, search.material)
        spare = found_beside([c.span for c in chosen], search.count.fewest - len(chosen), search)
        best = (*chosen, *spare)
        answers = [one.vetted.answer for one in heard]
        more = _further(best, proposals, search)
        return analysis_of(best, more, answers, search.material, self.engine, tuple(_silences(heard)))

    def _hear(self, search: Search) -> Iterator[_Heard]:
        """Show the source part by part; a part that is declined or misread doesn't spoil the others, other errors do."""
        material = search.material
        self._work.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="analyst-", dir=self._work) as folder:
            for part in parts_of(material.timeline.duration, partial(_is_wanted, material)):
                try:
                    told = self._shown(part, search, Path(folder))
                except (ModelDeclined, ModelAnswerUnusable) as error:
                    yield _Heard(part, Vetted(Answer(), (), (), short=True), error)
                else:
                    yield _Heard(part, told, None if told.proposals else self._unusable(told.faults))

    def _shown(self, part: Part, search: Search, folder: Path) -> Vetted:
        """Give the model a small copy of a part and ask, once more when the answer is too poor."""
        source, proxy = search.material.dossier.source, folder / f"part-{part.number}.mp4"
        self._media.proxy(source, part.span, proxy)
        media_type = "video/mp4" if source.video else "audio/mp4"
        with self._model.attached(_reference(proxy), media_type, part.length) as attachment:
            proxy.unlink()  # it is sent: two hours needn't lie here twice
            return self._asked(part, search, attachment)

    def _asked(self, part: Part, search: Search, attachment: Attachment) -> Vetted:
        first = vetted(self._model.ask(question(part, search, attachment)), part, search)
        if not first.short:
            return first
        try:
            again = self._model.ask(question(part, search, attachment, first.faults))
        except (ModelDeclined, ModelAnswerUnusable):
            if not first.proposals:
                raise
            return first
        return joined(vetted(again, part, search), first)

    def _unusable(self, faults: Sequence[str]) -> ModelAnswerUnusable:
        reason = " ".join(faults[:_FAULTS]).rstrip(".")
        return ModelAnswerUnusable(model=self._model.name, role="analyst", reason=reason[:1].lower() + reason[1:])


def _further(best: Sequence[Candidate], proposals: Sequence[Proposal], search: Search) -> tuple[Candidate, ...]:
    """Return what further pages hold: the model's other proposals, and then what is found without it."""
    most = reserve_of(best, search)
    proposed = further(proposals, best, most, search.material)
    return (*proposed, *found_further((*best, *proposed), most - len(proposed), search))


def _is_wanted(material: Material, span: Span) -> bool:
    """Tell whether anything in a part can be chosen: asked for by time, and said where clips are cut between words."""
    within = material.wishes.within
    asked = not within or any(min(span.end, high) > max(span.start, low) for low, high in within)
    return asked and (not material.has_words or bool(units_in(span, material.units)))


def _silences(heard: Sequence[_Heard]) -> Iterator[str]:
    for one in heard:
        if one.silence:
            span = one.part.span
            yield f"The model gave nothing for {clock(span.start)}–{clock(span.end)}: {one.silence.cause}"


def _reference(path: Path) -> FileRef:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileRef(path=path, sha256=digest, size_bytes=path.stat().st_size)
