"""Colours, icons and style sheet: dark and quiet, so that the picture is what one looks at."""

from __future__ import annotations

from functools import lru_cache

from PyQt5.QtCore import QByteArray, QRectF, Qt
from PyQt5.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PyQt5.QtWidgets import QApplication

from webcam_app.resources import asset_path

# Text on either surface has a contrast of at least 7:1, muted text of 4.5:1 (WCAG 2, levels AAA and AA).
BACKGROUND = "#14161a"
SURFACE = "#1d2026"
RAISED = "#2a2f38"
EDGE = "#3a404b"
TEXT = "#eef1f5"
MUTED = "#a6afbd"
FAINT = "#6b7482"
ACCENT = "#58a6ff"
RED = "#e5383b"
AMBER = "#f0b429"

ICON_PIXELS = (16, 20, 24, 32, 48, 64)

STYLE_SHEET = f"""
* {{ font-size: 13px; }}
QMainWindow {{ background: {BACKGROUND}; }}
QDialog {{ background: {BACKGROUND}; border: 1px solid {EDGE}; }}
QWidget#header, QWidget#controls, QWidget#status {{ background: {SURFACE}; }}
QWidget#status QLabel {{ color: {MUTED}; font-size: 12px; }}
QToolButton, QPushButton, QComboBox {{
    background: transparent; color: {TEXT}; border: 1px solid transparent; border-radius: 8px; padding: 5px 9px;
}}
QPushButton, QComboBox {{ background: {RAISED}; border-color: {EDGE}; }}
QPushButton {{ padding: 6px 14px; }}
QToolButton:hover, QPushButton:hover, QComboBox:hover {{ background: #343a45; }}
QToolButton:pressed, QPushButton:pressed {{ background: #414957; }}
QToolButton:checked {{ background: #23405f; color: #cfe5ff; }}
QToolButton:focus, QPushButton:focus, QComboBox:focus, QLineEdit:focus, QSpinBox:focus, QCheckBox:focus {{
    border: 1px solid {ACCENT};
}}
QToolButton:disabled, QPushButton:disabled, QComboBox:disabled {{ color: {FAINT}; }}
QToolButton::menu-indicator {{ image: none; }}
QToolButton#record {{ background: {RAISED}; border-color: {EDGE}; font-weight: 600; padding: 6px 14px; }}
QToolButton#record:hover {{ background: #343a45; }}
QToolButton#record[recording="true"] {{ background: {RED}; border-color: {RED}; color: white; }}
QToolButton#record:focus {{ border-color: {ACCENT}; }}
QToolButton#record[recording="true"]:focus {{ border-color: white; }}
QPushButton[primary="true"] {{ background: #1f6feb; border-color: #1f6feb; color: white; }}
QPushButton[primary="true"]:hover {{ background: #3880f0; }}
QPushButton[primary="true"]:focus {{ border-color: white; }}
QComboBox:disabled {{ background: transparent; border-color: transparent; color: {MUTED}; }}
QComboBox::down-arrow:disabled {{ image: none; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox::down-arrow {{ image: url("{asset_path("icons/down-light.svg").as_posix()}"); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{
    background: {RAISED}; color: {TEXT}; border: 1px solid {EDGE}; outline: none; padding: 4px;
    selection-background-color: #23405f; selection-color: white;
}}
QComboBox QAbstractItemView::item {{ border-radius: 5px; }}
QComboBox QAbstractItemView::item:selected {{ background: #23405f; color: white; }}
QComboBox QAbstractItemView::item:disabled {{ color: {FAINT}; }}
QMenu {{ background: {RAISED}; color: {TEXT}; border: 1px solid {EDGE}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 5px; }}
QMenu::item:selected {{ background: #23405f; }}
QMenu::separator {{ height: 1px; background: {EDGE}; margin: 4px 8px; }}
QToolTip {{ background: {RAISED}; color: {TEXT}; border: 1px solid {EDGE}; padding: 4px 6px; }}
QFrame#banner {{ background: #22303f; border: none; }}
QFrame#banner[kind="warning"] {{ background: #3d3115; }}
QFrame#banner[kind="error"] {{ background: #481d1f; }}
QFrame#banner QLabel {{ color: {TEXT}; }}
QFrame#banner QPushButton {{ background: rgba(255, 255, 255, 28); border-color: transparent; padding: 4px 10px; }}
QFrame#banner QPushButton:hover {{ background: rgba(255, 255, 255, 48); }}
QFrame#banner QPushButton:focus, QFrame#banner QToolButton:focus {{ border: 1px solid white; }}
QFrame#overlay {{ background: rgba(20, 22, 26, 200); border-radius: 14px; }}
QLabel#headline {{ color: {TEXT}; font-size: 17px; font-weight: 600; }}
QLabel#detail {{ color: {MUTED}; }}
QLabel#title {{ color: {TEXT}; font-size: 16px; font-weight: 600; }}
QLabel#problem {{ color: #ff9d9f; }}
QLineEdit, QSpinBox {{
    background: {SURFACE}; color: {TEXT}; border: 1px solid {EDGE}; border-radius: 6px; padding: 5px 7px;
    selection-background-color: #1f6feb;
}}
QGroupBox {{ border: none; margin-top: 22px; font-weight: 600; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 0; color: {MUTED}; }}
QCheckBox {{ border: 1px solid transparent; border-radius: 4px; padding: 3px; spacing: 8px; }}
QCheckBox::indicator {{
    width: 16px; height: 16px; border: 1px solid {FAINT}; border-radius: 4px; background: {SURFACE};
}}
QCheckBox::indicator:checked {{
    background: #1f6feb; border-color: #1f6feb; image: url("{asset_path("icons/check-light.svg").as_posix()}");
}}
QSpinBox::up-button, QSpinBox::down-button {{ width: 20px; border: none; background: transparent; }}
QSpinBox::up-arrow {{ image: url("{asset_path("icons/up-light.svg").as_posix()}"); width: 10px; height: 10px; }}
QSpinBox::down-arrow {{ image: url("{asset_path("icons/down-light.svg").as_posix()}"); width: 10px; height: 10px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {EDGE}; border-radius: 4px; min-height: 24px; margin: 1px; }}
QScrollBar::handle:vertical:hover {{ background: {FAINT}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QFrame#class {{ background: {SURFACE}; border: 1px solid {EDGE}; border-radius: 10px; }}
QFrame#class[target="true"] {{ border-color: {ACCENT}; background: #22303f; }}
QFrame#class QLineEdit {{ font-weight: 600; }}
QFrame#class QPushButton {{ padding: 6px 8px; }}
QFrame#class QPushButton:pressed {{ background: {RED}; border-color: {RED}; color: white; }}
QListView#thumbnails {{ background: transparent; border: 1px solid transparent; border-radius: 6px; }}
QListView#thumbnails:focus {{ border-color: {ACCENT}; }}
QListView#thumbnails::item:selected {{ background: {ACCENT}; }}
QLabel#hint {{ background: {SURFACE}; color: {TEXT}; padding: 4px 12px; }}
QPushButton#train:disabled {{ background: {RAISED}; border-color: {EDGE}; color: {FAINT}; }}
QWidget#status QToolButton {{ color: {MUTED}; font-size: 12px; padding: 1px 6px; }}
QTabWidget::pane {{ border: none; }}
QTabBar {{ background: {SURFACE}; }}
QTabBar::tab {{
    background: transparent; color: {MUTED}; padding: 8px 14px; border: 1px solid transparent;
    border-bottom: 2px solid transparent;
}}
QTabBar::tab:selected {{ color: {TEXT}; border-bottom-color: {ACCENT}; }}
QTabBar::tab:focus {{ border-color: {ACCENT}; }}
QScrollBar:horizontal {{ background: transparent; height: 8px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {EDGE}; border-radius: 3px; min-width: 24px; margin: 1px; }}
QScrollBar::handle:horizontal:hover {{ background: {FAINT}; }}
QScrollArea, QTextBrowser {{ background: transparent; border: none; }}
"""


