"""The frozen things that cross a stage border. Times are seconds of the source unless a name says otherwise."""

import hashlib
from enum import StrEnum
from math import ceil, floor
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Fraction01 = Annotated[float, Field(ge=0, le=1)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Warnings = tuple[str, ...]

WORKSPACE = r"^[a-z0-9][a-z0-9_-]{0,39}$"
"""Pattern of a workspace's name."""


class Contract(BaseModel):
    """Base of every contract: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def digest(self) -> str:
        """Return the sha256 of the canonical JSON: equal contracts have equal digests on every machine."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class Span(Contract):
    """A half-open interval [start, end) in seconds."""

    start: Seconds
    end: Seconds

    @model_validator(mode="after")
    def _is_ordered(self) -> "Span":
        if self.end < self.start:
            msg = f"a span ends before it starts: {self.start}–{self.end}"
            raise ValueError(msg)
        return self

    @property
    def length(self) -> float:
        """Length in seconds."""
        return self.end - self.start

    def overlap(self, other: "Span") -> float:
        """Return the seconds shared with ``other``."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))


class Curve(Contract):
    """A sampled signal: ``values[i]`` describes [i·step, (i+1)·step)."""

    step: Annotated[float, Field(gt=0)]
    values: tuple[float, ...] = ()

    def mean(self, start: float, end: float) -> float:
        """Return the mean over [start, end); 0.0 where nothing was sampled."""
        first, last = int(start / self.step), max(int(start / self.step) + 1, int(end / self.step))
        window = self.values[first:last]
        return sum(window) / len(window) if window else 0.0


class Area(Contract):
    """A box of the Short's picture, in pixels; ``right`` and ``bottom`` are the first pixels outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    def scaled(self, factor: float) -> "Area":
        """Return the box in a picture ``factor`` times as large; it holds all that this one holds."""
        return Area(
            left=floor(self.left * factor),
            top=floor(self.top * factor),
            right=ceil(self.right * factor),
            bottom=ceil(self.bottom * factor),
        )

    def overlap(self, other: "Area") -> int:
        """Return how many pixels both boxes hold."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0, wide) * max(0, high)


class FileRef(Contract):
    """A file on disk, and the digest it had when it was made or read."""

    path: Path
    sha256: Sha256
    size_bytes: Annotated[int, Field(ge=0)]


class Image(FileRef):
    """A still picture, and its size in pixels."""

    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]


# ── What the operator asks ───────────────────────────────────────────────────────────────────────


class Platform(StrEnum):
    """Where a Short can be posted; limits stand in ``omni/writing/platforms.toml``."""

    YOUTUBE = "youtube"
    TIKTOK = "tiktok"
    INSTAGRAM = "instagram"
    LINKEDIN = "linkedin"
    X = "x"


class Engine(StrEnum):
    """Who does a thinking stage: ``auto`` takes the best rung that settings and keys allow."""

    AUTO = "auto"
    OFFLINE = "offline"
    GEMINI = "gemini"


class Tighten(StrEnum):
    """What a Short leaves out between its first and its last word; ``fillers`` leaves out long pauses too."""

    NONE = "none"
    PAUSES = "pauses"
    FILLERS = "fillers"


class Approval(StrEnum):
    """Whether a person looks at the drafts before the Shorts are made in full."""

    NONE = "none"
    CLIPS = "clips"


Role = Literal["analyst", "copywriter", "embedder"]
"""For what a model is asked."""


class CaptionStyle(StrEnum):
    """How captions look; drawn and described in ``docs/captions.md``, defined in ``omni/captions/styles.toml``."""

    BOLD = "bold"
    MARKER = "marker"
    KARAOKE = "karaoke"
    POP = "pop"
    SUBTITLE = "subtitle"
    MINIMAL = "minimal"


class SafeAreaName(StrEnum):
    """Where text may stand: clear of the brief's platforms, of every platform's, or only of what isn't advertisement."""

    PLATFORMS = "platforms"
    STRICT = "strict"
    ORGANIC = "organic"


class Corner(StrEnum):
    """A corner of the safe area."""

    TOP_LEFT = "top-left"
    TOP_RIGHT = "top-right"
    BOTTOM_LEFT = "bottom-left"
    BOTTOM_RIGHT = "bottom-right"


Layout = Literal["follow", "fit", "split"]
"""One crop that follows its subject; the whole frame on a blurred ground; two crops, one above the other."""

LayoutWish = Literal["auto", "follow", "fit", "split"]


LOOKS = frozenset(
    {
        "captions",
        "draft",
        "logo",
        "layout",
        "layouts",
        "caption_style",
        "hook_title",
        "safe_area",
        "brand_colour",
        "brand_font",
        "logo_corner",
        "logo_width",
    }
)
"""Fields of a brief that change how a Short looks, never which moments are chosen or what is written about them."""


PAGES = 5
"""How often a request can be asked for more."""


class Brief(Contract):
    """What the operator asks for."""

    NOT_EDITORIAL: ClassVar[frozenset[str]] = LOOKS | {"budget_usd", "fallback", "approval"}
    """Fields about looks, money and release: they change neither which moments are chosen nor what is written."""

    directives: str = Field(
        default="", max_length=2000, description="Free text: what to look for, what to avoid, tone."
    )
    clips: int | None = Field(
        default=None, ge=1, le=20, description="How many Shorts; empty: 4–9, as the source carries."
    )
    min_seconds: float = Field(default=15, ge=3, le=90, description="Shortest Short, in seconds.")
    max_seconds: float = Field(default=60, ge=3, le=90, description="Longest Short, in seconds.")
    platforms: tuple[Platform, ...] = Field(
        default=tuple(Platform), min_length=1, description="Write a post for each of these."
    )
    language: str | None = Field(
        default=None, pattern=r"^[a-z]{2,3}$", description="ISO 639 code of the speech; empty: as found in the source."
    )
    captions: bool = Field(default=True, description="Burn captions into the picture.")
    tighten: Tighten = Field(
        default=Tighten.NONE, description="Shorten long pauses, or also leave out fillers such as um and uh."
    )
    draft: bool = Field(
        default=False, description="Small, quick previews (540×960) to look at before the Shorts are made in full."
    )
    caption_style: CaptionStyle = Field(default=CaptionStyle.BOLD, description="How captions look.")
    hook_title: bool = Field(
        default=True, description="Show the clip's title in the first seconds, where there is room."
    )
    safe_area: SafeAreaName = Field(
        default=SafeAreaName.PLATFORMS, description="Which buttons captions, title and logo keep clear of."
    )
    brand_colour: str | None = Field(
        default=None,
        pattern=r"^#?[0-9A-Fa-f]{6}$",
        description="Colour of the word being said and of the title's card, as RRGGBB; empty: the style's own.",
    )
    brand_font: str | None = Field(
        default=None,
        min_length=1,
        max_length=80,
        description="Family or file name of a font in OMNI_FONTS or on this machine; empty: the style's own.",
    )
    logo: Path | None = Field(default=None, description="PNG laid over a corner of the safe area.")
    logo_corner: Corner = Field(default=Corner.TOP_LEFT, description="Where the logo stands.")
    logo_width: float = Field(
        default=0.16, ge=0.04, le=0.4, description="Width of the logo, as a part of the picture's width."
    )
    layout: LayoutWish = Field(
        default="auto", description="Layout of every Short: follow, fit, split; auto chooses shot by shot."
    )
    layouts: dict[str, LayoutWish] = Field(
        default_factory=dict[str, LayoutWish],
        description='Layout of single Shorts by their number, before `layout`: {"2": "fit"}.',
    )
    analyst: Engine = Field(default=Engine.AUTO, description="Who finds the moments.")
    copywriter: Engine = Field(default=Engine.AUTO, description="Who writes strategy and posts.")
    fallback: bool = Field(
        default=True,
        description="Let the offline engine take over, with a warning, when Gemini fails; else the job fails.",
    )
    budget_usd: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="Most that the job may spend, in US dollars; empty: no limit.",
    )
    posts_language: str | None = Field(
        default=None, pattern=r"^[a-z]{2,3}$", description="ISO 639 code for strategy and posts; empty: as spoken."
    )
    approval: Approval = Field(
        default=Approval.NONE, description="Make drafts and wait until each clip is approved or rejected (clips)."
    )
    page: int = Field(
        default=1, ge=1, le=PAGES, description="1: the best moments; 2: the next best; a page holds `clips` of them."
    )
    repeat: bool = Field(default=False, description="Propose moments again that an earlier brief already used.")
    workspace: str = Field(default="default", pattern=WORKSPACE, description="Whose memory is used.")

    @field_validator("layouts")
    @classmethod
    def _are_of_clips(cls, layouts: dict[str, LayoutWish]) -> dict[str, LayoutWish]:
        unknown = [number for number in layouts if number not in map(str, range(1, 21))]
        if unknown:
            msg = f'{", ".join(unknown)} is no clip; name clips by number, 1 to 20: {{"2": "fit"}}'
            raise ValueError(msg)
        return {number: layouts[number] for number in sorted(layouts, key=int)}

    @model_validator(mode="after")
    def _lengths_are_ordered(self) -> "Brief":
        if self.min_seconds > self.max_seconds:
            msg = f"min_seconds {self.min_seconds} is above max_seconds {self.max_seconds}; swap them"
            raise ValueError(msg)
        return self

    def editorial(self) -> "Brief":
        """Return the brief with looks and money left at their defaults: equal ones lead to the same moments and posts."""
        fields = type(self).model_fields
        return self.model_copy(
            update={name: fields[name].get_default(call_default_factory=True) for name in self.NOT_EDITORIAL}
        )

    def first_page(self) -> "Brief":
        """Return the brief as it was before any more was asked for: all pages of a request come from one analysis."""
        return self.model_copy(update={"page": 1})

    def layout_of(self, clip: int) -> LayoutWish:
        """Return the layout that was asked for a clip."""
        return self.layouts.get(str(clip), self.layout)


