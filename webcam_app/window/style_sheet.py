"""The style sheet of the application, for one of the two looks."""

from __future__ import annotations

from webcam_app.resources import asset_path
from webcam_app.window.colors import OVERLAY_ALPHA, STAGE, Theme

# Sizes of letters, in shares of the system's own.
SMALL, TITLE, HEADLINE = 0.92, 1.23, 1.3


class _Look:
    """One look: colours, and sizes in shares of the system's letters."""

    def __init__(self, theme: Theme, letters: float, unit: str) -> None:
        self.theme, self._letters, self._unit = theme, letters, unit

    def size(self, share: float) -> str:
        """Letters of another size."""
        return f"font-size: {share * self._letters:.2f}{self._unit}"


def style_sheet(theme: Theme, letters: float, unit: str = "pt") -> str:
    """The style sheet of the application.

    Args:
        theme: its colours.
        letters: size of the system's font.
        unit: of that size: ``pt`` or ``px``.
    """
    look = _Look(theme, letters, unit)
    return "".join(part(look) for part in (_buttons, _lists, _messages, _forms))


def _buttons(look: _Look) -> str:
    """Bars and buttons."""
    t = look.theme
    return f"""
QMainWindow {{ background: {t.background}; }}
QDialog {{ background: {t.background}; border: 1px solid {t.edge}; }}
QWidget#header, QWidget#controls, QWidget#status {{ background: {t.surface}; }}
QWidget#status QLabel {{ color: {t.muted}; {look.size(SMALL)}; }}
QToolButton, QPushButton, QComboBox {{
    background: transparent; color: {t.text}; border: 1px solid transparent; border-radius: 8px; padding: 5px 9px;
}}
QPushButton, QComboBox {{ background: {t.raised}; border-color: {t.edge}; }}
QPushButton {{ padding: 6px 14px; }}
QToolButton:hover, QPushButton:hover, QComboBox:hover {{ background: {t.hover}; }}
QToolButton:pressed, QPushButton:pressed {{ background: {t.pressed}; }}
QToolButton:checked {{ background: {t.checked}; color: {t.on_checked}; }}
QToolButton:focus, QPushButton:focus, QComboBox:focus, QLineEdit:focus, QSpinBox:focus, QCheckBox:focus {{
    border: 1px solid {t.accent};
}}
QWidget#status QToolButton {{ color: {t.muted}; {look.size(SMALL)}; padding: 1px 6px; border-radius: 5px; }}
QToolButton:disabled, QPushButton:disabled, QComboBox:disabled {{ color: {t.faint}; }}
QToolButton::menu-indicator {{ image: none; }}
QToolButton#record {{ background: {t.raised}; border-color: {t.edge}; font-weight: 600; padding: 6px 14px; }}
QToolButton#record:hover {{ background: {t.hover}; }}
QToolButton#record[recording="true"] {{ background: {t.red}; border-color: {t.red}; color: {t.on_strong}; }}
QToolButton#record:focus {{ border-color: {t.accent}; }}
QToolButton#record[recording="true"]:focus {{ border-color: {t.text}; }}
QPushButton[primary="true"] {{ background: {t.primary}; border-color: {t.primary}; color: {t.on_strong}; }}
QPushButton[primary="true"]:hover {{ background: {t.primary_hover}; }}
QPushButton[primary="true"]:focus {{ border-color: {t.text}; }}
QComboBox:disabled {{ background: transparent; border-color: transparent; color: {t.muted}; }}
QComboBox::down-arrow:disabled {{ image: none; }}
"""


def _lists(look: _Look) -> str:
    """Lists to choose from."""
    t = look.theme
    return f"""
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox::down-arrow {{ {_image(f"down-on-{t.name}")}; width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{
    background: {t.raised}; color: {t.text}; border: 1px solid {t.edge}; outline: none; padding: 4px;
    selection-background-color: {t.checked}; selection-color: {t.on_checked};
}}
QComboBox QAbstractItemView::item {{ border-radius: 5px; }}
QComboBox QAbstractItemView::item:selected {{ background: {t.checked}; color: {t.on_checked}; }}
QComboBox QAbstractItemView::item:disabled {{ color: {t.faint}; }}
QListWidget {{
    background: {t.surface}; color: {t.text}; border: 1px solid {t.edge}; border-radius: 6px; outline: none;
}}
QListWidget::item:selected {{ background: {t.checked}; color: {t.on_checked}; }}
QListWidget::item:disabled {{ color: {t.faint}; }}
QMenu {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.edge}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 5px; }}
QMenu::item:selected {{ background: {t.checked}; color: {t.on_checked}; }}
QMenu::item:disabled {{ color: {t.faint}; }}
QMenu::separator {{ height: 1px; background: {t.edge}; margin: 4px 8px; }}
QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.edge}; padding: 4px 6px; }}
"""


