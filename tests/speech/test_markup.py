import pytest

from omni.speech.markup import Note, read_lines
from omni.speech.subtitles import RawCue


def said(*texts: str) -> list[str]:
    lines, _ = read_lines([RawCue(i, i + 1.0, text) for i, text in enumerate(texts)])
    return [" ".join(token.text for token in line.tokens) for line in lines]


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("{\\an8}<i>Hello</i> <font color='red'>there</font>", "Hello there"),
        ("<v Roger Bingham>We are in New York", "We are in New York"),
        ("Tom &amp; Jerry", "Tom\u00a0& Jerry"),
        ("- Is he in?\n- Yes.", "Is he in? Yes."),
        (">> GOOD MORNING.", "GOOD MORNING."),
        ("JOHN: We go.", "We go."),
        ("MAN 2: We go.", "We go."),
        ("[door slams] Who's there?", "Who's there?"),
        ("(SIGHS) All right.", "All right."),
        ("(laughs)", ""),
        ("We asked (and they answered) at once", "We asked (and they answered) at once"),
        ("the alliance (NATO) agreed", "the alliance (NATO) agreed"),
        ("♪ la la la ♪", "la la la"),
        ("♪♪", ""),
        ("Note this: it works", "Note this: it works"),
        ("At 10:30 we left", "At 10:30 we left"),
        ("漢字<ruby>字<rt>じ</rt></ruby>", "漢字字"),
    ],
)
def test_only_what_is_spoken_stays(written: str, spoken: str) -> None:
    assert said(written) == ([spoken] if spoken else [])


def test_a_name_before_a_colon_is_a_label_only_when_it_comes_back() -> None:
    assert said("Anna: Hello.", "Ben: Hello.", "Anna: Well?", "Anna: Yes.") == [
        "Hello.",
        "Ben: Hello.",
        "Well?",
        "Yes.",
    ]


def test_named_sounds_become_notes_in_several_languages() -> None:
    cues = [
        RawCue(i, i + 1.0, text)
        for i, text in enumerate(["[Applause]", "(Rires)", "[Musik]", "（笑）はい", "Right. [laughter]"])
    ]
    _, notes = read_lines(cues)
    assert notes == (
        Note(0, 1, "applause", alone=True),
        Note(1, 2, "laughter", alone=True),
        Note(2, 3, "music", alone=True),
        Note(3, 4, "laughter", alone=False),
        Note(4, 5, "laughter", alone=False),
    )


def turns(*texts: str) -> list[str]:
    """The words with which another speaker begins."""
    lines, _ = read_lines([RawCue(i, i + 1.0, text) for i, text in enumerate(texts)])
    return [token.text for line in lines for token in line.tokens if token.turns]


@pytest.mark.parametrize(
    ("texts", "begin"),
    [
        ((">> Hello there.", "How are you?", ">> Fine."), ["Hello", "Fine."]),
        (("- Hello there.\n- Hi.", "How are you?"), ["Hello", "Hi."]),
        (("— Bonjour.\n— Salut.",), ["Bonjour.", "Salut."]),
        (("- a list\nof one thing",), []),
        (("ANNA: Hello.", "ANNA: There.", "BEN: Hi.", "And more."), ["Hello.", "Hi."]),
        (
            ("Anna: One.", "Ben: Two.", "Anna: Three.", "Ben: Four.", "Anna: Five.", "Ben: Six."),
            ["One.", "Two.", "Three.", "Four.", "Five.", "Six."],
        ),
        (("<v Anna Bell>Hello.", "<v Anna Bell>There.", "<v.loud Ben>Hi <i>you</i>.</v>"), ["Hello.", "Hi"]),
        (("<v Anna>Yes.</v> <v Ben>No.</v>",), ["Yes.", "No."]),
        (("and why was that >> nobody knew >> really?",), ["nobody", "really?"]),
        (("that\ue000640\ue001 >>\ue000900\ue001 nobody",), ["nobody"]),
        (("that\ue0001500\ue001 >> \ue0001700\ue001nobody",), ["nobody"]),
        (("No marks at all.", "Nobody changes."), []),
    ],
)
def test_marks_of_speakers_tell_where_another_one_begins(texts: tuple[str, ...], begin: list[str]) -> None:
    assert turns(*texts) == begin


def test_a_speaker_s_tag_is_no_word() -> None:
    assert said("<v Anna Bell>Hello there.") == ["Hello there."]