# ── ingest ───────────────────────────────────────────────────────────────────────────────────────


class VideoStream(Contract):
    """The picture as a viewer sees it: ``width`` × ``height`` after rotation and pixel aspect, in pixels."""

    index: int
    codec: str
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
    coded_width: Annotated[int, Field(gt=0)]
    coded_height: Annotated[int, Field(gt=0)]
    rotation: Literal[0, 90, 180, 270] = 0
    """Degrees clockwise that a player turns the coded picture."""
    sample_aspect: str = "1:1"
    fps: Annotated[float, Field(gt=0)]
    frame_rate: str
    """The rate as a fraction, ``30000/1001``."""
    variable_rate: bool = False
    pixel_format: str = "yuv420p"
    bit_depth: int = 8
    full_range: bool = False
    interlaced: bool = False
    hdr: Literal["pq", "hlg"] | None = None
    matrix: str | None = None
    primaries: str | None = None
    transfer: str | None = None
    timecode: str | None = Field(default=None, pattern=r"^\d\d:[0-5]\d:[0-5]\d[:;]\d\d$")
    """What the camera's clock said at the first frame; with ``;`` it counts drop-frame."""


class AudioStream(Contract):
    """The one audio track in use."""

    index: int
    codec: str
    sample_rate: int
    channels: int
    language: str | None = None
    title: str | None = None


