"""Videos with changed headers, lengths and time stamps, over all containers: ``python -m tests.commands.fuzz_videos``.

Each is annotated with coloured squares for faces, and must be done or refused in one line: no crash, no hang, nothing
left behind, and the memory of the process that does it stays where it was. What is made depends on its number only, so
``--first 1234 --count 1`` does one again.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest import mock

import av
import numpy as np

from tests.commands.square_analyzer import SquareAnalyzer, draw_face
from webcam_app.cli import main
from webcam_app.measure.memory import memory_mib

RATE, FRAMES, SIZE = 25, 10, (64, 48)
MAX_SECONDS = 30.0
"""Of the processor: an input that takes more is too slow."""
HANGS_SECONDS = 120.0
"""An input that takes longer hangs. The processor may have been busy with something else for much of that."""
WARM_UP = 300
MAX_GROWTH_MIB = 256.0
"""From the end of the warm-up on. The C library keeps what the largest damaged picture took, some 70 MiB; a leak of
20 KiB a video would be seen after 15,000."""
INTERESTING = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


@dataclass(frozen=True)
class Kind:
    """A container with codecs for it, and the marks before which its lengths and times stand."""

    name: str
    video: str
    sound: str | None
    marks: tuple[bytes, ...] = ()
    options: tuple[tuple[str, str], ...] = ()


_MP4 = (b"mvhd", b"mdhd", b"tkhd", b"elst", b"stts", b"ctts", b"stsc", b"stsz", b"stco", b"stsd", b"hdlr", b"trak")
_FRAGMENTS = (b"moof", b"tfhd", b"tfdt", b"trun", b"mfhd", b"trex")
_MATROSKA = (
    b"\x44\x89",
    b"\x2a\xd7\xb1",
    b"\x23\xe3\x83",
    b"\xe7",
    b"\xa3",
    b"\xa0",
    b"\x9b",
    b"\xae",
    b"\x1f\x43\xb6\x75",
)
_AVI = (b"avih", b"strh", b"strf", b"idx1", b"00dc", b"01wb", b"LIST", b"movi")
_ASF = (b"\xa1\xdc\xab\x8c", b"\x91\x07\xdc\xb7", b"\x36\x26\xb2\x75", b"\x82\x00\x00")
KINDS = (
    Kind("in.mp4", "libx264", "aac", _MP4),
    Kind("in.mov", "mpeg4", "pcm_s16le", _MP4),
    Kind("frag.mp4", "mpeg4", "aac", _MP4 + _FRAGMENTS, (("movflags", "frag_keyframe+empty_moov"),)),
    Kind("in.mkv", "libx264", "ac3", _MATROSKA),
    Kind("in.webm", "libvpx", "libopus", _MATROSKA),
    Kind("in.avi", "mpeg4", "pcm_s16le", _AVI),
    Kind("b.avi", "libx264", "libmp3lame", _AVI),
    Kind("in.asf", "wmv2", "wmav2", _ASF),
    Kind("in.flv", "flv", "libmp3lame", (b"\x09", b"\x08", b"onMetaData")),
    Kind("in.ts", "mpeg2video", "mp2", (b"G", b"\x00\x00\x01\xe0", b"\x00\x00\x01\xc0")),
    Kind("in.mpg", "mpeg2video", "mp2", (b"\x00\x00\x01\xba", b"\x00\x00\x01\xe0", b"\x00\x00\x01\xc0")),
    Kind("in.nut", "mpeg4", "pcm_s16le"),
    Kind("in.ogg", "libvpx", "flac", (b"OggS",)),
    Kind("in.mxf", "mpeg2video", "pcm_s16le", (b"\x06\x0e\x2b\x34",)),
    Kind("in.h264", "libx264", None, (b"\x00\x00\x01",)),
    Kind("in.m4v", "mpeg4", None, (b"\x00\x00\x01",)),
    Kind("in.ivf", "libvpx", None, (b"DKIF",)),
    Kind("in.mjpeg", "mjpeg", None, (b"\xff\xc0", b"\xff\xc4", b"\xff\xdb", b"\xff\xda")),
    Kind("in.y4m", "wrapped_avframe", None, (b"YUV4", b"FRAME")),
)


def sources(folder: Path) -> list[tuple[Kind, bytes]]:
    """A small video of every kind that this FFmpeg can write."""
    made = []
    for kind in KINDS:
        path = folder / kind.name
        with contextlib.suppress(ValueError, OSError, av.FFmpegError):
            _write(path, kind)
            made.append((kind, path.read_bytes()))
        path.unlink(missing_ok=True)
    return made


def mutated(number: int, whole: Sequence[tuple[Kind, bytes]]) -> tuple[str, bytes]:
    """Name and content of the video of a number."""
    chance = random.Random(number)
    kind, original = whole[number % len(whole)]
    content = bytearray(original)
    for _ in range(chance.randint(1, 8)):
        how = chance.random()
        if how < 0.5 and kind.marks:
            _change_after_mark(content, chance.choice(kind.marks), chance)
        elif how < 0.75:
            _change(content, chance.randrange(min(len(content), 2000)), chance)
        else:
            _change(content, chance.randrange(len(content)), chance)
    if chance.random() < 0.15:
        del content[chance.randrange(len(content)) :]
    elif chance.random() < 0.1:
        start = chance.randrange(len(content))
        content[start:start] = content[start : start + chance.randrange(4000)] * chance.randint(1, 3)
    return kind.name, bytes(content or b"\0")


def fault_of(number: int, whole: Sequence[tuple[Kind, bytes]], folder: Path) -> tuple[int, str | None]:
    """Annotate the video of a number; tells the exit code and what was wrong with how it went."""
    name, content = mutated(number, whole)
    source, out = folder / name, folder / ("out.mp4" if number % 3 else "out.mkv")
    source.write_bytes(content)
    said, complaints = io.StringIO(), io.StringIO()
    with (
        mock.patch("webcam_app.faces.analyzer.FaceAnalyzer", SquareAnalyzer),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(complaints),
    ):
        code = main(["annotate", str(source), "-o", str(out), "--duration", "60"])
    text, fault = complaints.getvalue(), None
    if code not in (0, 1):
        fault = f"exit code {code}"
    elif "Traceback" in text or "unexpected error" in text or "not enough memory" in text:
        fault = text.strip()
    elif out.exists() != (code == 0):
        fault = "a file is left" if code else "no file was written"
    elif code == 1 and text.count("\n") != 1:
        fault = f"more than a line: {text}"
    source.unlink()
    out.unlink(missing_ok=True)
    left = [path.name for path in folder.iterdir()]
    if left:
        fault = fault or f"left behind: {left}"
    return code, fault


def _write(path: Path, kind: Kind) -> None:
    with av.open(str(path), "w", options=dict(kind.options)) as container:
        stream: Any = container.add_stream(kind.video, rate=RATE)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuvj420p" if kind.video == "mjpeg" else "yuv420p"
        voice: Any = None
        if kind.sound is not None:
            voice = container.add_stream(kind.sound, rate=44_100 if path.suffix == ".flv" else 48_000, layout="mono")
            voice.bit_rate = 64_000
        for number in range(FRAMES):
            image = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
            draw_face(image, "female", 8 + number, 8, 24)
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if voice is not None:
            _write_sound(container, voice)


def _write_sound(container: Any, voice: Any) -> None:
    rate, size = voice.rate, voice.codec_context.frame_size or 960
    for first in range(0, int(0.4 * rate), size):
        wave = (0.3 * np.sin(np.arange(first, first + size) * 0.06)).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(wave[np.newaxis], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, first, Fraction(1, rate)
        converted = av.AudioResampler(format=voice.codec_context.format.name, layout="mono", rate=rate).resample(frame)
        for part in converted:
            container.mux(voice.encode(part))
    container.mux(voice.encode(None))


def _change_after_mark(content: bytearray, mark: bytes, chance: random.Random) -> None:
    start, places = 0, []
    while (start := content.find(mark, start)) >= 0 and len(places) < 64:
        places.append(start)
        start += 1
    if places:
        place = chance.choice(places) + chance.choice((-4, len(mark))) + chance.randrange(24)
        _change(content, min(max(place, 0), len(content) - 1), chance)


def _change(content: bytearray, place: int, chance: random.Random) -> None:
    """Change a byte, or a number of two to eight bytes."""
    width = chance.choice((1, 1, 2, 4, 4, 8))
    value = chance.choice((*INTERESTING, chance.getrandbits(8 * width))) % (1 << 8 * width)
    content[place : place + width] = value.to_bytes(width, chance.choice(("big", "little")))


def _work(numbers: range, folder: str, connection: Connection) -> None:
    home = Path(folder)
    whole = sources(home)
    for number in numbers:
        connection.send(("begun", number, 0, None, 0.0))
        began = time.process_time()
        code, fault = fault_of(number, whole, home)
        if (took := time.process_time() - began) > MAX_SECONDS:
            fault = fault or f"takes {took:.0f} s of the processor"
        connection.send(("done", number, code, fault, memory_mib()))
    connection.close()


def run(first: int, count: int) -> int:
    """Run them in a process that is watched; prints what went wrong and a summary.

    Returns:
        How many went wrong.
    """
    faults, codes, growth = 0, Counter[int](), 0.0
    slowest = (0.0, first)
    following, began = first, time.monotonic()
    while following < first + count:
        folder = tempfile.mkdtemp(prefix="fuzz")
        ours, theirs = multiprocessing.Pipe(duplex=False)
        context = multiprocessing.get_context("spawn")
        worker = context.Process(target=_work, args=(range(following, first + count), folder, theirs))
        worker.start()
        theirs.close()
        done, warm, problem, begun = 0, 0.0, None, 0.0
        try:
            while following < first + count:
                if not ours.poll(HANGS_SECONDS):
                    problem = "hangs"
                    break
                what, number, code, fault, memory = ours.recv()
                if what == "begun":
                    begun = time.monotonic()
                    continue
                slowest = max(slowest, (time.monotonic() - begun, number))
                following, done = number + 1, done + 1
                codes[code] += 1
                if done == WARM_UP:
                    warm = memory
                if done > WARM_UP:
                    growth = max(growth, memory - warm)
                if fault is not None:
                    faults += 1
                    print(f"{number}: {fault}", flush=True)
                if done % 1000 == 0:
                    print(f"{following - first} done, {memory:.0f} MiB", file=sys.stderr, flush=True)
        except EOFError:
            worker.join()
            problem = f"crashes (exit code {worker.exitcode})"
        worker.kill()
        worker.join()
        shutil.rmtree(folder, ignore_errors=True)
        if problem is not None:
            print(f"{following}: {problem}", flush=True)
            faults, following = faults + 1, following + 1
    grown = growth > MAX_GROWTH_MIB
    print(
        f"{count} videos from {first} on: {codes[0]} annotated, {codes[1]} refused, {faults} at fault; memory grew by "
        f"{growth:.0f} MiB at most; {time.monotonic() - began:.0f} s, of which {slowest[0]:.1f} s for {slowest[1]}"
    )
    return faults + grown


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="number of the first video (default: 0)")
    parser.add_argument("--count", type=int, default=20_000, help="how many (default: 20000)")
    arguments = parser.parse_args()
    sys.exit(1 if run(arguments.first, arguments.count) else 0)
