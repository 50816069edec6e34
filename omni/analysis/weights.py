"""How much each kind of evidence counts: the one table to tune, with the reason for every figure.

A sign's strength (−1…1) times its weight is what it adds; sums are read as a score by :func:`omni.analysis.judgement.score`. Whole
sentences and a clear subject count most, since cuts without context are the first complaint of users of clipping tools.
"""

from typing import NamedTuple


class Weight(NamedTuple):
    """``value`` is the most that a sign of full strength adds or takes."""

    value: float
    why: str


WEIGHTS: dict[str, Weight] = {
    # the first three seconds
    "hook.question": Weight(0.8, "a question keeps a viewer until it is answered"),
    "hook.number": Weight(0.2, "a figure is concrete and can be checked by eye in the caption"),
    "hook.contrast": Weight(0.6, "a contradiction promises a turn"),
    "hook.address": Weight(0.6, "being spoken to stops the thumb"),
    "hook.person": Weight(0.3, "a person begins to tell"),
    "hook.claim": Weight(0.3, "a short sentence lands within the three seconds"),
    "hook.slow": Weight(0.5, "nothing has landed when the viewer decides"),
    "hook.polite": Weight(1.8, "greetings are what everybody skips"),
    # completeness
    "whole.start": Weight(0.5, "understood without what came before"),
    "whole.leaning": Weight(1.6, "the complaint: begins in the middle of something"),
    "whole.torn_start": Weight(2.2, "a torn sentence looks like a fault of the tool"),
    "whole.lost_question": Weight(1.0, "an answer without its question"),
    "whole.end": Weight(0.4, "the speaker himself marks the end"),
    "whole.torn_end": Weight(2.6, "never cut the pay-off"),
    "whole.open_end": Weight(1.4, "the answer is what the viewer waited for"),
    "whole.tight_end": Weight(0.6, "the tail that makes an ending is missing"),
    "whole.polite_end": Weight(1.5, "the thought was over before the courtesies"),
    "whole.continued": Weight(0.6, "the thought goes on"),
    "whole.payoff": Weight(0.4, "a last sentence to remember"),
    "whole.new_subject": Weight(0.6, "nothing before it is missed"),
    "whole.subject_done": Weight(0.6, "nothing after it is missed"),
    "whole.drift": Weight(0.4, "one clip, one thought"),
    # pace
    "pace.dead_air": Weight(2.6, "more than 1.2 s of nothing fails the check of the finished Short"),
    "pace.dense": Weight(0.4, "a brisk speaker holds; a little goes a long way"),
    "pace.length": Weight(1.0, "20–45 s is watched to the end; other lengths must earn it"),
    # substance
    "say.salience": Weight(1.5, "the moment must be about what the talk is about"),
    "say.numbers": Weight(0.2, "facts are shared"),
    "say.question": Weight(1.2, "question and answer is a small drama"),
    "say.contrast": Weight(0.9, "not this but that: an idea in one breath"),
    "say.claim": Weight(0.8, "sharp words are quoted"),
    "say.story": Weight(1.5, "stories are remembered"),
    "idle.chatter": Weight(1.2, "sentences without content are what editors cut first"),
    "idle.hedge": Weight(1.2, "who takes back what he says isn't quoted"),
    "idle.again": Weight(0.6, "once is enough"),
    "say.sells": Weight(1.5, "an advertisement is not a moment"),
    "place.head": Weight(1.2, "recordings open with greetings and housekeeping, whatever the language"),
    "place.tail": Weight(1.2, "and close with thanks and directions"),
    "say.polite": Weight(1.2, "thanks, welcomes and slides are not content"),
    # sound
    "sound.laughter": Weight(1.4, "the room has already voted"),
    "sound.applause": Weight(1.4, "the room has already voted"),
    "sound.level": Weight(0.2, "a raised voice means it; microphones vary, so little"),
    "sound.energy": Weight(1.4, "without words, loud is where something happens"),
    "sound.peak": Weight(0.2, "a sudden rise is an event"),
    "pitch.level": Weight(0.2, "a voice that goes up is moved; advertisers' voices do too, so little"),
    "pitch.peak": Weight(0.0, "told, not weighed: a cry, a punch line or somebody else's voice"),
    # picture
    "see.faces": Weight(0.4, "people look at faces, and the crop has something to follow"),
    "see.rhythm": Weight(0.2, "a change of shot renews attention"),
    "see.motion": Weight(0.2, "in a talk, motion says little"),
    "see.action": Weight(1.4, "without words, motion is where something happens"),
    "see.black": Weight(2.0, "a black picture looks broken"),
    "see.still": Weight(1.5, "without words, a picture that stands still is nothing"),
    # what was asked
    "ask.wanted": Weight(3.0, "the operator's word outweighs any two signs"),
    "ask.shunned": Weight(4.0, "and so does his no"),
    "model": Weight(
        2.0, "it has watched the whole recording, but its taste can't be checked; the operator's word outweighs it"
    ),
    "learned": Weight(
        1.2, "what worked for this workspace tips a balance; less than any fault of a cut, whatever was learned"
    ),
    "recall.near": Weight(0.0, "told, not weighed: a precedent is no merit of the moment"),
}
