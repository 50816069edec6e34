"""Which posts a campaign owes: one for each clip and platform."""

from omni.contracts import Analysis, Brief, Clip, Platform


def platforms_of(brief: Brief) -> tuple[Platform, ...]:
    """Return the platforms asked for, each once, in the brief's order."""
    return tuple(dict.fromkeys(brief.platforms))


def owed(analysis: Analysis, brief: Brief) -> tuple[tuple[Clip, Platform], ...]:
    """Return clip and platform of every post, in the order of a campaign."""
    return tuple((clip, platform) for clip in analysis.clips for platform in platforms_of(brief))
