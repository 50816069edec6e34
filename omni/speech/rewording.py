"""Captions in a person's own words: other text in the times of what was said."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from omni.contracts import Sentence, Transcript, Word
from omni.review import Wording
from omni.speech.tokens import joined, tokens


def reworded(transcript: Transcript, wordings: Sequence[Wording]) -> Transcript:
    """Return the transcript with some stretches in other words; no other word moves.

    As many words as before keep the times of those before; fewer or more share the whole stretch by their length.
    A stretch that lies beyond the last word is left alone.
    """
    for wording in sorted(wordings, key=lambda wording: wording.first, reverse=True):  # from behind: numbers hold
        if wording.last <= len(transcript.words):
            transcript = _with(transcript, wording)
    return transcript


def _with(transcript: Transcript, wording: Wording) -> Transcript:
    first, last = wording.first, wording.last
    fresh = _timed([token.text for token in tokens(wording.text)], transcript.words[first:last])
    words = (*transcript.words[:first], *fresh, *transcript.words[last:])

    def moved(border: int) -> int:
        """Return where a border between words has come to; one inside the stretch stays inside it."""
        return border + len(fresh) - (last - first) if border >= last else min(border, first + len(fresh))

    sentences = [
        _sentence(sentence, words[moved(sentence.first) : moved(sentence.last)], moved(sentence.first))
        if sentence.first < last and first < sentence.last
        else sentence.model_copy(update={"first": moved(sentence.first), "last": moved(sentence.last)})
        for sentence in transcript.sentences
    ]
    kept = tuple(sentence for sentence in sentences if sentence is not None)
    return transcript.model_copy(update={"words": words, "sentences": kept})


def _timed(texts: Sequence[str], before: Sequence[Word]) -> tuple[Word, ...]:
    if len(texts) == len(before):
        return tuple(word.model_copy(update={"text": text}) for word, text in zip(before, texts, strict=True))
    start, length = before[0].start, before[-1].end - before[0].start
    reached = list(accumulate((len(text) + 1 for text in texts), initial=0))
    borders = [round(start + length * share / reached[-1], 3) for share in reached] if texts else []
    return tuple(Word(start=a, end=b, text=text) for (a, b), text in zip(pairwise(borders), texts, strict=True))


def _sentence(sentence: Sentence, words: Sequence[Word], first: int) -> Sentence | None:
    """Return a sentence of these words; ``None`` when none is left."""
    if not words:
        return None
    text = joined([word.text for word in words])
    return sentence.model_copy(
        update={
            "start": words[0].start,
            "end": words[-1].end,
            "first": first,
            "last": first + len(words),
            "text": text,
        }
    )
