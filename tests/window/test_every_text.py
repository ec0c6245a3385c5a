"""Whatever a person reads or hears in the window has gone through the translation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PyQt5.QtCore import QCoreApplication, Qt, QTranslator
from PyQt5.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QTabWidget,
    QTextBrowser,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.commands.square_analyzer import draw_face
from tests.window.conftest import OpenWindow
from tests.window.fakes import BARE, FACE, FakeEngine, camera
from webcam_app.capture import SourceKind
from webcam_app.capture import controls as capture_controls
from webcam_app.capture.controls import CameraControl, ControlKind
from webcam_app.live import LiveState
from webcam_app.photographs import looking
from webcam_app.window.actions import Action
from webcam_app.window.camera.controller import CameraControls
from webcam_app.window.camera.dialog import CameraControlsDialog
from webcam_app.window.dialogs.licences import INSTALLED, SHIPPED
from webcam_app.window.dialogs.open import AddressDialog
from webcam_app.window.main_window import TITLE, MainWindow
from webcam_app.window.translation import CONTEXT

TRANSLATED = re.compile(r"⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[^\W\d_]{3,}")
# Written on keys, and the same in every language.
KEYS = "Ctrl Shift Alt Space Home End Return Enter Tab Esc PgUp PgDown Left Right Backspace Del Delete Up Down"
# A person's own words, and names.
OWN = f"{TITLE} one mp4 films ada bea camera dev video Front Built Headset English Deutsch album png broken jpg model"
# Qt's own buttons and arrows, which Qt's own catalogue translates.
QT = "OK Cancel Restore Defaults Close Open Scroll Left Right"


class Pseudo(QTranslator):
    """Puts every text of the window between brackets, so that those that were not translated can be told."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str | None, text: str | None, note: str | None = None, n: int = -1) -> str | None:  # type: ignore[override]
        return f"⟦{text}⟧" if context == CONTEXT else None


@pytest.fixture(autouse=True)
def brackets(_english: None, qapp: QApplication) -> Iterator[None]:
    translator = Pseudo()
    assert QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def texts(root: QWidget) -> Iterator[tuple[str, str]]:
    """What can be read or heard on a widget and all on it, and where."""
    for widget in (root, *root.findChildren(QWidget)):
        if widget.window() is not root.window():
            continue
        place = f"{type(widget).__name__} {widget.objectName()}"
        for text in (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()):
            yield text, place
        if widget.isWindow():
            yield widget.windowTitle(), place
        if isinstance(widget, (QLabel, QAbstractButton)):
            yield re.sub(r"<[^>]+>", " ", widget.text()), place
        elif isinstance(widget, QGroupBox):
            yield widget.title(), place
        elif isinstance(widget, QLineEdit):
            yield widget.placeholderText(), place
        elif isinstance(widget, QTextBrowser):
            yield widget.toPlainText(), place
        elif isinstance(widget, QComboBox):
            yield from ((widget.itemText(row), place) for row in range(widget.count()))
            tips = (widget.itemData(row, Qt.ItemDataRole.ToolTipRole) for row in range(widget.count()))
            yield from ((str(tip), place) for tip in tips if tip)
        elif isinstance(widget, QTabWidget):
            yield from ((widget.tabText(number), place) for number in range(widget.count()))
        elif isinstance(widget, QListWidget):
            for item in (widget.item(row) for row in range(widget.count())):
                if item is not None:
                    yield item.text(), place
                    yield str(item.data(Qt.ItemDataRole.AccessibleTextRole) or ""), place
    for action in root.findChildren(Action):
        for text in (action.text(), action.toolTip(), action.help_text):
            yield text, f"action {action.objectName()}"


def untranslated(root: QWidget, allowed: str = "") -> list[tuple[str, str]]:
    """Texts with a word that was not translated, and is neither a key nor a name."""
    known = set(WORD.findall(f"{KEYS} {OWN} {allowed}"))
    found = []
    for text, place in texts(root):
        rest = text
        while (shorter := TRANSLATED.sub(" ", rest)) != rest:
            rest = shorter
        if set(WORD.findall(rest)) - known:
            found.append((text, place))
    return found


