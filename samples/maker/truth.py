"""What is known about the talk because it was made: subtitles and ground truth."""

import json
from itertools import pairwise

import numpy as np
from maker.actor import FPS
from maker.picture import Set, true_face
from maker.script import CONNECTING, highlights
from maker.shots import Shot
from maker.timeline import Sentence, Timeline
from maker.voice import SpokenWord

LINE_LETTERS, CUE_LETTERS = 40, 76
"""Longest row and longest cue of the subtitles: two rows, as broadcasters have it."""

FACE_STEP = 0.2


def subtitles(timeline: Timeline) -> str:
    """Return the talk as SubRip; no cue spans two sentences, and none is on screen with another."""
    cues = [cue for sentence in timeline.sentences for cue in _cues(sentence)]
    ends = [min(a[-1].end + 0.20, b[0].start - 0.04) for a, b in pairwise(cues)] + [cues[-1][-1].end + 0.4]
    blocks = [
        f"{i}\n{_stamp(words[0].start)} --> {_stamp(max(end, words[-1].end))}\n{_rows(words)}\n"
        for i, (words, end) in enumerate(zip(cues, ends, strict=True), 1)
    ]
    return "\n".join(blocks)


def truth(scene: Set, edit: tuple[Shot, ...]) -> str:
    """Return everything that a test may want to know, as JSON with one record a line."""
    timeline = scene.timeline
    texts = tuple(s.text for s in timeline.sentences)
    tables: dict[str, list[object]] = {
        "shots": [{"start": s.first / FPS, "end": s.last / FPS, "first_frame": s.first, "kind": s.kind} for s in edit],
        "sentences": [
            {
                "index": i,
                "start": round(s.start, 3),
                "end": round(s.end, 3),
                "text": s.text,
                "section": s.section,
                "connecting": s.text.startswith(CONNECTING),
                "words": [[w.text, round(w.start, 3), round(w.end, 3)] for w in s.words],
            }
            for i, s in enumerate(timeline.sentences)
        ],
        "sounds": [{"kind": s.kind, "start": round(s.start, 3), "end": round(s.end, 3)} for s in timeline.sounds],
        "highlights": [
            {
                "first": h.first,
                "last": h.last,
                "start": round(timeline.sentences[h.first].start, 3),
                "end": round(timeline.sentences[h.last].end, 3),
                "title": h.title,
                "why": h.why,
            }
            for h in highlights(texts)
        ],
        "faces": _faces(scene, edit),
    }
    head: dict[str, object] = {
        "about": "Ground truth of talk.mp4. Seconds; shots are half-open; faces are [t, x, y, w, h] as fractions of the "
        "frame, or [t, null]; highlights name sentences, both inclusive. Written by make_talk.py.",
        "duration": timeline.duration, "fps": FPS, "width": 1280, "height": 720,
    }  # fmt: skip
    parts = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in head.items()]
    for name, rows in tables.items():
        body = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows)
        parts.append(f"{json.dumps(name)}: [\n{body}\n]")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _faces(scene: Set, edit: tuple[Shot, ...]) -> list[object]:
    rows: list[object] = []
    for i in range(int(scene.timeline.duration / FACE_STEP)):
        number = round(i * FACE_STEP * FPS)
        shot = next(s for s in edit if s.first <= number < s.last)
        box = true_face(scene, shot, number)
        t = round(i * FACE_STEP, 1)
        rows.append([t, None] if box is None else [t, *(round(float(v), 4) for v in box)])
    return rows


def _cues(sentence: Sentence) -> list[tuple[SpokenWord, ...]]:
    """Split a sentence into as few cues as fit, near equal, after a comma where one is near."""
    words = sentence.words
    letters = np.cumsum([len(w.text) + 1 for w in words])
    count = int(np.ceil(letters[-1] / CUE_LETTERS))
    cuts = [0]
    for part in range(1, count):
        aim = letters[-1] * part / count
        cost = [abs(at - aim) - (12 if w.text[-1] in ",:;" else 0) for w, at in zip(words, letters, strict=True)]
        cuts.append(int(np.argmin(cost[: len(words) - 1])) + 1)
    cuts.append(len(words))
    return [words[a:b] for a, b in pairwise(cuts) if b > a]


def _rows(words: tuple[SpokenWord, ...]) -> str:
    """Break into two rows where the text is longer than one."""
    text = " ".join(w.text for w in words)
    if len(text) <= LINE_LETTERS:
        return text
    gaps = [i for i, letter in enumerate(text) if letter == " "]
    at = min(gaps, key=lambda i: abs(i - len(text) / 2) - (4 if text[i - 1] in ",:;" else 0))
    return f"{text[:at]}\n{text[at + 1 :]}"


def _stamp(seconds: float) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"
