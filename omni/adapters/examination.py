"""Reading a container that nobody trusts, inside a confined process: ``python -m omni.adapters.examination``."""

import json
import sys
from pathlib import Path
from typing import Any

import av

from omni.adapters.confinement import Allowance, confine
from omni.adapters.opening import File
from omni.adapters.packets import scan
from omni.adapters.streams import is_cover, language, picture_facts, track_facts
from omni.contracts import SubtitleStream
from omni.errors import SourceError, SourceTooLarge, SourceUnreadable
from omni.ports import Probe

MAX_STREAMS = 64
TEXT_SUBTITLES = frozenset({"subrip", "srt", "ass", "ssa", "mov_text", "webvtt", "text"})


def examine(file: File) -> Probe:
    """Read all packets and the first frames; raises a SourceError."""
    with file.opened() as container:
        if len(container.streams) > MAX_STREAMS:
            raise SourceTooLarge(path=file.path, what=f"{len(container.streams)} streams, {MAX_STREAMS} are accepted")
        decodable = [s for s in container.streams if s.codec_context]
        pictures = [s for s in decodable if s.type == "video" and not is_cover(s)]
        sounds = [s for s in decodable if s.type == "audio"]
        for picture in pictures:
            _refuse_flood(file, picture)
        times = scan(container, [*pictures, *sounds], (container.start_time or 0) / av.time_base)
        seen = [picture_facts(file, s, times[s.index]) for s in pictures if times[s.index].count]
        audible = [s for s in sounds if times[s.index].count]
        tracks = [t for s in audible if (t := track_facts(file, s, measure=len(audible) > 1))]
        if audible and not tracks:
            context = audible[0].codec_context
            what = f"its sound has {context.channels} channels at {context.sample_rate} Hz, which can't be mixed down"
            raise SourceUnreadable(path=file.path, reason=what)
        return Probe(
            container=container.format.name,
            header_duration=container.duration / av.time_base if container.duration else None,
            pictures=tuple(p for p in seen if p),
            tracks=tuple(tracks),
            subtitles=tuple(
                SubtitleStream(index=s.index, codec=s.codec_context.name, language=language(s))
                for s in decodable
                if s.type == "subtitle" and s.codec_context.name in TEXT_SUBTITLES
            ),
            picture_end=max((times[s.index].end for s in pictures[:1]), default=0.0),
            sound_end=max((times[s.index].end for s in audible), default=0.0),
        )


def main(descriptor: str, max_pixels: str, cpu_seconds: str) -> str:
    """Return the answer as JSON: a probe, or the name of an error and its facts but for the path."""
    allowance = Allowance(int(cpu_seconds))
    confine(allowance)
    try:
        probe = examine(File(int(descriptor), Path(), int(max_pixels)))
    except SourceError as error:
        return _refusal(type(error).__name__, **error.facts)
    except MemoryError:
        megabytes = allowance.memory_bytes // 2**20
        return _refusal("SourceTooLarge", what=f"reading its structure takes more than {megabytes} MB of memory")
    return json.dumps({"probe": probe.model_dump(mode="json")})


def _refuse_flood(file: File, stream: Any) -> None:
    context = stream.codec_context
    if context.width * context.height > file.max_pixels:
        what = f"{context.width}×{context.height} pixels, {file.max_pixels} are accepted"
        raise SourceTooLarge(path=file.path, what=what)


def _refusal(error: str, **facts: object) -> str:
    return json.dumps({"error": error, "facts": {name: str(fact) for name, fact in facts.items() if name != "path"}})


if __name__ == "__main__":
    sys.stdout.write(main(*sys.argv[1:]))
