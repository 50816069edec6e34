"""When each caption comes and goes."""

from collections.abc import Sequence

from omni.captions.phrasing import FASTEST, SHORTEST, Phrase
from omni.captions.wording import running_text
from omni.contracts import Cue, CueWord

# A word that ends with the picture feels bitten off.
_LINGER = 0.2
# A shorter gap between two captions is seen as a flicker: the first one stays.
_FLICKER = 0.15
# Centiseconds that a caption may come before or after its first word, to be read in time: two thirds of the 125 ms that
# TARGETS.md §2 allows to one in twenty.
_GIVE = 8
# Aim below the bar, so that rounding can't cross it.
_COMFORTABLE = FASTEST - 1


def cues(phrases: Sequence[Phrase], *, length: float) -> tuple[Cue, ...]:
    """Give every phrase its time: from its first word until it is read or the next one comes; none overlap."""
    needs = [_ticks(max(SHORTEST, _characters(phrase) / _COMFORTABLE)) for phrase in phrases]
    starts = _eased(_starts(phrases, length), needs, int(length * 100))
    found: list[Cue] = []
    for i, phrase in enumerate(phrases):
        until = starts[i + 1] if i + 1 < len(phrases) else int(length * 100)
        words = [word for line in phrase for word in line]
        wanted = max(_ticks(words[-1].end + _LINGER), starts[i] + needs[i])
        end = until if until - wanted < _ticks(_FLICKER) else wanted
        found.append(_cue(phrase, starts[i], end))
    return tuple(found)


def _starts(phrases: Sequence[Phrase], length: float) -> list[int]:
    """Return the starts in ticks, each at least one after the one before; the last leaves one tick to be seen."""
    starts: list[int] = []
    for phrase in phrases:
        starts.append(max(_ticks(phrase[0][0].start), starts[-1] + 1 if starts else 0))
    limit = int(length * 100)
    for i in range(len(starts) - 1, -1, -1):
        starts[i] = limit = max(0, min(starts[i], limit - 1))
    return starts


def _eased(starts: list[int], needs: list[int], limit: int) -> list[int]:
    """Move borders by a little where one side has less time than it needs and the other has more: early before late."""
    eased = list(starts)
    for i, need in enumerate(needs):
        end = eased[i + 1] if i + 1 < len(starts) else limit
        before = eased[i - 1] + needs[i - 1] if i else 0
        lack = need - (end - eased[i])
        early = max(0, min(lack, _GIVE - (eased[i] - starts[i]), eased[i] - before))
        eased[i] -= early
        if i + 1 < len(starts):
            after = starts[i + 2] if i + 2 < len(starts) else limit
            eased[i + 1] += max(0, min(lack - early, _GIVE, after - eased[i + 1] - needs[i + 1]))
    return eased


def _characters(phrase: Phrase) -> int:
    return sum(len(running_text(line)) for line in phrase) + len(phrase) - 1


def _cue(phrase: Phrase, start: int, end: int) -> Cue:
    lines = tuple(
        tuple(
            CueWord(
                start=_clamped(word.start, start, end),
                end=_clamped(word.end, start, end),
                text=word.text,
                joined=word.joined,
            )
            for word in line
        )
        for line in phrase
    )
    return Cue(start=start / 100, end=end / 100, lines=lines)


def _clamped(seconds: float, start: int, end: int) -> float:
    return min(max(_ticks(seconds), start), end) / 100


def _ticks(seconds: float) -> int:
    """Centiseconds, the clock of an ASS file."""
    return round(seconds * 100)
