"""Makes the pictures of the README from the demo clip: ``make screenshots``.

Needs a display; on a virtual one: ``xvfb-run -a python assets/make_screenshots.py``.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PyQt5.QtCore import QEventLoop, QPoint, QTimer
from PyQt5.QtGui import QPainter
from PyQt5.QtWidgets import QApplication, QDialog

from webcam_app.faces.face import Face
from webcam_app.window.appearance import Appearance, SystemAppearance
from webcam_app.window.application import destroy, make_application
from webcam_app.window.main_window import MainWindow
from webcam_app.window.model.charts import GroupChart
from webcam_app.window.model.page import ModelPage
from webcam_app.window.settings.file import SettingsFile

FOLDER = Path(__file__).parent / "screenshots"
# As README is read: two of them fit side by side.
SIZE = (1000, 640)
# Mean of the pixels; parts of the clip are dark.
LEAST_BRIGHTNESS = 95
# Above the first chart stands what it is about.
ABOVE = 130
LONGEST_MS = 60_000
LOOK_MS = 20


def main(folder: Path = FOLDER) -> int:
    """Make all pictures; returns the exit code."""
    with tempfile.TemporaryDirectory(prefix="webcam-app-") as home:
        os.environ["WEBCAM_APP_HOME"] = home
        application = make_application()
        window = MainWindow(SettingsFile(), lister=list)
        Appearance(application, window.settings_store, SystemAppearance(application))
        window.setMinimumSize(1, 1)
        window.resize(*SIZE)
        window.show()
        window.begin()
        folder.mkdir(parents=True, exist_ok=True)
        try:
            _take(window, folder)
        finally:
            destroy(window)
    return 0


def _take(window: MainWindow, folder: Path) -> None:
    for theme, name in (("dark", "live"), ("light", "light")):
        window.settings_store.update(appearance=theme)
        _wait(lambda: window.live.model.card is not None and _both_labelled(window))
        _keep(window, folder / f"{name}.png")
    window.actions_.model.trigger()
    page = window.page
    assert isinstance(page, ModelPage)
    QApplication.processEvents()
    chart = page.scroll.findChildren(GroupChart)[0]
    bar, inside = page.scroll.verticalScrollBar(), page.scroll.widget()
    if bar is not None and inside is not None:
        bar.setValue(chart.mapTo(inside, QPoint(0, 0)).y() - ABOVE)
    _keep(window, folder / "model.png")
    window.actions_.model.trigger()
    window.settings_store.update(appearance="dark")
    _wait(lambda: _both_labelled(window))
    window.actions_.palette.trigger()
    _keep(window, folder / "actions.png")


def _both_labelled(window: MainWindow) -> bool:
    """Whether both faces of the clip have a label; not where it is dark."""
    result = window.live.canvas.result
    faces: list[Face] = list(result.faces) if result is not None else []
    bright = result is not None and result.frame.image.mean() > LEAST_BRIGHTNESS
    return bright and sum(face.label is not None for face in faces) == 2


def _keep(window: MainWindow, path: Path) -> None:
    """What is on the screen in the place of the window, with what lies over it."""
    for _ in range(5):
        QApplication.processEvents()
    picture = window.grab()
    for other in QApplication.topLevelWidgets():
        if other is not window and isinstance(other, QDialog) and other.isVisible():
            painter = QPainter(picture)
            painter.drawPixmap(other.pos() - window.pos(), other.grab())
            painter.end()
    if not picture.save(str(path)):
        raise SystemExit(f"Cannot write {path}")
    print(path)


def _wait(condition: Callable[[], bool]) -> None:
    loop, look, end = QEventLoop(), QTimer(), QTimer()
    look.timeout.connect(lambda: loop.quit() if condition() else None)
    end.setSingleShot(True)
    end.timeout.connect(lambda: loop.exit(1))
    look.start(LOOK_MS)
    end.start(LONGEST_MS)
    if loop.exec_():
        raise SystemExit("The demo clip did not show two labelled faces.")


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
