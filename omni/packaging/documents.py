"""Files that tell of a job beside its Shorts: what was said, and why these moments were chosen."""

import json

from omni.contracts import EvidenceTimeline, Transcript

TRANSCRIPT = "transcript.json"
EVIDENCE = "evidence.json"
EVIDENCE_PAGE = "evidence.html"


def transcript_document(transcript: Transcript) -> str:
    """Return the words as JSON text: ``words`` are ``[start, end, text]`` in source seconds, ``sentences`` ranges of words.

    The second number of a sentence is the first word after it. Without words both lists are empty.
    """
    document = {
        "language": transcript.language,
        "word_times": transcript.word_times,
        "words": [(round(w.start, 3), round(w.end, 3), w.text) for w in transcript.words],
        "sentences": [(s.first, s.last) for s in transcript.sentences],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def evidence_document(timeline: EvidenceTimeline) -> str:
    """Return the contract ``EvidenceTimeline`` as JSON text."""
    return timeline.model_dump_json() + "\n"
