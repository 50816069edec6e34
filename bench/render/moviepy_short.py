"""The same Short by MoviePy 2.2, as its documentation would have it written; run by ``uv run --with moviepy``."""
# pyright: basic

import json
import sys

import numpy as np
from moviepy import CompositeVideoClip, TextClip, VideoFileClip, afx

scene, font, threads, target = json.load(open(sys.argv[1])), sys.argv[2], int(sys.argv[3]), sys.argv[4]  # noqa: PTH123, SIM115
plan, cut = scene["plan"], scene["plan"]["cut"]
keys = plan["framing"]["segments"][0]["path"]
times, centres = [key["t"] for key in keys], [key["x"] for key in keys]

whole = VideoFileClip(scene["source"]["path"]).subclipped(cut["start"], cut["end"])
width = round(whole.w * plan["framing"]["crop_w"])


def window(get_frame, t):
    """Return the part of the frame that the camera shows."""
    left = int(np.clip(np.interp(t, times, centres) * whole.w - width / 2, 0, whole.w - width))
    return get_frame(t)[:, left : left + width]


short = whole.transform(window, apply_to=[]).resized((plan["width"], plan["height"]))
words = []
for cue in plan["captions"]["cues"]:
    line = [word for row in cue["lines"] for word in row]
    for shown in line:  # the word that is said has another colour
        text = " ".join(word["text"].upper() if word is shown else word["text"] for word in line)
        words.append(
            TextClip(font=font, text=text, font_size=70, color="white", stroke_color="black", stroke_width=4, size=(860, None), method="caption")
            .with_start(shown["start"]).with_duration(max(0.05, shown["end"] - shown["start"])).with_position(("center", 1130))
        )  # fmt: skip
made = CompositeVideoClip([short, *words]).with_effects([]).with_duration(short.duration)
if made.audio is not None:
    made = made.with_audio(made.audio.with_effects([afx.AudioNormalize()]))
made.write_videofile(
    target, fps=eval(plan["frame_rate"]), codec="libx264", preset="superfast", audio_codec="aac", threads=threads, logger=None,
    ffmpeg_params=["-crf", "22", "-pix_fmt", "yuv420p"],
)  # fmt: skip
