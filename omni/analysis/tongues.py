"""The words of the commonest orders in other languages than English, and in which language an operator wrote.

A directive is taken for English unless it is clearly something else: “sans serif” and “the sin of pride” rule nothing out.
"""

import re
from functools import cache
from typing import NamedTuple

from omni.analysis.terms import tokenize
from omni.languages import languages

_NEVER = r"(?!)"
CLOCK = r"(?:\d{1,2}(?::\d{2}){1,2}|\d{1,6}(?:\.\d+)?\s?(?:hours?|minutes?|min|seconds?|h|m|s)\b)"
"""A time of day of the source, or a length of time in English units."""


class Tongue(NamedTuple):
    """One language's words, as alternatives of a pattern; ``lacking`` stands behind what is to be avoided, all else before."""

    hours: str
    minutes: str
    seconds: str
    first: str
    last: str
    topic: str
    only: str
    questions: str
    start: str = _NEVER
    to: str = _NEVER
    article: str = _NEVER
    after: str = _NEVER
    before: str = _NEVER
    but: str = _NEVER
    and_: str = _NEVER
    no: str = _NEVER
    without: str = _NEVER
    about: str = _NEVER
    lacking: str = _NEVER
    script: str = _NEVER
    """What only this language's script has; nothing for those in Latin letters."""


TONGUES = {
    "de": Tongue(
        "stunden?|std", "minuten?", "sekunden?|sek", "erste[nrms]?", "letzte[nrms]?", "thema|themen", "nur", "fragen",
        start="von|vom|zwischen", to="bis|zu|und", article="zum|zur|den|der|die", after="ab|nach", before="bis|vor",
        but="aber|jedoch", and_="und", no="kein(?:e[nmrs]?)?|nichts?|vermeide\\w*", without="ohne|außer|ausser",
        about="über|von|zu|mit",
    ),
    "es": Tongue(
        "horas?", "minutos?", "segundos?", "primer[oa]?s?", "[úu]ltim[oa]s?", "temas?", "sólo|solo|solamente", "preguntas",
        start="desde|entre|de|del", to="hasta|a|y", article="las?|los|el", after=r"despu[eé]s\s+del?|desde|a\s+partir\s+del?",
        before=r"antes\s+del?|hasta", but="pero", and_="y|e", no="nada|ningun[oa]s?|ningún|evit[ae]\\w*|no",
        without=r"sin(?!\s+embargo)|excepto|salvo", about="sobre|del?|con",
    ),
    "fr": Tongue(
        "heures?", "minutes?", "secondes?", "premi[eè]re?s?", "derni[eè]re?s?", "sujets?|thèmes?", "seulement|uniquement", "questions",
        start="de|du|entre", to="jusqu['’]à|à|a|et", article="les?|la", after=r"à\s+partir\s+de|après|dès", before="avant|jusqu['’]à",
        but="mais", and_="et", no="pas|rien|aucune?|évit\\w+", without=r"sans(?!\s+(?:doute|serif))|sauf", about="sur|de|du|des|avec",
    ),
    "it": Tongue(
        "ore|ora", "minut[oi]", "second[oi]", "prim[aeio]", "ultim[aeio]", "tem[ai]|argoment[oi]", "solo|soltanto|solamente", "domande",
        start="dalle|dal|tra|da", to="alle|al|a|e", article="il|i|gli|la|le", after=r"dopo|a\s+partire\s+da(?:l|lle)?",
        before=r"prima\s+d(?:i|el|elle)|fino\s+a(?:l|lle)?", but="ma", and_="e", no="niente|nessun[oa]?|evit[ai]\\w*|non",
        without="senza|tranne", about="su|di|con",
    ),
    "pt": Tongue(
        "horas?", "minutos?", "segundos?", "primeir[oa]s?", "[úu]ltim[oa]s?", "temas?|assuntos?", "só|somente|apenas", "perguntas",
        start="das|da|de|entre|desde", to="às|até|a|e", article="os?|as?", after=r"depois\s+d[eoa]s?|a\s+partir\s+d[eoa]s?",
        before=r"antes\s+d[eoa]s?|até", but="mas", and_="e", no="nada|nenhum\\w*|evit[ae]\\w*|não", without="sem|exceto|salvo",
        about="sobre|d[eoa]s?|com",
    ),
    "nl": Tongue(
        "uur|uren", "minuten|minuut", "seconden", "eerste", "laatste", "onderwerp|thema", "alleen", "vragen",
        start="van|tussen", to="tot|en", article="de|het", after="vanaf|na", before="voor|tot", but="maar", and_="en",
        no="geen|niets|niet|vermijd\\w*", without="zonder|behalve", about="over|van|met",
    ),
    "pl": Tongue(
        "godzin[ay]?", "minut[ay]?", "sekund[ay]?", "pierwsz\\w+", "ostatni\\w*", "temat", "tylko", "pytania",
        start="od|między", to="do|i", after="po|od", before="przed|do", but="ale", and_="i", no="żadn\\w+|nic|nie|unikaj",
        without="bez|oprócz", about="o",
    ),
    "sv": Tongue(
        "timmar|timme", "minut(?:er|en|erna)?", "sekund(?:er|en|erna)?", "första", "sista", "ämne|tema", "bara|endast", "frågor\\w*",
        start="från|mellan", to="till|och", after="från|efter", before="före|innan|till", but="men", and_="och",
        no="ingen|inga|inget|inte|undvik", without="utan|förutom", about="om|med",
    ),
    "tr": Tongue(
        "saat", "dakika|dk", "saniye", "ilk", "son", "konu", "sadece|yalnızca", "sorular\\w*", lacking="hariç|olmadan|olmasın",
    ),
    "ru": Tongue(
        "час\\w*", "мин\\w*", "сек\\w*", "перв\\w+", "последн\\w+", "тема|темы", "только", "вопросы",
        start="от|с|между", to="до|и", after="от|после", before="до", but="но", and_="и", no="никаких|ничего|не|избегай\\w*",
        without="без|кроме", about="об?|про", script="[Ѐ-ӿ]",
    ),
    "ar": Tongue(
        "ساعات?|ساعة", "دقائق|دقيقة", "ثوان\\w*|ثانية", "أول", "آخر", "الموضوع|موضوع", "فقط", "الأسئلة|أسئلة",
        start="من|بين", to="إلى|حتى|و", after="بعد", before="قبل|حتى", but="لكن", and_="و", no="تجنب|لا", without="بدون|باستثناء",
        about="عن", script="[؀-ۿ]",
    ),
    "zh": Tongue(
        "小时|時間", "分钟|分鐘|分", "秒", "前|最初の", "最后|最後の?", "主题|主題|话题|テーマ|トピック", "只要|只|仅", "问题|提问|質問",
        start="从|從", to="到|至|から|〜|~", but="但是?|但し", and_="和", no="不要|没有|避免|别", without="除了", about="关于|關於",
        lacking=r"なし|抜き|以外|を除く|は除く|を避け\w*", script="[぀-ヿ㐀-鿿]",
    ),
}  # fmt: skip
"""By ISO 639-1 code; Chinese and Japanese are read by one table."""

