"""Small words that belong to the word after them: articles, prepositions, conjunctions, auxiliaries, pronouns."""

_WORDS = {
    "en": """a an the this these those my your his our their its some any every each of in on at to for from with by about
        into onto over under between through during without within against toward and or but nor because if when while
        where which who whose than as is are was were be been am have has had do does did will would can could should
        may might must not very more most i you we they he she i'm we're you're they're it's there's that's let's don't
        doesn't didn't can't won't isn't aren't wasn't""",
    "de": """der die das den dem des ein eine einen einem einer eines kein keine keinen mein meine meinen dein sein seine ihr
        ihre unser unsere dieser diese dieses jeder jede jedes in im an am auf aus bei beim mit nach von vom zu zum zur
        für über unter vor durch gegen ohne um und oder aber denn dass weil wenn als ob ist sind war waren hat haben wird
        werden kann können muss müssen soll will nicht sehr mehr ich wir er wie""",
    "fr": """le la les l un une des du de d au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur
        leurs à en dans sur sous par pour avec sans chez vers entre et ou mais donc car que qui dont où si quand comme
        est sont était ont a ai avons avez être ne pas très plus je tu il elle on nous vous ils elles se me te c'est""",
    "es": """el la los las un una unos unas del de al a en con por para sin sobre entre hasta desde y e o u pero que quien si
        cuando como donde porque es son era fue ha han he hay está están mi mis tu tus su sus nuestro nuestra este esta
        estos estas ese esa no muy más yo nos se me te le lo""",
    "it": """il lo la i gli le l un uno una del dello della dei degli delle di a al allo alla ai agli alle da dal dalla in nel
        nella nei con su sul sulla per tra fra e o ma che chi se quando come dove perché è sono era ha hanno ho mio mia
        tuo tua suo sua nostro nostra questo questa questi non molto più io noi si mi ti ci""",
    "pt": """o a os as um uma uns umas do da dos das de no na nos nas em ao à aos com por para sem sobre entre até e ou mas que
        quem se quando como onde porque é são era foi tem têm há está estão meu minha seu sua nosso nossa este esta esse
        essa não muito mais eu nós ele ela eles se me te lhe""",
    "nl": """de het een van in op aan met voor door over bij uit naar om te tot en of maar want dat die dit deze als toen wie
        waar omdat is zijn was waren heeft hebben wordt kan moet zal niet zeer meer ik wij we hij zij ze mijn je jouw
        haar ons onze hun""",
    "ru": """в во на с со к ко по за из от до у о об при про для без над под и а но или что чтобы как когда где если потому
        не ни очень я мы он она они мой моя наш это этот эта эти""",
    "ar": """في من على إلى عن مع أن إن أو ثم لا ما لم لن هذا هذه كان كل قد""",
    "he": """של את על עם אל מן או כי אם לא זה זו הוא היא אני אנחנו כל""",
}
_BY_LANGUAGE: dict[str, frozenset[str]] = {language: frozenset(words.split()) for language, words in _WORDS.items()}
# Where the language is unknown or not listed.
_ANY = frozenset(word for words in _BY_LANGUAGE.values() for word in words)


def leans_forward(word: str, language: str | None) -> bool:
    """Tell whether a word should not be the last of a line; a word with punctuation after it may always be."""
    return word.lower().replace("’", "'") in _BY_LANGUAGE.get(language or "", _ANY)
