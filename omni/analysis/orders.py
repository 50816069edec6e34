"""The commonest orders of an operator who doesn't write English, told in English: times, what to avoid, `topic:`, only questions.

Only orders are translated, never their subjects; what isn't known stays as it was written. Left unread, “nichts über Kräne” or “sin
grúas” would ask for the very thing they rule out.
"""

import re
from collections.abc import Callable

_AT = r"(?:(?<=[\n,;.:!，。、；])|^)\s*"
"""Where a clause begins."""
_WORD = r"(?![^\W\d_])"
"""The end of a word, where a blank needn't follow: Chinese and Japanese have none."""

_HOURS = r"stunden?|std|horas?|heures?|ore|ora|uur|godzin\w*|timmar|timme|час\w*|saat|ساعات?|ساعة|小时|時間"
_MINUTES = r"minut\w*|мин\w*|dakika|dk|دقائق|دقيقة|分钟|分鐘|分"
_SECONDS = r"sekund\w*|sek|segundos?|secondi|secondes?|seconden|сек\w*|saniye|ثوان\w*|ثانية|秒"

_CLOCK = r"(?:\d{1,2}(?::\d{2}){1,2}|\d{1,6}(?:\.\d+)?\s?(?:hours?|minutes?|min|seconds?|h|m|s)\b)"
_FROM = (
    r"von|vom|zwischen|desde|entre|de|du|da|dalle|dal|tra|das|van|tussen|od|między|från|mellan|от|с|между|من|بين|从|從"
)
_TO = r"bis|zu|und|hasta|a|y|jusqu['’]à|à|et|alle|al|e|até|às|tot|en|do|i|till|och|до|и|إلى|حتى|و|到|至|から|〜|~"
_ARTICLE = r"(?:(?:zum|zur|den|der|die|las?|los|el|les?|il|os?|as?|i|gli|de|het)\s+)?"
_AFTER = r"ab|nach|después\s+del?|despues\s+del?|desde|à\s+partir\s+de|après|dès|dopo|a\s+partire\s+da(?:l|lle)?|depois\s+d[eoa]s?|a\s+partir\s+d[eoa]s?|vanaf|na|po|od|från|efter|после|بعد"
_BEFORE = r"bis|vor|antes\s+del?|antes\s+d[oa]s|hasta|avant|jusqu['’]à|prima\s+d(?:i|el|elle)|fino\s+a(?:l|lle)?|até|voor|tot|przed|do|före|innan|till|до|قبل|حتى"
_FIRST = r"erst\w+|primer\w*|premi[eè]re?s?|prim[aeio]|primeir\w+|eerste|pierwsz\w+|första|перв\w+|ilk|أول|前|最初の"
_LAST = r"letzt\w+|últim\w+|ultim\w+|derni[eè]re?s?|laatste|ostatni\w*|sista|последн\w+|son|آخر|最后|最後の?"

_BUT = r"aber|jedoch|pero|mais|ma|mas|maar|ale|men|но|لكن|但是?|但し"
_AND = r"und|y|et|e|en|i|och|и|和"
_NO = r"kein\w*|nichts?|vermeide\w*|nada|ningun\w*|ningún|evit\w+|évit\w+|pas|rien|aucune?|niente|nessun\w*|nenhum\w*|não|geen|niets|niet|vermijd\w*|żadn\w+|nic|nie|unikaj|ingen|inga|inget|inte|undvik|никаких|ничего|не|избегай\w*|تجنب|لا|不要|没有|避免|别"
_WITHOUT = r"ohne|außer|ausser|sin|excepto|salvo|sans|sauf|senza|tranne|sem|exceto|zonder|behalve|bez|oprócz|utan|förutom|без|кроме|بدون|باستثناء|除了"
_ABOUT = r"(?:\s*\b(?:über|von|zu|mit|sobre|de|del|con|sur|d['’]|avec|su|di|com|do|da|dos|das|over|van|met|o|om|med|о|об|про|عن|关于|關於)(?![^\W\d_]))?"
_LACKING = r"なし|抜き|以外|を除く|は除く|を避け\w*|hariç|olmadan|olmasın"
"""What is to be avoided stands before these."""

