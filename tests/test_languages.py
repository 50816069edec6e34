import pytest

from omni.languages import guessed, language_code, languages, suffix_language

TEXTS = {
    "en": "So why did it take us five thousand years of shipping to think of a box and what was it that we had",
    "es": "Entonces por qué nos llevó cinco mil años de navegación pensar en una caja y qué es lo que hicimos con ella",
    "fr": "Alors pourquoi nous a-t-il fallu cinq mille ans de navigation pour penser à une boîte et que faire avec elle",
    "de": "Warum haben wir also fünftausend Jahre gebraucht um auf eine Kiste zu kommen und was ist dann mit ihr passiert",
    "it": "Allora perché ci sono voluti cinquemila anni di navigazione per pensare a una scatola e che cosa è successo",
    "pt": "Então por que é que levamos cinco mil anos de navegação para pensar em uma caixa e o que foi feito com ela",
    "nl": "Waarom hebben we dan vijfduizend jaar gedaan over het bedenken van een doos en wat is er toen mee gebeurd",
    "pl": "Dlaczego więc zajęło nam to pięć tysięcy lat żeby wymyślić pudełko i co się z nim stało po tym jak już było",
    "tr": "Peki neden bir kutu düşünmek için beş bin yıl geçmesi gerekti ve bu kutu ile ne oldu çok daha sonra",
    "ru": "Так почему же нам понадобилось пять тысяч лет чтобы придумать ящик и что с ним было потом это не так просто",
    "uk": "Чому ж нам знадобилося п'ять тисяч років щоб придумати ящик і що з ним було потім це не так просто",
    "ar": "لماذا استغرق الأمر خمسة آلاف سنة من الشحن للتفكير في صندوق",
    "he": "אז למה לקח לנו חמשת אלפים שנה לחשוב על קופסה",
    "hi": "तो हमें एक डिब्बे के बारे में सोचने में पाँच हज़ार साल क्यों लगे",
    "zh": "那么为什么我们花了五千年的航运才想到一个箱子",
    "ja": "ではなぜ私たちは箱を思いつくのに五千年もかかったのでしょうか",
    "ko": "그렇다면 왜 우리는 상자를 생각하는 데 오천 년이 걸렸을까요",
}


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_every_known_language_is_told(code: str) -> None:
    assert guessed(TEXTS[code].split()) == code


@pytest.mark.parametrize(
    "text", ["", "42 !", "Kubernetes Docker Terraform Ansible Jenkins Grafana Helm Istio", "yes no"]
)
def test_what_is_not_clear_is_not_guessed(text: str) -> None:
    assert guessed(text.split()) is None


def test_every_language_has_its_data() -> None:
    assert set(languages()) == set(TEXTS)


@pytest.mark.parametrize(
    ("tag", "code"),
    [("eng", "en"), ("pt-BR", "pt"), ("zh_Hans", "zh"), ("und", None), (None, None), ("fre", "fr"), ("?", None)],
)
def test_container_tags_become_codes(tag: str | None, code: str | None) -> None:
    assert language_code(tag) == code


@pytest.mark.parametrize(
    ("stem", "code"), [("talk.en", "en"), ("talk.pt-BR", "pt"), ("talk", None), ("v1.final", None), ("a.to", None)]
)
def test_only_a_known_language_in_a_file_name_counts(stem: str, code: str | None) -> None:
    assert suffix_language(stem) == code
