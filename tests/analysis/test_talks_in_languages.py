"""Talks in seven languages and scripts, with and without punctuation: whole sentences, questions found, subjects in their own words."""

from collections.abc import Sequence

import pytest
from talk_builder import dossier

from omni.analysis.offline import OfflineAnalyst
from omni.analysis.paging import page_of
from omni.contracts import Analysis, Brief, Dossier, Transcript, Word
from omni.speech.sentences import sentences
from omni.speech.tokens import tokens
from omni.speech.weights import weight

# Things, and what is said of each: a question, an aside, a number, a turn.
TALKS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "es": (
        ("puerto", "ventana", "huerto", "puente", "farol", "violín"),
        (
            "¿Por qué nadie habla nunca de este {}?",
            "La gente pasa todos los días y no mira.",
            "En 1954 un capitán contó 17 barcos delante del {}.",
            "Pero el {} siguió allí cuando todos se fueron.",
        ),
    ),
    "de": (
        ("Hafen", "Garten", "Brunnen", "Turm", "Leuchter", "Kessel"),
        (
            "Warum spricht niemand jemals über diesen {}?",
            "Die Leute gehen jeden Tag vorbei und sehen nichts.",
            "Im Jahr 1954 zählte ein Kapitän 17 Schiffe vor dem {}.",
            "Aber der {} stand noch da, als alle gegangen waren.",
        ),
    ),
    "fr": (
        ("port", "jardin", "pont", "phare", "violon", "moulin"),
        (
            "Pourquoi personne ne parle jamais de ce {} ?",
            "Les gens passent tous les jours et ne voient rien.",
            "En 1954 un capitaine a compté 17 bateaux devant le {}.",
            "Mais le {} était encore là quand tous furent partis.",
        ),
    ),
    "hi": (
        ("बंदरगाह", "खिड़की", "बगीचा", "पुल", "दीपक", "कुआँ"),
        (
            "कोई इस {} के बारे में बात क्यों नहीं करता?",
            "लोग हर दिन यहाँ से जाते हैं और कुछ नहीं देखते।",
            "1954 में एक कप्तान ने {} के सामने 17 जहाज गिने।",
            "लेकिन जब सब चले गए तब भी {} वहीं था।",
        ),
    ),
    "ja": (
        ("港", "窓", "庭園", "石橋", "灯台", "風車"),
        (
            "なぜ誰もこの{}について話さないのでしょうか？",
            "人々は毎日ここを通りますが何も見ていません。",
            "1954年に船長が{}の前で17隻の船を数えました。",
            "しかしみんながいなくなっても{}はまだそこにありました。",
        ),
    ),
    "ar": (
        ("الميناء", "الشباك", "البستان", "الجسر", "المصباح", "البئر"),
        (
            "لماذا لا يتحدث أحد عن هذا {}؟",
            "الناس يمرون كل يوم ولا يرون شيئا.",
            "في عام 1954 عد قبطان 17 سفينة أمام {}.",
            "لكن {} بقي هناك عندما ذهب الجميع.",
        ),
    ),
    "zh": (
        ("港口", "窗户", "果园", "石桥", "灯塔", "风车"),
        (
            "为什么从来没有人谈论这个{}？",
            "人们每天都经过这里却什么也看不见。",
            "1954年有一位船长在{}前面数了17艘船。",
            "但是大家都走了以后{}还在那里。",
        ),
    ),
}
MARKS = ".?!।？。؟¿"


def talk(code: str, brief: Brief, *, marks: bool = True) -> Dossier:
    """Three talks about each thing, words as subtitles give them, a breath after each sentence."""
    things, lines = TALKS[code]
    t, words = 0.5, list[Word]()
    for thing in things * 2:
        for line in lines:
            said = line.format(thing)
            for token in tokens(said if marks else said.strip().translate({ord(m): None for m in MARKS})):
                length = max(0.15, 0.2 * weight(token.text))
                words.append(Word(start=round(t, 3), end=round(t + length - 0.02, 3), text=token.text))
                t += length
            t += 0.55
        t += 0.6
    spoken = tuple(words)
    heard = Transcript(
        words=spoken, sentences=sentences(spoken, code), language=code, engine="test", word_times="measured"
    )
    return dossier(heard, t, brief=brief)


def analysed(given: Dossier) -> Analysis:
    return page_of(OfflineAnalyst().analyze(given), given)


@pytest.mark.parametrize("marks", [True, False])
@pytest.mark.parametrize("code", sorted(TALKS))
def test_clips_are_whole_sentences_in_every_language_with_marks_and_without(code: str, *, marks: bool) -> None:
    given = talk(code, Brief(min_seconds=8, max_seconds=40), marks=marks)
    found = analysed(given)
    assert 4 <= len(found.clips) <= 9
    starts, ends = ({getattr(s, edge) for s in given.transcript.sentences} for edge in ("start", "end"))
    for clip in found.clips:
        inside = [w for w in given.transcript.words if clip.start <= (w.start + w.end) / 2 < clip.end]
        assert inside[0].start in starts
        assert inside[-1].end in ends
        assert clip.title
        assert not any("torn" in e.kind for e in clip.evidence)


@pytest.mark.parametrize("code", sorted(TALKS))
def test_without_marks_most_sentences_are_found_by_breaths(code: str) -> None:
    lines = 12 * len(TALKS[code][1])
    assert 0.8 * lines <= len(talk(code, Brief(), marks=False).transcript.sentences) <= 1.3 * lines


@pytest.mark.parametrize("code", sorted(TALKS))
def test_questions_and_subjects_are_found_in_the_language_of_the_talk(code: str) -> None:
    thing = TALKS[code][0][3]
    asked = Brief(min_seconds=6, max_seconds=40, clips=2, directives=f"topic: {thing}; only questions")
    for clip in analysed(talk(code, asked)).clips:
        assert thing in clip.text
        assert any(mark in clip.text for mark in "?？؟")
    shunned = Brief(min_seconds=6, max_seconds=30, clips=4, directives=f"nothing about {thing}")
    assert not any(thing in clip.text for clip in analysed(talk(code, shunned)).clips)