_ENGLISH = frozenset(
    tokenize(
        "topic topics keyword keywords theme themes subject subjects avoid avoiding skip skipping exclude excluding except without leave omit "
        "ignore nothing not never only just please want give find focus look search prefer show include pick choose use more anything "
        "everything about from between until till after before first last minute minutes second seconds hour hours half questions each do"
    )
)
_LOOK_ALIKES = frozenset(
    tokenize(
        "sans prime prima primer primers premier premiere premieres salvo solo over till nada hasta maar sista minute minutes questions"
    )
)
"""Longer words of orders that English texts have too; words of three letters may all be a name."""
_SURE = 4
"""Letters."""
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def tongue_of(text: str, talk: str | None) -> Tongue | None:
    """Return the language a directive is clearly in, ``None`` for English and whatever isn't clear; ``talk`` is the talk's language.

    A script tells. In Latin letters more words must be of the language than of English, and either the talk is in it too, or a
    word (or a range of times) can't be anything else. Capitals are an abbreviation (SEM, NIC).
    """
    for tongue in TONGUES.values():
        if re.search(tongue.script, text):
            return tongue
    words = [
        word.casefold() for word in _LETTERS.findall(text) if text.isupper() or len(word) == 1 or not word.isupper()
    ]
    english = sum(word in _ENGLISH or word in languages()["en"].common for word in words)
    best, most = None, english
    for code in sorted(TONGUES, key=lambda code: code != talk):
        span = 2 * bool(_span(code).search(text))
        known = [word for word in words if _is_known(word, code)]
        if span + len(known) > most and (code == talk or span or any(_is_sure(word, code) for word in known)):
            best, most = TONGUES[code], span + len(known)
    return best


@cache
def _span(code: str) -> re.Pattern[str]:
    """Return the pattern of a range of times, which no English text has in another language's words."""
    tongue = TONGUES[code]
    return re.compile(rf"(?<!\w)(?:{tongue.start})\s+{CLOCK}\s+(?:{tongue.to})\s+{CLOCK}", re.IGNORECASE)


@cache
def _orders(code: str) -> re.Pattern[str]:
    return re.compile("|".join(TONGUES[code][:-1]), re.IGNORECASE)


def _is_known(word: str, code: str) -> bool:
    spoken = languages().get(code)
    return bool(_orders(code).fullmatch(word)) or (spoken is not None and word in spoken.common)


def _is_sure(word: str, code: str) -> bool:
    """Tell whether a word can't stand in an English text: one of orders, longer than a name's particles."""
    return len(word) >= _SURE and word not in _LOOK_ALIKES and bool(_orders(code).fullmatch(word))
