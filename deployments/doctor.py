"""`omni doctor`: what is in use on this machine, and what is degraded."""

import shutil
from importlib.metadata import version
from typing import Literal
from uuid import uuid4

from deployments.bot.errors import BotChatsMissing
from omni.adapters.ffmpeg.binary import candidates
from omni.addresses import redacted
from omni.contracts import Brief, Contract
from omni.errors import OmniError
from omni.spending.prices import Prices, checked_on
from omni.spending.wording import dollars
from omni.wiring import Workshop, wire

State = Literal["ok", "degraded", "broken"]


class Finding(Contract):
    """One thing looked at."""

    name: str
    value: str
    state: State = "ok"
    advice: str = ""


def examine() -> tuple[Finding, ...]:
    """Look at every outside thing a job uses; nothing is fetched or started, and the store's probe is removed again.

    With a key Gemini is asked whether it would answer, and the memory's embedder for the vector of two words.
    """
    workshop = wire()
    return (
        *_ffmpeg(workshop),
        _speech_model(workshop),
        _face_model(),
        _pitch_model(),
        *_fonts(workshop),
        *_thinkers(workshop),
        _embedder(workshop),
        _spending(workshop),
        _memory(workshop),
        _outbox(workshop),
        _store(workshop),
        _prefect(),
        _bot(workshop),
        _disk(workshop),
    )


def _ffmpeg(workshop: Workshop) -> list[Finding]:
    try:
        used = workshop.binary
    except OmniError as error:
        return [Finding(name="FFmpeg", value=error.cause, state="broken", advice=error.next_step)]
    findings = [
        Finding(
            name="FFmpeg",
            value=f"{used.version} ({used.origin}, {used.path}); libx264, aac, libass and every filter in use are there",
        )
    ]
    for other in candidates():
        if not other.is_complete:
            lacking = ", ".join(other.missing)
            findings.append(
                Finding(
                    name="FFmpeg left aside", value=f"{other.version} at {other.path} lacks {lacking}", state="degraded"
                )
            )
    return [*findings, _encoder(workshop)]


def _encoder(workshop: Workshop) -> Finding:
    choice = workshop.encoder
    others = "; ".join(f"{name}: {reason}" for name, reason in choice.rejected)
    if choice.warning:
        advice = "Set OMNI_ENCODER=auto to use what works here."
        return Finding(name="Encoder", value=choice.warning, state="degraded", advice=advice)
    return Finding(name="Encoder", value=f"{choice.name} ({others})" if others else choice.name)


def _speech_model(workshop: Workshop) -> Finding:
    reason = workshop.transcriber.unavailable()
    if reason is None:
        return Finding(name="Speech model", value=f"{workshop.transcriber.engine} is here or can be fetched")
    return Finding(
        name="Speech model",
        value=reason,
        state="degraded",
        advice="Videos with subtitles (beside the file or inside it) are not affected.",
    )


def _face_model() -> Finding:
    from omni.adapters.centerface import model_path  # noqa: PLC0415

    try:
        return Finding(name="Face model", value=f"CenterFace, {model_path()}")
    except OmniError as error:
        return Finding(name="Face model", value=error.cause, state="broken", advice="Run `uv sync`.")


def _pitch_model() -> Finding:
    from omni.adapters.swift import model_path  # noqa: PLC0415

    try:
        return Finding(name="Pitch model", value=f"SwiftF0, {model_path()}")
    except OmniError as error:
        return Finding(name="Pitch model", value=error.cause, state="degraded", advice="Run `uv sync`.")


def _fonts(workshop: Workshop) -> list[Finding]:
    fonts = workshop.fonts
    findings = [
        Finding(
            name="Fonts", value=f"{len(fonts.bundled)} bundled, {len(fonts.own) + len(fonts.system)} on this system"
        )
    ]
    for script, sample in {"Chinese": "字幕", "Japanese": "字幕です", "Korean": "자막"}.items():
        if fonts.lettering(sample, family="Noto Sans").missing:
            findings.append(
                Finding(
                    name=f"{script} captions",
                    value="no font on this system has the letters; they go to the .srt and .vtt files only",
                    state="degraded",
                    advice="Install Noto Sans CJK (Debian: fonts-noto-cjk), or name a folder in OMNI_FONTS.",
                )
            )
    return findings


def _thinkers(workshop: Workshop) -> list[Finding]:
    """Say who answers as analyst and as copywriter for a brief that leaves it to us, and why."""
    brief = Brief()
    try:
        engines = {"Analyst": workshop.analyst(brief).engine, "Copywriter": workshop.copywriter(brief).engine}
    except OmniError as error:
        return [Finding(name="Analyst, copywriter", value=error.cause, state="broken", advice=error.next_step)]
    why, state, advice = _model(workshop)
    return [
        Finding(name=name, value=f"{engine}, {why}", state=state, advice=advice) for name, engine in engines.items()
    ]


def _model(workshop: Workshop) -> tuple[str, State, str]:
    """Ask the language model, where there is a key, whether it would answer: why, state and advice."""
    if not workshop.settings.gemini_api_key:
        return "for there is no key; GEMINI_API_KEY switches Gemini on (docs/engines.md)", "ok", ""
    try:
        workshop.model.check()
    except OmniError as error:
        state = "degraded" if error.transient else "broken"
        return f"but it wouldn't answer now: {error.cause}", state, error.next_step
    return "whose key and model were just tried", "ok", ""


