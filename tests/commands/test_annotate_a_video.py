"""Someone has a video and wants it annotated, with a list of what was seen."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("squares")
MakeVideo = Callable[..., Path]
Run = Callable[..., tuple[int, str, str]]


def look(path: Path) -> tuple[list[float], list[Any]]:
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
        return [float(frame.pts * frame.time_base) for frame in frames], [f.to_ndarray(format="bgr24") for f in frames]


def seconds(path: Path) -> float:
    with av.open(str(path)) as container:
        assert container.duration is not None
        return container.duration / 1e6


def sound(path: Path) -> tuple[str, float, float, list[bytes]]:
    """Codec, first and last time, and the packets of the sound."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        packets = [packet for packet in container.demux(stream) if packet.size]
        times = [float(packet.pts * packet.time_base) for packet in packets]
        return stream.codec_context.codec.canonical_name, times[0], times[-1], [bytes(packet) for packet in packets]


def test_the_faces_are_drawn_and_told(tmp_path: Path, make_video: MakeVideo, run: Run) -> None:
    source = make_video()
    out, lines = tmp_path / "out.mp4", tmp_path / "out.jsonl"
    code, said, complaints = run("annotate", source, "-o", out, "--faces", lines)
    assert (code, complaints) == (0, "")
    assert str(out) in said
    records = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    assert [record["frame"] for record in records] == list(range(50))
    assert [record["time"] for record in records] == pytest.approx([number / 25 for number in range(50)], abs=1e-3)
    for number, record in enumerate(records):
        (face,) = record["faces"]
        assert face["box"] == pytest.approx([10 + number, 30, 40, 40], abs=2)
        assert (face["label"], face["probabilities"], face["mask"]) == ("female", {"female": 0.97, "male": 0.03}, 0.1)
    _, before = look(source)
    _, after = look(out)
    assert np.abs(after[5][60:].astype(int) - before[5][60:]).mean() > 1
    assert np.abs(after[5][90:].astype(int) - before[5][90:]).mean() < 3


def test_uneven_times_and_the_length_stay(tmp_path: Path, make_video: MakeVideo, run: Run) -> None:
    times = [0.0, *accumulate([0.04, 0.2, 0.02, 0.5, 0.04] * 8)]
    source = make_video(times=times)
    out = tmp_path / "out.mp4"
    assert run("annotate", source, "-o", out)[0] == 0
    assert look(out)[0] == pytest.approx(look(source)[0], abs=1e-4)
    assert seconds(out) == pytest.approx(seconds(source), abs=0.04)


@pytest.mark.parametrize("name", ["out.mp4", "out.MOV", "out.mkv", "résultat – видео 1.m4v"])
def test_formats_and_names(tmp_path: Path, make_video: MakeVideo, run: Run, name: str) -> None:
    source = make_video("вход 入力.mp4")
    assert run("annotate", source, "-o", tmp_path / name)[0] == 0
    assert len(look(tmp_path / name)[0]) == 50
    assert seconds(tmp_path / name) == pytest.approx(2, abs=0.04)


@pytest.mark.parametrize(("name", "codec"), [("in.mp4", "aac"), ("in.mkv", "ac3")])
def test_sound_that_mp4_holds_is_copied(tmp_path: Path, make_video: MakeVideo, run: Run, name: str, codec: str) -> None:
    source = make_video(name, sound=codec)
    out = tmp_path / "out.mp4"
    assert run("annotate", source, "-o", out)[0] == 0
    before, after = sound(source), sound(out)
    assert after[0] == before[0] == codec
    assert after[1:3] == pytest.approx(before[1:3], abs=0.002)
    assert after[3] == before[3]


def test_sound_that_mp4_does_not_hold_is_encoded_anew(tmp_path: Path, make_video: MakeVideo, run: Run) -> None:
    source = make_video("in.mkv", sound="pcm_s16le")
    out = tmp_path / "out.mp4"
    assert run("annotate", source, "-o", out)[0] == 0
    codec, first, last, _ = sound(out)
    assert codec == "aac"
    assert first == pytest.approx(0, abs=0.05)
    assert last == pytest.approx(2, abs=0.05)


def test_picture_and_sound_stay_together_where_the_file_does_not_begin_at_zero(
    tmp_path: Path, make_video: MakeVideo, run: Run
) -> None:
    source = make_video("in.mkv", sound="ac3", start=0.3)
    out = tmp_path / "out.mp4"
    assert run("annotate", source, "-o", out)[0] == 0
    apart_before = look(source)[0][0] - sound(source)[1]
    apart_after = look(out)[0][0] - sound(out)[1]
    assert apart_after == pytest.approx(apart_before, abs=0.002)
    assert apart_after > 0.2


