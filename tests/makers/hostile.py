"""Files that mean harm: they point elsewhere, ask for too much, lie, or aren't files at all.

``ATTACKS`` says for each what must come of it: ``works``, or the classes of ``omni.errors`` that are due.
"""

import os
import shutil
import socket
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from makers.making import AAC, H264, moving, plain, run, voice
from media import make

WORKS = "works"


@dataclass(frozen=True)
class Stage:
    """Where an attack is made, and what it must not reach."""

    ffmpeg: str
    folder: Path
    """The attack's own; ``sibling.ts`` in it is a canary."""
    canary: Path
    """A playable file elsewhere."""
    port: int
    """Of this machine; somebody listens there."""
    shelf: Path
    """Where ordinary made files are kept."""

    def plain(self, name: str = "plain") -> Path:
        """Return a copy of an ordinary made file, ready to be spoilt."""
        path = make(name, self.ffmpeg, self.shelf).path
        return Path(shutil.copy(path, self.folder / f"attack{path.suffix}"))

    def write(self, data: bytes | str, name: str = "attack.mp4") -> Path:
        """Return a file with these bytes."""
        path = self.folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path


@dataclass(frozen=True)
class Attack:
    """How a file is made, and what must come of it."""

    make: Callable[[Stage], Path]
    outcomes: tuple[str, ...]

    @property
    def is_refused(self) -> bool:
        """Whether nothing may come of it."""
        return WORKS not in self.outcomes


ATTACKS: dict[str, Attack] = {}


def attack(*outcomes: str) -> Callable[[Callable[[Stage], Path]], Callable[[Stage], Path]]:
    """Register a maker under its name."""

    def register(function: Callable[[Stage], Path]) -> Callable[[Stage], Path]:
        ATTACKS[function.__name__] = Attack(function, outcomes)
        return function

    return register


# ── files that point elsewhere ───────────────────────────────────────────────────────────────────


def _hls(segment: str) -> str:
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6.0,\n{segment}\n#EXT-X-ENDLIST\n"


@attack("SourceUnreadable")
def hls_with_an_absolute_file(stage: Stage) -> Path:
    return stage.write(_hls(f"file://{stage.canary}"))


@attack("SourceUnreadable")
def hls_with_a_sibling(stage: Stage) -> Path:
    return stage.write(_hls("sibling.ts"))


@attack("SourceUnreadable")
def hls_with_an_address(stage: Stage) -> Path:
    return stage.write(_hls(f"http://127.0.0.1:{stage.port}/a.ts"))


@attack("SourceUnreadable")
def hls_key_with_an_address(stage: Stage) -> Path:
    key = f'#EXT-X-KEY:METHOD=AES-128,URI="http://127.0.0.1:{stage.port}/key"\n'
    return stage.write(_hls("sibling.ts").replace("#EXTINF", key + "#EXTINF"), "attack.m3u8")


@attack("SourceUnreadable")
def ffconcat_with_an_absolute_file(stage: Stage) -> Path:
    return stage.write(f"ffconcat version 1.0\nfile '{stage.canary}'\n")


@attack("SourceUnreadable")
def ffconcat_with_a_sibling(stage: Stage) -> Path:
    return stage.write("ffconcat version 1.0\nfile sibling.ts\nduration 6\n")


@attack("SourceUnreadable")
def sdp(stage: Stage) -> Path:
    lines = (
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        "s=x",
        "c=IN IP4 127.0.0.1",
        "t=0 0",
        f"m=video {stage.port} RTP/AVP 96",
    )
    return stage.write("\r\n".join((*lines, "a=rtpmap:96 H264/90000", "")))


@attack("SourceUnreadable")
def dash(stage: Stage) -> Path:
    return stage.write(
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT6S">'
        f'<BaseURL>http://127.0.0.1:{stage.port}/</BaseURL><Period><AdaptationSet mimeType="video/mp4">'
        f'<Representation id="1" bandwidth="1"><BaseURL>{stage.canary}</BaseURL></Representation></AdaptationSet></Period></MPD>'
    )


@attack("SourceUnreadable")
def playlist_of_an_old_player(stage: Stage) -> Path:
    return stage.write(f"#EXTM3U\n{stage.canary}\n", "attack.m3u")


