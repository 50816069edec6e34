"""Speech from espeak-ng (Debian: ``apt install libespeak-ng1``), with the time of every word."""

import ctypes
from dataclasses import dataclass

import numpy as np

RATE = 48_000

VOICE = b"en-us+m7"
WORDS_A_MINUTE, PITCH, PITCH_RANGE, WORD_GAP = 168, 38, 62, 0
_OUTPUT_RETRIEVAL, _CHARS_UTF8, _WORD, _END = 1, 1, 1, 0
_PARAMETER = {"rate": 1, "pitch": 3, "range": 4, "gap": 7}


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("name", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True)
class SpokenWord:
    """One word with its punctuation; seconds from the start of its sentence."""

    text: str
    start: float
    end: float


class Voice:
    """One loaded espeak-ng."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL("libespeak-ng.so.1")
        self._rate = self._library.espeak_Initialize(_OUTPUT_RETRIEVAL, 200, None, 0)
        self._callback = _Callback(self._receive)
        self._library.espeak_SetSynthCallback(self._callback)
        self._library.espeak_SetVoiceByName(VOICE)
        for name, value in (("rate", WORDS_A_MINUTE), ("pitch", PITCH), ("range", PITCH_RANGE), ("gap", WORD_GAP)):
            self._library.espeak_SetParameter(_PARAMETER[name], value, 0)
        self._sound: list[np.ndarray] = []
        self._marks: list[tuple[int, float]] = []

    def say(self, sentence: str) -> tuple[np.ndarray, tuple[SpokenWord, ...]]:
        """Return the sound at ``RATE`` without silence around it, and its words."""
        self._sound, self._marks = [], []
        text = sentence.encode()
        self._library.espeak_Synth(text, len(text) + 1, 0, 1, 0, _CHARS_UTF8, None, None)
        self._library.espeak_Synchronize()
        raw = np.concatenate(self._sound).astype(np.float32) / 32768
        loud = np.flatnonzero(np.abs(raw) > 0.004)
        first, last = int(loud[0]), int(loud[-1]) + 1
        words = self._words(sentence, first / self._rate, (last - first) / self._rate)
        return _resample(raw[first:last], self._rate), words

    def _receive(self, wav: object, count: int, events: object) -> int:
        if count > 0:
            self._sound.append(np.ctypeslib.as_array(wav, (count,)).copy())  # type: ignore[arg-type]
        index = 0
        while (event := events[index]).type != _END:  # type: ignore[index]
            if event.type == _WORD:
                self._marks.append((event.text_position - 1, event.audio_position / 1000))
            index += 1
        return 0

    def _words(self, sentence: str, offset: float, length: float) -> tuple[SpokenWord, ...]:
        """Give each blank-separated word its first mark; words spoken as one (``of the``) share the time by letters."""
        tokens = sentence.split()
        ends = np.cumsum([len(token) + 1 for token in tokens])
        known = {0: 0.0, len(tokens): length}
        for char, at in self._marks:
            token = int(np.searchsorted(ends, char, side="right"))
            known.setdefault(token, min(max(0.0, at - offset), length))
        letters = np.concatenate([[0], ends])
        anchors = sorted(known)
        times = np.interp(letters, letters[anchors], [known[i] for i in anchors])
        return tuple(SpokenWord(t, float(times[i]), float(times[i + 1])) for i, t in enumerate(tokens))


def _resample(sound: np.ndarray, rate: int) -> np.ndarray:
    """Band-limited resampling to ``RATE`` by zero padding the spectrum."""
    target = round(len(sound) * RATE / rate)
    spectrum = np.fft.rfft(sound)
    wide = np.zeros(target // 2 + 1, dtype=complex)
    wide[: len(spectrum)] = spectrum[: len(wide)]
    return (np.fft.irfft(wide, target) * (target / len(sound))).astype(np.float32)
