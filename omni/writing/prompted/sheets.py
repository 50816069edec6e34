"""What a model has written of a portion so far, and what is wrong with it."""

from dataclasses import dataclass, field, replace

from omni.contracts import Advice, Post
from omni.errors.models import ModelError
from omni.writing.prompted.answers import Answer
from omni.writing.prompted.commission import Commission, Correction, Key, Portion
from omni.writing.prompted.judging import wrongs, wrongs_of_advice

_MISSING = ("it is missing",)


@dataclass(frozen=True)
class Draft:
    """A post as written, ``None`` when there is none, and what is wrong with it."""

    post: Post | None = None
    wrong: tuple[str, ...] = _MISSING


@dataclass(frozen=True)
class Sheet:
    """The drafts of a portion; ``trouble`` is why nobody asked on."""

    portion: Portion
    drafts: dict[Key, Draft] = field(default_factory=dict[Key, Draft])
    advice: Advice | None = None
    advice_wrong: tuple[str, ...] = _MISSING
    trouble: ModelError | None = None

    def after(self, answer: Answer, commission: Commission) -> "Sheet":
        """Return the sheet with what is better or at least newer in an answer; what was fit stays."""
        drafts = {key: self.drafts.get(key, Draft()) for key in self.portion.posts}
        drafts |= {key: _best(posts, commission) for key, posts in answer.posts.items() if drafts[key].wrong}
        if answer.advice is None or not self.advice_wrong:
            return replace(self, drafts=drafts)
        wrong = wrongs_of_advice(answer.advice, commission)
        return replace(self, drafts=drafts, advice=answer.advice, advice_wrong=wrong)

    def open(self) -> Portion | None:
        """Return what has to be asked for again, with the reasons; ``None`` when all is well."""
        drafts = {key: draft for key, draft in self.drafts.items() if draft.wrong}
        posts = tuple(Correction(key, draft.wrong, draft.post) for key, draft in drafts.items())
        strategy = self.portion.strategy and bool(self.advice_wrong)
        advice = (Correction(None, self.advice_wrong, self.advice),) if strategy else ()
        return Portion(tuple(drafts), strategy, (*advice, *posts)) if drafts or strategy else None


def _best(posts: tuple[Post, ...], commission: Commission) -> Draft:
    """Return the first post without a fault of several written for one place, else the last."""
    drafts = [Draft(post, wrongs(post, commission)) for post in posts]
    return next((draft for draft in drafts if not draft.wrong), drafts[-1])
