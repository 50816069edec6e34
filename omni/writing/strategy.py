"""The strategy: a markdown document for the people who publish, made of what the analysis, the memory and a strategist hold."""

from omni.contracts import Advice, Analysis, Brief, Clip, Precedents
from omni.timecode import clock
from omni.writing.advice import NO_ADVICE
from omni.writing.hashtags import hashtags
from omni.writing.limits import PlatformLimits, limits_of
from omni.writing.markdown import escaped
from omni.writing.material import Line, distinct, spoken_lines
from omni.writing.owed import platforms_of
from omni.writing.phrases import Phrasebook, phrasebook
from omni.writing.sanitizing import plain, sound_cues_removed
from omni.writing.shortening import shorten
from omni.writing.tongues import tongues_of
from omni.writing.wording import letters_of, mentions, repeats_any

# A strategy is skimmed: so many quotes, questions, keywords and earlier titles are read, more are not.
_QUOTES, _QUESTIONS, _KEYWORDS, _EARLIER = 6, 5, 8, 5
# A short quote is worth keeping; a longer one is read in the clip.
_QUOTE_WIDTH = 240


def strategy(
    analysis: Analysis, precedents: Precedents, brief: Brief, book: Phrasebook, advice: Advice = NO_ADVICE
) -> str:
    """Return the document, its headings in the language of ``book``; text of the source is escaped and points nowhere.

    Where there is ``advice``, it stands where else the best of the source's own words would.
    """
    words = book.strategy
    title = _said(analysis.titles[0], brief) or book.posts.clip
    sections = (
        ("", [f"# {words.strategy.format(title=title)}", _total(analysis, book)]),
        (words.about, _about(analysis, brief, book)),
        (words.audience, _audience(analysis, brief, book, advice)),
        (words.clips, [_clip(clip, brief, book) for clip in analysis.clips]),
        (words.order, _order(analysis, brief, book, advice)),
        (words.platforms, [_platforms(analysis, brief, book, advice), words.checked.format(date=_checked_on(brief))]),
        (words.measure, ["\n".join(f"- {_said(measure, brief)}" for measure in advice.measures)]),
        (words.hashtags, _hashtags(analysis)),
        (words.key_quotes, [f"> {book.quoted(quote)}" for quote in _key_quotes(analysis, brief)]),
        (words.before, _before(analysis, precedents, brief, book)),
    )
    parts = [part for heading, body in sections if any(body) for part in (heading and f"## {heading}", *body)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _total(analysis: Analysis, book: Phrasebook) -> str:
    together = clock(sum(clip.length for clip in analysis.clips))
    return book.strategy.total.format(count=len(analysis.clips), length=together)


def _about(analysis: Analysis, brief: Brief, book: Phrasebook) -> list[str]:
    ideas = [f"- {title}" for title in (_said(title, brief) for title in analysis.titles) if title]
    return [_said(analysis.topic, brief), f"**{book.strategy.title_ideas}**" if ideas else "", "\n".join(ideas)]


def _audience(analysis: Analysis, brief: Brief, book: Phrasebook, advice: Advice) -> list[str]:
    words = book.strategy
    keywords = [escaped(keyword) for keyword in distinct(plain(k) for k in analysis.keywords)[:_KEYWORDS]]
    main = "" if advice.angle else _main_point(analysis, brief)
    questions = _questions(analysis, brief)
    return [
        words.interested.format(keywords=book.separator.join(keywords)) if keywords else "",
        _said(advice.audience, brief),
        _said(advice.angle, brief),
        words.angle.format(quote=book.quoted(main)) if main else "",
        words.questions if questions else "",
        "\n".join(f"- {question}" for question in questions),
    ]


def _questions(analysis: Analysis, brief: Brief) -> list[str]:
    texts = (*(clip.text for clip in analysis.clips), *analysis.key_sentences)
    lines = (line for text in texts for line in _lines(text, analysis, brief))
    asked = dict.fromkeys(line.alone for line in lines if line.asks and line.strength > 0)
    return [escaped(question) for question in asked][:_QUESTIONS]


def _clip(clip: Clip, brief: Brief, book: Phrasebook) -> str:
    words = book.strategy
    hook = escaped(shorten(sound_cues_removed(plain(clip.hook, brief.directives)), _QUOTE_WIDTH))
    length = words.seconds.format(round(clip.length))
    rows = [
        f"### {clip.number}. {_said(clip.title, brief)}".rstrip(),
        "",
        f"- {words.time}{book.colon}{clock(clip.start)}–{clock(clip.end)} ({length})",
        f"- {words.score}{book.colon}{clip.score:.0f}/100",
        f"- {words.hook}{book.colon}{book.quoted(hook) if hook else words.no_words}",
    ]
    reason = _said(clip.reason, brief)
    return "\n".join([*rows, f"- {words.reason}{book.colon}{reason}"] if reason else rows)


def _order(analysis: Analysis, brief: Brief, book: Phrasebook, advice: Advice) -> list[str]:
    words = book.strategy
    clips = _in_order(analysis, advice)
    limits = [limits_of(platform) for platform in platforms_of(brief)]
    rows = [
        f"| {words.clips} | {' | '.join(each.label for each in limits)} |",
        f"|---|{'---|' * len(limits)}",
        *(_days(clip, place, limits, brief) for place, clip in enumerate(clips)),
    ]
    best = words.best_first.format(clip=clips[0].number, score=f"{clips[0].score:.0f}")
    reasons = {turn.clip: _said(turn.why, brief) for turn in advice.order}
    whys = [
        f"- {book.posts.clip} {clip.number}{book.colon}{why}" for clip in clips if (why := reasons.get(clip.number))
    ]
    return ["\n".join(whys) if advice.order else best, _said(advice.cadence, brief), words.cadence, "\n".join(rows)]


def _days(clip: Clip, place: int, limits: list[PlatformLimits], brief: Brief) -> str:
    days = (str(1 + place * each.spacing_days) if _fits(clip, each) else "–" for each in limits)
    return f"| {clip.number}. {_said(shorten(plain(clip.title), 60), brief)} | {' | '.join(days)} |"


def _platforms(analysis: Analysis, brief: Brief, book: Phrasebook, advice: Advice) -> str:
    approaches = {each.platform: _said(each.text, brief) for each in advice.approaches}
    rows: list[str] = []
    for platform in platforms_of(brief):
        limits = limits_of(platform)
        rows += [f"- **{limits.label}** ({_length_limits(limits, book)})"]
        notes = (approaches.get(platform, ""), *_notes(analysis, limits, book))
        rows += [f"  - {note}" for note in notes if note]
    return "\n".join(rows)


def _length_limits(limits: PlatformLimits, book: Phrasebook) -> str:
    words = book.strategy
    low, high = limits.advised_seconds
    best = words.seconds.format(f"{low:g}–{high:g}")
    return words.length_limits.format(longest=words.seconds.format(f"{limits.max_seconds:g}"), best=best)


def _notes(analysis: Analysis, limits: PlatformLimits, book: Phrasebook) -> list[str]:
    words = book.strategy
    clips = sorted(analysis.clips, key=lambda clip: clip.number)
    notes = [_misfit(clip, limits, book) for clip in clips if not _fits(clip, limits)] or [words.all_fit]
    fitting = [clip for clip in clips if _fits(clip, limits)]
    long = [str(clip.number) for clip in fitting if clip.length > limits.advised_seconds[1] + 0.5]
    if long:
        notes.append(words.over_best.format(clips=book.separator.join(long)))
    above = limits.music_claim_seconds
    claimed = [str(clip.number) for clip in fitting if above is not None and clip.length > above]
    if claimed:
        limit = words.seconds.format(f"{above:g}")
        notes.append(words.music.format(limit=limit, clips=book.separator.join(claimed)))
    return notes


def _misfit(clip: Clip, limits: PlatformLimits, book: Phrasebook) -> str:
    words = book.strategy
    too_long = clip.length > limits.max_seconds
    sentence, bound = (words.too_long, limits.max_seconds) if too_long else (words.too_short, limits.min_seconds)
    length = words.seconds.format(f"{clip.length:.0f}" if too_long else f"{clip.length:.1f}")
    limit = words.seconds.format(f"{bound:g}")
    return sentence.format(clip=clip.number, length=length, platform=limits.label, limit=limit)


def _fits(clip: Clip, limits: PlatformLimits) -> bool:
    return limits.min_seconds <= clip.length <= limits.max_seconds


def _hashtags(analysis: Analysis) -> list[str]:
    spoken = " ".join(clip.text for clip in analysis.clips)
    tags = hashtags(analysis.keywords, spoken, 12)
    return ["`" + " ".join(f"#{tag}" for tag in tags) + "`"] if tags else []


def _key_quotes(analysis: Analysis, brief: Brief) -> list[str]:
    quotes = dict.fromkeys(_quote(line) for line in _key_lines(analysis, brief))
    return [quote for quote in quotes if quote][:_QUOTES]


def _main_point(analysis: Analysis, brief: Brief) -> str:
    lines = _key_lines(analysis, brief)
    best = max(lines, key=lambda line: (_coverage(line, analysis), line.strength), default=None)
    return _quote(best) if best else ""


def _coverage(line: Line, analysis: Analysis) -> int:
    return sum(mentions(line.said, keyword) for keyword in analysis.keywords)


def _key_lines(analysis: Analysis, brief: Brief) -> list[Line]:
    texts = (_lines(text, analysis, brief) for text in analysis.key_sentences)
    return [line for lines in texts for line in lines if not line.asks]


def _lines(text: str, analysis: Analysis, brief: Brief) -> tuple[Line, ...]:
    spoken = phrasebook(tongues_of(analysis, brief).spoken)  # the document may be in another language
    return spoken_lines(text, analysis, spoken, brief.directives)


def _quote(line: Line) -> str:
    return escaped(shorten(line.alone, _QUOTE_WIDTH))


def _before(analysis: Analysis, precedents: Precedents, brief: Brief, book: Phrasebook) -> list[str]:
    words = book.strategy
    parts: list[str] = []
    seen: list[str] = []
    for precedent in precedents.nearest:
        title = plain(precedent.title, brief.directives)
        if title and not repeats_any(title, tuple(seen)) and len(seen) < _EARLIER:
            seen.append(title)
            source = _said(precedent.source_title, brief)
            parts.append(f"- {book.quoted(escaped(title))}" + (f" ({source})" if source else ""))
    known = letters_of(" ".join(f"{p.title} {p.text}" for p in precedents.nearest))
    fresh = [k for k in distinct(plain(k) for k in analysis.keywords) if letters_of(k) not in known][:_KEYWORDS]
    new = words.new_here.format(keywords=book.separator.join(map(escaped, fresh))) if parts and fresh else ""
    times = book.separator.join(
        f"{clock(span.start)}–{clock(span.end)}" for span in (*precedents.used, *precedents.retold)
    )
    used = words.used.format(times=times) if times else ""
    taught = [f"- {_said(lesson.because, brief)}" for lesson in precedents.lessons]
    return ["\n".join(parts) or words.nothing_before, new, used, words.learned if taught else "", "\n".join(taught)]


def _in_order(analysis: Analysis, advice: Advice) -> list[Clip]:
    """Return the clips as advised; the highest score first where nothing is."""
    places = {turn.clip: place for place, turn in enumerate(advice.order)}
    last = len(places)
    return sorted(analysis.clips, key=lambda clip: (places.get(clip.number, last), -clip.score, clip.number))


def _checked_on(brief: Brief) -> str:
    return min(limits_of(platform).checked_on for platform in brief.platforms).isoformat()


def _said(text: str, brief: Brief) -> str:
    return escaped(plain(text, brief.directives))
