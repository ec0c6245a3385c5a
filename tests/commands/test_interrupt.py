"""Someone presses Ctrl-C, or the system asks the program to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.commands.square_analyzer import BLOCK_VARIABLE
from webcam_app.capture import SourceKind
from webcam_app.capture.video import VideoSource
from webcam_app.output.files import AtomicFile
from webcam_app.output.h264 import VideoTrack
from webcam_app.output.video_file import VideoFile

MakeVideo = Callable[..., Path]
Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


def start(*arguments: object, child: str = "from tests.commands import square_analyzer as s") -> subprocess.Popen[str]:
    """Run the program with the stand-in for the network, which waits in its third picture."""
    code = f"import sys\n{child}\ns.install()\nfrom webcam_app.cli import main\nsys.exit(main())"
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, BLOCK_VARIABLE: "3"},
    )


def stop_when_blocked(child: subprocess.Popen[str], number: int) -> tuple[int, str]:
    assert child.stdout is not None
    assert child.stdout.readline() == "blocking\n"
    child.send_signal(number)
    _, complaints = child.communicate(timeout=60)
    return child.returncode, complaints


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_annotate_stops_and_leaves_nothing(tmp_path: Path, make_video: MakeVideo, number: int, code: int) -> None:
    source, work = make_video(), tmp_path / "work"
    work.mkdir()
    child = start("annotate", source, "-o", work / "out.mp4", "--faces", work / "out.jsonl")
    returned, complaints = stop_when_blocked(child, number)
    assert returned == code
    assert complaints.count("\n") == 1
    assert "interrupted" in complaints
    assert "out.mp4" in complaints
    assert list(work.iterdir()) == []


def test_a_script_s_background_job_is_stopped_too(tmp_path: Path, make_video: MakeVideo) -> None:
    ignoring = (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nfrom tests.commands import square_analyzer as s"
    )
    child = start("annotate", make_video(), "-o", tmp_path / "out.mp4", child=ignoring)
    assert stop_when_blocked(child, signal.SIGINT)[0] == 130


def test_what_was_there_before_is_kept(tmp_path: Path, make_video: MakeVideo) -> None:
    source, out = make_video(), tmp_path / "out.mp4"
    out.write_text("old")
    returned, _ = stop_when_blocked(start("annotate", source, "-o", out, "--overwrite"), signal.SIGINT)
    assert returned == 130
    assert out.read_text() == "old"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["in.mp4", "out.mp4"]


LIVE = """
from tests.commands import square_analyzer as s
import dataclasses
from webcam_app.capture import SourceKind
from webcam_app.capture.video import VideoSource
told = VideoSource.info.fget
VideoSource.info = property(lambda self: dataclasses.replace(told(self), kind=SourceKind.CAMERA))
"""


def test_a_source_without_end_is_kept_up_to_there(tmp_path: Path, make_video: MakeVideo) -> None:
    import av

    source, out, lines = make_video(), tmp_path / "out.mp4", tmp_path / "out.jsonl"
    child = start("annotate", source, "-o", out, "--faces", lines, child=LIVE)
    returned, complaints = stop_when_blocked(child, signal.SIGINT)
    assert returned == 130
    assert "2 frames" in complaints
    with av.open(str(out)) as container:
        assert len(list(container.decode(video=0))) == 2
    assert len(lines.read_text().splitlines()) == 2


@pytest.fixture
def live_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Video files that call themselves cameras."""
    told = VideoSource.info.fget
    assert told is not None
    monkeypatch.setattr(VideoSource, "info", property(lambda self: replace(told(self), kind=SourceKind.CAMERA)))


def interrupt_after(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, *, before: bool = False) -> None:
    """Ctrl-C arrives just after (or before) the body of a method."""
    method: Any = getattr(owner, name)

    def call(*arguments: Any) -> Any:
        if before:
            signal.raise_signal(signal.SIGINT)
        answer = method(*arguments)
        if isinstance(answer, Iterator):
            answer = list(answer)
        if not before:
            signal.raise_signal(signal.SIGINT)
        return answer

    monkeypatch.setattr(owner, name, call)


