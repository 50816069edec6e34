"""Hand-made analyses: an English, a French and a Chinese talk, a silent film, and speech without full stops."""

from omni.contracts import Analysis, Clip

BOX = (
    "In 1937 a man called Malcom McLean sat in his truck on a pier in New Jersey. He had a load of cotton, and he waited all "
    "day while men carried it away, bale by bale. And he asked himself a simple question: why don't they just lift the whole "
    "truck? It took him nineteen years to answer it. In April 1956 his ship left Newark with 58 boxes on her deck. Loading a "
    "ton by hand cost five dollars and eighty-three cents. Loading a ton in boxes cost sixteen cents. That is not ten percent "
    "cheaper, that is thirty-six times cheaper! [applause]"
)
WIN = (
    "So why did the box win? Not because it was strong, but because everybody agreed on it. In the beginning every company had "
    "its own size, and nothing fitted anything. Then McLean did something strange: he gave his patents away, for free. A box "
    "that fits one truck is worth nothing. A box that fits every truck changed the world."
)
GARDEN = (
    "Pourquoi arrosons-nous nos jardins à midi, alors que c'est le pire moment de la journée ? Une plante perd jusqu'à 40 % de "
    "l'eau avant même que les racines la touchent. J'ai mesuré cela pendant trois ans dans mon potager de Lyon. Le secret n'est "
    "pas d'arroser plus, mais d'arroser plus tôt. Et vous économisez 1 200 litres par été."
)
SLEEP = (
    "为什么我们每天睡八个小时，醒来还是很累？答案不在时间，而在光线。2019年，我们在上海做了一个实验，让120个人在睡前两小时关掉手机。"
    "三周以后，他们入睡的时间平均缩短了27分钟。关灯，是最便宜的安眠药。"
)
UNPUNCTUATED = (
    "today we talk about sourdough bread and why your starter is never really dead i kept mine in the fridge for two years and "
    "it came back in three days with nothing but flour and water and a bit of patience because yeast is not an animal it sleeps"
)


def clip(number: int, text: str, **changes: object) -> Clip:
    facts: dict[str, object] = {
        "number": number,
        "start": 60.0 * number,
        "end": 60.0 * number + 30,
        "title": "A title",
        "hook": "",
        "text": text,
        "score": 90.0 - number,
        "reason": "Numbers and a turn.",
    }
    return Clip.model_validate(facts | changes)


def analysis(*clips: Clip, **changes: object) -> Analysis:
    facts: dict[str, object] = {
        "topic": "The shipping container",
        "titles": ("The box that changed the world",),
        "keywords": ("box", "boxes", "truck", "steel box", "Malcom McLean"),
        "key_sentences": (
            "That is not ten percent cheaper, that is thirty-six times cheaper!",
            "A box that fits every truck changed the world.",
        ),
        "clips": clips,
        "language": "en",
        "engine": "test",
    }
    return Analysis.model_validate(facts | changes)


ENGLISH = analysis(
    clip(1, BOX, title="In 1937 a man called Malcom McLean sat in his truck", hook=BOX[:77]),
    clip(2, WIN, title="So why did the box win?", hook="So why did the box win?"),
)
FRENCH = analysis(
    clip(1, GARDEN, title="Le secret n'est pas d'arroser plus", hook=GARDEN[:90]),
    topic="Jardiner avec moins d'eau",
    titles=("Le potager qui boit deux fois moins",),
    keywords=("potager", "arroser", "eau"),
    key_sentences=("Le secret n'est pas d'arroser plus, mais d'arroser plus tôt.",),
    language="fr",
)
CHINESE = analysis(
    clip(1, SLEEP, title="为什么睡八个小时还是很累？", hook=SLEEP[:21]),
    topic="睡眠与光线",
    titles=("关灯的力量",),
    keywords=("睡眠", "光线", "手机"),
    key_sentences=("答案不在时间，而在光线。",),
    language="zh",
)
SILENT = analysis(
    clip(1, "", title="The tramp at the door"),
    topic="chaplin",
    titles=("chaplin",),
    keywords=(),
    key_sentences=(),
    language=None,
)
BREATHLESS = analysis(
    clip(1, UNPUNCTUATED, title=UNPUNCTUATED[:80] + "…", hook=UNPUNCTUATED),
    topic="sourdough",
    titles=("Sourdough",),
    keywords=("sourdough", "starter"),
    key_sentences=(),
)
EVERY = {"en": ENGLISH, "fr": FRENCH, "zh": CHINESE, "silent": SILENT, "breathless": BREATHLESS}
