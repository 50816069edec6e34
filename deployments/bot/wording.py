"""What the bot says, in plain text: nothing that was said in a video can become mark-up."""

import re
from collections.abc import Iterable, Iterator

from deployments.bot.messages import Button, Keyboard
from deployments.live import DOING
from deployments.schemas import Job, Review
from omni.contracts import Post
from omni.errors import OmniError
from omni.record import Status
from omni.review import Verdict
from omni.untrusted.invisibles import without_unseen
from omni.writing.limits import limits_of
from omni.writing.rendering import as_text

LONGEST, LONGEST_CAPTION, LONGEST_TOAST = 4096, 1024, 200
"""Most that a message, the words below a video and an answer to a button hold, in UTF-16 units (Bot API 9)."""
BAR = 10
UPLOAD = re.compile(r"(?:/[^/\n]+)*/up_[0-9a-f]{32}/")
WAITING = {
    Status.PENDING: "waiting for its turn",
    Status.ANALYZING: "analyzing",
    Status.WRITING_STRATEGY: "writing",
    Status.RENDERING: "rendering",
}
COMMANDS = {
    "jobs": "The jobs of this chat",
    "status": "Where the last job stands, or the one whose id follows",
    "cancel": "End the running job, or the one whose id follows",
    "help": "What to send",
}
MOST_WARNINGS = 5


def instructions(largest: int) -> str:
    """Return what can be sent; ``largest`` is the size in MB of files that Telegram gives the bot."""
    return f"""Send me a video or an audio file, a link or a path, and I send back Shorts with their posts.

• A file of at most {largest} MB: its caption says what to look for.
• A link (https, from a host that is allowed here) or a path below the media folders: on the first line; what to look for on the next. That is the way for larger files.
• #draft: small previews. #approve: I show drafts and make the Shorts that you approve. #3: three Shorts.
For example:
talk.mp4 #3
topic: sleep

Below each Short: ✓ approves it, ✗ rejects it (reply with the reason, if you like), More asks for the next best moments.
/jobs, /status and /cancel are about the jobs of this chat. To change what you asked for, send it anew: I don't see edits."""


def progress(job: Job, name: str) -> str:
    """Return how far a job is, as one message that is edited while it goes on."""
    return fitted("\n".join([name, *_standing(job)]), LONGEST)


def listed(job: Job, name: str) -> str:
    """Return a job as a line of a list."""
    return f"{str(job.job_id)[:8]}  {name}: {job.status.value.lower().replace('_', ' ')}"


def mishap(error: OmniError) -> str:
    """Return an error as cause and next step."""
    return fitted(f"{error.cause}\n→ {error.next_step}", LONGEST)


def clip_caption(number: int, title: str, score: float, reason: str) -> str:
    """Return what stands below a Short."""
    return fitted(f"{number}. {without_unseen(title)}\nScore {score:.0f}: {without_unseen(reason)}", LONGEST_CAPTION)


def posts_text(number: int, posts: Iterable[Post]) -> str:
    """Return the posts of one clip, a platform after the other."""
    told = [f"{limits_of(post.platform).label}\n{as_text(post).strip()}" for post in posts]
    return "\n\n".join([f"Posts of Short {number}", *told]) if told else ""


def clip_keys(job_hex: str, clip: int, verdict: Verdict | None, *, is_armed: bool) -> Keyboard:
    """Return the buttons below a Short; ``is_armed``: it is being rejected, and may be told why."""
    where = f"{job_hex}:{clip}"
    if is_armed:
        return ((Button("✗ Reject without a reason", f"R:{where}"), Button("Back", f"b:{where}")),)
    approve = "✓ Approved" if verdict is Verdict.APPROVED else "✓ Approve"
    reject = "✗ Rejected" if verdict is Verdict.REJECTED else "✗ Reject"
    return ((Button(approve, f"a:{where}"), Button(reject, f"r:{where}"), Button("More", f"m:{where}")),)


def note_keys(job: Job) -> Keyboard:
    """Return the buttons below the progress message."""
    return () if job.status.is_final else ((Button("Cancel", f"c:{job.job_id.hex}:0"),),)


def pieces(text: str, limit: int = LONGEST) -> Iterator[str]:
    """Yield a text in parts that a message holds, parted between paragraphs, lines, words or, at worst, letters."""
    while _units(text) > limit:
        head = _prefix(text, limit)
        at = next((found for mark in ("\n\n", "\n", " ") if (found := head.rfind(mark)) > len(head) // 2), len(head))
        yield head[:at].rstrip()
        text = text[at:].lstrip()
    if text:
        yield text


def fitted(text: str, limit: int) -> str:
    """Return a text cut to what fits."""
    return text if _units(text) <= limit else _prefix(text, limit - 1).rstrip() + "…"


def _standing(job: Job) -> list[str]:
    match job.status:
        case Status.COMPLETED:
            count = job.result.shorts_count if job.result else 0
            return [f"Done: {count} {'Short' if count == 1 else 'Shorts'}.", *_to_know(job)]
        case Status.FAILED:
            error = job.error
            return [f"It failed. {_without_folder(error.cause)}", f"→ {error.next_step}"] if error else ["It failed."]
        case Status.CANCELLED:
            return ["Cancelled."]
        case Status.NEEDS_REVIEW:
            return [_waiting_for_people(job.review), *_to_know(job)]
        case status:
            doing = DOING.get(job.stage or "", WAITING[status])
            filled = round(job.progress * BAR)
            bar = "▓" * filled + "░" * (BAR - filled)
            clips = [f"{clip.number}. {without_unseen(clip.title)}: {clip.state}" for clip in job.clips]
            return [f"{bar} {job.progress:.0%}  {doing}", *((job.note,) if job.note else ()), *clips]


def _without_folder(text: str) -> str:
    """Return what is said of an upload without where it lies: its sender knows it by its name."""
    return UPLOAD.sub("", text)


def _waiting_for_people(review: Review | None) -> str:
    open_clips = ", ".join(map(str, review.open)) if review else ""
    said = f"I wait for you: approve or reject {open_clips or 'the clips'}."
    if review is None or review.until is None:
        return said
    then = {Verdict.APPROVED: "they are approved", Verdict.REJECTED: "they are rejected", None: "the job ends"}
    return f"{said} On {review.until:%d %B, %H:%M} UTC {then[review.then]}."


def _to_know(job: Job) -> list[str]:
    shown = [f"• {without_unseen(warning)}" for warning in job.warnings[:MOST_WARNINGS]]
    left = len(job.warnings) - len(shown)
    return [*(("To know:",) if shown else ()), *shown, *((f"… and {left} more",) if left else ())]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _prefix(text: str, limit: int) -> str:
    """Return the longest beginning of so many UTF-16 units that divides no character."""
    return text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore")
