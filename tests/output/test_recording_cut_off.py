"""A recording ends in a way that nobody wanted, and what was recorded is there."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from webcam_app.errors import RecordingError
from webcam_app.output.fragments import FragmentFile
from webcam_app.output.marks import forget_unfinished, unfinished_recordings
from webcam_app.output.recorder import Recorder

Make = Callable[..., Any]
KILLS = int(os.environ.get("WEBCAM_APP_TEST_KILLS", "4"))

CHILD = """
import sys
import numpy as np
from pathlib import Path
from webcam_app.output.recorder import Recorder
noise = np.random.default_rng(0).integers(0, 32, (240, 320, 3), dtype=np.uint8)
fps = float(sys.argv[2])
recorder = Recorder(Path(sys.argv[1]), 320, 240, fps_hint=fps)
number = 0
while True:
    recorder.write(np.roll(noise, number, 1), number / fps)
    print(number / fps, flush=True)
    number += 1
"""


def shown_times(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [float(frame.pts * frame.time_base) for frame in container.decode(video=0)]


def record_until_killed(path: Path, fps: int, frames: int) -> float:
    """Record in a child process, kill it, and tell the time of the last frame that it had taken."""
    with subprocess.Popen([sys.executable, "-c", CHILD, str(path), str(fps)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(frames)]
        child.kill()
        lines += child.stdout.read().splitlines()
    return float(lines[-1])


@pytest.mark.parametrize("attempt", range(KILLS))
def test_kill_9_loses_the_last_second_at_most(tmp_path: Path, attempt: int) -> None:
    chance = random.Random(attempt)
    fps = chance.choice([8, 15, 30, 60])
    path = tmp_path / "killed.mp4"
    last = record_until_killed(path, fps, chance.randint(fps + 1, 6 * fps))
    times = shown_times(path)
    assert last - times[-1] <= 1.0
    assert times == pytest.approx([number / fps for number in range(len(times))], abs=1e-3)


def test_the_next_start_finds_a_recording_that_was_killed(tmp_path: Path) -> None:
    record_until_killed(tmp_path / "killed.mp4", 30, 60)
    assert unfinished_recordings(tmp_path) == [tmp_path / "killed.mp4"]
    forget_unfinished(tmp_path / "killed.mp4")
    assert unfinished_recordings(tmp_path) == []
    assert [entry.name for entry in tmp_path.iterdir()] == ["killed.mp4"]


def test_a_recording_that_is_running_is_not_called_unfinished(tmp_path: Path, picture: Make) -> None:
    with Recorder(tmp_path / "running.mp4", 320, 240) as recorder:
        for number in range(60):
            recorder.write(picture(number), number / 30)
        assert unfinished_recordings(tmp_path) == []
    assert [entry.name for entry in tmp_path.iterdir()] == ["running.mp4"]


def test_a_folder_that_is_not_there_has_no_unfinished_recordings(tmp_path: Path) -> None:
    assert unfinished_recordings(tmp_path / "nowhere") == []


Usage = namedtuple("Usage", "total used free")


def test_before_the_disk_is_full_it_stops_and_says_so(
    tmp_path: Path, picture: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [1 << 30]
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(1 << 40, 0, free[0]))
    recorder = Recorder(tmp_path / "full.mp4", 320, 240, fps_hint=30, min_free_bytes=1 << 20)
    for number in range(60):
        recorder.write(picture(number), number / 30)
    free[0] = 1000
    with pytest.raises(RecordingError, match=r"the disk is full.*full\.mp4"):
        for number in range(60, 120):
            recorder.write(picture(number), number / 30)
    assert shown_times(tmp_path / "full.mp4")[-1] >= 59 / 30 - 0.001
    with pytest.raises(RecordingError, match="closed"):
        recorder.write(picture(), 10)
    recorder.close()
    assert unfinished_recordings(tmp_path) == []


def test_without_space_no_recording_starts_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="the disk is full"):
        Recorder(tmp_path / "none.mp4", 320, 240, min_free_bytes=1 << 62)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "read-only"), (errno.EIO, "taken out"), (errno.EDQUOT, "quota")],
)
def test_a_disk_that_refuses_a_write_half_way_leaves_whole_fragments(
    tmp_path: Path, picture: Make, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    write_fully = FragmentFile._write_fully

    def refuse(self: FragmentFile, data: bytes) -> None:
        if self.size > 60_000:
            write_fully(self, data[: len(data) // 2])
            raise OSError(number, os.strerror(number))
        write_fully(self, data)

    monkeypatch.setattr(FragmentFile, "_write_fully", refuse)
    recorder = Recorder(tmp_path / "refused.mp4", 640, 480, fps_hint=30)
    noise = picture(0, 640, 480)
    noise[::2, ::3] //= 2
    with pytest.raises(RecordingError, match=words) as caught:
        for index in range(2000):
            recorder.write((noise + index).astype("uint8"), index / 30)
    assert "\n" not in str(caught.value)
    times = shown_times(tmp_path / "refused.mp4")
    assert len(times) >= 12
    assert len(times) % 12 == 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["refused.mp4"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no file that is open")
def test_a_folder_that_is_deleted_gets_the_recording_back(tmp_path: Path, picture: Make) -> None:
    folder = tmp_path / "videos"
    recorder = Recorder(folder / "kept.mp4", 320, 240, fps_hint=30)
    with pytest.raises(RecordingError, match=r"folder is not there.*kept\.mp4"):
        for number in range(120):
            if number == 60:
                shutil.rmtree(folder)
            recorder.write(picture(number), number / 30)
    assert len(shown_times(recorder.path)) >= 60
    assert [entry.name for entry in folder.iterdir()] == ["kept.mp4"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows moves no folder with an open file")
def test_a_folder_that_is_renamed_keeps_its_recording(tmp_path: Path, picture: Make) -> None:
    folder = tmp_path / "videos"
    with Recorder(folder / "moved.mp4", 320, 240, fps_hint=30) as recorder:
        for number in range(60):
            if number == 30:
                folder.rename(tmp_path / "elsewhere")
            recorder.write(picture(number), number / 30)
    assert len(shown_times(tmp_path / "elsewhere" / "moved.mp4")) == 60
    if sys.platform == "linux":
        assert [entry.name for entry in (tmp_path / "elsewhere").iterdir()] == ["moved.mp4"]
        assert recorder.path == tmp_path / "elsewhere" / "moved.mp4"


def test_a_name_that_is_too_long_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="too long") as caught:
        Recorder(tmp_path / ("n" * 300) / "clip.mp4", 320, 240)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(RecordingError, match="may not write"):
        Recorder(tmp_path / "clip.mp4", 320, 240)


def test_a_file_in_the_folder_s_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(RecordingError, match="choose another folder"):
        Recorder(tmp_path / "file" / "clip.mp4", 320, 240)


def test_a_file_that_exists_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_text("precious")
    with pytest.raises(RecordingError, match="already"):
        Recorder(tmp_path / "clip.mp4", 320, 240)
    assert (tmp_path / "clip.mp4").read_text() == "precious"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes; needs the right to mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(command, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.parametrize("min_free_bytes", [0, 300_000])
def test_a_real_disk_that_fills_up(small_disk: Path, picture: Make, min_free_bytes: int) -> None:
    recorder = Recorder(small_disk / "full.mp4", 640, 480, fps_hint=30, min_free_bytes=min_free_bytes)
    noise = np.random.default_rng(0).integers(0, 255, (480, 640, 3), dtype=np.uint8)
    with pytest.raises(RecordingError, match="the disk is full"):
        for number in range(300):
            recorder.write(np.roll(noise, number, axis=1) // 4, number / 30)
    assert len(shown_times(small_disk / "full.mp4")) >= 12
    assert [entry.name for entry in small_disk.iterdir()] == ["full.mp4"]


def test_a_disk_that_becomes_read_only(small_disk: Path, picture: Make) -> None:
    recorder = Recorder(small_disk / "kept.mp4", 320, 240, fps_hint=30, min_free_bytes=0)
    for number in range(60):
        recorder.write(picture(number), number / 30)
    recorder.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(RecordingError, match="read-only"):
        Recorder(small_disk / "next.mp4", 320, 240, min_free_bytes=0)
    assert len(shown_times(small_disk / "kept.mp4")) == 60