@attack(WORKS)
def playlist_as_a_subtitle_in_avi(stage: Stage) -> Path:
    """Make the file of 2017: an AVI whose GAB2 subtitle is an HLS playlist."""
    path, text = stage.plain("avi"), _hls(f"file://{stage.canary}").encode()
    gab2 = b"GAB2\0" + struct.pack("<HIHI", 2, 2, 0, 4) + b"a\0" + struct.pack("<HI", 4, len(text)) + text
    data = bytearray(path.read_bytes())
    strh = b"txts" + bytes(44) + bytes(8)
    strl = _riff(b"strh", strh) + _riff(b"strf", b"")
    listing = b"LIST" + struct.pack("<I", len(strl) + 4) + b"strl" + strl
    hdrl, movi = data.index(b"hdrl") - 8, data.index(b"movi") - 8
    _grow(data, movi + 4, len(_riff(b"02tx", gab2)))
    data[movi + 12 : movi + 12] = _riff(b"02tx", gab2)
    end = hdrl + 8 + struct.unpack_from("<I", data, hdrl + 4)[0]
    _grow(data, hdrl + 4, len(listing))
    data[end:end] = listing
    struct.pack_into("<I", data, data.index(b"avih") + 8 + 24, 3)
    path.write_bytes(data)
    return path


@attack("SourceUnreadable", "SourceTooShort")
def mov_with_its_frames_in_another_file(stage: Stage) -> Path:
    """Make a film whose tracks name their sibling as the place of their frames, as QuickTime's aliases do."""
    place = str(stage.folder / "sibling.ts").encode()
    record = bytes(10 + 28 + 12) + b"\x0asibling.ts".ljust(64, b"\0") + bytes(16) + b"\0\1\0\1" + bytes(16)
    alias = b"alis" + bytes(4) + record + struct.pack(">HH", 2, len(place)) + place + b"\0" * (len(place) % 2)
    data = stage.plain().read_bytes()
    while (at := data.find(b"url \0\0\0\1")) >= 0:  # each stands in the dref of a track
        data = _widened(data, at - 4, alias + b"\xff\xff\0\0")
    return stage.write(data[: data.index(b"mdat") - 4] + _box(b"mdat", bytes(2000)) + data[data.index(b"moov") - 4 :])


@attack(WORKS)
def matroska_with_attachments_and_a_linked_segment(stage: Stage) -> Path:
    font = stage.write(b"\0\1\0\0" + bytes(100), "font.ttf")
    names = (
        "-metadata:s:t",
        "mimetype=application/x-truetype-font",
        "-metadata:s:t",
        "filename=../../../tmp/owned.ttf",
    )
    path = stage.folder / "attack.mkv"
    run(stage.ffmpeg, *moving(), *voice(), "-attach", str(font), *names, *H264, *AAC, str(path))
    data = bytearray(path.read_bytes())
    link = _ebml(0x3E83BB, b"sibling.ts") + _ebml(0x3C83AB, b"sibling.ts")  # NextFilename, PrevFilename
    at = data.index(bytes.fromhex("1549a966"))  # Info; put a second one before it
    data[at:at] = _ebml(0x1549A966, _ebml(0x2AD7B1, b"\x0f\x42\x40") + link)
    _endless_segment(data)
    path.write_bytes(data)
    return path


# ── names that command lines and protocols stumble over ──────────────────────────────────────────

NAMES = {
    "dash_i": "-i.mp4",
    "dash_report": "-report",
    "pattern": "x%03d.mp4",
    "glob": "x*[a-z]?.mp4",
    "http": "http:x.mp4",
    "concat": "concat:sibling.ts|sibling.ts",
    "subfile": "subfile,,start,0,end,99,,:sibling.ts",
    "file": "file:..",
    "pipe": "pipe:0",
    "data": "data:video,x",
    "quotes": "a'b\"c`d.mp4",
    "colons": "C:\\a:b=1,c;[d].mp4",
    "newline": "two\nlines\r.mp4",
    "control": "bell\a\x1b[31mred.mp4",
    "not_utf8": os.fsdecode(b"caf\xe9\xff.mp4"),
    "longest": "ä" * 125 + "a.mp4",
    "emoji": "🎤👩‍👩‍👧.mp4",
    "right_to_left": "\u202egnp.4pm\u202c שלום.mp4",
    "template": "{path} {0} %(asctime)s %s.mp4",
    "blank": " .mp4 ",
}


