"""Someone gives annotate what it cannot use: one clear line, exit code 1, and nothing is left half-written."""

from __future__ import annotations

import errno
import os
import stat
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

MakeVideo = Callable[..., Path]
Run = Callable[..., tuple[int, str, str]]


def assert_refused(answer: tuple[int, str, str], *words: str) -> None:
    """One line for people on standard error, nothing on standard output, exit code 1."""
    code, said, complaints = answer
    assert code == 1
    assert said == ""
    assert complaints.count("\n") == 1, complaints
    assert complaints.startswith("webcam-app: ")
    assert "Traceback" not in complaints
    for word in words:
        assert word in complaints


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def text_file(path: Path) -> None:
    path.write_text("This is no video.\n" * 100)


def empty_file(path: Path) -> None:
    path.write_bytes(b"")


def empty_folder(path: Path) -> None:
    path.mkdir()


def missing(path: Path) -> None:
    pass


def sound_only(path: Path) -> None:
    with av.open(str(path), "w", format="mp4") as container:
        stream: Any = container.add_stream("aac", rate=48000)
        stream.layout = "mono"
        for start in range(0, 48000, 1024):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = 48000, start, Fraction(1, 48000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@pytest.mark.usefixtures("squares")
@pytest.mark.parametrize("make", [text_file, empty_file, empty_folder, missing, sound_only])
def test_a_source_that_is_none(tmp_path: Path, run: Run, make: Callable[[Path], None]) -> None:
    source, work = tmp_path / "source.mp4", tmp_path / "work"
    make(source)
    work.mkdir()
    answer = run("annotate", source, "-o", work / "out.mp4", "--faces", work / "out.jsonl")
    assert_refused(answer, "source.mp4")
    assert names(work) == []


@pytest.mark.usefixtures("squares")
def test_a_camera_that_is_not_there(tmp_path: Path, run: Run) -> None:
    assert_refused(run("annotate", "97", "-o", tmp_path / "out.mp4"), "camera")
    assert names(tmp_path) == []


@pytest.mark.usefixtures("squares")
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_video_that_was_not_copied_completely(tmp_path: Path, make_video: MakeVideo, run: Run, share: float) -> None:
    source = make_video("cut.mp4", times=[number / 25 for number in range(250)])
    whole = source.read_bytes()
    source.write_bytes(whole[: int(share * len(whole))])
    assert_refused(run("annotate", source, "-o", tmp_path / "out.mp4"), "cut.mp4")
    assert names(tmp_path) == ["cut.mp4"]


@pytest.mark.usefixtures("squares")
def test_a_video_with_its_index_in_front_that_was_not_copied_completely(
    tmp_path: Path, make_video: MakeVideo, run: Run
) -> None:
    source, cut = make_video(times=[number / 25 for number in range(250)]), tmp_path / "cut.mp4"
    with av.open(str(source)) as old, av.open(str(cut), "w", options={"movflags": "faststart"}) as new:
        stream = new.add_stream_from_template(old.streams.video[0])
        for packet in old.demux(video=0):
            if packet.size:
                packet.stream = stream
                new.mux(packet)
    whole = cut.read_bytes()
    assert whole.index(b"moov") < whole.index(b"mdat")
    cut.write_bytes(whole[: len(whole) // 2])
    assert_refused(run("annotate", cut, "-o", tmp_path / "out.mp4", "--faces", tmp_path / "o.jsonl"), "cut.mp4")
    assert names(tmp_path) == ["cut.mp4", "in.mp4"]


@pytest.mark.usefixtures("squares")
def test_what_is_there_is_kept(tmp_path: Path, make_video: MakeVideo, run: Run) -> None:
    source, out, lines = make_video(), tmp_path / "out.mp4", tmp_path / "out.jsonl"
    out.write_text("precious")
    assert_refused(run("annotate", source, "-o", out), "out.mp4", "--overwrite")
    out.unlink()
    lines.write_text("precious")
    assert_refused(run("annotate", source, "-o", out, "--faces", lines), "out.jsonl", "--overwrite")
    assert lines.read_text() == "precious"
    assert names(tmp_path) == ["in.mp4", "out.jsonl"]


@pytest.mark.usefixtures("squares")
def test_the_output_is_not_the_input(tmp_path: Path, make_video: MakeVideo, run: Run) -> None:
    source = make_video()
    before = source.read_bytes()
    link = tmp_path / "link.mp4"
    link.symlink_to(source)
    for out in (source, tmp_path / "." / "in.mp4", link):
        assert_refused(run("annotate", source, "-o", out, "--overwrite"), "choose another name")
    assert_refused(run("annotate", source, "-o", tmp_path / "o.mp4", "--faces", source, "--overwrite"), "in.mp4")
    assert_refused(run("annotate", source, "-o", tmp_path / "o.mp4", "--faces", tmp_path / "o.mp4"), "both")
    assert source.read_bytes() == before
    assert names(tmp_path) == ["in.mp4", "link.mp4"]


@pytest.mark.usefixtures("squares")
@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("no/such/folder/out.mp4", "folder is not there"),
        ("n" * 300 + ".mp4", "too long"),
        ("out.avi", ".mp4"),
        ("out", ".mp4"),
        ("folder.mp4", "it is a folder"),
        ("in.mp4/out.mp4", "choose another folder"),
    ],
)
def test_a_place_that_takes_no_video(tmp_path: Path, make_video: MakeVideo, run: Run, name: str, word: str) -> None:
    source = make_video()
    (tmp_path / "folder.mp4").mkdir()
    assert_refused(run("annotate", source, "-o", tmp_path / name, "--overwrite"), word)
    assert names(tmp_path) == ["folder.mp4", "in.mp4"]


@pytest.mark.usefixtures("squares")
def test_a_folder_that_cannot_be_written(
    tmp_path: Path, make_video: MakeVideo, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_video()
    system_open = os.open

    def refuse(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & os.O_CREAT:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return system_open(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", refuse)
    assert_refused(run("annotate", source, "-o", tmp_path / "out.mp4"), "out.mp4", "may not write")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
@pytest.mark.usefixtures("squares")
@pytest.mark.parametrize("full", ["out.mp4", "out.jsonl"])
def test_a_disk_that_fills_up(
    tmp_path: Path, make_video: MakeVideo, run: Run, monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    source = make_video(times=[number / 25 for number in range(500)])
    system_open = Path.open

    def open_full(self: Path, *arguments: Any, **named: Any) -> Any:
        is_full = self.name.endswith(Path(full).suffix) and ".partial" in self.name
        return system_open(Path("/dev/full") if is_full else self, *arguments, **named)

    monkeypatch.setattr(Path, "open", open_full)
    answer = run("annotate", source, "-o", tmp_path / "out.mp4", "--faces", tmp_path / "out.jsonl")
    assert_refused(answer, "disk is full", full)
    assert names(tmp_path) == ["in.mp4"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.usefixtures("squares")
def test_a_pipe_is_refused_at_once(tmp_path: Path, run: Run) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    assert_refused(run("annotate", tmp_path / "pipe.mp4", "-o", tmp_path / "out.mp4"), "pipe")
    assert names(tmp_path) == ["pipe.mp4"]


@pytest.mark.parametrize("damage", ["no files", "no card", "card is no JSON", "checksum differs"])
def test_a_model_that_is_damaged(
    tmp_path: Path, make_video: MakeVideo, run: Run, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    model = models / "gender.tflite"
    monkeypatch.setattr("webcam_app.resources.model_path", lambda name="gender.tflite": models / name)
    if damage != "no files":
        model.write_bytes(b"no model")
    if damage == "card is no JSON":
        model.with_suffix(".json").write_text("{")
    if damage == "checksum differs":
        model.with_suffix(".json").write_text(CARD)
    source = make_video()
    assert_refused(run("annotate", source, "-o", tmp_path / "out.mp4"), "gender.")
    assert_refused(run("classify", source), "gender.")
    assert_refused(run("model"), "gender.")
    assert names(tmp_path) == ["in.mp4", "models"]


CARD = """{"format": 1, "name": "gender", "task": "test", "labels": ["female", "male"], "input": {"size": 128,
"color_order": "RGB", "crop": {"scale": 1.25, "shift_down": 0.05}}, "outputs": {"classes": "a", "mask": null},
"temperature": 1.0, "thresholds": {"unsure": 0.8}, "sha256": "00"}"""


@pytest.mark.usefixtures("squares")
def test_a_turned_video_comes_out_upright(tmp_path: Path, make_video: MakeVideo, run: Run) -> None:
    source = make_video()
    content = bytearray(source.read_bytes())
    matrix = content.index(b"tkhd") + 4 + 40
    quarter = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    content[matrix : matrix + 36] = quarter
    source.write_bytes(content)
    out = tmp_path / "out.mp4"
    assert run("annotate", source, "-o", out)[0] == 0
    with av.open(str(out)) as container:
        frame = next(container.decode(video=0))
        picture = frame.to_ndarray(format="bgr24")
    assert picture.shape == (160, 120, 3)
    red = picture[:, :, 2].astype(int) - picture[:, :, 1]
    assert red[15:45, 55:85].mean() > 80 > red[90:].max()


@pytest.mark.usefixtures("squares")
def test_an_unexpected_error_is_a_line_too_and_a_traceback_on_request(
    tmp_path: Path, make_video: MakeVideo, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_video()

    def fail(*arguments: Any, **named: Any) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("webcam_app.output.annotating.draw_overlay", fail)
    assert_refused(run("annotate", source, "-o", tmp_path / "out.mp4"), "RuntimeError: two lines", "WEBCAM_APP_DEBUG")
    monkeypatch.setenv("WEBCAM_APP_DEBUG", "1")
    assert "Traceback" in run("annotate", source, "-o", tmp_path / "out.mp4")[2]
    assert names(tmp_path) == ["in.mp4"]


@pytest.mark.usefixtures("squares")
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("kind", ["pipe", "device", "link to a pipe", "link to a device"])
@pytest.mark.parametrize("more", [[], ["--overwrite"]])
def test_a_video_goes_into_no_pipe_and_no_device(
    tmp_path: Path, make_video: MakeVideo, run: Run, kind: str, more: list[str]
) -> None:
    source, out = make_video(), tmp_path / "out.mp4"
    if kind == "pipe":
        os.mkfifo(out)
    elif kind == "link to a pipe":
        os.mkfifo(tmp_path / "pipe")
        out.symlink_to(tmp_path / "pipe")
    elif kind == "link to a device":
        out.symlink_to("/dev/null")
    else:
        pytest.skip("only root can make devices") if os.geteuid() else os.mknod(out, 0o600 | stat.S_IFCHR, 0x103)
    before = names(tmp_path)
    assert_refused(run("annotate", source, "-o", out, *more), "out.mp4", kind.rpartition(" ")[2], "needs a file")
    assert names(tmp_path) == before


@pytest.mark.usefixtures("squares")
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_list_of_faces_for_a_pipe_that_nobody_reads_is_refused(
    tmp_path: Path, make_video: MakeVideo, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webcam_app.output.files.READER_SECONDS", 0.05)
    source, pipe = make_video(), tmp_path / "faces.jsonl"
    os.mkfifo(pipe)
    assert_refused(run("annotate", source, "-o", tmp_path / "out.mp4", "--faces", pipe), "faces.jsonl", "nobody reads")
    assert names(tmp_path) == ["faces.jsonl", "in.mp4"]


@pytest.mark.usefixtures("squares")
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("lines", [2, 50])
def test_whoever_reads_the_list_of_faces_from_a_pipe_may_have_enough(
    tmp_path: Path, make_video: MakeVideo, run: Run, lines: int
) -> None:
    source, pipe, out = make_video(), tmp_path / "faces.jsonl", tmp_path / "out.mp4"
    os.mkfifo(pipe)
    read: list[str] = []

    def reader() -> None:
        with pipe.open() as file:
            read.extend(file.readline() for _ in range(lines))

    thread = threading.Thread(target=reader)
    thread.start()
    code, _, complaints = run("annotate", source, "-o", out, "--faces", pipe)
    thread.join()
    assert code == 0
    assert len(read) == lines and all(line.endswith("}\n") for line in read)
    assert ("had enough" in complaints) == (lines == 2)
    with av.open(str(out)) as container:
        assert len(list(container.decode(video=0))) == 50


@pytest.mark.skipif(os.name != "posix", reason="pipes of a shell")
@pytest.mark.parametrize("lines", [0, 1])
def test_head_may_read_the_beginning_of_the_list_of_faces(tmp_path: Path, make_video: MakeVideo, lines: int) -> None:
    source, out = make_video(times=[number / 25 for number in range(400)]), tmp_path / "out.mp4"
    command = (
        f"{sys.executable} -m tests.commands.square_analyzer annotate {source} -o {out} --faces - "
        f"| head -n {lines}; echo ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    said = done.stdout.splitlines()
    assert said[-1] == "0"
    assert len(said) == lines + 1
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr
    assert "400 frames" in done.stderr
    with av.open(str(out)) as container:
        assert container.streams.video[0].frames == 400


@pytest.mark.parametrize("command", [["annotate", "-o", "out.mp4"], ["bench"], ["teach", "-o", "mine.json"]])
def test_a_name_that_is_too_long_is_told_shortened(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(run(*command, "x" * 300), "too long", "…")
    assert names(tmp_path) == []
