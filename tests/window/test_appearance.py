"""Someone chooses dark or light, in the settings or on the desktop, while the window is open."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PyQt5.QtGui import QColor, QPalette
from PyQt5.QtWidgets import QApplication, QComboBox

from tests.window.fakes import FakeEngine
from webcam_app.window.appearance import Appearance, SystemAppearance
from webcam_app.window.colors import DARK, LIGHT, Theme
from webcam_app.window.main_window import MainWindow
from webcam_app.window.settings.dialog import SettingsDialog
from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.theme import current

CHECKOUT = Path(__file__).parents[2]
# A desktop portal with the one key that is asked for. It is light after a start, dark after a line on its input.
PORTAL = """
import sys
from PyQt5.QtCore import Q_CLASSINFO, QCoreApplication, QObject, QSocketNotifier, pyqtSignal, pyqtSlot
from PyQt5.QtDBus import QDBusAbstractAdaptor, QDBusConnection, QDBusVariant

class Settings(QDBusAbstractAdaptor):
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")
    SettingChanged = pyqtSignal(str, str, QDBusVariant)
    scheme = 2

    @pyqtSlot(str, str, result=QDBusVariant)
    def Read(self, namespace, key):
        assert (namespace, key) == ("org.freedesktop.appearance", "color-scheme")
        return QDBusVariant(QDBusVariant(self.scheme))

application = QCoreApplication([])
desktop = QObject()
settings = Settings(desktop)
bus = QDBusConnection.sessionBus()
assert bus.registerObject("/org/freedesktop/portal/desktop", desktop)
assert bus.registerService("org.freedesktop.portal.Desktop")

def become_dark():
    sys.stdin.readline()
    notifier.setEnabled(False)
    settings.SettingChanged.emit("org.gnome.other", "color-scheme", QDBusVariant(2))
    settings.SettingChanged.emit("org.freedesktop.appearance", "color-scheme", QDBusVariant(1))

notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
notifier.activated.connect(become_dark)
print("ready", flush=True)
application.exec_()
"""
# What the window asks, on a bus of its own.
ASKING = """
import subprocess, sys
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication
from webcam_app.window.appearance import SystemAppearance
portal = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
try:
    assert portal.stdout.readline() == "ready\\n"
    application = QApplication(["test"])
    system = SystemAppearance()
    print("at the start", "dark" if system.dark else "light", flush=True)
    system.changed.connect(lambda: (print("later", "dark" if system.dark else "light"), application.quit()))
    QTimer.singleShot(20000, application.quit)
    portal.stdin.write("\\n")
    portal.stdin.flush()
    application.exec_()
finally:
    portal.kill()
"""


@pytest.fixture
def appearance(window: MainWindow, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Appearance:
    """Of ``window``, on a desktop that says nothing."""
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    monkeypatch.delenv("GTK_THEME", raising=False)
    system = SystemAppearance(window)
    return Appearance(qapp, window.settings_store, system)


def shown(window: MainWindow) -> str:
    """The colour of the bar below the picture, as it is on the screen."""
    image = window.grab().toImage()
    point = window.live.controls.geometry().bottomLeft()
    return QColor(image.pixel(point.x() + 1, point.y() - 1)).name()


def test_a_desktop_that_says_nothing_is_dark(window: MainWindow, appearance: Appearance) -> None:
    assert current() is DARK
    assert shown(window) == DARK.surface


@pytest.mark.parametrize(("name", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_a_choice_in_the_settings_holds_at_once(
    window: MainWindow, appearance: Appearance, engine: FakeEngine, qapp: QApplication, name: str, theme: Theme
) -> None:
    engine.deliver()
    window.settings_store.update(appearance="light" if name == "dark" else "dark")
    window.actions_.settings.trigger()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    box = dialog.editors["appearance"]
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(name))
    dialog.buttons.button(dialog.buttons.StandardButton.Ok).click()
    assert current() is theme
    assert shown(window) == theme.surface
    assert qapp.palette().color(QPalette.ColorRole.WindowText).name() == theme.text
    assert SettingsFile().load().appearance == name


def test_the_desktop_is_followed_unless_another_look_was_chosen(window: MainWindow, appearance: Appearance) -> None:
    system = window.findChild(SystemAppearance)
    assert system is not None
    system.set_dark(False)
    assert shown(window) == LIGHT.surface
    window.settings_store.update(appearance="dark")
    assert shown(window) == DARK.surface
    window.settings_store.update(appearance="system")
    assert shown(window) == LIGHT.surface
    system.set_dark(True)
    assert shown(window) == DARK.surface


def test_the_picture_stands_on_dark_in_both(window: MainWindow, appearance: Appearance, engine: FakeEngine) -> None:
    window.settings_store.update(appearance="light")
    engine.deliver()
    corner = window.live.canvas.geometry().topLeft()
    assert QColor(window.grab().toImage().pixel(corner)).name() == DARK.background


@pytest.mark.parametrize(("name", "dark"), [("Adwaita:dark", True), ("Adwaita-dark", True), ("Adwaita", False)])
def test_the_theme_that_gtk_was_told_holds_where_there_is_no_portal(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, name: str, dark: bool
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    monkeypatch.setenv("GTK_THEME", name)
    assert SystemAppearance().dark is dark


@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="needs dbus-run-session (apt install dbus)")
def test_the_desktops_portal_is_asked_and_followed(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(CHECKOUT)}
    command = ["dbus-run-session", "--", sys.executable, "-c", ASKING, PORTAL]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert done.stdout.splitlines() == ["at the start light", "later dark"], done.stderr
