"""What happened is found in a file that does not grow without end."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt5.QtCore import qWarning

from webcam_app.window.report import log as logs
from webcam_app.window.report.log import Log, log_path

CHECKOUT = Path(__file__).parents[3]


@pytest.fixture
def log(folder: Path) -> Iterator[Log]:
    log = Log()
    yield log
    log.close()


@pytest.mark.parametrize(
    ("variables", "path"),
    [
        ({"XDG_STATE_HOME": "/state"}, "/state/webcam-app/webcam-app.log"),
        ({"XDG_STATE_HOME": "relative"}, "/home/ada/.local/state/webcam-app/webcam-app.log"),
        ({"XDG_STATE_HOME": ""}, "/home/ada/.local/state/webcam-app/webcam-app.log"),
        ({"WEBCAM_APP_HOME": "/own"}, "/own/webcam-app.log"),
    ],
)
@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the places of Linux")
def test_it_lies_where_the_desktop_keeps_such_files(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], path: str
) -> None:
    for name in ("XDG_STATE_HOME", "WEBCAM_APP_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/ada")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert log_path() == Path(path)


def test_it_says_when_how_bad_where_and_what(log: Log) -> None:
    logging.getLogger("webcam_app.window.live").warning("the camera is %s", "gone")
    (line,) = log.path.read_text().splitlines()
    assert line.endswith(" WARNING webcam_app.window.live: the camera is gone")
    assert list(log.recent.lines) == [line]


def test_it_is_begun_anew_before_it_is_large(log: Log) -> None:
    for number in range(20_000):
        logging.getLogger("webcam_app").info("%d: a line of about sixty letters, as those of the window are", number)
    files = list(log.path.parent.glob(f"{log.path.name}*"))
    assert len(files) == 1 + logs.OLD_FILES
    assert all(file.stat().st_size <= logs.MAX_BYTES for file in files)
    assert "19999: " in log.path.read_text()
    assert len(log.recent.lines) == logs.LAST_LINES


def test_names_that_no_encoding_knows_are_written(log: Log) -> None:
    logging.getLogger("webcam_app").info("file %s", os.fsdecode(b"\xff.mp4"))
    assert "file \\udcff.mp4" in log.path.read_text()


@pytest.mark.qt_no_exception_capture
def test_what_qt_says_is_in_it(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_qt", lambda *message: None)  # pytest-qt would fail the test
    qWarning(b"a warning of Qt")
    assert "WARNING webcam_app.qt: a warning of Qt" in log.path.read_text()


def test_a_place_that_cannot_be_written_hinders_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "file").touch()
    monkeypatch.setenv("WEBCAM_APP_HOME", str(folder / "file"))
    log = Log()
    logging.getLogger("webcam_app").warning("it goes on")
    log.close()
    assert any("it goes on" in line for line in log.recent.lines)


def test_closed_it_leaves_nothing_behind(folder: Path) -> None:
    logger = logging.getLogger("webcam_app")
    before = list(logger.handlers), logger.level
    Log().close()
    assert (list(logger.handlers), logger.level) == before


def test_the_program_writes_it_from_start_to_end(tmp_path: Path) -> None:
    code = (
        "from PyQt5.QtCore import QTimer\n"
        "from webcam_app.window import application\n"
        "application.make_application()\n"
        "from PyQt5.QtWidgets import QApplication\n"
        "QTimer.singleShot(0, lambda: QTimer.singleShot(0, QApplication.closeAllWindows))\n"
        "raise SystemExit(application.run(['/no/such/film.mp4'], None))\n"
    )
    environment = {
        **os.environ, "QT_QPA_PLATFORM": "offscreen", "WEBCAM_APP_HOME": str(tmp_path), "PYTHONPATH": str(CHECKOUT),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }  # fmt: skip
    tmp_path.chmod(0o700)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "webcam-app.log").read_text()
    assert " starts" in text and "opening a file" in text
    assert "/no/such" not in text.split("opening")[0]
