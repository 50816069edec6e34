"""Where the words come from: subtitles beside the source, inside it, then the speech model."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from omni.contracts import Brief, Source, Span, SubtitleStream, Word
from omni.errors import EngineUnavailable, OmniError
from omni.languages import guessed, language_code, suffix_language
from omni.ports import Media, Progress, Transcriber
from omni.speech.cepstra import Cepstra
from omni.speech.dictation import dictated
from omni.speech.inventions import said_lines, said_words
from omni.speech.markup import Line, Note, read_lines
from omni.speech.offsets import fitted, shifted, whole_hours
from omni.speech.placing import has_own_times, placed
from omni.speech.rolling import unrolled
from omni.speech.subtitles import RawCue, SubtitlesUnusable, cues_of, read_cues, refuse_size

_ADVICE = "put a subtitle file (.srt, .vtt or .ass) with the same name beside the source and run again"
CORRECTED = 2.0
"""Seconds; lines that are further off rather belong to another cut, and moving them is the operator's decision."""
_MIN_OVERLAP = 0.35
"""Share of the lines' time with speech; proper subtitles reach 0.7, those of another video about the share of speech."""
_MIN_COVERAGE = 0.4
"""Share of the speech that has a line; less means that the subtitles end early."""


@dataclass(frozen=True)
class Room:
    """All that finding the words may use."""

    source: Source
    brief: Brief
    speech: tuple[Span, ...]
    cepstra: Cepstra
    media: Media
    transcriber: Transcriber


@dataclass(frozen=True)
class Wording:
    """The words, where they came from, and what the operator must know about them."""

    words: tuple[Word, ...] = ()
    turns: tuple[int, ...] = ()
    """Words with which another speaker begins."""
    language: str | None = None
    engine: str = "none"
    word_times: Literal["measured", "estimated", "none"] = "none"
    notes: tuple[Note, ...] = ()
    warnings: tuple[str, ...] = ()


def found_words(room: Room, report: Progress) -> Wording:
    """Return the words of the best place that has any; what was tried in vain before stands in the warnings."""
    told: list[str] = []
    for attempt in _subtitles(room):
        try:
            wording = attempt.read(room)
        except SubtitlesUnusable as flaw:
            told.append(f"{attempt.name} can't be used: it {flaw}.")
        else:
            return replace(wording, warnings=(*told, *wording.warnings))
    wording = _dictation(room, report)
    return replace(wording, warnings=(*told, *wording.warnings))


@dataclass(frozen=True)
class _Sidecar:
    """The subtitle file beside the source."""

    name: str

    def read(self, room: Room) -> Wording:
        file = room.source.sidecar
        assert file is not None  # noqa: S101 - made only for sources that have one
        refuse_size(file.size_bytes)  # before it is read into memory
        try:
            data = file.path.read_bytes()
        except OSError as error:
            msg = f"can't be read ({error.strerror})"
            raise SubtitlesUnusable(msg) from error
        if hashlib.sha256(data).hexdigest() != file.sha256:
            msg = "was changed while the job ran"
            raise SubtitlesUnusable(msg)
        kind = file.path.suffix.lstrip(".").lower()
        return _from_cues(room, read_cues(data), f"sidecar:{kind}", self.name, suffix_language(file.path.stem))


@dataclass(frozen=True)
class _Embedded:
    """A subtitle track inside the source."""

    name: str
    stream: SubtitleStream

    def read(self, room: Room) -> Wording:
        try:
            text = room.media.subtitles(room.source, self.stream)
        except OmniError as error:
            msg = f"can't be read ({error.cause.rstrip('.')})"
            raise SubtitlesUnusable(msg) from error
        language = language_code(self.stream.language)
        return _from_cues(room, cues_of(text), f"stream:{self.stream.codec}", self.name, language)


