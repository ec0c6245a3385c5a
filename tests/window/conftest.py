"""Windows for tests: each closed again at the end, with nothing left running."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.window.fakes import FakeAnalyzer, FakeEngine
from webcam_app.capture import open_source
from webcam_app.live import LiveEngine
from webcam_app.window.main_window import MainWindow
from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.theme import apply_theme
from webcam_app.window.translation import speak

# Qt warns where a login left this out, as in a container, and any warning fails a test.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="webcam-app-tests-"))

OpenWindow = Callable[..., MainWindow]


@pytest.fixture(autouse=True)
def _english(qapp: QApplication) -> Iterator[None]:
    """Texts are English, plural forms too; a test may choose another language for itself."""
    speak("en")
    yield
    speak("en")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home that the window uses."""
    monkeypatch.setenv("WEBCAM_APP_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, folder: Path) -> Iterator[OpenWindow]:
    """Opens a window on a fake engine, or on the real one with ``real=True``."""
    apply_theme(qapp)
    windows: list[MainWindow] = []
    before = set(threading.enumerate())

    def open_it(
        source: str | None = "/films/one.mp4",
        *,
        cameras: Callable[[], list[Any]] = list,
        real: bool = False,
        opener: Callable[..., Any] = open_source,
        analyzer: Callable[[], Any] = FakeAnalyzer,
        engine_factory: Any = None,
        size: tuple[int, int] = (1000, 720),
        begin: bool = True,
    ) -> MainWindow:
        factory: Any = FakeEngine
        if real:
            factory = lambda _make, on_event: LiveEngine(analyzer, on_event=on_event, opener=opener)  # noqa: E731
        window = MainWindow(SettingsFile(), engine_factory=engine_factory or factory, lister=cameras)
        windows.append(window)
        window.resize(*size)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        if begin:
            window.begin([source] if source is not None else [])
        return window

    yield open_it
    for window in windows:
        window.close()
        window.deleteLater()
    qapp.processEvents()
    qtbot.waitUntil(lambda: not (set(threading.enumerate()) - before), timeout=5000)


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    """A window on a fake engine that is opening a file."""
    return open_window()


@pytest.fixture
def engine(window: MainWindow) -> FakeEngine:
    """The fake engine of ``window``."""
    return cast(FakeEngine, window.live.engine)