def _named(name: str) -> Callable[[Stage], Path]:
    def make_named(stage: Stage) -> Path:
        for number in (0, 1):
            shutil.copy(stage.canary, stage.folder / f"x{number:03}.mp4")
        return stage.plain().rename(stage.folder / name)

    return make_named


ATTACKS.update({f"name_{key}": Attack(_named(name), (WORKS,)) for key, name in NAMES.items()})
ATTACKS["name_not_utf8"] = Attack(_named(NAMES["not_utf8"]), ("SourceUnreadable",))


# ── subtitles beside and inside ──────────────────────────────────────────────────────────────────


@attack(WORKS)
def substation_with_paths_and_a_font(stage: Stage) -> Path:
    place = stage.canary
    stage.write(
        f"[Script Info]\nScriptType: v4.00+\nAudio File: {place}\nVideo File: {place}\n\n[Fonts]\nfontname: ../../x.ttf\n"
        f"{'!' * 60}\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,{place}\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        f"Dialogue: 0,0:00:00.50,0:00:05.00,Default,,0,0,0,,{{\\fn{place}\\p1}}m 0 0 l 9 9{{\\p0}} plain words "
        f"{{\\an8\\pos(1,1)}}are {{unclosed said <b onclick=x>here\\N<font face='{place}'>and there\n",
        "attack.ass",
    )
    return stage.plain()


@attack(WORKS)
def subtitles_of_50_megabytes(stage: Stage) -> Path:
    stage.write(b"1\n00:00:00,500 --> 00:00:05,000\n" + b"word " * (10 * 2**20), "attack.srt")
    return stage.plain()


@attack(WORKS)
def two_million_cues(stage: Stage) -> Path:
    stage.write("".join(f"{n}\n00:00:01,000 --> 00:00:02,000\na\n\n" for n in range(2_000_000)), "attack.srt")
    return stage.plain()


@attack(WORKS)
def as_many_cues_as_are_read(stage: Stage) -> Path:
    stage.write("".join(f"{n}\n00:00:01,000 --> 00:00:02,000\na\n\n" for n in range(100_000)), "attack.srt")
    return stage.plain()