def apply_theme(application: QApplication) -> None:
    """Give the whole application its look; the same on every platform."""
    application.setStyle("Fusion")
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: BACKGROUND,
        QPalette.ColorRole.WindowText: TEXT,
        QPalette.ColorRole.Base: SURFACE,
        QPalette.ColorRole.AlternateBase: RAISED,
        QPalette.ColorRole.Text: TEXT,
        QPalette.ColorRole.Button: RAISED,
        QPalette.ColorRole.ButtonText: TEXT,
        QPalette.ColorRole.ToolTipBase: RAISED,
        QPalette.ColorRole.ToolTipText: TEXT,
        QPalette.ColorRole.Highlight: "#1f6feb",
        QPalette.ColorRole.HighlightedText: "#ffffff",
        QPalette.ColorRole.Link: ACCENT,
        QPalette.ColorRole.PlaceholderText: FAINT,
    }
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(FAINT))
    application.setPalette(palette)
    application.setStyleSheet(STYLE_SHEET)


@lru_cache(maxsize=64)
def icon(name: str, color: str = TEXT) -> QIcon:
    """An icon of ``assets/icons`` in a colour; sharp at every size, empty where the file is missing."""
    result = QIcon()
    for mode, tint in ((QIcon.Mode.Normal, color), (QIcon.Mode.Disabled, FAINT)):
        for side in ICON_PIXELS:
            pixmap = render_icon(name, tint, side)
            if not pixmap.isNull():
                result.addPixmap(pixmap, mode)
    return result


def render_icon(name: str, color: str, side: int) -> QPixmap:
    """One icon as a square of ``side`` device pixels."""
    from PyQt5.QtSvg import QSvgRenderer

    try:
        source = asset_path(f"icons/{name}.svg").read_text(encoding="utf-8")
    except OSError:
        return QPixmap()
    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", color).encode()))
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return pixmap