def _subtitles(room: Room) -> Iterator[_Sidecar | _Embedded]:
    """Yield the subtitles worth trying, best first: the operator's own file, then tracks in the asked language."""
    if room.source.sidecar is not None:
        yield _Sidecar(f"The subtitle file {room.source.sidecar.path.name}")
    wanted = room.brief.language
    for stream in sorted(room.source.subtitles, key=lambda s: language_code(s.language) != wanted if wanted else 0):
        yield _Embedded(f"The subtitle track {stream.index} ({stream.codec})", stream)


def _from_cues(room: Room, cues: Sequence[RawCue], engine: str, name: str, language: str | None) -> Wording:
    duration = room.source.duration
    hours = whole_hours([cue.start for cue in cues], duration)
    late = 3600.0 * hours
    inside = [cue for cue in cues if cue.start - late < duration]
    if len(inside) < len(cues) / 2:
        msg = f"belongs to a longer video: {len(cues) - len(inside)} of its {len(cues)} lines lie beyond the end"
        raise SubtitlesUnusable(msg)
    lines, notes = read_lines(inside)
    lines = unrolled(lines)
    if not lines:
        msg = "holds no spoken words"
        raise SubtitlesUnusable(msg)
    lines, warnings = _fitted(room, shifted(lines, -late, duration), name)
    lines, invented = said_lines(lines, room.speech)
    if hours:
        warnings = (f"{name} begins its clock at {hours:02}:00:00; this was taken off its times.", *warnings)
    if len(inside) < len(cues):
        warnings = (*warnings, f"{name} has {len(cues) - len(inside)} lines beyond the end; they were left out.")
    return Wording(
        words=placed(lines, room.speech, room.cepstra, duration),
        turns=tuple(i for i, token in enumerate(token for line in lines for token in line.tokens) if token.turns),
        language=language or room.brief.language or guessed([t.text for line in lines for t in line.tokens]),
        engine=engine,
        word_times="measured" if has_own_times(lines) else "estimated",
        notes=tuple(replace(note, start=note.start - late, end=note.end - late) for note in notes),
        warnings=(*warnings, *invented),
    )


def _fitted(room: Room, lines: tuple[Line, ...], name: str) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Correct a small constant shift, and tell when lines and speech don't belong together."""
    if not room.speech:
        return lines, ()
    duration = room.source.duration
    fit = fitted(lines, room.speech, duration)
    side = f"{abs(fit.shift):.2f} s too {'early' if fit.shift > 0 else 'late'}"
    if abs(fit.shift) > CORRECTED:
        return lines, (
            f"{name} seems to be {side} against the speech, more than is corrected: shift it and run again.",
        )
    if fit.shift:
        return shifted(lines, fit.shift, duration), (f"{name} was {side} against the speech; this was corrected.",)
    if fit.overlap < _MIN_OVERLAP:
        doubt = f"only {fit.overlap:.0%} of its time has speech; check that it belongs to this cut of the video"
        return lines, (f"{name} doesn't fit the sound: {doubt}.",)
    if fit.coverage < _MIN_COVERAGE:
        return lines, (f"{name} covers only {fit.coverage:.0%} of the speech; the rest has no words.",)
    return lines, ()


def _dictation(room: Room, report: Progress) -> Wording:
    """Let the speech model listen; without it there are no words, and a warning says what to do."""
    if room.source.audio is None or not room.speech:
        return Wording()
    reason = room.transcriber.unavailable()
    if reason is not None:
        return _wordless(reason)
    try:
        words, language = dictated(room.source, room.brief.language, room.speech, room.media, room.transcriber, report)
    except EngineUnavailable as error:
        return _wordless(str(error.facts.get("reason", error)))
    said, invented = said_words(words, language, room.speech)
    if not said:
        nothing = f"{room.transcriber.engine} understood no words in the speech: no captions."
        return Wording(engine=room.transcriber.engine, warnings=(*invented, nothing))
    return Wording(said, language=language, engine=room.transcriber.engine, word_times="measured", warnings=invented)


def _wordless(reason: str) -> Wording:
    advice = "" if ".srt" in reason else f" To get captions, {_ADVICE}."
    text = f"There are no words, so no captions, and moments are chosen by sound and picture: {reason.rstrip('.')}."
    return Wording(warnings=(text + advice,))
