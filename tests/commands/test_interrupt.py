"""Someone presses Ctrl-C, or the system asks the program to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.square_analyzer import BLOCK_VARIABLE

MakeVideo = Callable[..., Path]
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


def test_classify_stops_and_leaves_no_table(
    tmp_path: Path, make_picture: Callable[..., object], write_picture: Callable[..., Path]
) -> None:
    for number in range(5):
        write_picture(tmp_path / "pictures" / f"{number}.png", make_picture(("male", 20, 20)))
    child = start("classify", tmp_path / "pictures", "--csv", tmp_path / "out.csv", child=BLOCKING_STILLS)
    assert stop_when_blocked(child, signal.SIGINT)[0] == 130
    assert [entry.name for entry in tmp_path.iterdir()] == ["pictures"]


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