class SubtitleStream(Contract):
    """A text subtitle track inside the source."""

    index: int
    codec: str
    language: str | None = None


class Source(Contract):
    """A probed input file. ``duration`` is what can really be decoded, not what a header claims."""

    path: Path
    sha256: Sha256
    size_bytes: int
    container: str
    duration: Annotated[float, Field(gt=0)]
    video: VideoStream | None
    audio: AudioStream | None
    audio_tracks: int = 0
    subtitles: tuple[SubtitleStream, ...] = ()
    sidecar: FileRef | None = None
    """Subtitles found beside the file: same stem, .srt, .vtt or .ass."""
    title: str
    """The file's stem in readable form; untrusted text."""
    warnings: Warnings = ()


# ── listen ───────────────────────────────────────────────────────────────────────────────────────


class Word(Span):
    """One spoken word with its punctuation."""

    text: str


class Sentence(Span):
    """``words[first:last]`` of the transcript; ``last`` is exclusive."""

    first: int
    last: int
    text: str


class SoundEvent(Span):
    """Something heard that is not speech."""

    kind: Literal["applause", "laughter", "music"]
    confidence: Fraction01


class Loudness(Contract):
    """EBU R128 of the chosen track; ``curve`` is momentary loudness in LUFS, one value a second (−70 is silence)."""

    integrated_lufs: float | None
    true_peak_dbtp: float | None
    curve: Curve = Curve(step=1.0)


