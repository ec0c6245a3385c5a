"""Dark or light: as the settings say, or as the desktop does; also when that changes while the window is open."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PyQt5.QtCore import QEvent, QObject, QSettings, pyqtSignal, pyqtSlot
from PyQt5.QtDBus import QDBus, QDBusConnection, QDBusMessage, QDBusVariant
from PyQt5.QtGui import QPalette
from PyQt5.QtWidgets import QApplication

from webcam_app.window.colors import DARK, LIGHT, Theme
from webcam_app.window.settings.store import SettingsStore
from webcam_app.window.theme import apply_theme

PORTAL = "org.freedesktop.portal.Desktop"
PORTAL_PATH = "/org/freedesktop/portal/desktop"
PORTAL_SETTINGS = "org.freedesktop.portal.Settings"
NAMESPACE, KEY = "org.freedesktop.appearance", "color-scheme"
# A portal that runs answers in a few milliseconds; for one that does not, no start waits longer than this.
ANSWER_MS = 150
PREFERS_DARK = 1  # of the portal's key; 2 is light, 0 no preference, which desktops show as light
WINDOWS_THEME = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"


class SystemAppearance(QObject):
    """Whether the desktop is dark.

    Linux is asked through the desktop portal, which GNOME, KDE, Xfce and others answer, Windows and macOS in their own
    ways. Where nobody says anything it is dark, as a picture looks best on it.
    """

    changed = pyqtSignal()
    """The desktop has become dark or light."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.dark = True
        if sys.platform == "win32":
            self.dark = not QSettings(WINDOWS_THEME, QSettings.Format.NativeFormat).value("AppsUseLightTheme", 1, int)
        elif sys.platform == "darwin":
            self.dark = _is_dark(QApplication.palette())
        else:
            self._ask_portal()

    def _ask_portal(self) -> None:
        name = os.environ.get("GTK_THEME", "")
        if name:
            self.dark = name.lower().endswith(("dark", ":dark"))
        # Without a bus's address, Qt would start one of its own.
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        if not os.environ.get("DBUS_SESSION_BUS_ADDRESS") and not (runtime and (Path(runtime) / "bus").exists()):
            return
        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        question = QDBusMessage.createMethodCall(PORTAL, PORTAL_PATH, PORTAL_SETTINGS, "Read")
        question.setArguments([NAMESPACE, KEY])
        answer = bus.call(question, QDBus.CallMode.Block, ANSWER_MS)
        if answer.type() == QDBusMessage.MessageType.ReplyMessage and answer.arguments():
            self.dark = _plain(answer.arguments()[0]) == PREFERS_DARK
        bus.connect(PORTAL, PORTAL_PATH, PORTAL_SETTINGS, "SettingChanged", self._on_changed)

    @pyqtSlot(QDBusMessage)
    def _on_changed(self, message: QDBusMessage) -> None:
        arguments = message.arguments()
        if arguments[:2] == [NAMESPACE, KEY] and len(arguments) == 3:
            self.set_dark(_plain(arguments[2]) == PREFERS_DARK)

    def set_dark(self, dark: bool) -> None:
        """Take over what the desktop says."""
        if dark != self.dark:
            self.dark = dark
            self.changed.emit()


class Appearance(QObject):
    """Puts on the look that the settings ask for, and changes it with them, with the desktop and with its font."""

    def __init__(self, application: QApplication, settings: SettingsStore, system: SystemAppearance) -> None:
        super().__init__(application)
        self._application, self._settings, self._system = application, settings, system
        settings.changed.connect(self._follow)
        system.changed.connect(self._follow)
        self._theme = self.theme
        apply_theme(application, self._theme)
        application.installEventFilter(self)

    @property
    def theme(self) -> Theme:
        """The look that is asked for."""
        chosen = self._settings.current.appearance
        dark = self._system.dark if chosen == "system" else chosen == "dark"
        return DARK if dark else LIGHT

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Notice another font of the desktop."""
        if watched is self._application and event is not None and event.type() == QEvent.Type.ApplicationFontChange:
            apply_theme(self._application, self._theme)
        return False

    def _follow(self) -> None:
        if self.theme is not self._theme:
            self._theme = self.theme
            apply_theme(self._application, self._theme)


def _is_dark(palette: QPalette) -> bool:
    return (
        palette.color(QPalette.ColorRole.Window).lightness() < palette.color(QPalette.ColorRole.WindowText).lightness()
    )


def _plain(value: object) -> object:
    """What a variant of the bus holds, which may be one in another."""
    while isinstance(value, QDBusVariant):
        value = value.variant()
    return value
