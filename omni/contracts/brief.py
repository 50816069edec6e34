"""What the operator asks for."""

from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from omni.contracts.base import WORKSPACE, Contract


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