@pytest.mark.usefixtures("squares", "live_files")
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize(
    ("owner", "name"), [(VideoFile, "finish"), (VideoTrack, "finish"), (VideoFile, "close"), (AtomicFile, "commit")]
)
def test_a_live_recording_survives_ctrl_c_in_its_last_flush(
    tmp_path: Path,
    make_video: MakeVideo,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    owner: type,
    name: str,
    before: bool,
) -> None:
    import av

    interrupt_after(monkeypatch, owner, name, before=before)
    source, out, lines = make_video(), tmp_path / "out.mp4", tmp_path / "out.jsonl"
    code, _, complaints = run("annotate", source, "-o", out, "--faces", lines, "--duration", "1")
    assert code == 130
    assert "25 frames" in complaints and "out.mp4" in complaints
    with av.open(str(out)) as container:
        assert len(list(container.decode(video=0))) == 25
    assert len(lines.read_text().splitlines()) == 25


@pytest.mark.usefixtures("squares", "live_files")
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_ctrl_c_while_a_live_frame_is_written_loses_no_frame(
    tmp_path: Path, make_video: MakeVideo, run: Run, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    import av

    interrupt_after(monkeypatch, VideoTrack, "encode", before=before)
    out, lines = tmp_path / "out.mp4", tmp_path / "out.jsonl"
    code, _, complaints = run("annotate", make_video(), "-o", out, "--faces", lines, "--duration", "1")
    assert (code, "1 frames" in complaints) == (130, True)
    with av.open(str(out)) as container:
        assert len(list(container.decode(video=0))) == 1
    assert len(lines.read_text().splitlines()) == 1


@pytest.mark.usefixtures("squares")
def test_a_video_that_is_complete_when_ctrl_c_arrives_is_kept(
    tmp_path: Path, make_video: MakeVideo, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt_after(monkeypatch, VideoTrack, "finish")
    out = tmp_path / "out.mp4"
    code, _, complaints = run("annotate", make_video(), "-o", out)
    assert code == 130
    assert "50 frames" in complaints and "removed" not in complaints
    assert out.stat().st_size > 0


STUCK = """
from tests.commands import square_analyzer as s
import ctypes
from webcam_app.commands import interrupt
interrupt.GRACE_SECONDS = 0.2
def block():
    library, mutex = ctypes.CDLL(None), ctypes.create_string_buffer(256)
    library.pthread_mutex_lock(mutex)
    library.pthread_mutex_lock(mutex)
s.block = block
"""


@pytest.mark.skipif(sys.platform != "linux", reason="blocks in a way that is Linux's own")
def test_what_cannot_be_interrupted_is_left_behind(tmp_path: Path, make_video: MakeVideo) -> None:
    source, work = make_video(), tmp_path / "work"
    work.mkdir()
    child = start("annotate", source, "-o", work / "out.mp4", child=STUCK)
    assert stop_when_blocked(child, signal.SIGTERM)[0] == 143
    assert list(work.iterdir()) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_classify_stops_and_keeps_what_is_done(
    tmp_path: Path, make_picture: Callable[..., object], write_picture: Callable[..., Path], number: int, code: int
) -> None:
    for name in range(5):
        write_picture(tmp_path / "pictures" / f"{name}.png", make_picture(("male", 20, 20), ("female", 90, 20)))
    child = start("classify", tmp_path / "pictures", "--csv", tmp_path / "out.csv", child=BLOCKING_STILLS)
    returned, complaints = stop_when_blocked(child, number)
    assert returned == code
    assert complaints.count("\n") == 1
    assert "the first 2 pictures" in complaints and "--resume" in complaints
    assert [line.rpartition("/")[2][:7] for line in (tmp_path / "out.csv").read_text().splitlines()[1:]] == [
        "0.png,1", "0.png,2", "1.png,1", "1.png,2",
    ]  # fmt: skip
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["out.csv", "pictures"]


def test_classify_stopped_before_the_first_picture_leaves_an_older_table_alone(
    tmp_path: Path, make_picture: Callable[..., object], write_picture: Callable[..., Path]
) -> None:
    write_picture(tmp_path / "a.png", make_picture(("male", 20, 20)))
    (tmp_path / "out.csv").write_text("old")
    at_once = BLOCKING_STILLS.replace("== 3", "== 1")
    child = start("classify", tmp_path / "a.png", "--csv", tmp_path / "out.csv", child=at_once)
    assert stop_when_blocked(child, signal.SIGINT)[0] == 130
    assert (tmp_path / "out.csv").read_text() == "old"


BLOCKING_STILLS = """
from tests.commands import square_analyzer as s
still = s.SquareAnalyzer.analyze_still
looked = []
def analyze_still(self, image):
    looked.append(image)
    if len(looked) == 3:
        print("blocking", flush=True)
        s.block()
    return still(self, image)
s.SquareAnalyzer.analyze_still = analyze_still
"""
