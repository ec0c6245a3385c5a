"""The Qt application around the window, and the signals that end it."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType, TracebackType

from PyQt5.QtCore import QCoreApplication, QObject, QSocketNotifier, Qt, QTimer, pyqtSignal
from PyQt5.QtWidgets import QApplication
from PyQt5.sip import delete, setdestroyonexit, voidptr

from webcam_app import __version__
from webcam_app.window.appearance import Appearance, SystemAppearance
from webcam_app.window.instance import Instance
from webcam_app.window.main_window import TITLE, MainWindow
from webcam_app.window.report.log import Log
from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.theme import icon
from webcam_app.window.trace import stamp
from webcam_app.window.translation import speak

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
# A shell reports the signal that ended a program as 128 plus its number: 130 for Ctrl-C, 143 for SIGTERM.
SIGNAL_EXIT_BASE = 128


def make_application() -> QApplication:
    """The one ``QApplication`` of the process, with the window's look."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    # Nothing here is painted with OpenGL, and looking for it loads 60 MiB of drivers on some machines.
    os.environ.setdefault("QT_XCB_GL_INTEGRATION", "none")
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_EnableHighDpiScaling)
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_UseHighDpiPixmaps)
    if sys.platform == "win32":
        # Windows scales by 1.25, 1.5 and 1.75; elsewhere a fraction comes from a screen that reports a wrong size.
        QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    # At the process's end Python lets go of widgets in any order, and one whose owner is gone ends it with a crash.
    setdestroyonexit(False)
    application = QApplication(["webcam-app"])
    application.setApplicationName("webcam-app")
    application.setApplicationDisplayName(TITLE)
    application.setDesktopFileName("webcam-app")
    speak("en")
    return application


def run(sources: Sequence[str], settings_path: Path | None, *, new_window: bool = False) -> int:
    """Show the window until it is closed.

    Args:
        sources: what to open; empty to find something.
        settings_path: the settings file; None for the person's own.
        new_window: whether it is a window of its own, though there may be one.

    Returns:
        0, or 128 plus the number of the signal that ended it.
    """
    application = make_application()
    stamp("Qt ready")
    instance = Instance(parent=application)
    if not new_window and instance.hand_over(sources):
        print("webcam-app: shown in the window that was open already (--new-window opens another)")
        return 0
    log = Log()
    logging.getLogger(__name__).info("webcam-app %s starts", __version__)
    speak(SettingsFile(settings_path).load().language)
    window = MainWindow(SettingsFile(settings_path))
    Appearance(application, window.settings_store, SystemAppearance(application))
    application.setWindowIcon(icon("app"))
    window.show_at_last_size()
    stamp("window shown")
    with _faults_reported(window), _signals_close(window) as ended_by:
        # The first turn of the event loop puts the window on the screen; only then is there time for the rest.
        QTimer.singleShot(0, lambda: window.begin(sources))
        instance.asked.connect(window.open_from_elsewhere)
        application.exec_()
        instance.close()
        destroy(window)
    log.close()
    return SIGNAL_EXIT_BASE + ended_by[0] if ended_by else 0


def destroy(window: MainWindow) -> None:
    """Close a window, and let go of it and all that is in it.

    At the process's end PyQt walks over all objects that there are and deletes those that Python owns. A widget that it
    deletes takes others along, and where one of these came next, four processes in a hundred ended with a crash.
    """
    window.close()
    delete(window)


@contextlib.contextmanager
def _faults_reported(window: MainWindow) -> Iterator[None]:
    """While the block runs, an error in a Qt slot is printed and shown; PyQt5 by itself would abort the process."""
    before = sys.excepthook

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        before(kind, error, trace)
        logging.getLogger(__name__).error("in the window", exc_info=(kind, error, trace))
        window.show_fault(error)

    sys.excepthook = report
    try:
        yield
    finally:
        sys.excepthook = before


class _Waker(QObject):
    """Lets Python handle its signals although Qt's event loop waits in C."""

    woken = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._ours, self.theirs = socket.socketpair()
        self._ours.setblocking(False)
        self.theirs.setblocking(False)
        self._notifier = QSocketNotifier(voidptr(self._ours.fileno()), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal)

    def _on_signal(self) -> None:
        # The handler itself has run as soon as Python code runs again, which is here.
        with contextlib.suppress(OSError):
            self._ours.recv(64)

    def close(self) -> None:
        self._notifier.setEnabled(False)
        self._ours.close()
        self.theirs.close()


@contextlib.contextmanager
def _signals_close(window: MainWindow) -> Iterator[list[int]]:
    """While the block runs, a signal closes the window; the list then holds its number."""
    ended_by: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        if not ended_by:
            ended_by.append(number)
        QTimer.singleShot(0, lambda: _quit(window))

    waker = _Waker()
    before_wakeup = signal.set_wakeup_fd(waker.theirs.fileno(), warn_on_full_buffer=False)
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number, handler in before.items():
        # nohup has SIGHUP ignored, which stays so. A script's background job has SIGINT ignored, but a window obeys it.
        if handler != signal.SIG_IGN or number == signal.SIGINT:
            signal.signal(number, end)
    try:
        yield ended_by
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(before_wakeup)
        waker.close()


def _quit(window: MainWindow) -> None:
    window.close()
    application = QApplication.instance()
    if application is not None:
        application.quit()
