"""Cue text to words: tags and notes for the deaf taken away, and of speakers' marks only what they tell: that another one begins."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from omni.speech.subtitles import RawCue
from omni.speech.tokens import Token, tokens

NoteKind = Literal["applause", "laughter", "music"]

_ASS_TAG = re.compile(r"\{[^{}]*\}")
_RUBY = re.compile(r"<rt>.*?</rt>", re.DOTALL | re.IGNORECASE)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]*)>", re.IGNORECASE)
_NAMED = re.compile("\ue002([^\ue003]*)\ue003\\s*")
_HTML_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_MUSIC = re.compile(r"[♪♫♬♩𝄞]+")
_BRACKETS = re.compile(r"\[[^\[\]]*\]|【[^【】]*】|［[^［］]*］")
_PARENTHESES = re.compile(r"\(([^()]*)\)|（([^（）]*)）")
_DIALOGUE_MARK = re.compile(r"^\s*(?:>>>?|[-‐–—―•])\s*(?=[^\s\d])|^\s*>>>?\s*")
_DASH = re.compile(r"^\s*[-‐–—―•]")
_INNER = re.compile("((?:\ue000\\d+\ue001)?)[^\\S\\n]+>>>?(?=\\s|\ue000)")
"""Automatic captions change speakers within a row; a time before the mark is that of the word behind it, if that has none."""
_LABEL = re.compile(r"^\s*([^\s:：,.!?。、][^:：,.!?。、]{0,30})[:：](?=\s|$|[^\x00-\x7f])\s*")

# Beginnings of what subtitlers write for sounds, in the languages of `languages.toml`.
_NOTES: dict[NoteKind, frozenset[str]] = {
    "applause": frozenset(
        [
            "applau",
            "clapping",
            "cheer",
            "aplaus",
            "aplauz",
            "beifall",
            "alkış",
            "аплод",
            "оплес",
            "овац",
            "תשואות",
            "מחיאות",
            "تصفيق",
            "तालि",
            "掌声",
            "掌聲",
            "拍手",
            "박수",
        ]
    ),
    "laughter": frozenset(
        [
            "laugh",
            "chuckl",
            "giggl",
            "rire",
            "gelächter",
            "lach",
            "risas",
            "risos",
            "risate",
            "gelach",
            "śmiech",
            "смех",
            "сміх",
            "צחוק",
            "ضحك",
            "हँसी",
            "हंसी",
            "笑",
            "웃음",
            "kahkaha",
        ]
    ),
    "music": frozenset(
        [
            "music",
            "musik",
            "música",
            "musique",
            "musica",
            "muziek",
            "muzyka",
            "музык",
            "музик",
            "singing",
            "מוזיקה",
            "מוסיקה",
            "موسيقى",
            "संगीत",
            "音乐",
            "音樂",
            "音楽",
            "음악",
            "müzik",
        ]
    ),
}


@dataclass(frozen=True)
class Line:
    """The spoken part of a cue, row by row; seconds."""

    start: float
    end: float
    rows: tuple[tuple[Token, ...], ...]

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Every word of the cue."""
        return tuple(token for row in self.rows for token in row)


@dataclass(frozen=True)
class Note:
    """A sound that the subtitle names; ``alone`` when the cue says nothing else, so that its times are the sound's."""

    start: float
    end: float
    kind: NoteKind
    alone: bool


def read_lines(cues: Sequence[RawCue]) -> tuple[tuple[Line, ...], tuple[Note, ...]]:
    """Return what is said and which sounds are named; cues without a spoken word give no line."""
    plain = [_without_tags(cue.text) for cue in cues]
    labels = _repeated_labels(plain)
    lines: list[Line] = []
    notes: list[Note] = []
    floor = _Floor(labels)
    for cue, text in zip(cues, plain, strict=True):
        spoken, kinds = _without_notes(text)
        line = Line(cue.start, cue.end, tuple(floor.rows(spoken)))
        if line.rows:
            lines.append(line)
        notes.extend(Note(cue.start, cue.end, kind, alone=not line.rows) for kind in kinds)
    return tuple(lines), tuple(notes)