def _embedder(workshop: Workshop) -> Finding:
    """Say which of the three rungs makes the memory's meanings, and why."""
    settings = workshop.settings
    why = {
        "gemini": "for there is a key",
        "minilm": "for the extra `meaning` is installed: it knows other words for the same thing, in English",
        "hashing": "for neither a key nor the extra `meaning` is here: it finds shared words and stems (docs/memory.md)",
    }[settings.embedding]
    if settings.embedder != "auto":
        why = "as OMNI_EMBEDDER says"
    try:
        return Finding(name="Embedder", value=f"{workshop.embedder.name}, {why}")
    except OmniError as error:
        return Finding(name="Embedder", value=error.cause, state="broken", advice=error.next_step)


def _spending(workshop: Workshop) -> Finding:
    try:
        models = workshop.models(Brief())
    except OmniError as error:
        return Finding(name="Spending", value=error.cause, state="broken", advice=error.next_step)
    if not models.names:
        return Finding(name="Spending", value="nothing: no engine in use is paid for")
    budget, prices = workshop.budget(Brief()), Prices(workshop.settings.prices)
    limit = "no limit a job (OMNI_BUDGET_USD sets one)" if budget is None else f"at most {dollars(budget)} a job"
    told = f"{limit}; prices of {checked_on()}"
    unknown = ", ".join(sorted(model for model in models.names if prices.of(model) is None))
    if not unknown:
        return Finding(name="Spending", value=told)
    return Finding(
        name="Spending",
        value=f"{told}; nobody knows what {unknown} costs",
        state="degraded",
        advice="Name the price in OMNI_PRICES: without it no cost is told, and no budget can be kept.",
    )


def _memory(workshop: Workshop) -> Finding:
    try:
        workshop.memory.search("default", "omni doctor", limit=1)
        held = workshop.memory.holdings()
    except OmniError as error:
        return Finding(name="Memory", value=error.cause, state="broken", advice=error.next_step)
    value = f"{held.engine}, {held.where}: {held.kept} records"
    if held.is_outgrown:
        value = f"{value}, more than the {held.most} a folder is quick with"
        advice = "Use a Qdrant server: `omni memory export`, set QDRANT_URL, `omni memory import`."
        return Finding(name="Memory", value=value, state="degraded", advice=advice)
    if not held.without_meaning:
        return Finding(name="Memory", value=value)
    return Finding(
        name="Memory",
        value=f"{value}, of which {held.without_meaning} are found by their words only: another embedder made their meaning",
        state="degraded",
        advice="Run `omni memory reindex`; jobs may go on meanwhile.",
    )


def _outbox(workshop: Workshop) -> Finding:
    outbox = workshop.outbox
    waiting, refused = len(outbox.waiting()), len(outbox.refused())
    value = f"{waiting} batches wait for the memory, {refused} were refused"
    if refused:
        advice = f"Look at {outbox.refused()[0]}; `omni memory flush --again` tries once more."
        return Finding(name="Outbox", value=value, state="degraded", advice=advice)
    if waiting:
        return Finding(
            name="Outbox", value=value, state="degraded", advice="The next job keeps them, or `omni memory flush`."
        )
    return Finding(name="Outbox", value="empty")


def _store(workshop: Workshop) -> Finding:
    storage = workshop.storage
    if storage is None:
        return Finding(name="Store", value=f"none is set: results stay in {workshop.settings.output.absolute()}")
    key = f"probes/{uuid4().hex}"
    try:
        storage.put(key, [b"omni doctor"])
        arrived = b"".join(storage.read(key)) == b"omni doctor"
        storage.delete(key)
    except OmniError as error:
        return Finding(name="Store", value=error.cause, state="broken", advice=error.next_step)
    if not arrived:
        return Finding(name="Store", value=f"{storage.where} gave back other bytes than were written", state="broken")
    return Finding(name="Store", value=f"{storage.where}, readable and writable")


def _prefect() -> Finding:
    from prefect.settings import get_current_settings  # noqa: PLC0415  # 1.3 s

    url = get_current_settings().api.url
    return Finding(
        name="Prefect", value=f"{version('prefect')}, {redacted(url) if url else 'a temporary server for each run'}"
    )


def _bot(workshop: Workshop) -> Finding:
    settings = workshop.settings
    if settings.telegram_token is None:
        return Finding(name="Telegram bot", value="none: OMNI_TELEGRAM_TOKEN is not set (docs/telegram.md)")
    if not settings.telegram_chats:
        error = BotChatsMissing()
        return Finding(name="Telegram bot", value=error.cause, state="degraded", advice=error.next_step)
    count, where = len(settings.telegram_chats), settings.telegram_base_url or "Telegram's servers"
    chats = "one chat" if count == 1 else f"{count} chats"
    return Finding(
        name="Telegram bot",
        value=f"`omni bot` would answer {chats} by {redacted(where)}, for {redacted(settings.api_url)}",
    )


def _disk(workshop: Workshop) -> Finding:
    home = workshop.settings.home
    home.mkdir(parents=True, exist_ok=True)
    used = sum(file.stat().st_size for file in home.rglob("*") if file.is_file())
    free = shutil.disk_usage(home).free
    return Finding(
        name="Disk",
        value=f"{used / 1e6:.0f} MB in {home}, {free / 1e9:.1f} GB free",
        state="ok" if free > 2e9 else "degraded",
        advice="" if free > 2e9 else "A long video needs about 2 GB to work: free some space.",
    )
