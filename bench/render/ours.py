"""One Short, as the render stage makes it: ``python -m bench.render.ours SCENE TARGET``; says what it cost."""

import json
import resource
import sys
import time
from pathlib import Path

from bench.render.scene import Scene
from omni.encoding.mixing import settle_mix
from omni.wiring import wire


def main(scene_file: str, target: str) -> None:
    """Measure the level, then encode once."""
    scene = Scene.model_validate_json(Path(scene_file).read_text(encoding="utf-8"))
    media = wire().media
    begun, worked = time.perf_counter(), _processor_seconds()
    mix = settle_mix(scene.source, scene.plan, media)
    media.render(scene.source, scene.plan, Path(target), mix=mix)
    told = {"wall": time.perf_counter() - begun, "cpu": _processor_seconds() - worked}
    sys.stdout.write(json.dumps(told))


def _processor_seconds() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main(*sys.argv[1:])
