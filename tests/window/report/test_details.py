"""Someone copies the details for a bug report and sends them to strangers."""

from __future__ import annotations

import getpass
import logging
import platform
from pathlib import Path

import pytest
from PyQt5.QtWidgets import QApplication

from tests.window.conftest import OpenWindow
from tests.window.fakes import camera
from webcam_app.live import LiveState
from webcam_app.window.main_window import MainWindow
from webcam_app.window.report import scrub as scrubbing
from webcam_app.window.report.log import Log, private, recent
from webcam_app.window.report.scrub import camera_name, scrub
from webcam_app.window.settings.schema import CameraMode

PERSON, HOST = "lovelace", "analytical"


@pytest.fixture(autouse=True)
def somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person and the machine that the system knows."""
    monkeypatch.setattr(getpass, "getuser", lambda: PERSON)
    monkeypatch.setattr(platform, "node", lambda: f"{HOST}.example.org")
    monkeypatch.setattr(Path, "home", lambda: Path(f"/home/{PERSON}"))


SECRETS = (
    ("The file /home/lovelace/holiday.mp4 does not exist.", ["lovelace", "holiday"]),
    ("Cannot write '/media/Charles Babbage/out put.mp4': full", ["Charles", "Babbage", "out put"]),
    ("Cannot write /media/Charles Babbage/out", ["Charles", "Babbage"]),
    ("in C:\\Users\\Ada King\\Videos\\clip.avi now", ["Ada", "King", "clip"]),
    ("at \\\\server\\share\\Ada\\x.png", ["server", "share", "Ada"]),
    ("~/Pictures/ada.png", ["Pictures", "ada"]),
    ("~ada/Pictures", ["ada", "Pictures"]),
    ("rtsp://admin:hunter2@192.168.1.20:554/live?token=abc is not there", ["admin", "hunter2", "192.168", "abc"]),
    ("https://cam.example.org/lovelace/stream", ["cam.example", "lovelace"]),
    ("Lovelace plugged it in on ANALYTICAL", ["ovelace", "ANALYTICAL"]),
    ("at analytical.example.org", ["analytical", "example.org"]),
    ("mail ada.king@example.org", ["ada", "king@", "example"]),
    ("peer 10.0.0.7:8080 and 00:1a:2b:3c:4d:5e", ["10.0.0.7", "1a:2b"]),
    ("serial 3F2A9C81D0 of it", ["3F2A9C81D0"]),
    ("'Ada and Charles' has ended", ["Ada", "Charles"]),
    (
        '  File "/home/lovelace/venv/lib/python3.11/site-packages/webcam_app/window/page.py", line 3',
        ["lovelace", "venv"],
    ),
    ('  File "/home/lovelace/other/thing.py", line 3, in run', ["lovelace", "thing"]),
    ("PermissionError: [Errno 13] Permission denied: '/srv/Ada'", ["srv", "Ada"]),
)


@pytest.mark.parametrize(("text", "secrets"), SECRETS)
def test_nothing_that_says_who_or_where_is_left(text: str, secrets: list[str]) -> None:
    left = scrub(text)
    assert not [secret for secret in secrets if secret.lower() in left.lower()], left


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The file /home/lovelace/holiday.mp4 does not exist.", "The file"),
        ("rtsp://admin:hunter2@192.168.1.20/live is not there", "rtsp://… is not there"),
        ("Cannot write '/srv/out.mp4': No space left on device", "'…': No space left on device"),
        (
            '  File "/home/lovelace/venv/lib/python3.11/site-packages/webcam_app/window/page.py", line 3, in open',
            'File "webcam_app/window/page.py", line 3, in open',
        ),
        ("STATE RUNNING: 30.0 frames/s, 640x480", "STATE RUNNING: 30.0 frames/s, 640x480"),
    ],
)
def test_what_helps_to_find_the_fault_is_kept(text: str, kept: str) -> None:
    assert kept in scrub(text)


def test_what_was_opened_is_known_by_all_its_parts() -> None:
    spec = "/data/Ada and Charles/at the sea.mp4"
    lines = f"opening {spec}\nat the sea.mp4 has ended\nAda and Charles\nat the sea is short"
    left = scrub(lines, [spec])
    assert "sea" not in left and "Charles" not in left
    assert "has ended" in left and "is short" in left


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Logitech HD Webcam C270", "Logitech HD Webcam C270"),
        ("HP TrueVision HD", "HP TrueVision HD"),
        ("USB2.0 PC CAMERA", "USB2.0 PC CAMERA"),
        ("Ada's iPhone Camera", "… iPhone Camera"),
        ("Ada King’s Camera", "… Camera"),
        ("C920 SN 2B4D8A6F91", "C920 SN …"),
    ],
)
def test_of_a_camera_the_model_is_told_and_neither_serial_nor_owner(name: str, told: str) -> None:
    assert camera_name(name) == told


def test_copied_from_the_window_it_says_what_is_needed_and_nothing_of_anybody(
    open_window: OpenWindow, folder: Path, qapp: QApplication
) -> None:
    log = Log()
    try:
        cameras = [
            camera("Webcam C270"),
            camera("Ada King's Camera", 1, "Ada King's Camera at /dev/video1 is used by lovelace."),
        ]
        window = open_window("rtsp://admin:hunter2@192.168.1.20/babbage", cameras=lambda: cameras)
        window.live.sources.set_cameras(cameras)
        window.settings_store.update(
            recording_folder=Path("/media/Charles Babbage/recordings"),
            camera="usb-0000:3F2A9C81D0",
            camera_mode=CameraMode(1280, 720, 30.0),
            appearance="light",
        )
        engine = window.live.engine
        engine.go(LiveState.FAILED, "rtsp://192.168.1.20/babbage does not answer.")  # type: ignore[attr-defined]
        window.open("/home/lovelace/at the sea.mp4")
        window.banner.show_message("y", "The camera Ada King's Camera is there now.")
        window.banner.show_message("x", "at the sea.mp4 is damaged; see /media/Charles Babbage/recordings")
        logging.getLogger("webcam_app.other").warning("a mask of %s", "Grace", extra=private("Grace"))
        window.actions_.copy_details.trigger()
        assert "Read it before" in window.banner.text.text()
    finally:
        log.close()
    clipboard = qapp.clipboard()
    assert clipboard is not None
    text = clipboard.text()
    for needed in ("PyQt5", "Python 3", "Webcam C270", "appearance: light", "1280", "recording_folder: changed"):
        assert needed in text, text
    assert "STATE FAILED" in text and "does not answer" in text and "is damaged" in text
    secrets = (
        "admin",
        "hunter2",
        "192.168",
        "babbage",
        "3F2A9C81D0",
        "lovelace",
        "the sea",
        "Ada",
        "King",
        "Grace",
        HOST,
    )
    assert [secret for secret in secrets if secret.lower() in text.lower()] == [], text
    assert str(folder) not in text


def test_of_a_taught_model_the_classes_are_not_told(window: MainWindow, qapp: QApplication) -> None:
    from tests.window.fakes import card

    window.live.model.on_loaded(card(("grace", "eileen")), "")
    window.actions_.copy_details.trigger()
    clipboard = qapp.clipboard()
    assert clipboard is not None
    assert "2 labels" in clipboard.text() and "grace" not in clipboard.text()


def test_without_a_log_there_is_still_the_rest(window: MainWindow, qapp: QApplication) -> None:
    window.actions_.copy_details.trigger()
    clipboard = qapp.clipboard()
    assert clipboard is not None and "Last messages\n  nothing" in clipboard.text()
    assert not recent().lines


def test_a_system_that_knows_no_user_is_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError("no user")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert PERSON in scrubbing.people()
