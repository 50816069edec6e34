"""What is wrong with what a model wrote: the faults of any text, and those that only a model makes."""

from collections.abc import Iterator

from omni.contracts import Advice, Post
from omni.writing.advice import faults_of_advice
from omni.writing.prompted.commission import Commission
from omni.writing.prompted.leaks import leaks
from omni.writing.rendering import body
from omni.writing.tongues import Tongues
from omni.writing.validation import faults


def wrongs(post: Post, commission: Commission) -> tuple[str, ...]:
    """Return what makes a post of a model unfit, each as a clause."""
    everything = f"{post.title or ''}\n{body(post)}"
    return (
        *_of_a_model(everything, f"{post.title or ''}\n{post.text}", commission.tongues),
        *faults(post, commission.analysis, commission.brief),
    )


def wrongs_of_advice(advice: Advice, commission: Commission) -> tuple[str, ...]:
    """Return what makes a strategist's advice unfit, each as a clause."""
    found = faults_of_advice(advice, commission.analysis, commission.brief)
    return *_of_a_model(advice.text, advice.text, commission.tongues), *found


def is_presentable(advice: Advice, commission: Commission) -> bool:
    """Say whether mended advice keeps to its language and gives away nothing; fields may be missing."""
    return not any(_of_a_model(advice.text, advice.text, commission.tongues))


def _of_a_model(everything: str, running: str, tongues: Tongues) -> Iterator[str]:
    if leaks(everything):
        yield "words of the instructions"
    strayed = tongues.strayed(running)
    if strayed is not None:
        yield f"written in {strayed}, asked for in {tongues.wanted}"
