"""Files whose events happen at known times."""

from pathlib import Path

from makers.making import (
    AAC,
    CUTS,
    H264,
    HEIGHT,
    RATE,
    SECONDS,
    WIDTH,
    MadeVideo,
    Truth,
    moving,
    plain,
    registered,
    run,
    voice,
)


@registered
def make_plain(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make 25 fps H.264 + AAC: the file without a fault."""
    return MadeVideo(plain(ffmpeg, folder / "plain.mp4"), Truth())


@registered
def make_cuts(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make Five moving scenes that look unlike each other, 12 s."""
    size = f"s={WIDTH}x{HEIGHT}:r=25"
    scenes = (
        f"testsrc2={size}",
        f"gradients={size}:seed=7:speed=0.03:c0=navy:c1=teal:c2=black:c3=orange:nb_colors=4",
        f"testsrc2={size},hue=h=140:s=0.6,negate,hflip",
        f"smptehdbars={size},scroll=horizontal=0.008",
        f"testsrc2={size},rotate=0.6,eq=brightness=-0.25",
    )
    lengths = [round((b - a) * RATE) for a, b in zip((0.0, *CUTS), (*CUTS, 12.0), strict=True)]
    graph = ";".join(
        f"{s},trim=end_frame={n},setpts=N/25/TB,setsar=1,format=yuv420p[s{i}]"
        for i, (s, n) in enumerate(zip(scenes, lengths, strict=True))
    )
    graph += ";" + "".join(f"[s{i}]" for i in range(len(scenes))) + f"concat=n={len(scenes)}[v]"
    path = folder / "cuts.mp4"
    run(ffmpeg, *voice(12.0), "-filter_complex", graph, "-map", "[v]", "-map", "0:a", *H264, *AAC, str(path))
    return MadeVideo(path, Truth(duration=12.0, cuts=CUTS))


@registered
def make_sync(ffmpeg: str, folder: Path) -> MadeVideo:
    """Make a flash and a tone at each of ``BEATS``: picture and sound can be laid against each other. Flashes aren't cuts."""
    on = "lt(mod(t-1,2),0.08)*gte(t,1)"
    flash = "lt(mod(t-0.99,2),0.08)*gte(t,0.99)"  # half a frame early: no frame stands on the edge
    tone = f"aevalsrc='0.5*sin(2*PI*1000*t)*{on}':c=mono:s=48000:d={SECONDS}"
    path = folder / "sync.mp4"
    whitened = f"eq=brightness=-0.2,drawbox=c=white:t=fill:enable='{flash}'"
    run(ffmpeg, *moving(), "-f", "lavfi", "-i", tone, "-vf", whitened, *H264, *AAC, str(path))
    return MadeVideo(path, Truth(channels=1))
