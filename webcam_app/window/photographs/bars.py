"""The bars below the photographs."""

from __future__ import annotations

from PyQt5.QtCore import QSize, Qt
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton

from webcam_app.window.actions import Action
from webcam_app.window.photographs.actions import CANCEL, GO_ON, PhotographActions
from webcam_app.window.theme import icon
from webcam_app.window.widgets.action_button import ActionButton
from webcam_app.window.widgets.bar import Bar


class PhotographBar(Bar):
    """How far labelling is, and the buttons."""

    def __init__(self, actions: PhotographActions) -> None:
        super().__init__("controls")
        self.progress = QLabel()
        self.progress.setAccessibleName("Progress")
        self.of_grid = [
            ActionButton(actions.run, texts=(CANCEL, GO_ON)),
            ActionButton(actions.enlarge),
            ActionButton(actions.compare, icon_only=True),
            ActionButton(actions.export, icon_only=True),
            ActionButton(actions.copies, icon_only=True),
        ]
        self.of_view = [
            ActionButton(action)
            for action in (actions.small, actions.previous, actions.next, actions.farther, actions.fit, actions.closer)
        ]
        self.buttons = [*self.of_grid, *self.of_view, ActionButton(actions.unsure)]
        menu = self.labels = QMenu(self)
        button = self._label_button = QToolButton()
        button.setText("Label")
        button.setIcon(icon("check"))
        button.setIconSize(QSize(20, 20))
        button.setToolTip("Say what is true; kept in labels.csv beside the pictures")
        button.setAccessibleName("Label")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)
        menu.addAction(actions.undo)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 10, 5)
        layout.addWidget(self.progress, 1)
        for button in self.buttons:
            layout.addWidget(button)
        layout.addWidget(self._label_button)
        self.set_large(False)
        self.set_compact(False)

    def add_label(self, action: Action) -> None:
        """Offer a label."""
        self.labels.insertAction(self.labels.actions()[-1], action)

    def set_large(self, large: bool) -> None:
        """Offer what can be done with one large photograph, or with the grid."""
        for button in self.of_grid:
            button.setVisible(not large)
        for button in self.of_view:
            button.setVisible(large)

    def set_compact(self, compact: bool) -> None:
        """Show icons alone, or with their words."""
        for button in self.buttons:
            button.set_compact(compact)
        style = Qt.ToolButtonStyle
        self._label_button.setToolButtonStyle(style.ToolButtonIconOnly if compact else style.ToolButtonTextBesideIcon)


class PhotographStatus(Bar):
    """What is known of the current photograph."""

    def __init__(self) -> None:
        super().__init__("status")
        self.text = QLabel(" ")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 2, 12, 3)
        layout.addWidget(self.text, 1)
