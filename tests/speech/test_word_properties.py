"""What holds for the words of any subtitle file: in order, apart, inside the source, each in one sentence, turns at sentences."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omni.contracts import Span
from omni.speech.cepstra import Cepstrograph
from omni.speech.inventions import said_lines
from omni.speech.markup import read_lines
from omni.speech.offsets import shifted
from omni.speech.placing import placed
from omni.speech.rolling import unrolled
from omni.speech.sentences import sentences
from omni.speech.subtitles import RawCue

TEXTS = (
    "hello", "and then", "It works.", ">> Why?", "- Yes.\n- No.", "ANNA: three four five", "<v Ben>so", "[Applause]", "但是没有人知道", "♪ la ♪",
    "Subtitles by Jane", "one two three four five six seven eight nine ten", "<i>it</i>", "\ue000500\ue001now\ue000900\ue001then", "!", "",
)  # fmt: skip
times = st.floats(0, 40, allow_nan=False)
cues = st.lists(
    st.builds(lambda a, b, text: RawCue(min(a, b), max(a, b) + 0.01, text), times, times, st.sampled_from(TEXTS)),
    max_size=12,
).map(lambda found: sorted(found, key=lambda cue: (cue.start, cue.end)))
regions = st.lists(st.floats(0, 35), max_size=8, unique=True).map(
    lambda edges: tuple(Span(start=a, end=b) for a, b in list(pairwise(sorted(edges)))[::2])
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(cues, regions, st.sampled_from((None, "en", "zh")))
def test_words_are_in_order_inside_the_source_and_each_in_one_sentence(
    written: list[RawCue], speech: tuple[Span, ...], language: str | None
) -> None:
    duration = 35.0
    lines, _ = read_lines([cue for cue in written if cue.start < duration])
    lines, _ = said_lines(shifted(unrolled(lines), 0.0, duration), speech)
    tokens = [token for line in lines for token in line.tokens]
    words = placed(lines, speech, Cepstrograph().values, duration)
    turns = [i for i, token in enumerate(tokens) if token.turns]
    found = sentences(words, language, turns)

    assert [w.text for w in words] == [t.text for t in tokens]
    assert not any(ord(c) in range(0xE000, 0xE010) for w in words for c in w.text)
    assert all(a.start < a.end <= b.start for a, b in pairwise(words))
    assert all(0 <= w.start < w.end <= duration for w in words)
    assert [i for s in found for i in range(s.first, s.last)] == list(range(len(words)))
    assert set(turns) <= {s.first for s in found}
