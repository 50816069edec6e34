"""What was heard and seen of a source, as it is heard and seen in a clip: every time in clip time, nothing outside it."""

from collections.abc import Sequence
from itertools import pairwise

from omni.contracts import Curve, FaceBox, Footage, Loudness, Pitch, Sentence, Shot, Span, Transcript, Word
from omni.tightening.splice import Splice

EDGE = 0.04
"""A word may lose this much at a cut and still be whole (TARGETS.md §2)."""
_CLOSERS = frozenset(".!?…。！？")
_MEET = 0.001
"""Seconds between a face's last box before a join and its first one after it: a track's times rise."""


def transcript_in(splice: Splice, transcript: Transcript) -> Transcript:
    """Return the transcript of a clip: the words that it holds whole, the rest of each sentence."""
    kept = [number for number, word in enumerate(transcript.words) if _holds(splice, word)]
    words = [_shown_word(splice, transcript.words[number]) for number in kept]
    sentences: list[Sentence] = []
    for sentence in transcript.sentences:
        inside = [place for place, number in enumerate(kept) if sentence.first <= number < sentence.last]
        if not inside:
            continue
        first, last = inside[0], inside[-1] + 1
        text = sentence.text
        if last - first < sentence.last - sentence.first:
            opening, closing = transcript.words[sentence.first], transcript.words[sentence.last - 1]
            if kept[first] != sentence.first and opening.start >= splice.pieces[0].start:
                words[first] = _opened(words[first], opening)
            if kept[last - 1] != sentence.last - 1 and closing.end <= splice.pieces[-1].end:
                words[last - 1] = _closed(words[last - 1], closing)
            text = (" " if " " in text else "").join(word.text for word in words[first:last])
        sentences.append(Sentence(start=words[first].start, end=words[last - 1].end, first=first, last=last, text=text))
    return transcript.model_copy(
        update={
            "words": tuple(words),
            "sentences": tuple(sentences),
            "speech": _shown(splice, transcript.speech),
            "turns": _turned(transcript, kept, words),
            "events": tuple(
                event.model_copy(update={"start": shown.start, "end": shown.end})
                for event in transcript.events
                if (shown := splice.shown(event))
            ),
            "loudness": Loudness(
                integrated_lufs=transcript.loudness.integrated_lufs,
                true_peak_dbtp=transcript.loudness.true_peak_dbtp,
                curve=_sampled(splice, transcript.loudness.curve),
            ),
            "pitch": Pitch(
                voiced=_sampled(splice, transcript.pitch.voiced),
                excursion=_sampled(splice, transcript.pitch.excursion),
            ),
        }
    )


def _turned(transcript: Transcript, kept: Sequence[int], words: Sequence[Word]) -> tuple[float, ...]:
    """Return when another speaker begins, of those whose first word is kept."""
    turns = set(transcript.turns)
    told = zip(kept, words, strict=True)
    return tuple(word.start for number, word in told if transcript.words[number].start in turns)


def footage_in(splice: Splice, footage: Footage) -> Footage:
    """Return the footage of a clip. A shot goes on over a join inside it, so that the camera doesn't begin anew there."""
    whole = Span(start=splice.pieces[0].start, end=splice.pieces[-1].end)
    seen = [(number, splice.shown(shot)) for number, shot in enumerate(footage.shots) if shot.overlap(whole)]
    shots = [(number, shown) for number, shown in seen if shown is not None]
    renumbered = {number: place for place, (number, _) in enumerate(shots)}
    tracks = [
        track.model_copy(update={"shot": renumbered[track.shot], "boxes": boxes})
        for track in footage.tracks
        if track.shot in renumbered and (boxes := _boxes(splice, track.boxes))
    ]
    return footage.model_copy(
        update={
            "shots": tuple(Shot(start=shown.start, end=shown.end) for _, shown in shots),
            "tracks": tuple(tracks),
            "motion": _sampled(splice, footage.motion),
            "black": _shown(splice, footage.black),
            "frozen": _shown(splice, footage.frozen),
        }
    )


def _holds(splice: Splice, word: Word) -> bool:
    return any(piece.start - EDGE <= word.start < piece.end and word.end <= piece.end + EDGE for piece in splice.pieces)


def _shown_word(splice: Splice, word: Word) -> Word:
    return Word(start=splice.clip_time(word.start), end=splice.clip_time(word.end), text=word.text)


def _opened(word: Word, lost: Word) -> Word:
    """Give the word that now begins a sentence the capital of the filler that began it."""
    return word.model_copy(update={"text": word.text[:1].upper() + word.text[1:]}) if lost.text[:1].isupper() else word


def _closed(word: Word, lost: Word) -> Word:
    """Give the word that now ends a sentence the mark of the filler that ended it."""
    if lost.text[-1:] not in _CLOSERS:
        return word
    return word.model_copy(update={"text": word.text.rstrip(",;:–—-、，") + lost.text[-1]})


def _shown(splice: Splice, spans: Sequence[Span]) -> tuple[Span, ...]:
    return tuple(shown for span in spans if (shown := splice.shown(span)) is not None and shown.length > 0)


def _sampled(splice: Splice, curve: Curve) -> Curve:
    """Return a curve over clip time in the same steps, each read at its middle."""
    if not curve.values:
        return curve
    count = max(1, round(splice.length / curve.step))
    places = (int(splice.source_time((i + 0.5) * curve.step) / curve.step) for i in range(count))
    return Curve(step=curve.step, values=tuple(curve.values[min(p, len(curve.values) - 1)] for p in places))


def _boxes(splice: Splice, boxes: Sequence[FaceBox]) -> tuple[FaceBox, ...]:
    """Return the boxes that are shown; where a piece begins or ends inside a track, the face is where it was then."""
    found: list[FaceBox] = []
    for number, piece in enumerate(splice.pieces):
        begins, last = splice.clip_time(piece.start), number == len(splice.pieces) - 1
        inside = [box for box in boxes if piece.start <= box.t < piece.end or (last and box.t == piece.end)]
        edges = [box for t in (piece.start, piece.end) if (box := _between(boxes, t)) is not None]
        for box in sorted({box.t: box for box in [*edges, *inside]}.values(), key=lambda box: box.t):
            t = begins + box.t - piece.start - (_MEET if box.t == piece.end and not last else 0.0)
            if not found or t > found[-1].t:
                found.append(box.model_copy(update={"t": t}))
    return tuple(found)


def _between(boxes: Sequence[FaceBox], t: float) -> FaceBox | None:
    """Return the face at ``t`` between two detections, ``None`` outside the track."""
    for before, after in pairwise(boxes):
        if before.t <= t <= after.t and after.t > before.t:
            part = (t - before.t) / (after.t - before.t)
            sides = {
                side: getattr(before, side) + (getattr(after, side) - getattr(before, side)) * part for side in "xywh"
            }
            return before.model_copy(update={"t": t, "score": min(before.score, after.score), **sides})
    return None