class _Floor:
    """Who speaks, from row to row."""

    def __init__(self, labels: frozenset[str]) -> None:
        self._labels = labels
        self._speaker: str | None = None

    def rows(self, spoken: str) -> Iterator[tuple[Token, ...]]:
        """Yield the words of each row of a cue; the first one of another speaker says so."""
        rows = _INNER.sub("\n>> \\1", spoken).split("\n")
        dialogue = sum(bool(_DASH.match(row)) for row in rows) > 1  # a single dash is a list's or an aside's too
        for row in rows:
            said, speaker = self._heard(row)
            changes = speaker != self._speaker if speaker else _is_anonymous(row, dialogue=dialogue)
            words = tokens(said)
            if words:
                self._speaker = speaker or (None if changes else self._speaker)
                yield (replace(words[0], turns=True), *words[1:]) if changes else words

    def _heard(self, row: str) -> tuple[str, str | None]:
        """Return a row without marks and labels, and the speaker that it names."""
        voice = _NAMED.search(row)
        said, label = _without_label(_NAMED.sub("", row), self._labels)
        return said, (voice[1].strip() if voice else label) or None


def _is_anonymous(row: str, *, dialogue: bool) -> bool:
    return row.lstrip().startswith(">>") or (dialogue and bool(_DASH.match(row)))


def _without_tags(text: str) -> str:
    text = _VOICE.sub("\n\ue002\\1\ue003", _ASS_TAG.sub("", text).replace(r"\h", " ")).lstrip("\n")
    return html.unescape(_HTML_TAG.sub("", _RUBY.sub("", text)))


def _without_notes(text: str) -> tuple[str, tuple[NoteKind, ...]]:
    """Take away [notes], (notes) and ♪; words sung between notes stay."""
    inside: list[str] = []

    def bracket(match: re.Match[str]) -> str:
        inside.append(match.group())
        return " "

    def parenthesis(match: re.Match[str]) -> str:
        if not _is_note(match, text):
            return match.group()
        return bracket(match)

    spoken = _PARENTHESES.sub(parenthesis, _BRACKETS.sub(bracket, text))
    kinds: list[NoteKind] = [kind for kind in _NOTES if any(_names(kind, note) for note in inside)]
    if _MUSIC.search(spoken) and "music" not in kinds:
        kinds.append("music")
    return _MUSIC.sub(" ", spoken), tuple(kinds)


def _is_note(match: re.Match[str], text: str) -> bool:
    """Tell a sound note from a spoken aside: it has rows to itself, names a sound, or is in capitals."""
    content = (match.group(1) or match.group(2) or "").strip()
    before = text[: match.start()].rpartition("\n")[2]
    after = text[match.end() :].partition("\n")[0]
    alone = not before.strip(" -–—♪>") and not after.strip(" ♪")
    # Four capitals are still an acronym that is spoken: (NATO).
    return alone or any(_names(kind, content) for kind in _NOTES) or (content.isupper() and len(content) > 4)


def _names(kind: NoteKind, note: str) -> bool:
    # A note is short; "(and then they all began to laugh at me)" is speech.
    words = note.lower().strip("[]()（）【】［］ ").split()
    return len(words) <= 4 and any(word.startswith(tuple(_NOTES[kind])) or _holds(word, kind) for word in words)


def _holds(word: str, kind: NoteKind) -> bool:
    """Scripts without blanks name the sound anywhere in the note."""
    return any(stem in word for stem in _NOTES[kind] if ord(stem[0]) > 0x2E80)


def _repeated_labels(texts: Sequence[str]) -> frozenset[str]:
    """Return the names before a colon that begin a row at least three times: speakers, not sentences."""
    rows = (_DIALOGUE_MARK.sub("", _NAMED.sub("", row)) for text in texts for row in text.split("\n"))
    found = Counter(match.group(1).strip() for row in rows if (match := _LABEL.match(row)))
    return frozenset(label for label, count in found.items() if count >= 3 and len(label.split()) <= 3)


def _without_label(row: str, labels: frozenset[str]) -> tuple[str, str | None]:
    """Return a row without the speaker's name before it, and that name."""
    row = _DIALOGUE_MARK.sub("", row)
    match = _LABEL.match(row)
    label = match.group(1).strip() if match else ""
    if match is None or not (label in labels or _is_shouted(label)):
        return _DIALOGUE_MARK.sub("", row), None
    return _DIALOGUE_MARK.sub("", row[match.end() :]), label


def _is_shouted(label: str) -> bool:
    """Tell ``JOHN`` or ``MAN 2`` from a sentence: capitals, at most three words."""
    letters = [c for c in label if c.isalpha()]
    return len(letters) >= 2 and label.upper() == label and label.lower() != label and len(label.split()) <= 3
