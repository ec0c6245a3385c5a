"""Make assets/teach.png: the page for teaching classes, on the demo clip, with what it was taught from that clip.

    xvfb-run -a python assets/make_teach.py [WIDTHxHEIGHT] [PICTURE]

Two classes are taught, glasses and none, from faces of the two public-domain portraits in the clip. Everything that
the window keeps meanwhile lies in a folder that is removed at the end.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
from PyQt5.QtCore import QDeadlineTimer, QEventLoop, QTimer
from PyQt5.QtGui import QCursor

from webcam_app.capture import open_source
from webcam_app.resources import asset_path
from webcam_app.window.application import make_application
from webcam_app.window.main_window import MainWindow
from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.theme import apply_theme

SIZE = (1000, 640)
PATIENCE_MS = 60_000
# Seconds of the clip in which both faces are whole, and how many frames lie between two examples.
FIRST, LAST, STEP = 2.0, 5.0, 5


def write_examples(folder: Path) -> Path:
    """Halves of some frames: the left one shows a face without glasses, the right one a face with them."""
    source = open_source(str(asset_path("demo.mp4")))
    try:
        while (frame := source.read()) is not None:
            if FIRST <= frame.time <= LAST and frame.index % STEP == 0:
                middle = frame.image.shape[1] // 2
                for name, half in (("none", frame.image[:, :middle]), ("glasses", frame.image[:, middle:])):
                    path = folder / name / f"{frame.index:04}.png"
                    path.parent.mkdir(parents=True, exist_ok=True)
                    cv2.imwrite(str(path), half)
    finally:
        source.close()
    return folder


def wait_until(condition: Callable[[], object]) -> None:
    """Run the event loop until something is so."""
    deadline, loop, timer = QDeadlineTimer(PATIENCE_MS), QEventLoop(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if condition() or deadline.hasExpired() else None)
    timer.start(50)
    loop.exec_()
    if not condition():
        raise SystemExit("it did not happen")


def main(size: tuple[int, int], out: Path) -> None:
    """Teach, wait until both faces have their labels, and keep the picture."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["HOME"] = home
        for variable in ("WEBCAM_APP_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            os.environ.pop(variable, None)
        examples = write_examples(Path(home) / "examples")
        application = make_application()
        apply_theme(application)
        window = MainWindow(SettingsFile(), lister=list)
        window.resize(*size)
        QCursor.setPos(0, 0)  # no button is to look pointed at
        window.show()
        window.begin([str(asset_path("demo.mp4"))])
        window.show_teach()
        page = window.teach
        assert page is not None
        page.studio.add_folders([examples])
        wait_until(lambda: page.studio.pictures > 0 and page.studio.to_do == 0)
        page.actions_.train.trigger()
        wait_until(lambda: page.model_in_use)
        window.live.sources.open_demo()  # from its beginning, in a loop

        def both_labelled() -> bool:
            result = page.preview.canvas.result
            faces = result.faces if result is not None else []
            return {face.label for face in faces} == {"glasses", "none"}

        wait_until(both_labelled)
        window.grab().save(str(out))
        window.close()


if __name__ == "__main__":
    width, height = (int(part) for part in sys.argv[1].split("x")) if len(sys.argv) > 1 else SIZE
    main((width, height), Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).with_name("teach.png"))
