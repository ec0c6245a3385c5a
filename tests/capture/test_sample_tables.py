"""A file that claims far more pictures or pieces of sound than it has bytes is refused before FFmpeg makes an index."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.capture.fakes import picture, write_video
from webcam_app.capture import open_source
from webcam_app.capture.sample_tables import FREE_SAMPLES, Claims, claims_of
from webcam_app.errors import SourceError, SourceLostError

ABSURD = 16_777_226


def boxes(content: bytes | bytearray, kind: bytes) -> list[int]:
    """Where the content of each box of a kind begins."""
    found = [match.end() for match in re.finditer(re.escape(kind), content)]
    return [place for place in found if 8 <= int.from_bytes(content[place - 8 : place - 4], "big") <= len(content)]


def numbers_at(content: bytearray, place: int, *numbers: int) -> None:
    for which, number in enumerate(numbers):
        content[place + 4 * which : place + 4 * which + 4] = number.to_bytes(4, "big")


def write_raw(path: Path, *, frames: int = 30, front: bool = False) -> Path:
    """Pictures of one size, which need no table."""
    with av.open(str(path), "w", options={"movflags": "faststart"} if front else {}) as container:
        track: Any = container.add_stream("rawvideo", rate=30)
        track.width, track.height, track.pix_fmt = 64, 48, "uyvy422"
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(number), format="bgr24").reformat(format="uyvy422")
            frame.pts = number
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return path


def write_pcm(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        track: Any = container.add_stream("mpeg4", rate=30)
        track.width, track.height, track.pix_fmt = 64, 48, "yuv420p"
        voice: Any = container.add_stream("pcm_s16le", rate=48_000, layout="mono")
        for number in range(30):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), format="bgr24")
            frame.pts = number
            container.mux(track.encode(frame))
            samples: Any = av.AudioFrame.from_ndarray(np.zeros((1, 1600), np.int16), format="s16", layout="mono")
            samples.sample_rate, samples.pts, samples.time_base = 48_000, 1600 * number, Fraction(1, 48_000)
            container.mux(voice.encode(samples))
        container.mux(track.encode(None))
        container.mux(voice.encode(None))
    return path


def pictures_of_one_size(folder: Path) -> bytearray:
    content = bytearray(write_raw(folder / "raw.mov").read_bytes())
    numbers_at(content, boxes(content, b"stsz")[0] + 8, ABSURD)
    return content


def a_table_that_lists_no_more(folder: Path) -> bytearray:
    content = bytearray(write_video(folder / "in.mp4").read_bytes())
    numbers_at(content, boxes(content, b"stsz")[0] + 4, 1, ABSURD)
    return content


def sound_in_large_chunks(folder: Path) -> bytearray:
    content = bytearray(write_pcm(folder / "pcm.mov").read_bytes())
    place = boxes(content, b"stsc")[1]
    count = int.from_bytes(content[place + 4 : place + 8], "big")
    for which in range(count):
        numbers_at(content, place + 8 + 12 * which + 4, 100 * ABSURD)
    return content


def a_fragment_without_sizes(folder: Path) -> bytearray:
    options = {"movflags": "frag_keyframe+empty_moov"}
    content = bytearray(write_video(folder / "in.mp4", options=options).read_bytes())
    numbers_at(content, boxes(content, b"trun")[-1], 0, ABSURD)
    return content


def a_fragment_with_sizes_that_are_not_there(folder: Path) -> bytearray:
    options = {"movflags": "frag_keyframe+empty_moov"}
    content = bytearray(write_video(folder / "in.mp4", options=options).read_bytes())
    numbers_at(content, boxes(content, b"trun")[0] + 4, ABSURD)
    return content


ABSURDITIES = [
    pictures_of_one_size,
    a_table_that_lists_no_more,
    sound_in_large_chunks,
    a_fragment_without_sizes,
    a_fragment_with_sizes_that_are_not_there,
]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What FFmpeg is given to read."""
    names: list[str] = []
    really = av.open

    def open_(name: Any, *arguments: Any, **others: Any) -> Any:
        names.append(str(name))
        return really(name, *arguments, **others)

    monkeypatch.setattr(av, "open", open_)
    return names


@pytest.mark.parametrize("make", ABSURDITIES)
def test_an_absurd_claim_is_refused_before_an_index_is_made(
    make: Callable[[Path], bytearray], tmp_path: Path, opened: list[str]
) -> None:
    path = tmp_path / "absurd.mp4"
    path.write_bytes(make(tmp_path))
    opened.clear()
    with pytest.raises(SourceError) as error:
        open_source(str(path))
    assert opened == []
    assert "\n" not in str(error.value)
    assert "absurd.mp4" in str(error.value) and "damaged" in str(error.value)


@pytest.mark.parametrize("options", [{}, {"movflags": "frag_every_frame+empty_moov"}], ids=["whole", "in fragments"])
def test_a_file_that_says_what_is_true_claims_no_more_than_it_has(options: dict[str, str], tmp_path: Path) -> None:
    path = write_video(tmp_path / "in.mp4", options=options)
    claims = claims_of(path)
    assert claims.samples <= 30
    assert claims.bytes < path.stat().st_size


def test_pictures_of_one_size_claim_no_more_than_there_is(tmp_path: Path) -> None:
    path = write_raw(tmp_path / "in.mov")
    assert claims_of(path) == Claims(30, 30 * 64 * 48 * 2)


def test_uncompressed_sound_claims_no_more_than_it_has(tmp_path: Path) -> None:
    path = write_pcm(tmp_path / "in.mov")
    claims = claims_of(path)
    assert 0 < claims.samples <= 48
    assert 0 < claims.bytes <= path.stat().st_size


def test_what_was_not_copied_completely_is_played_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = write_raw(tmp_path / "whole.mov", frames=120, front=True).read_bytes()
    cut = tmp_path / "cut.mov"
    cut.write_bytes(whole[: len(whole) // 2])
    assert claims_of(cut).bytes > cut.stat().st_size
    assert claims_of(cut).samples < FREE_SAMPLES
    with open_source(str(cut)) as source:
        count = 0
        with pytest.raises(SourceLostError, match="cut off"):
            while source.read() is not None:
                count += 1
    assert count >= 50


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"\x1a\x45\xdf\xa3" * 50, b"RIFF\xff\xff\xff\xffAVI " * 20])
def test_what_is_no_mp4_claims_nothing(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    assert claims_of(path).samples == 0


@pytest.mark.parametrize("at", range(4))
def test_boxes_with_sizes_that_make_no_sense_are_no_crash_and_no_hang(at: int, tmp_path: Path) -> None:
    content = write_raw(tmp_path / "raw.mov").read_bytes()
    path = tmp_path / "changed.mov"
    for kind, size in itertools.product((b"moov", b"trak", b"stbl", b"stsc", b"mdat"), (0, 1, 7, 8, 0xFFFFFFFF)):
        changed = bytearray(content)
        place = boxes(content, kind)[0] - 8
        numbers_at(changed, place, size)
        del changed[len(changed) - at :]
        path.write_bytes(changed)
        assert claims_of(path).samples in (0, 30)