def test_an_odd_size_keeps_its_pixels(tmp_path: Path, make_video: MakeVideo, run: Run) -> None:
    source = make_video("in.mkv", size=(161, 121), codec="ffv1", pixels="yuv444p")
    out = tmp_path / "out.mp4"
    assert run("annotate", source, "-o", out)[0] == 0
    shown = look(out)[1][0]
    assert shown.shape == (122, 162, 3)
    assert np.abs(shown[90:121, :161].astype(int) - look(source)[1][0][90:]).mean() < 4


def test_a_folder_of_pictures_becomes_a_video(
    tmp_path: Path, make_picture: Callable[..., Any], write_picture: Callable[..., Path], run: Run
) -> None:
    for number, size in enumerate([(160, 120), (120, 160), (320, 240)]):
        write_picture(tmp_path / "pictures" / f"{number}.png", make_picture(("male", 30, 40), size=size))
    out, lines = tmp_path / "out.mp4", tmp_path / "out.jsonl"
    assert run("annotate", tmp_path / "pictures", "-o", out, "--faces", lines)[0] == 0
    assert {image.shape for image in look(out)[1]} == {(120, 160, 3)}
    assert seconds(out) == pytest.approx(3, abs=0.1)
    assert [json.loads(line)["faces"][0]["label"] for line in lines.read_text().splitlines()] == ["male"] * 3


def test_a_mirrored_video_has_its_faces_on_the_other_side_but_not_in_the_list(
    tmp_path: Path, make_video: MakeVideo, run: Run
) -> None:
    source = make_video(times=[0, 0.04])
    out, lines = tmp_path / "out.mp4", tmp_path / "out.jsonl"
    assert run("annotate", source, "-o", out, "--faces", lines, "--mirror")[0] == 0
    assert json.loads(lines.read_text().splitlines()[0])["faces"][0]["box"][0] == pytest.approx(10, abs=2)
    red = look(out)[1][0][50, :, 2].astype(int) - look(out)[1][0][50, :, 1]
    assert red[115:145].min() > 80 > red[10:50].max()


def test_a_wished_duration_is_kept(tmp_path: Path, make_video: MakeVideo, run: Run) -> None:
    out = tmp_path / "out.mp4"
    assert run("annotate", make_video(), "-o", out, "--duration", "1")[0] == 0
    assert seconds(out) == pytest.approx(1, abs=0.041)


def test_overwrite_replaces(tmp_path: Path, make_video: MakeVideo, run: Run) -> None:
    source = make_video()
    out, lines = tmp_path / "out.mp4", tmp_path / "out.jsonl"
    out.write_text("old")
    lines.write_text("old")
    assert run("annotate", source, "-o", out, "--faces", lines, "--overwrite")[0] == 0
    assert len(look(out)[0]) == 50
    assert len(lines.read_text().splitlines()) == 50


def test_a_progress_bar_is_drawn_on_a_terminal_only(
    tmp_path: Path, make_video: MakeVideo, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_video()
    assert run("annotate", source, "-o", tmp_path / "a.mp4")[2] == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("webcam_app.commands.progress.REDRAW_SECONDS", 0.0)
    drawn = run("annotate", source, "-o", tmp_path / "b.mp4")[2]
    assert "50%" in drawn
    assert "1 face" in drawn
    assert drawn.endswith("\r\x1b[K")


def test_permissions_are_those_of_any_new_file(tmp_path: Path, make_video: MakeVideo, run: Run) -> None:
    source = make_video()
    before = os.umask(0o027)
    try:
        assert run("annotate", source, "-o", tmp_path / "out.mp4")[0] == 0
    finally:
        os.umask(before)
    if os.name == "posix":
        assert (tmp_path / "out.mp4").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(("kept", "times"), [(None, 1), ("aac", 2)])
def test_a_file_is_opened_once_and_again_for_its_sound_only(
    kept: str | None, times: int, tmp_path: Path, make_video: MakeVideo, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, really = make_video(sound=kept), av.open
    opened: list[bool] = []

    def open_(file: Any, *arguments: Any, **others: Any) -> Any:
        opened.append(str(file).endswith(source.name))
        return really(file, *arguments, **others)

    monkeypatch.setattr(av, "open", open_)
    assert run("annotate", source, "-o", tmp_path / "out.mkv")[0] == 0
    assert sum(opened) == times
