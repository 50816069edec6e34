"""The captions of one clip: from the words of its cut to cues, a script, and the fonts that the script names."""

from omni.captions.dividing import divided
from omni.captions.fontbook import FontBook
from omni.captions.lettering import Lettering
from omni.captions.measuring import Ruler
from omni.captions.phrasing import Clip, phrases
from omni.captions.scripts import is_letter, script_name
from omni.captions.styles import BOLD, Page
from omni.captions.substation import script
from omni.captions.timing import cues
from omni.captions.wording import running_text, tokens
from omni.contracts import Captions, Cue, Span, Transcript

REVISION = 1
"""Raise it when the same words would give other captions: it is part of the render cache key."""

# With a fifth of the captions undrawable, the rest would look broken: then none are drawn.
_ENOUGH = 0.8
_INSTALL = {
    "Han": "fonts-noto-cjk",
    "Hiragana": "fonts-noto-cjk",
    "Katakana": "fonts-noto-cjk",
    "Hangul": "fonts-noto-cjk",
}


def compose_captions(
    cut: Span, transcript: Transcript, *, fonts: FontBook, width: int = 1080, height: int = 1920
) -> Captions:
    """Return the captions of a cut, in clip time; ``cues`` is always complete, ``script`` only draws what fonts have.

    ``width`` × ``height`` are the pixels of the Short. Nothing is invented: no words, no captions.
    """
    page = Page(BOLD, width, height)
    words = tokens(cut, transcript)
    lettering = fonts.lettering(f"{running_text(words)} -", family=page.style.family, language=transcript.language)
    ruler = Ruler(lettering, page)
    pieces = tuple(piece for word in words for piece in divided(word, ruler.fits_alone))
    shown = cues(phrases(pieces, Clip(cut.length, transcript.language, ruler)), length=cut.length)
    drawable = tuple(cue for cue in shown if not _is_undrawable(cue, lettering))
    warnings = _warnings(lettering, len(shown) - len(drawable), len(shown))
    if not drawable or len(drawable) < _ENOUGH * len(shown):
        return Captions(cues=shown, warnings=warnings)
    text, faces = script(drawable, page=page, lettering=lettering, ruler=ruler)
    paths = tuple(dict.fromkeys(face.path for face in faces))
    return Captions(cues=shown, script=text, fonts=paths, warnings=warnings)


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
