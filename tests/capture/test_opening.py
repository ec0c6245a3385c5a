"""Which kind of source a text names."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from tests.capture.fakes import write_video
from webcam_app.capture import cameras, open_source
from webcam_app.capture.text import printable, without_password
from webcam_app.errors import SourceError, SourceNotFoundError


@pytest.fixture(autouse=True)
def no_cameras(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cameras, "list_cameras", lambda **_: [])


def test_an_address_of_a_file_is_the_file(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a clip.mp4", frames=2)
    with open_source(path.as_uri()) as source:
        assert source.info.name == "a clip.mp4"


def test_nothing_named_is_refused() -> None:
    with pytest.raises(SourceNotFoundError, match="No source was named"):
        open_source("")


@pytest.mark.parametrize("spec", ["/no/such/file.mp4", "no such clip.mov", "\0.mp4", "a" * 5000 + ".mp4"])
def test_what_looks_like_a_file_is_missed_as_a_file(spec: str) -> None:
    with pytest.raises(SourceNotFoundError, match=r"The file .* does not exist") as error:
        open_source(spec)
    assert "\n" not in str(error.value) and len(str(error.value)) < 300


def test_a_camera_that_is_gone_is_not_called_a_file() -> None:
    with pytest.raises(SourceNotFoundError, match="No camera was found"):
        open_source("HD Webcam@usb-0000:00:14.0-1")


def test_a_word_that_means_nothing_is_not_answered_as_a_camera() -> None:
    with pytest.raises(SourceNotFoundError, match="no camera, file or folder 'nonsense'"):
        open_source("nonsense")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_is_refused_without_waiting_for_someone_to_write(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(SourceError, match="is a pipe"):
        open_source(str(tmp_path / "pipe.mp4"))


def test_what_is_opened_after_it_was_cancelled_is_closed_again(tmp_path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(SourceError, match="cancelled"):
        open_source(str(write_video(tmp_path / "clip.mp4", frames=2)), cancel=cancel)


def test_shown_names_are_one_short_line() -> None:
    assert printable("a\nb\x1b[31m") == "a�b�[31m"
    assert len(printable("x" * 1000)) < 250
    assert printable("肖像.jpg") == "肖像.jpg"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("rtsp://me:secret@cam.local:554/live", "rtsp://cam.local:554/live"),
        ("http://cam/video?token=secret", "http://cam/video"),
        ("http://me:sec@ret@cam/x", "http://cam/x"),
    ],
)
def test_passwords_are_not_shown(url: str, shown: str) -> None:
    assert without_password(url) == shown