def test_the_live_page_in_every_state(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(cameras=lambda: [camera("Front"), camera("Built", index=1, problem="")])
    engine = window.live.engine
    assert isinstance(engine, FakeEngine)
    assert not untranslated(window)
    engine.deliver(faces=[FACE, BARE], kind=SourceKind.CAMERA)
    qtbot.waitUntil(lambda: bool(window.live.canvas.accessibleDescription()))
    assert not untranslated(window)
    window.live.controls.record.click()
    qtbot.waitUntil(lambda: window.live.recording.active)
    assert not untranslated(window)
    window.live.controls.pause.click()
    assert not untranslated(window)
    window.live.controls.record.click()
    qtbot.waitUntil(lambda: not window.live.recording.active)
    for state in (LiveState.STALLED, LiveState.RETRYING, LiveState.ENDED, LiveState.FAILED, LiveState.IDLE):
        engine.go(state, "one.mp4 has ended.")
        QApplication.processEvents()
        assert not untranslated(window), state


def test_the_strip_the_last_minute_and_a_frozen_and_enlarged_picture(
    open_window: OpenWindow, qtbot: QtBot, folder: Path
) -> None:
    recordings = folder / "recordings"
    recordings.mkdir()
    for name in ("ada.mp4", "bea.jpg"):
        (recordings / name).write_bytes(b"no picture")
    window = open_window()
    live = window.live
    window.settings_store.update(show_strip=True, show_history=True)
    engine = live.engine
    assert isinstance(engine, FakeEngine)
    engine.deliver(faces=[FACE, BARE], kind=SourceKind.CAMERA)
    qtbot.waitUntil(lambda: len(live.strip_bar.model.files) == 2 and not live.strip_bar.model.missing())
    qtbot.waitUntil(lambda: live.canvas.result is not None)
    live.actions_.freeze.trigger()
    live.actions_.zoom_in.trigger()
    live.history.refresh()
    window.live.status.show_virtual_camera("ada")
    assert not untranslated(window, "jpg nbsp")
    model = live.strip_bar.model
    for row in range(2):
        spoken = str(model.index(row).data(Qt.ItemDataRole.AccessibleTextRole))
        assert spoken.count("⟦") == 2 and "⟦cannot be read⟧" in spoken, spoken
    menu = live.strip_bar.view.menu(model.index(0))
    assert all("⟦" in action.text() for action in menu.actions())
    menu.close()


def test_the_demo_clip_and_why_it_is_shown(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(None)
    qtbot.waitUntil(lambda: bool(window.banner.messages()))
    assert not untranslated(window, "demo")
    window.live.sources.look_again()
    assert not untranslated(window, "demo")


def test_the_settings(window: MainWindow, qtbot: QtBot) -> None:
    assert not untranslated(_opened(window, "settings"), QT)


def test_about_and_keyboard(window: MainWindow) -> None:
    names = " ".join(f"{component.name} {component.package}" for component in (*INSTALLED, *SHIPPED))
    assert not untranslated(_opened(window, "about"), f"{names} {QT}")
    assert not untranslated(_opened(window, "keys"), QT)


def test_the_palette(window: MainWindow) -> None:
    assert not untranslated(_opened(window, "palette"))


def test_the_address_dialog(qtbot: QtBot) -> None:
    dialog = AddressDialog(None, lambda _: None)
    qtbot.addWidget(dialog)
    dialog.line.setText("nonsense")
    dialog.accept()
    assert not untranslated(dialog, QT)


def test_the_controls_of_a_camera(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    number, choice = ControlKind.NUMBER, ControlKind.CHOICE
    offered = [
        CameraControl(1, "brightness", "Brightness", number, 0, 255, 5, 100, 100),
        CameraControl(2, "exposure_mode", "Exposure control", choice, 0, 3, 1, 3, 3, {1: "By hand", 3: "Automatic"}),
        CameraControl(3, "exposure", "Exposure time", number, 1, 5000, 1, 250, 250, automatic=True),
    ]
    monkeypatch.setattr(capture_controls, "camera_controls", lambda spec: offered)
    controls: CameraControls = window.live.camera_controls
    controls.set_camera("usb:1")
    dialog = CameraControlsDialog(controls, window)
    qtbot.waitUntil(lambda: len(dialog.rows) == 3)
    assert not untranslated(dialog, QT)
    controls.leave()
    assert not untranslated(dialog, QT)
    dialog.reject()


def test_the_model_page_but_for_what_stands_in_the_card(window: MainWindow) -> None:
    from webcam_app.faces.labelling.card import load_card
    from webcam_app.resources import shipped_model_path

    path = shipped_model_path().with_suffix(".json")
    card = load_card(path)
    said = json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False)
    window.live.model.card = card
    window.show_model()
    said += f" {path.name} {path.stem} tflite json"
    assert not untranslated(window, said)
    window.page.actions_.tables.setChecked(True)  # type: ignore[attr-defined]
    assert not untranslated(window, said)


def test_the_teach_page(window: MainWindow, qtbot: QtBot) -> None:
    window.show_teach()
    assert window.teach is not None
    page = window.teach
    page.studio.add_class("ada")
    qtbot.waitUntil(lambda: len(page.classes.cards) == 1)
    folder = " ".join(page.studio.folder.parts)
    assert not untranslated(window, f"{folder} {QT}")
    page._ask_delete_all()
    page._ask_remove(page.studio.classes[0].key)
    assert not untranslated(window, f"{folder} {QT}")


def test_photographs(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "ANALYZER", "tests.photographs.fakes:SquareAnalyzer")
    folder = tmp_path / "album"
    folder.mkdir()
    image = np.full((64, 96, 3), 90, np.uint8)
    cv2.imwrite(str(folder / "2.png"), image)
    draw_face(image, "female", 5, 10, 20)
    cv2.imwrite(str(folder / "1.png"), image)
    (folder / "broken.jpg").write_bytes(b"no picture")
    window = open_window(str(folder))
    page = window.photographs
    qtbot.waitUntil(lambda: bool(page.collection.entries) and not page.labelling.running, timeout=60_000)
    assert not untranslated(window)
    page.grid.selectAll()
    page._compare()
    assert not untranslated(window)
    assert not untranslated(page.comparison, QT)
    collection = page.collection
    for row in range(collection.rowCount()):
        text = str(collection.data(collection.index(row), Qt.ItemDataRole.DisplayRole))
        assert "⟦" in text, text
    page._show_large()
    assert not untranslated(window)


def _opened(window: MainWindow, name: str) -> QDialog:
    getattr(window.actions_, name).trigger()
    return next(dialog for dialog in window.findChildren(QDialog) if dialog.isVisible())
