"""The bar above the picture."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QSize, Qt
from PyQt5.QtGui import QResizeEvent
from PyQt5.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from webcam_app.window.actions import WindowActions
from webcam_app.window.theme import icon
from webcam_app.window.widgets.action_button import ActionButton
from webcam_app.window.widgets.bar import Bar

# Below this width the help is only in the menu, and what is less important is not shown.
NARROW_WIDTH = 520


class Header(Bar):
    """What a page puts on the left; help and the menu on the right."""

    def __init__(
        self, actions: WindowActions, selectors: Sequence[tuple[QWidget, int]], narrow_hides: Sequence[QWidget] = ()
    ) -> None:
        """Make it.

        Args:
            actions: the window's, for the menu.
            selectors: the page's own widgets, each with its share of the width.
            narrow_hides: those of them that are not shown in a narrow window.
        """
        super().__init__("header")
        menu = QMenu(self)
        for group in (
            (actions.open_file, actions.open_folder, actions.open_url, actions.demo),
            (actions.show_teach, actions.open_model, actions.built_in_model),
            (actions.show_recordings, actions.palette, actions.settings),
            (actions.model, actions.about, actions.keys, actions.copy_details),
            (actions.quit,),
        ):
            menu.addActions(group)
            menu.addSeparator()
        self.menu_button = QToolButton()
        self.menu_button.setIcon(icon("settings"))
        self.menu_button.setIconSize(QSize(20, 20))
        self.menu_button.setToolTip("Open, settings, help")
        self.menu_button.setAccessibleName("Menu")
        self.menu_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setMenu(menu)
        self._layout = QHBoxLayout(self)
        self._layout.setSpacing(8)
        for selector, share in selectors:
            self._layout.addWidget(selector, share)
        self._layout.addStretch(1)
        others = (actions.show_teach, actions.about, actions.keys)
        help_buttons = [ActionButton(action, icon_only=True) for action in others]
        for button in help_buttons:
            self._layout.addWidget(button)
        self._less_important = [*narrow_hides, *help_buttons]
        self._layout.addWidget(self.menu_button)
        self.set_compact(False)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Show what there is room for."""
        for part in self._less_important:
            part.setVisible(self.width() >= NARROW_WIDTH)

    def set_compact(self, compact: bool) -> None:
        """Take less room."""
        self._layout.setContentsMargins(*((8, 3, 6, 3) if compact else (12, 7, 10, 7)))
        self._layout.invalidate()
