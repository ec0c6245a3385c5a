"""Someone ends the window from a terminal, or starts it where it cannot run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import av
import pytest

import webcam_app.window as window_package
from webcam_app.window import WindowError, run_window

LIMIT_SECONDS = 60
"""A machine so busy that the window needs longer tells nothing; the test fails instead of waiting for ever."""
RUN = "import sys; from webcam_app.window import run_window; sys.exit(run_window(sys.argv[1:]))"
RECORD = """
import sys
from PyQt5.QtCore import QTimer
from webcam_app.live import LiveState
from webcam_app.window import main_window, run_window
class Recording(main_window.MainWindow):
    def begin(self, sources):
        super().begin(sources)
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.look)
        self.timer.start(20)
    def look(self):
        status = self.live.engine.recording
        if status is None:
            if self.live.engine.state is LiveState.ENDED:
                self.live.engine.open(sys.argv[1])  # a busy machine may have played the clip to its end by now
            elif self.live.actions_.record.isEnabled() and not self.live.recording.active:
                self.live.actions_.record.trigger()
        elif status.frames >= 10:
            self.timer.stop()
            print("recording", file=sys.stderr, flush=True)
main_window.MainWindow = Recording
import webcam_app.window.application as application
application.MainWindow = Recording
sys.exit(run_window(sys.argv[1:]))
"""


def start(code: str, source: Path, home: Path) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "WEBCAM_APP_HOME": str(home),
        "WEBCAM_APP_TRACE": "1",
        "PYTHONPATH": str(Path(window_package.__file__).parents[2]),
    }
    return subprocess.Popen(
        [sys.executable, "-c", code, str(source)], env=environment, stderr=subprocess.PIPE, text=True
    )


def wait_for(process: subprocess.Popen[str], words: str) -> None:
    assert process.stderr is not None
    limit = threading.Timer(LIMIT_SECONDS, process.kill)
    limit.start()
    try:
        for line in process.stderr:
            if words in line:
                return
    finally:
        limit.cancel()
    pytest.fail(f"it ended, or took {LIMIT_SECONDS} seconds, before it said {words!r}")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_with_the_code_that_shells_expect(
    number: signal.Signals, code: int, demo_path: Path, tmp_path: Path
) -> None:
    with start(RUN, demo_path, tmp_path) as process:
        wait_for(process, "first picture painted")
        process.send_signal(number)
        _, rest = process.communicate(timeout=20)
    assert process.returncode == code
    assert "Traceback" not in rest


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_sigint_ends_it_also_as_a_background_job_of_a_script(demo_path: Path, tmp_path: Path) -> None:
    ignoring = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n{RUN}"
    with start(ignoring, demo_path, tmp_path) as process:
        wait_for(process, "first picture painted")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert process.returncode == 130


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_signal_while_recording_leaves_a_whole_file(demo_path: Path, tmp_path: Path) -> None:
    with start(RECORD, demo_path, tmp_path) as process:
        wait_for(process, "recording")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert process.returncode == 143
    (path,) = (tmp_path / "recordings").iterdir()
    with av.open(str(path)) as container:
        assert sum(1 for _ in container.decode(video=0)) >= 10


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a display")
def test_without_a_display_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(WindowError, match="no display"):
        run_window()


def test_without_pyqt5_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window_package.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(WindowError, match="pip install PyQt5"):
        run_window()


def test_what_another_qt_set_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    import cv2

    theirs = str(Path(cv2.__file__).parent / "qt" / "plugins")
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", theirs)
    monkeypatch.setenv("QT_QPA_FONTDIR", "/usr/share/fonts")
    window_package._remove_foreign_qt()
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ
    assert os.environ["QT_QPA_FONTDIR"] == "/usr/share/fonts"


def test_importing_the_package_imports_no_qt() -> None:
    code = "import sys, webcam_app.window; sys.exit('PyQt5.QtCore' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(Path(window_package.__file__).parents[2])}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