def _messages(look: _Look) -> str:
    """Messages, above the page and on the picture."""
    t = look.theme
    return f"""
QFrame#banner {{ background: {t.info}; border: none; }}
QFrame#banner[kind="warning"] {{ background: {t.warning}; }}
QFrame#banner[kind="error"] {{ background: {t.error}; }}
QFrame#banner QLabel {{ color: {t.text}; }}
QFrame#banner QPushButton {{ background: rgba({t.veil}, 28); border-color: transparent; padding: 4px 10px; }}
QFrame#banner QPushButton:hover {{ background: rgba({t.veil}, 48); }}
QFrame#banner QPushButton:focus, QFrame#banner QToolButton:focus {{ border: 1px solid {t.text}; }}
QFrame#overlay {{ background: rgba({_channels(STAGE.background)}, {OVERLAY_ALPHA}); border-radius: 14px; }}
QFrame#overlay QLabel {{ color: {STAGE.text}; }}
QFrame#overlay QLabel#detail {{ color: {STAGE.muted}; }}
QFrame#overlay QPushButton {{ background: {STAGE.raised}; color: {STAGE.text}; border-color: {STAGE.edge}; }}
QFrame#overlay QPushButton:hover {{ background: {STAGE.hover}; }}
QFrame#overlay QPushButton:pressed {{ background: {STAGE.pressed}; }}
QFrame#overlay QPushButton:focus {{ border-color: {STAGE.accent}; }}
QFrame#overlay QPushButton[primary="true"] {{
    background: {STAGE.primary}; border-color: {STAGE.primary}; color: {STAGE.on_strong};
}}
QFrame#overlay QPushButton[primary="true"]:hover {{ background: {STAGE.primary_hover}; }}
QFrame#overlay QPushButton[primary="true"]:focus {{ border-color: {STAGE.on_strong}; }}
"""


def _forms(look: _Look) -> str:
    """Texts, fields and what scrolls."""
    t = look.theme
    return f"""
QLabel#headline {{ color: {t.text}; {look.size(HEADLINE)}; font-weight: 600; }}
QLabel#detail {{ color: {t.muted}; }}
QLabel#title {{ color: {t.text}; {look.size(TITLE)}; font-weight: 600; }}
QLabel#problem {{ color: {t.alarm}; }}
QLineEdit, QSpinBox {{
    background: {t.surface}; color: {t.text}; border: 1px solid {t.edge}; border-radius: 6px; padding: 5px 7px;
    selection-background-color: {t.primary}; selection-color: {t.on_strong};
}}
QGroupBox {{ border: none; margin-top: 22px; font-weight: 600; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 0; color: {t.muted}; }}
QCheckBox {{ border: 1px solid transparent; border-radius: 4px; padding: 3px; spacing: 8px; }}
QCheckBox::indicator {{
    width: 16px; height: 16px; border: 1px solid {t.faint}; border-radius: 4px; background: {t.surface};
}}
QCheckBox::indicator:checked {{
    background: {t.primary}; border-color: {t.primary}; {_image("check-light")};
}}
QSpinBox::up-button, QSpinBox::down-button {{ width: 20px; border: none; background: transparent; }}
QSpinBox::up-arrow {{ {_image(f"up-on-{t.name}")}; width: 10px; height: 10px; }}
QSpinBox::down-arrow {{ {_image(f"down-on-{t.name}")}; width: 10px; height: 10px; }}
QSpinBox:disabled, QCheckBox:disabled, QDialog QLabel:disabled {{ color: {t.faint}; }}
QCheckBox::indicator:checked:disabled {{ background: {t.faint}; border-color: {t.faint}; }}
QSlider {{ min-height: 24px; background: transparent; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {t.edge}; }}
QSlider::sub-page:horizontal {{ border-radius: 2px; background: {t.primary}; }}
QSlider::sub-page:horizontal:disabled {{ background: {t.edge}; }}
QSlider::handle:horizontal {{
    width: 14px; height: 14px; margin: -6px 0; border: 1px solid {t.faint}; border-radius: 8px; background: {t.text};
}}
QSlider::handle:horizontal:focus {{ border: 2px solid {t.accent}; }}
QSlider::handle:horizontal:disabled {{ background: {t.edge}; border-color: {t.edge}; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {t.edge}; border-radius: 4px; min-height: 24px; margin: 1px; }}
QScrollBar::handle:vertical:hover {{ background: {t.faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QScrollBar:horizontal {{ background: transparent; height: 8px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {t.edge}; border-radius: 3px; min-width: 24px; margin: 1px; }}
QScrollBar::handle:horizontal:hover {{ background: {t.faint}; }}
QTabWidget::pane {{ border: none; }}
QTabBar {{ background: {t.surface}; }}
QTabBar::tab {{
    background: transparent; color: {t.muted}; padding: 8px 14px; border: 1px solid transparent;
    border-bottom: 2px solid transparent;
}}
QTabBar::tab:selected {{ color: {t.text}; border-bottom-color: {t.accent}; }}
QTabBar::tab:focus {{ border-color: {t.accent}; }}
QFrame#class {{ background: {t.surface}; border: 1px solid {t.edge}; border-radius: 10px; }}
QFrame#class[target="true"] {{ border-color: {t.accent}; background: {t.info}; }}
QFrame#class QLineEdit {{ font-weight: 600; }}
QFrame#class QPushButton {{ padding: 6px 8px; }}
QFrame#class QPushButton:pressed {{ background: {t.red}; border-color: {t.red}; color: {t.on_strong}; }}
QListView#thumbnails {{ background: transparent; border: 1px solid transparent; border-radius: 6px; }}
QListView#thumbnails:focus {{ border-color: {t.accent}; }}
QListView#thumbnails::item:selected {{ background: {t.primary}; color: {t.on_strong}; }}
QLabel#hint {{ background: {t.surface}; color: {t.text}; padding: 4px 12px; }}
QPushButton#train:disabled {{ background: {t.raised}; border-color: {t.edge}; color: {t.faint}; }}
QScrollArea, QTextBrowser {{ background: transparent; border: none; }}
QScrollArea#page {{ background: {t.background}; }}
QScrollArea#page > QWidget > QWidget {{ background: transparent; }}
"""


def _image(name: str) -> str:
    return f'image: url("{asset_path(f"icons/{name}.svg").as_posix()}")'


def _channels(color: str) -> str:
    """``#rrggbb`` as three decimal numbers."""
    return ", ".join(str(int(color[at : at + 2], 16)) for at in (1, 3, 5))