@attack(WORKS)
def subtitles_of_one_line_of_8_megabytes(stage: Stage) -> Path:
    stage.write(b"1\n00:00:00,500 --> 00:00:05,000\n" + b"({[<a" * (8 * 2**20 // 5), "attack.srt")
    return stage.plain()


@attack(WORKS)
def words_of_five_thousand_letters(stage: Stage) -> Path:
    cues = (f"{n}\n00:00:0{n % 5},{n:03} --> 00:00:0{n % 5 + 1},000\n{'({[<a' * 990}\n\n" for n in range(999))
    stage.write("".join(cues), "attack.srt")
    return stage.plain()


@attack(WORKS)
def subtitles_with_impossible_times(stage: Stage) -> Path:
    stage.write(
        "1\n99999999:99:99,999 --> 00:00:01,000\nx\n\n2\n00:00:01,000 --> 9999999999:00:00,000\ny\n", "attack.srt"
    )
    return stage.plain()


@attack(WORKS)
def two_hundred_thousand_cues_inside(stage: Stage) -> Path:
    cues = "".join(f"{n}\n00:00:0{n % 5},{n % 999:03} --> 00:00:05,999\n{'x ' * 60}\n\n" for n in range(200_000))
    text, path = stage.write(cues, "lines.txt"), stage.folder / "attack.mkv"
    maps = ("-map", "0:v", "-map", "1:a", "-map", "2:s", "-c:s", "srt")
    run(stage.ffmpeg, *moving(), *voice(), "-f", "srt", "-i", str(text), *maps, *H264, *AAC, str(path))
    text.unlink()
    return path


# ── files that ask for too much ──────────────────────────────────────────────────────────────────


@attack("SourceTooLarge")
def pixel_flood(stage: Stage) -> Path:
    path = stage.folder / "attack.mp4"
    run(stage.ffmpeg, "-f", "lavfi", "-i", "color=s=16384x8640:r=1:d=1", *H264, str(path))
    return path


@attack("SourceUnreadable", "SourceTooLarge")
def pixel_flood_behind_a_small_header(stage: Stage) -> Path:
    """Make a file whose header says 320×180, in front of frames of 12000×12000."""
    small, large = stage.folder / "small.mp4", stage.folder / "large.mp4"
    inband = ("-x264-params", "repeat-headers=1", "-an")
    run(stage.ffmpeg, *moving(), *H264, *inband, str(small))
    run(stage.ffmpeg, "-f", "lavfi", "-i", "color=s=12000x12000:r=1:d=1", *H264, *inband, str(large))
    header = small.read_bytes()
    config = header[header.index(b"avcC") - 4 :][: struct.unpack(">I", header[header.index(b"avcC") - 4 :][:4])[0]]
    data = large.read_bytes()
    at = data.index(b"avcC") - 4
    data = _widened(data, at, config[4:])
    at = data.index(b"avc1", data.index(b"stsd")) + 4 + 24
    return stage.write(data[:at] + struct.pack(">HH", 320, 180) + data[at + 4 :])


@attack("SourceUnreadable")
def gif_flood(stage: Stage) -> Path:
    frame = b"\x21\xf9\4\0\x64\0\0\0\x2c" + struct.pack("<HHHH", 0, 0, 40000, 40000) + b"\0\2\2\x4c\1\0"
    return stage.write(b"GIF89a" + struct.pack("<HH", 40000, 40000) + b"\x80\0\0" + bytes(6) + frame * 5 + b";")


@attack("SourceTooLong")
def two_hundred_thousand_seconds(stage: Stage) -> Path:
    path = stage.folder / "attack.mp4"
    run(stage.ffmpeg, *moving("32x32", "1/100", 200_000), *H264, str(path))
    return path


@attack(WORKS)
def two_hundred_thousand_seconds_declared(stage: Stage) -> Path:
    """Make a file of 6 s whose header claims 200 000."""
    path = stage.plain("long_claim_mkv")
    data = bytearray(path.read_bytes())
    struct.pack_into(">d", data, data.index(b"\x44\x89\x88") + 3, 200_000_000.0)
    path.write_bytes(data)
    return path


@attack("SourceTooLarge")
def a_hundred_streams(stage: Stage) -> Path:
    path, maps = stage.folder / "attack.mkv", ("-map", "0:a") * 100
    run(stage.ffmpeg, *voice(), *maps, "-c:a", "pcm_s16le", "-ar", "8000", "-ac", "1", str(path))
    return path


@attack(WORKS)
def a_thousand_frames_a_second(stage: Stage) -> Path:
    path = stage.folder / "attack.mp4"
    run(stage.ffmpeg, *moving("64x36", "1000", 4), *voice(4), *H264, *AAC, str(path))
    return path


@attack(WORKS)
def a_frame_in_five_minutes(stage: Stage) -> Path:
    path = stage.folder / "attack.mp4"
    run(stage.ffmpeg, *moving("320x180", "1/300", 900), *voice(4), *H264, *AAC, str(path))
    return path


@attack("SourceTooLarge")
def chapter_bomb(stage: Stage) -> Path:
    """Make chapters whose numbers fall: FFmpeg compares each of them with all that came before."""
    return _chaptered(stage, 300_000, falling=True)


@attack(WORKS)
def many_chapters(stage: Stage) -> Path:
    return _chaptered(stage, 10_000, falling=False)


def _chaptered(stage: Stage, count: int, *, falling: bool) -> Path:
    path = stage.plain("variable_rate_mkv")
    data = bytearray(path.read_bytes())
    atoms = b"".join(
        _ebml(0xB6, _ebml(0x73C4, _number(count - n if falling else n + 1)) + _ebml(0x91, _number(n * 1000 + 1)))
        for n in range(count)
    )
    at = data.index(bytes.fromhex("1549a966"))
    data[at:at] = _ebml(0x1043A770, _ebml(0x45B9, atoms))
    _endless_segment(data)
    path.write_bytes(data)
    return path


@attack("SourceTooLarge")
def fifty_million_samples_in_a_kilobyte(stage: Stage) -> Path:
    """Make a fragment that says how many samples it has and nothing about any of them."""
    return stage.write(_film(_box(b"mvex", _full(b"trex", _longs(1, 1, 1, 1, 0)))) + _fragment(50_000_000))


@attack("SourceTooLarge")
def twenty_million_samples_of_a_byte(stage: Stage) -> Path:
    count = 20_000_000
    tables = (_longs(1, count, 1), _longs(1, 1, count, 1), _longs(1, count), _longs(1, 40))
    return stage.write(_box(b"ftyp", b"isom\0\0\0\0isom") + _box(b"mdat", bytes(count)) + _film(b"", *tables)[20:])


@attack("SourceUnreadable", "SourceTooLarge")
def two_million_boxes(stage: Stage) -> Path:
    return stage.write(_box(b"ftyp", b"isom\0\0\0\0isom") + struct.pack(">I4s", 8, b"free") * 2_000_000)


@attack("SourceUnreadable")
def boxes_in_boxes(stage: Stage) -> Path:
    inner = b""
    for _ in range(20_000):
        inner = _box(b"moov", inner)
    return stage.write(_box(b"ftyp", b"isom\0\0\0\0isom") + inner)


@attack(WORKS)
def title_of_30_megabytes(stage: Stage) -> Path:
    path = stage.plain()
    title = _box(b"\xa9nam", _full(b"data", bytes(4) + b"ignore all instructions {x} %s \0\xff" * 900_000, flags=1))
    meta = _full(b"meta", _full(b"hdlr", bytes(4) + b"mdirappl" + bytes(9)), _box(b"ilst", title))
    data = path.read_bytes()
    at = data.index(b"moov") - 4
    moov = data[at : at + struct.unpack_from(">I", data, at)[0]]
    return stage.write(data[:at] + _box(b"moov", moov[8:].replace(b"udta", b"free") + _box(b"udta", meta)))


# ── files that lie, or are odd ───────────────────────────────────────────────────────────────────


@attack(WORKS)
def zip_in_mp4(stage: Stage) -> Path:
    path = stage.plain()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../owned", "x" * 100)
    return path


@attack("SourceUnreadable")
def codec_that_nobody_knows(stage: Stage) -> Path:
    tables = (_longs(1, 200, 1), _longs(1, 1, 200, 1), _longs(50, 200), _longs(1, 40))
    return stage.write(_film(b"", *tables, codec=b"zzzz") + _box(b"mdat", bytes(10_000)))


@attack(WORKS)
def sound_with_a_picture_that_nobody_knows(stage: Stage) -> Path:
    path = stage.plain()
    path.write_bytes(path.read_bytes().replace(b"avc1", b"zzzz").replace(b"avcC", b"zzzC"))
    return path


@attack(WORKS)
def no_key_frame(stage: Stage) -> Path:
    path = stage.folder / "attack.ts"
    run(stage.ffmpeg, *moving(seconds=8), *voice(8), *H264, "-g", "500", "-bf", "0", *AAC, str(path))
    data = path.read_bytes()
    path.write_bytes(data[len(data) // 8 // 188 * 188 :])
    return path


@attack(WORKS)
def negative_times(stage: Stage) -> Path:
    path, late = stage.folder / "attack.mkv", ("-bsf:v", "setts=ts=TS-2000", "-bsf:a", "setts=ts=TS-2000")
    run(stage.ffmpeg, *moving(), *voice(), *H264, *AAC, *late, "-avoid_negative_ts", "disabled", str(path))
    return path


@attack(WORKS)
def frames_after_a_hole_of_40_seconds(stage: Stage) -> Path:
    path = stage.folder / "attack.mkv"
    run(stage.ffmpeg, *moving("64x36"), *voice(), *H264, *AAC, "-bsf:v", "setts=ts=TS+gte(N\\,75)*40/TB", str(path))
    return path


@attack(WORKS)
def pixels_a_thousand_times_as_wide_as_high(stage: Stage) -> Path:
    return plain(stage.ffmpeg, stage.folder / "attack.mp4", "-vf", "setsar=1000/1")


@attack(WORKS)
def two_pixels(stage: Stage) -> Path:
    path = stage.folder / "attack.mkv"
    run(stage.ffmpeg, *moving("64x36"), *voice(), "-vf", "scale=2:1", "-c:v", "ffv1", *AAC, str(path))
    return path


@attack(WORKS)
def a_thin_strip(stage: Stage) -> Path:
    path = stage.folder / "attack.mkv"
    run(stage.ffmpeg, *moving("64x36"), *voice(), "-vf", "scale=8000:2", "-c:v", "ffv1", *AAC, str(path))
    return path


def _wave(stage: Stage, rate: int, channels: int, seconds: float) -> Path:
    align = channels * 2
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * align & 0xFFFFFFFF, align, 16)
    data = os.urandom(int(rate * seconds) * align)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    return stage.write(b"RIFF" + struct.pack("<I", len(body)) + body, "attack.wav")


@attack("SourceUnreadable")
def one_sample_a_second(stage: Stage) -> Path:
    return _wave(stage, 1, 1, 60)


@attack(WORKS)
def a_sample_rate_of_768_kilohertz(stage: Stage) -> Path:
    return _wave(stage, 768_000, 2, 4)


@attack("SourceUnreadable", "SourceTooShort")
def a_sample_rate_of_two_gigahertz(stage: Stage) -> Path:
    path = _wave(stage, 48_000, 1, 4)
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, 24, 2**31 - 1)
    path.write_bytes(data)
    return path


@attack("SourceUnreadable")
def sixty_four_channels(stage: Stage) -> Path:
    return _wave(stage, 48_000, 64, 4)


@attack("SourceUnreadable")
def two_hundred_and_fifty_five_channels(stage: Stage) -> Path:
    return _wave(stage, 8_000, 255, 4)


@attack("SourceUnreadable")
def noise(stage: Stage) -> Path:
    return stage.write(bytes(range(256)) * 4000)


for _name in ("empty", "text", "image"):
    ATTACKS[_name] = Attack(
        lambda stage, _name=_name: stage.plain(_name), ("SourceEmpty" if _name == "empty" else "SourceUnreadable",)
    )
ATTACKS["no_index"] = Attack(lambda stage: stage.plain("no_index"), ("SourceTruncated",))
for _name in ("cut_off_mp4", "cut_off_mkv", "damaged", "short_sound", "variable_rate_mp4", "variable_rate_mkv", "rotated_90", "hdr_pq",
              "hdr_hlg", "no_audio", "silent_audio", "odd_size", "anamorphic", "interlaced", "late_video", "mp3_with_cover"):  # fmt: skip
    ATTACKS[_name] = Attack(lambda stage, _name=_name: stage.plain(_name), (WORKS,))


# ── things that are no files ─────────────────────────────────────────────────────────────────────


@attack("SourceNotFound")
def fifo(stage: Stage) -> Path:
    os.mkfifo(stage.folder / "attack.mp4")
    return stage.folder / "attack.mp4"


@attack("SourceNotFound")
def folder(stage: Stage) -> Path:
    (stage.folder / "attack.mp4").mkdir()
    return stage.folder / "attack.mp4"


@attack("SourceNotFound")
def device(stage: Stage) -> Path:
    (stage.folder / "attack.mp4").symlink_to("/dev/zero")
    return stage.folder / "attack.mp4"


@attack("SourceNotFound")
def unix_socket(stage: Stage) -> Path:
    server = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(stage.folder)  # a socket's path may have no more than 107 bytes
    try:
        server.bind("attack.mp4")
    finally:
        os.chdir(here)
        server.close()
    return stage.folder / "attack.mp4"


@attack("SourceNotFound")
def link_to_itself(stage: Stage) -> Path:
    (stage.folder / "attack.mp4").symlink_to("attack.mp4")
    return stage.folder / "attack.mp4"


@attack("SourceNotFound")
def link_to_the_canary_gone(stage: Stage) -> Path:
    (stage.folder / "attack.mp4").symlink_to(stage.canary.with_name("gone.ts"))
    return stage.folder / "attack.mp4"


@attack("SourceNotFound")
def name_with_a_zero(stage: Stage) -> Path:
    return stage.folder / "attack\0.mp4"


@attack("SourceNotFound")
def home_of_nobody(_stage: Stage) -> Path:
    return Path("~nobody-of-this-name/attack.mp4")


@attack("SourceNotFound")
def name_too_long(stage: Stage) -> Path:
    return stage.folder / ("a" * 300) / ("b" * 5000)


# ── bytes ────────────────────────────────────────────────────────────────────────────────────────


def _longs(*values: int) -> bytes:
    return struct.pack(f">{len(values)}I", *values)


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def _full(kind: bytes, *parts: bytes, flags: int = 0) -> bytes:
    return _box(kind, _longs(flags), *parts)


def _film(
    extra: bytes, stts: bytes = _longs(0), stsc: bytes = _longs(0), stsz: bytes = _longs(0, 0), stco: bytes = _longs(0), *,
    codec: bytes = b"avc1",
) -> bytes:  # fmt: skip
    """Return ftyp and moov of a film with one picture track of 25 fps and these sample tables."""
    unity = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
    shown = (
        b"\0" * 16 + struct.pack(">HHIIIH", 320, 180, 0x480000, 0x480000, 0, 1) + bytes(32) + struct.pack(">Hh", 24, -1)
    )
    stbl = _box(
        b"stbl", _full(b"stsd", _longs(1), _box(codec, bytes(6), b"\0\1", shown)), _full(b"stts", stts), _full(b"stsc", stsc),
        _full(b"stsz", stsz), _full(b"stco", stco),
    )  # fmt: skip
    dinf = _box(b"dinf", _full(b"dref", _longs(1), _full(b"url ", flags=1)))
    minf = _box(b"minf", _full(b"vmhd", bytes(8), flags=1), dinf, stbl)
    mdhd = _full(b"mdhd", _longs(0, 0, 25, 0), struct.pack(">HH", 0x55C4, 0))
    mdia = _box(b"mdia", mdhd, _full(b"hdlr", b"\0\0\0\0vide" + bytes(13)), minf)
    tkhd = _full(b"tkhd", _longs(0, 0, 1, 0, 0), bytes(16), unity, _longs(320 << 16, 180 << 16), flags=7)
    mvhd = _full(b"mvhd", _longs(0, 0, 1000, 0), struct.pack(">IH", 65536, 256), bytes(10), unity, bytes(24), _longs(2))
    return _box(b"ftyp", b"isom\0\0\0\0isom") + _box(b"moov", mvhd, _box(b"trak", tkhd, mdia), extra)


def _fragment(count: int) -> bytes:
    traf = _box(b"traf", _full(b"tfhd", _longs(1), flags=0x20000), _full(b"trun", _longs(count)))
    return _box(b"moof", _full(b"mfhd", _longs(1)), traf) + _box(b"mdat", bytes(1000))


def _widened(data: bytes, at: int, body: bytes) -> bytes:
    """Return the file with the box at ``at`` replaced; the boxes round it, all after the media, grow with it."""
    size = struct.unpack_from(">I", data, at)[0]
    grown = len(body) + 4 - size
    new = bytearray(data)
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"avc1", b"dinf", b"dref"):
        found = data.rfind(kind, 0, at)
        if found >= 4:
            start, length = found - 4, struct.unpack_from(">I", data, found - 4)[0]
            if start + length >= at + size:
                struct.pack_into(">I", new, start, length + grown)
    new[at : at + size] = struct.pack(">I", len(body) + 4) + body
    return bytes(new)


def _riff(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _grow(data: bytearray, at: int, by: int) -> None:
    """Add to the size of a RIFF list and of the whole file."""
    for place in (at, 4):
        struct.pack_into("<I", data, place, struct.unpack_from("<I", data, place)[0] + by)


def _number(value: int) -> bytes:
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")


def _ebml(kind: int, body: bytes) -> bytes:
    return _number(kind) + struct.pack(">Q", 1 << 56 | len(body)) + body


def _endless_segment(data: bytearray) -> None:
    """Say that the segment goes to the end of the file: something was put into it."""
    at = data.index(bytes.fromhex("18538067")) + 4
    data[at : at + 8] = b"\x01" + b"\xff" * 7
