"""The application's look: it is put on as a whole, and changed while it runs. Icons take their colours from it."""

from __future__ import annotations

from functools import lru_cache

from PyQt5.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PyQt5.QtWidgets import QApplication

from webcam_app.resources import asset_path
from webcam_app.window.colors import DARK, RED, STAGE, Theme
from webcam_app.window.style_sheet import style_sheet

__all__ = ["RED", "STAGE", "Theme", "apply_theme", "current", "icon"]

# What a desktop asks of an icon that can have any size.
ICON_SIDES = (16, 20, 24, 32, 48, 64, 128, 256)

_current = DARK


def current() -> Theme:
    """The look that the application has now. What paints by itself asks for it each time."""
    return _current


def apply_theme(application: QApplication, theme: Theme = DARK) -> None:
    """Give the whole application a look, the same on every platform, in the system's font and size.

    It can be called again at any time: every widget is painted anew.
    """
    global _current
    _current = theme
    application.setStyle("Fusion")
    application.setPalette(_palette(theme))
    font = application.font()
    by_points = font.pointSizeF() > 0
    letters = font.pointSizeF() if by_points else float(font.pixelSize())
    application.setStyleSheet(style_sheet(theme, letters, "pt" if by_points else "px"))


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.background,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.surface,
        QPalette.ColorRole.AlternateBase: theme.raised,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.ToolTipBase: theme.raised,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.Highlight: theme.primary,
        QPalette.ColorRole.HighlightedText: theme.on_strong,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.PlaceholderText: theme.muted,
    }
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faint))
    return palette


@lru_cache(maxsize=64)
def icon(name: str, color: str = "text") -> QIcon:
    """An icon of ``assets/icons``, sharp at every size and density; empty where the file is missing.

    Args:
        name: the file without its suffix.
        color: a field of ``Theme``, whose colour is taken anew each time the icon is painted; or a fixed colour.
    """
    source = _read(name)
    return QIcon(_Engine(source, color)) if source else QIcon()


class _Engine(QIconEngine):
    """Draws an icon when it is needed, in the colour that the theme has then."""

    def __init__(self, source: str, color: str) -> None:
        super().__init__()
        self._source, self._color = source, color

    def paint(self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Qt paints it."""
        if painter is None:
            return
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        pixmap = QPixmap(self.pixmap(rect.size() * ratio, mode, state))
        pixmap.setDevicePixelRatio(ratio)
        painter.drawPixmap(rect, pixmap)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Qt wants it in a size of device pixels."""
        theme = current()
        wanted = theme.faint if mode == QIcon.Mode.Disabled else getattr(theme, self._color, self._color)
        return _render(self._source, wanted, size.width(), size.height())

    def clone(self) -> QIconEngine:
        """Qt copies it before an icon is changed."""
        return _Engine(self._source, self._color)

    def availableSizes(self, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off) -> list[QSize]:
        """For those that take whole pictures, such as a window manager."""
        return [QSize(side, side) for side in ICON_SIDES]


@lru_cache(maxsize=256)
def _read(name: str) -> str:
    try:
        return asset_path(f"icons/{name}.svg").read_text(encoding="utf-8")
    except OSError:
        return ""


@lru_cache(maxsize=512)
def _render(source: str, color: str, width: int, height: int) -> QPixmap:
    from PyQt5.QtSvg import QSvgRenderer

    if not source or min(width, height) < 1:
        return QPixmap()
    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", color).encode()))
    pixmap = QPixmap(width, height)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    side = min(width, height)
    renderer.render(painter, QRectF((width - side) / 2, (height - side) / 2, side, side))
    painter.end()
    return pixmap