_TOPIC = r"them[ae]n?|tem[ai]s?|sujets?|thèmes?|argoment[oi]|assuntos?|onderwerp|temat|ämne|konu|тема|الموضوع|موضوع|主题|主題|话题|テーマ|トピック"
_ONLY = r"nur|sólo|solo|solamente|seulement|uniquement|soltanto|só|somente|apenas|alleen|tylko|bara|endast|sadece|yalnızca|только|فقط|只要|只|仅"
_QUESTIONS = r"fragen|preguntas|questions|domande|perguntas|vragen|pytania|frågor\w*|sorular\w*|вопросы|الأسئلة|أسئلة|问题|提问|質問"

_Told = str | Callable[[re.Match[str]], str]


def _pattern(body: str) -> re.Pattern[str]:
    return re.compile(body, re.IGNORECASE)


_ORDERS: tuple[tuple[re.Pattern[str], _Told], ...] = (
    (_pattern(rf"(?<=\d)\s?(?:{_HOURS}){_WORD}\.?"), " hours"),
    (_pattern(rf"(?<=\d)\s?(?!minutes?\b)(?:{_MINUTES}){_WORD}\.?"), " minutes"),
    (_pattern(rf"(?<=\d)\s?(?!seconds?\b)(?:{_SECONDS}){_WORD}\.?"), " seconds"),
    (_pattern(rf"(?<!\w){_ARTICLE}(?:{_FIRST})\s*(?=\d+ (?:hour|minute|second))"), "first "),
    (_pattern(rf"(?<!\w){_ARTICLE}(?:{_LAST})\s*(?=\d+ (?:hour|minute|second))"), "last "),
    (_pattern(rf"(?<!\w){_ARTICLE}(\d+)\s+(?:{_FIRST})\s+(?:{_MINUTES})"), r"first \1 minutes"),
    (_pattern(rf"(?<!\w){_ARTICLE}(\d+)\s+(?:{_LAST})\s+(?:{_MINUTES})"), r"last \1 minutes"),
    (
        _pattern(rf"(?:(?<!\w)(?:{_FROM})\s*)?{_ARTICLE}(?<![\d:])({_CLOCK})\s*(?:{_TO})\s*{_ARTICLE}({_CLOCK})"),
        r"from \1 to \2",
    ),
    (_pattern(rf"(?<!\w)(?:{_AFTER})\s+{_ARTICLE}(?={_CLOCK})"), "after "),
    (_pattern(rf"(?<!\w)(?:{_BEFORE})\s+{_ARTICLE}(?={_CLOCK})"), "before "),
    (_pattern(rf"(?:从|從)?\s*({_CLOCK})\s*(?:以后|之后|以後|开始|以降|から)"), r"after \1"),
    (_pattern(rf"(?<!\w)(?:{_ONLY})\s*(?:\w{{2,4}}\s+)?(?:{_QUESTIONS}){_WORD}"), "only questions"),
    (_pattern(rf"(?<!\w)(?:{_QUESTIONS})\s*(?:{_ONLY}|だけ|のみ){_WORD}"), "only questions"),
    (_pattern(rf"{_AT}(?:{_TOPIC})\s*[:：]"), "topic: "),
    (_pattern(rf"(?<!\w)(?:{_BUT})\s*(?:{_NO}){_ABOUT}(?=\W|\b)"), "but nothing about "),
    (_pattern(rf"(?<=\s)(?:{_AND})\s+(?:{_NO}){_ABOUT}(?=\W|\b)"), "and nothing about "),
    (_pattern(rf"{_AT}(?:{_NO})(?:(?<=[一-鿿])|{_WORD}){_ABOUT}(?!\s*:)"), " nothing about "),
    (_pattern(rf"{_AT}(?:{_NO}|{_WITHOUT})\s*[:：]"), "avoid: "),
    (_pattern(rf"(?:(?<=\s)|{_AT})(?:{_WITHOUT})(?:(?<=[一-鿿])|{_WORD}){_ABOUT}(?=\s*\w)(?!\s+(?:and|or)\b)"), " without "),
    (_pattern(rf"{_AT}([^\n,;.!，。、；]{{1,60}}?)\s*(?:{_LACKING}){_WORD}"), r" nothing about \1"),
)  # fmt: skip
"""In this order: times first, since their joints are short words."""


def in_english(text: str) -> str:
    """Return the text with the orders that are known told in English."""
    for pattern, told in _ORDERS:
        text = pattern.sub(told, text)
    return text
