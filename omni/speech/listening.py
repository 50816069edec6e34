"""The listen stage: what is said in a source, when, how loud and how high, and what else is heard."""

from collections.abc import Sequence
from dataclasses import dataclass

from omni.contracts import Brief, Loudness, Pitch, SoundEvent, Source, Span, Transcript, Warnings
from omni.languages import guessed
from omni.ports import Media, PitchDetector, Progress, SpeechDetector, Transcriber
from omni.speech.cepstra import Cepstra, Cepstrograph
from omni.speech.events import merged_events, named_events, sound_events
from omni.speech.features import RATE, Soundtap
from omni.speech.pitch import Pitchtap, pitch_of
from omni.speech.regions import speech_regions
from omni.speech.sentences import sentences
from omni.speech.voices import turns_heard, voices_of
from omni.speech.wording import Room, Wording, found_words

REVISION = 4
"""Part of the cache key: raise it whenever the same source would give another transcript."""

BLOCK_SECONDS = 32.0
"""A thousand frames of the speech detector: large enough for its speed, 2 MB of sound."""

# Shares of the progress: hearing the sound is quick next to transcribing it.
_HEARD, _MEASURED = 0.25, 0.35

_SILENT_PEAK = 0.001
"""−60 dBFS: a track that never gets louder holds no sound that anybody hears."""


@dataclass(frozen=True)
class Hearing:
    """What one pass over the sound found."""

    speech: tuple[Span, ...]
    events: tuple[SoundEvent, ...]
    cepstra: Cepstra
    peak: float
    pitch: Pitch
    voices: tuple[int, ...]
    """Whose each region of speech is, see :func:`voices_of`."""
    warnings: Warnings = ()


@dataclass(frozen=True)
class Ears:
    """What listening needs of the outside."""

    media: Media
    speech: SpeechDetector
    pitch: PitchDetector
    transcriber: Transcriber


def listen(source: Source, brief: Brief, ears: Ears, *, on_progress: Progress | None = None) -> Transcript:
    """Return the transcript of a source: words from subtitles beside or inside it, else from the speech model.

    Without words the transcript still tells speech, loudness and sounds, and a warning says why there are no words.
    Errors of ``ears.media`` pass through.
    """
    report = on_progress or _unheard
    heard = _hear(source, ears, lambda done: report(done * _HEARD))
    loudness = _loudness(source, ears.media)
    report(_MEASURED)
    room = Room(source, brief, heard.speech, heard.cepstra, ears.media, ears.transcriber)
    wording = found_words(room, lambda done: report(_MEASURED + done * (0.99 - _MEASURED)))
    transcript = _written(source, brief, heard, loudness, wording)
    report(1.0)
    return transcript


def _hear(source: Source, ears: Ears, report: Progress) -> Hearing:
    """Run detector and measurements over one decode of the sound."""
    if source.audio is None:
        return Hearing((), (), Cepstrograph().values, 0.0, Pitch(), ())
    tap, pitchtap = Soundtap(source.duration, report), Pitchtap(ears.pitch)
    blocks = ears.media.sound(source, rate=RATE, block_seconds=BLOCK_SECONDS)
    probabilities = ears.speech.probabilities(tap.through(pitchtap.through(blocks)))
    speech = speech_regions(probabilities, ears.speech.hop_seconds, min(source.duration, tap.seconds))
    heights, hop = pitchtap.heights(speech), ears.pitch.hop_seconds
    voices = voices_of(heights, hop, speech)
    raised = pitch_of(heights, hop, speech, voices)
    return Hearing(speech, sound_events(tap.texture, speech), tap.cepstra, tap.peak, raised, voices, pitchtap.warnings)


def _loudness(source: Source, media: Media) -> Loudness:
    if source.audio is None:
        return Loudness(integrated_lufs=None, true_peak_dbtp=None)
    return media.loudness(source.path, audio_index=source.audio.index)


def _written(source: Source, brief: Brief, heard: Hearing, loudness: Loudness, wording: Wording) -> Transcript:
    language = wording.language or brief.language or guessed([word.text for word in wording.words])
    parts = sentences(wording.words, language, wording.turns)
    turns = wording.turns or turns_heard(heard.voices, heard.speech, wording.words, parts)
    return Transcript(
        words=wording.words,
        sentences=parts,
        speech=heard.speech,
        turns=tuple(wording.words[i].start for i in turns),
        loudness=loudness,
        pitch=heard.pitch,
        events=merged_events(heard.events, named_events(wording.notes)),
        language=language,
        engine=wording.engine,
        word_times=wording.word_times,
        warnings=(*_sound_warnings(source, heard), *heard.warnings, *wording.warnings),
    )


def _sound_warnings(source: Source, heard: Hearing) -> Sequence[str]:
    if source.audio is None:
        return ("The source has no sound: moments are chosen by picture alone.",)
    if heard.peak < _SILENT_PEAK:
        return ("The sound track is silent: moments are chosen by picture alone.",)
    if not heard.speech:
        return ("Nobody is heard speaking: moments are chosen by sound and picture alone.",)
    return ()


def _unheard(done: float) -> None:
    """Stand in for a progress callback."""
    del done
