"""What nobody said: credits, farewells into silence, loops and runs in another language that speech models make up.

Subtitle files hold them too, since many are a speech model's work; what is said in two languages stays.
"""

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import NamedTuple

from omni.contracts import Span, Word
from omni.languages import commonness, guessed, script_of
from omni.speech.loops import SAID_TWICE, without_loops
from omni.speech.markup import Line
from omni.speech.regions import covered
from omni.speech.sentences import sentences
from omni.speech.tokens import joined

_MOST_WORDS = 12
"""Words of the longest credit; a longer sentence speaks about subtitles."""
_FEW_WORDS = 4
"""Words of a credit whose name isn't capitalised; only a file's first or last line is one."""
_APART = 2.0
"""Seconds without a line after which another one goes on with no sentence: nobody pauses as long within one."""
_ENDS = tuple(".!?…。！？♪♫")
_CLOSING = " \"'”’»)]」』"
_UNHEARD = 0.3
"""Share of a line's time with speech below which nobody said it: proper lines reach 0.7, and detectors miss a third of a noisy one."""
_LOOP = 4
"""Copies in a row from which a line is a loop; two of them stay."""
_BILINGUAL = 0.1
"""Share of the words from which another language belongs to the talk."""
_FEWEST_LETTERS = 4
_FOREIGN = 0.05
"""Share of a run's words that are common ones of the talk's language: in it one word in three is."""
_QUOTED = 3


class _Saying(NamedTuple):
    """A line or a sentence."""

    start: float
    end: float
    text: str


def said_lines(lines: Sequence[Line], speech: Sequence[Span]) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Return the subtitle lines that were said, and a warning about the others."""
    sayings = [_Saying(line.start, line.end, joined([t.text for t in line.tokens])) for line in lines]
    invented = {*_recited(sayings, speech), *_looped(sayings), *_unheard_scripts(sayings, speech)}
    kept = tuple(line for i, line in enumerate(lines) if i not in invented)
    return (kept, _told(sayings, invented)) if kept else (tuple(lines), ())


def said_words(
    words: Sequence[Word], language: str | None, speech: Sequence[Span]
) -> tuple[tuple[Word, ...], tuple[str, ...]]:
    """Return the words of a speech model that were said, and warnings about the others."""
    straight = without_loops(words)
    parts = sentences(straight, language)
    sayings = [_Saying(part.start, part.end, part.text) for part in parts]
    invented = {*_recited(sayings, speech), *_strange(sayings, language)}
    kept = tuple(w for i, part in enumerate(parts) if i not in invented for w in straight[part.first : part.last])
    loops = len(words) - len(straight)
    told = (f"{loops} words that the speech model said over and over were left out.",) if loops else ()
    return kept, (*told, *_told(sayings, invented))


def _recited(sayings: Sequence[_Saying], speech: Sequence[Span]) -> Iterator[int]:
    """Yield credits, and what may be said too (farewells, addresses of subtitle makers) where nobody is heard."""
    known = _phrases()
    for i, saying in enumerate(sayings):
        plain = _plain(saying.text)
        text = plain.casefold()
        if len(text.split()) > _MOST_WORDS:
            continue
        has_site = any(site in text for site in known["sites"])
        credit = next((phrase for phrase in known["credits"] if f"{text} ".startswith(f"{phrase} ")), "")
        name = plain.split()[len(credit.split()) :]
        is_credit = credit and (has_site or (_is_named(name, sayings, i) and _stands_alone(sayings, i)))
        doubtful = credit or has_site or text.startswith(known["farewells"])
        if text.startswith(known["services"]) or is_credit or (doubtful and _is_unheard(saying, speech)):
            yield i


def _is_named(name: Sequence[str], sayings: Sequence[_Saying], i: int) -> bool:
    """Tell whether a credit goes on with somebody's name, or is short and a file's first or last line."""
    if name and name[0][0].islower():
        return i in {0, len(sayings) - 1} and len(_plain(sayings[i].text).split()) <= _FEW_WORDS
    small = sum(word[0].islower() for word in name)
    return bool(name) and 2 * small <= len(name)


def _stands_alone(sayings: Sequence[_Saying], i: int) -> bool:
    """Tell whether a line neither goes on with the one before nor is gone on with by the next one."""
    saying, before, after = sayings[i], sayings[max(0, i - 1) : i], sayings[i + 1 : i + 2]
    begins = all(_is_end(one.text) or saying.start - one.end >= _APART for one in before)
    ends = all(not one.text[:1].islower() or one.start - saying.end >= _APART for one in after)
    return begins and ends and not saying.text.endswith((",", ";", ":", "、", "，"))


def _is_end(text: str) -> bool:
    return text.rstrip(_CLOSING).endswith(_ENDS)


def _plain(text: str) -> str:
    """Return the words of a text, single blanks between them."""
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())


@cache
def _phrases() -> dict[str, tuple[str, ...]]:
    text = files("omni.speech").joinpath("recited.toml").read_text(encoding="utf-8")
    return {name: tuple(phrases) for name, phrases in tomllib.loads(text).items()}


def _looped(sayings: Sequence[_Saying]) -> Iterator[int]:
    """Yield the copies of a line that comes many times in a row, but for two."""
    for _, run in groupby(range(len(sayings)), key=lambda i: sayings[i].text.casefold()):
        copies = list(run)
        if len(copies) >= _LOOP:
            yield from copies[SAID_TWICE:]


def _unheard_scripts(sayings: Sequence[_Saying], speech: Sequence[Span]) -> Iterator[int]:
    """Yield the lines in another script than the rest where nobody is heard."""
    yield from (i for i in _in_another_script(sayings) if _is_unheard(sayings[i], speech))


def _strange(sayings: Sequence[_Saying], language: str | None) -> Iterator[int]:
    """Yield the sentences in another script or language than the rest, unless there are as many as in a talk in two languages."""
    foreign = {*_in_another_script(sayings), *_in_another_language(sayings, language)}
    words = [max(1, len(saying.text.split())) for saying in sayings]
    if sum(words[i] for i in foreign) <= _BILINGUAL * sum(words):
        yield from foreign


def _in_another_script(sayings: Sequence[_Saying]) -> Iterator[int]:
    """Yield the sayings in another script; Latin letters are at home everywhere, in names and quotations."""
    main = script_of("".join(saying.text for saying in sayings))
    for i, saying in enumerate(sayings):
        letters = sum(c.isalpha() for c in saying.text)
        if letters >= _FEWEST_LETTERS and script_of(saying.text) not in {main, "latin", None}:
            yield i


def _in_another_language(sayings: Sequence[_Saying], language: str | None) -> Iterator[int]:
    for i, saying in enumerate(sayings) if language else ():
        words = saying.text.split()
        if guessed(words) not in {language, None} and commonness(words, language) < _FOREIGN:
            yield i


def _is_unheard(saying: _Saying, speech: Sequence[Span]) -> bool:
    """Tell whether nobody speaks while a line stands; where no speech was heard at all, nothing can be told."""
    return bool(speech) and covered(saying.start, saying.end, speech) < _UNHEARD


def _told(sayings: Sequence[_Saying], invented: set[int]) -> tuple[str, ...]:
    if not invented:
        return ()
    quoted = ", ".join(
        f"“{text[:60]}”" for text in list(dict.fromkeys(sayings[i].text for i in sorted(invented)))[:_QUOTED]
    )
    count = f"{len(invented)} lines that nobody said were" if len(invented) > 1 else "One line that nobody said was"
    return (f"{count} left out, made up by a speech model: {quoted}.",)
