"""The captions of one clip: from the words of its cut to cues, a script, and the fonts that the script names."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from omni.captions.dividing import divided
from omni.captions.fontbook import FontBook
from omni.captions.fontfaces import FontFace
from omni.captions.lettering import Lettering
from omni.captions.looks import Look
from omni.captions.measuring import Ruler
from omni.captions.pages import Page
from omni.captions.phrasing import Clip, phrases
from omni.captions.placing import Scene, place_captions
from omni.captions.scripts import is_letter, script_name
from omni.captions.substation import Sheet, caption_events, caption_styles, script, title_event, title_style
from omni.captions.timing import cues
from omni.captions.titles import Draft, hook_title
from omni.captions.wording import running_text, tokens
from omni.contracts import Captions, Cue, Span, Transcript

REVISION = 2
"""Raise it when the same words would give other captions: it is part of the render cache key."""

# With a fifth of the captions undrawable, the rest would look broken: then none are drawn.
_ENOUGH = 0.8
_INSTALL = {
    "Han": "fonts-noto-cjk",
    "Hiragana": "fonts-noto-cjk",
    "Katakana": "fonts-noto-cjk",
    "Hangul": "fonts-noto-cjk",
}


@dataclass(frozen=True)
class Setting:
    """What captions are composed for: how they look, what else is on the picture, and what the clip promises."""

    look: Look
    scene: Scene = field(default_factory=Scene)
    titles: tuple[str, ...] = ()
    """Candidates for the hook title, best first."""
    width: int = 1080
    height: int = 1920


def compose_captions(cut: Span, transcript: Transcript, *, fonts: FontBook, setting: Setting) -> Captions:
    """Return the captions of a cut, in clip time; ``cues`` is always complete, ``script`` only draws what fonts have.

    Nothing is invented: no words, no captions.
    """
    look, scene = setting.look, setting.scene
    page = look.captions(setting.width, setting.height)
    words = tokens(cut, transcript)
    lettering = fonts.lettering(f"{running_text(words)} -", family=page.style.family, language=transcript.language)
    ruler = Ruler(lettering, page)
    pieces = tuple(piece for word in words for piece in divided(word, ruler.fits_alone))
    shown = cues(phrases(pieces, Clip(cut.length, transcript.language, ruler)), length=cut.length)
    drawable = [cue for cue in shown if not _is_undrawable(cue, lettering)]
    warnings = _warnings(lettering, len(shown) - len(drawable), len(shown)) if look.burned else ()
    if not look.burned or len(drawable) < _ENOUGH * len(shown):
        drawable = []
    placed = _placed(shown, drawable, ruler, page, scene)
    draft = hook_title(
        setting.titles, placed, scene, page=look.title(setting.width, setting.height), fonts=fonts,
        clip=(cut.length, transcript.language),
    )  # fmt: skip
    text, faces = _script(placed, page, lettering, draft)
    return Captions(
        cues=placed,
        title=draft.title if draft else None,
        area=page.area if text else None,
        script=text,
        fonts=tuple(dict.fromkeys(face.path for face in faces)),
        warnings=warnings,
    )


def _placed(shown: Sequence[Cue], drawable: Sequence[Cue], ruler: Ruler, page: Page, scene: Scene) -> tuple[Cue, ...]:
    """Give the cues that are drawn their places; the others keep none."""
    sizes = [ruler.size(cue.text.split("\n")) for cue in drawable]
    spans = [Span(start=cue.start, end=cue.end) for cue in drawable]
    places = dict(zip(spans, place_captions(spans, sizes, page.column, scene), strict=True))
    return tuple(cue.model_copy(update={"place": places.get(Span(start=cue.start, end=cue.end))}) for cue in shown)


def _script(
    shown: Sequence[Cue], page: Page, lettering: Lettering, draft: Draft | None
) -> tuple[str | None, tuple[FontFace, ...]]:
    """Return the script of all that is drawn, ``None`` when nothing is, and the faces that it names."""
    styles: list[str] = []
    events: list[str] = []
    faces: list[FontFace] = []
    drawn = [cue for cue in shown if cue.place]
    if drawn:
        texts = [word.text for cue in drawn for line in cue.lines for word in line]
        sheet = Sheet.of(texts, page, lettering)
        styles += caption_styles(sheet)
        events += [event for cue in drawn for event in caption_events(cue, sheet)]
        faces += sheet.faces(texts)
    if draft:
        sheet = Sheet.of(draft.title.lines, draft.page, draft.lettering)
        styles.append(title_style(sheet))
        events.append(title_event(draft.title, sheet))
        faces += sheet.faces(draft.title.lines)
    return (script(page, styles, events) if events else None), tuple(dict.fromkeys(faces))


def _is_undrawable(cue: Cue, lettering: Lettering) -> bool:
    """Tell whether a cue would lose letters, or everything."""
    lost = set(lettering.missing) & set(cue.text)
    return any(map(is_letter, lost)) or not lettering.runs(cue.text.replace("\n", "").replace(" ", ""))


def _warnings(lettering: Lettering, undrawn: int, count: int) -> tuple[str, ...]:
    found: list[str] = []
    letters = [char for char in lettering.missing if is_letter(char)]
    signs = "".join(char for char in lettering.missing if not is_letter(char))
    if letters:
        scripts = tuple(dict.fromkeys(map(script_name, letters)))
        packages = " ".join(dict.fromkeys(_INSTALL.get(name, "fonts-noto-core") for name in scripts))
        found.append(
            f"{_share(undrawn, count)} not burned in: no font here has the letters of {' and '.join(scripts)} "
            f"({''.join(letters[:5])}). Install one (Debian: apt-get install {packages}) or name its folder in "
            "OMNI_FONTS; the .srt and .vtt files are complete."
        )
    if signs:
        found.append(f"Left out of the burned-in captions, for no font here has them: {signs}")
    return tuple(found)


def _share(undrawn: int, count: int) -> str:
    return "Captions were" if undrawn > (1 - _ENOUGH) * count else f"{undrawn} of {count} captions were"
