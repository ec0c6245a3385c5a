"""The bars above and below the page."""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from webcam_app.window.actions import WindowActions
from webcam_app.window.header import Header
from webcam_app.window.teach.actions import TeachActions
from webcam_app.window.theme import icon
from webcam_app.window.widgets.action_button import ActionButton
from webcam_app.window.widgets.bar import Bar


class TeachHeader(Header):
    """The way back, and which model labels."""

    def __init__(self, actions: WindowActions) -> None:
        self.back = ActionButton(actions.show_live)
        title = QLabel("Teach")
        title.setObjectName("title")
        self.model = QLabel()
        self.model.setObjectName("detail")
        self.model.setTextFormat(Qt.TextFormat.PlainText)
        self.model.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        super().__init__(actions, ((self.back, 0), (title, 0), (self.model, 1000)), narrow_hides=(self.model,))

    def set_compact(self, compact: bool) -> None:
        """Take less room."""
        super().set_compact(compact)
        self.back.set_compact(compact)


class TeachControls(Bar):
    """Train, and what can be done with the model."""

    def __init__(self, actions: TeachActions, window_actions: WindowActions) -> None:
        super().__init__("controls")
        self.train = QPushButton(icon("teach", "white"), "Train")
        self.train.setObjectName("train")
        self.train.setProperty("primary", True)
        self.train.setToolTip(actions.train.toolTip())
        self.train.clicked.connect(lambda _checked=False: actions.train.trigger())
        actions.train.changed.connect(lambda: self.train.setEnabled(actions.train.isEnabled()))
        self.cancel = QPushButton("Cancel")
        self.progress = QLabel()
        self.progress.setObjectName("detail")
        self._buttons = [
            ActionButton(action)
            for action in (actions.save, window_actions.open_model, window_actions.built_in_model, actions.export)
        ]
        self._layout = QHBoxLayout(self)
        self._layout.setSpacing(6)
        self._layout.addWidget(self.train)
        self._layout.addWidget(self.cancel)
        self._layout.addWidget(self.progress)
        self._layout.addStretch(1)
        for button in self._buttons:
            self._layout.addWidget(button)
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        """Show icons alone."""
        self._layout.setContentsMargins(*((8, 3, 8, 3) if compact else (12, 9, 12, 9)))
        for button in self._buttons:
            button.set_compact(compact)

    def show_work(self, to_do: int, *, training: bool, cancellable: bool) -> None:
        """Show what is being done.

        Args:
            to_do: pictures that are still to be looked at.
            training: whether a model is being taught, or will be when that is done.
            cancellable: whether any of it can be cancelled.
        """
        looking = f"Looking at pictures: {to_do} left" if to_do else ""
        self.progress.setText(looking or ("Training…" if training else ""))
        self.cancel.setVisible(cancellable)


class TeachStatus(Bar):
    """Where the pictures lie, and what can be done with them."""

    def __init__(self, actions: TeachActions, parent: QWidget | None = None) -> None:
        super().__init__("status", parent)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 1, 8, 2)
        layout.addWidget(self.text, 1)
        for action in (actions.show_pictures, actions.delete_all):
            button = ActionButton(action)
            button.setProperty("small", True)
            layout.addWidget(button)