class Transcript(Contract):
    """What was said and heard. Without words, ``words`` and ``sentences`` are empty and a warning says why."""

    words: tuple[Word, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    speech: tuple[Span, ...] = ()
    turns: tuple[Seconds, ...] = ()
    """When another speaker begins, as far as subtitles tell; each is the start of a word and of a sentence."""
    loudness: Loudness = Loudness(integrated_lufs=None, true_peak_dbtp=None)
    events: tuple[SoundEvent, ...] = ()
    language: str | None = None
    engine: str
    """Where the words came from: ``sidecar:srt``, ``stream:mov_text``, ``faster-whisper:small``, ``none``."""
    word_times: Literal["measured", "estimated", "none"]
    warnings: Warnings = ()


# ── watch ────────────────────────────────────────────────────────────────────────────────────────


class Shot(Span):
    """A run of frames between two cuts."""


class FaceBox(Contract):
    """A face at time ``t``; ``x, y`` are the top left corner; all four are fractions of the displayed frame."""

    t: Seconds
    x: float
    y: float
    w: Annotated[float, Field(gt=0)]
    h: Annotated[float, Field(gt=0)]
    score: Fraction01
    mouth: float | None = None
    """How much the mouth moves beyond the head from here to the next look, in parts of the face's contrast; ``None``: not to be seen."""

    @property
    def centre(self) -> tuple[float, float]:
        """Centre of the box as fractions of the frame."""
        return self.x + self.w / 2, self.y + self.h / 2


class FaceTrack(Contract):
    """One face through one shot, in time order."""

    shot: int
    boxes: Annotated[tuple[FaceBox, ...], Field(min_length=1)]


class Footage(Contract):
    """What is seen. ``motion`` is the mean absolute luma change a second, 0–1; ``activity`` of a screen is low."""

    shots: tuple[Shot, ...] = ()
    tracks: tuple[FaceTrack, ...] = ()
    motion: Curve = Curve(step=1.0)
    black: tuple[Span, ...] = ()
    frozen: tuple[Span, ...] = ()
    engine: str
    warnings: Warnings = ()


# ── recall ───────────────────────────────────────────────────────────────────────────────────────


class Reception(Contract):
    """What came of a clip, all its outcomes together."""

    merit: float | None = None
    """How it did against the workspace's other clips: 0 like most, ±1 like few; ``None``: no figures yet."""
    views: int | None = None
    verdict: Literal["approved", "rejected"] | None = None
    reason: str = ""
    text: str = ""
    """All of it as a few words, for a reader: ``12 000 views on tiktok, approved``."""


class Lesson(Contract):
    """What outcomes taught about one trait of clips or posts, past the guard against chance."""

    kind: Literal["hook", "length", "topic", "post"]
    value: str
    """Which hook type, length band, topic stem or post style."""
    effect: Annotated[float, Field(ge=-1, le=1)]
    """How much better (> 0) or worse it did than the rest, after shrinkage and age, in standard deviations."""
    count: Annotated[int, Field(ge=1)]
    """Clips that it was learned from."""
    because: str
    """Completes "because …", for the clip's evidence."""


class Precedent(Contract):
    """Something made before that is near in meaning; best first, scores are comparable within one answer only."""

    id: str
    kind: Literal["strategy", "clip", "post"]
    title: str
    text: str
    score: float
    source_sha256: Sha256
    source_title: str
    span: Span | None = None
    strategy_id: str
    reception: Reception | None = None


class Precedents(Contract):
    """What the memory knows that bears on this job."""

    nearest: tuple[Precedent, ...] = ()
    used: tuple[Span, ...] = ()
    """Moments of this very source that other briefs already used."""
    shown: tuple[Span, ...] = ()
    """Moments that earlier pages of this very request hold; on its first page none."""
    retold: tuple[Span, ...] = ()
    """Moments of this source that clips of other files showed: the same recording, cut or encoded anew."""
    refused: tuple[Span, ...] = ()
    """Moments of this source that a person rejected, of whichever file and brief the clip was."""
    lessons: tuple[Lesson, ...] = ()
    """What this workspace's outcomes taught; empty until they say something beyond chance."""
    engine: str = "none"
    warnings: Warnings = ()

    def barred(self, brief: Brief) -> tuple[Span, ...]:
        """Return the moments that aren't proposed: what a person rejected, and what was used, unless the brief repeats it."""
        return self.refused if brief.repeat else (*self.used, *self.retold, *self.refused)


# ── analyze ──────────────────────────────────────────────────────────────────────────────────────


class Dossier(Contract):
    """All that an analyst may know."""

    source: Source
    transcript: Transcript
    footage: Footage
    precedents: Precedents
    brief: Brief


class Evidence(Contract):
    """One thing that speaks for (weight > 0) or against (< 0) a clip."""

    kind: str
    weight: float
    text: str


class Clip(Span):
    """A moment worth a Short: cut-ready times, and why."""

    number: Annotated[int, Field(ge=1)]
    """1 is the best; the order of the output."""
    title: str = Field(max_length=100)
    hook: str
    """What is said or seen first; ``""`` when there are no words."""
    text: str
    score: Annotated[float, Field(ge=0, le=100)]
    reason: str
    evidence: tuple[Evidence, ...] = ()


class Analysis(Contract):
    """Topic, titles and the clips, best first."""

    topic: str
    titles: Annotated[tuple[str, ...], Field(min_length=1)]
    keywords: tuple[str, ...] = ()
    key_sentences: tuple[str, ...] = ()
    """The sentences that carry the talk, in the order they are said."""
    clips: Annotated[tuple[Clip, ...], Field(min_length=1)]
    reserves: tuple[Clip, ...] = ()
    """The next best, best first, apart from the clips and from each other: what further pages of the brief take."""
    language: str | None
    engine: str
    warnings: Warnings = ()


class EvidenceTrack(Contract):
    """One kind of evidence over the whole source; ``values[i]`` describes second ``i``, 0–1."""

    name: str
    label: str
    """For a reader: ``laughter and applause``."""
    values: tuple[float, ...]


class Subject(Span):
    """A stretch about one thing."""

    title: str


class Contender(Span):
    """A window that was weighed; ``number`` is the clip that it became, ``None`` if it wasn't chosen."""

    score: Annotated[float, Field(ge=0, le=100)]
    number: int | None = None
    reason: str = ""


class EvidenceTimeline(Contract):
    """Why these moments: the curves, subjects and windows that the choice was made from, for a person to see."""

    duration: Annotated[float, Field(gt=0)]
    tracks: tuple[EvidenceTrack, ...] = ()
    subjects: tuple[Subject, ...] = ()
    contenders: tuple[Contender, ...] = ()
    """The chosen and the best of the others, in time order."""


# ── write ────────────────────────────────────────────────────────────────────────────────────────


class Post(Contract):
    """One text for one clip on one platform; ``hashtags`` carry no ``#`` and count against the text limit."""

    clip: int
    platform: Platform
    title: str | None = None
    text: str
    hashtags: tuple[str, ...] = ()


class Turn(Contract):
    """A clip's place in the publishing order, and why it stands there."""

    clip: int
    why: str


class Approach(Contract):
    """How one platform is played."""

    platform: Platform
    text: str


class Advice(Contract):
    """What a strategist adds to an analysis in own words, plain text; empty fields leave the strategy to what was found."""

    angle: str = ""
    audience: str = ""
    order: tuple[Turn, ...] = ()
    cadence: str = ""
    approaches: tuple[Approach, ...] = ()
    measures: tuple[str, ...] = ()

    @property
    def paragraphs(self) -> tuple[tuple[str, str], ...]:
        """Every text, with its name."""
        return (
            ("angle", self.angle),
            ("audience", self.audience),
            *((f"why clip {turn.clip}", turn.why) for turn in self.order),
            ("cadence", self.cadence),
            *((f"approach for {each.platform}", each.text) for each in self.approaches),
            *(("measures", text) for text in self.measures),
        )

    @property
    def text(self) -> str:
        """Everything it says, a paragraph a line."""
        return "\n".join(text for _, text in self.paragraphs)


class Campaign(Contract):
    """The strategy (markdown) and a post for each clip and platform."""

    strategy: str
    advice: Advice = Advice()
    """What of the strategy isn't found again in the analysis: with it, the document is written anew for other clips."""
    strategy_language: str | None = None
    """Of the strategy's headings; the posts' may be another."""
    posts: tuple[Post, ...]
    language: str | None
    engine: str
    warnings: Warnings = ()


# ── render ───────────────────────────────────────────────────────────────────────────────────────


class CameraKey(Contract):
    """Centre of the crop at clip time ``t``, as fractions of the displayed frame; linear in between."""

    t: Seconds
    x: Fraction01
    y: Fraction01


class Segment(Span):
    """A stretch of the clip (clip time) under one layout: a path for ``follow``, two for ``split``, none for ``fit``."""

    layout: Layout
    path: tuple[CameraKey, ...] = ()
    """The way of the crop; of the upper one in a ``split``."""
    lower: tuple[CameraKey, ...] = ()
    """The way of the lower crop of a ``split``."""
    scale: Annotated[float, Field(gt=0)] = 1.0
    """Size of a ``split``'s crops: 1 is the width of the crop that follows, and half its height."""


class Framing(Contract):
    """How 9:16 is taken from the frame. ``crop_w`` × ``crop_h`` are fractions of the displayed frame."""

    crop_w: Annotated[float, Field(gt=0, le=1)]
    crop_h: Annotated[float, Field(gt=0, le=1)]
    segments: Annotated[tuple[Segment, ...], Field(min_length=1)]
    warnings: Warnings = ()

    def crop_of(self, segment: Segment) -> tuple[float, float]:
        """Return width and height of a segment's crop, or of each of its two, as fractions of the displayed frame."""
        if segment.layout == "split":
            return segment.scale * self.crop_w, segment.scale * self.crop_h / 2
        return self.crop_w, self.crop_h


class CueWord(Span):
    """A word of a caption, in clip time."""

    text: str
    joined: bool = False
    """No blank stands before it: a script without blanks (Chinese, Thai), or the rest of a divided word."""


class Cue(Span):
    """One caption on screen, in clip time; ``lines`` holds its words row by row."""

    lines: Annotated[tuple[tuple[CueWord, ...], ...], Field(min_length=1)]
    place: Area | None = None
    """Where its letters stand; ``None``: nowhere, the caption isn't burned in."""

    @property
    def text(self) -> str:
        """Return the rows as text, joined by a line break."""
        return "\n".join("".join(w.text if w.joined else f" {w.text}" for w in line).lstrip(" ") for line in self.lines)


class HookTitle(Span):
    """The line of promise over the first seconds, in clip time: a graphic, not speech, so the sidecars don't hold it."""

    lines: Annotated[tuple[str, ...], Field(min_length=1)]
    place: Area


class Captions(Contract):
    """The captions of one clip: what is burned in, and the fonts that the script names."""

    cues: tuple[Cue, ...] = ()
    title: HookTitle | None = None
    area: Area | None = None
    """The box that everything drawn stays inside."""
    script: str | None = None
    """A complete ASS file; ``None`` burns nothing in."""
    fonts: tuple[Path, ...] = ()
    warnings: Warnings = ()

    def scaled(self, factor: float) -> "Captions":
        """Return them in a picture ``factor`` times as large; the script scales by itself."""
        cues = tuple(cue.model_copy(update={"place": _scaled(cue.place, factor)}) for cue in self.cues)
        title = self.title and self.title.model_copy(update={"place": self.title.place.scaled(factor)})
        return self.model_copy(update={"cues": cues, "title": title, "area": _scaled(self.area, factor)})


def _scaled(area: Area | None, factor: float) -> Area | None:
    return None if area is None else area.scaled(factor)


class Check(Contract):
    """One gate: the figure, the bar and the verdict (``None``: could not be measured, or does not apply)."""

    name: str
    value: str
    bar: str
    passed: bool | None


class Fades(Contract):
    """How long the sound of a Short rises at its start and falls at its end: never over a word."""

    rise: Seconds = 0.02
    fall: Seconds = 0.12


class Logo(Contract):
    """The operator's sign, and where it stands."""

    file: FileRef
    place: Area


class ClipPlan(Contract):
    """Everything that decides the bytes of one Short, except the source's own; and what is expected of it."""

    number: int
    cut: Span
    kept: tuple[Span, ...] = ()
    """What stays of the cut when it is tightened, in source time and order, on the frame grid of the cut; empty: all."""
    framing: Framing | None
    """``None``: the source has no picture; the Short shows captions on a still ground."""
    captions: Captions
    fades: Fades = Fades()
    width: int = 1080
    height: int = 1920
    frame_rate: str = "30"
    draft: bool = False
    """Encoded quickly rather than well."""
    logo: Logo | None = None
    poster_at: Seconds = 0.0
    """Clip time of the frame that stands for the Short."""
    checks: tuple[Check, ...] = ()
    """Editorial gates, already measured on the plan."""
    warnings: Warnings = ()

    @property
    def pieces(self) -> tuple[Span, ...]:
        """The stretches of the source that the Short shows, in order; one when nothing is left out."""
        return self.kept or (self.cut,)

    @property
    def length(self) -> float:
        """Seconds that the Short lasts."""
        return sum(piece.length for piece in self.pieces)


class LayoutSpan(Span):
    """A stretch of a Short (clip time) that keeps one layout; ``ground`` where the source has no picture."""

    layout: Layout | Literal["ground"]


class Short(Contract):
    """One finished, checked Short. ``usable`` is false when a gate that makes it unfit to post failed."""

    number: int
    cut: Span
    kept: tuple[Span, ...] = ()
    """As in the plan."""
    video: FileRef
    poster: FileRef
    srt: FileRef
    vtt: FileRef
    small: FileRef | None = None
    """The same at 720×1280 for messengers, where the video itself is too large for them."""
    duration: Seconds
    layout: str
    layouts: tuple[LayoutSpan, ...] = ()
    """What ``layout`` names, with its times."""
    encoder: str = "libx264"
    draft: bool = False
    """A preview to look at, not to post."""
    checks: tuple[Check, ...]
    usable: bool
    warnings: Warnings = ()

    @property
    def files(self) -> tuple[FileRef, ...]:
        """Every file of this Short."""
        return tuple(self.roles.values())

    @property
    def roles(self) -> dict[str, FileRef]:
        """Every file by what it is for, as the manifest names it."""
        always = {"video": self.video, "poster": self.poster, "srt": self.srt, "vtt": self.vtt}
        return always | ({"video_small": self.small} if self.small else {})


# ── deliver, and the whole ───────────────────────────────────────────────────────────────────────


class Delivery(Contract):
    """The folder that a person receives."""

    output_dir: Path
    manifest: FileRef
    shorts_count: int
    contact_sheet: FileRef | None = None
    """``None`` when it could not be drawn; a warning says why."""
    warnings: Warnings = ()
    published: str | None = None
    """URL of the same folder in the object store; ``None`` where no store is set."""


class Charge(Contract):
    """What the calls of one role to one model came to; tokens as the service counted them."""

    role: Role
    model: str
    calls: Annotated[int, Field(ge=0)]
    input_tokens: Annotated[int, Field(ge=0)]
    """All that was read, ``cached_tokens`` included."""
    cached_tokens: Annotated[int, Field(ge=0)] = 0
    output_tokens: Annotated[int, Field(ge=0)]
    """What was written, thoughts included: both are paid alike."""
    usd: float | None
    """``None``: the model's price isn't known."""


def total_usd(charges: tuple[Charge, ...]) -> float | None:
    """Return the sum in US dollars, rounded to a millionth; ``None`` as soon as one price isn't known."""
    prices = [charge.usd for charge in charges]
    return None if None in prices else round(sum((usd for usd in prices if usd is not None), start=0.0), 6)


class Estimate(Contract):
    """What a job will probably cost, before anything is asked of a model."""

    charges: tuple[Charge, ...]
    usd: float | None
    seconds: Seconds
    """Length of the source."""
    warnings: Warnings = ()


class Production(Contract):
    """The result of a job."""

    output_dir: Path
    shorts_count: int
    strategy_id: str | None
    source: str
    engines: dict[str, str]
    cost_usd: float | None = 0.0
    """What this job spent, its earlier attempts included; ``None``: a price isn't known."""
    charges: tuple[Charge, ...] = ()
    warnings: Warnings = ()
    published: str | None = None
    """URL of the folder in the object store; ``None`` where no store is set."""
