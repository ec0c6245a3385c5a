"""The model in the open: what it is for, whom it is right about, what it is bad at, what it learned from."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PyQt5.QtCore import QObject, Qt, pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from webcam_app.faces.labelling.card import ModelCard
from webcam_app.resources import model_path
from webcam_app.window.actions import ActionSet, WindowActions
from webcam_app.window.header import Header
from webcam_app.window.model.charts import CalibrationChart, GroupChart, calibration_table, group_table
from webcam_app.window.model.contents import Contents, Measured, Section, contents_of
from webcam_app.window.page import Page, PageParts
from webcam_app.window.widgets.action_button import ActionButton
from webcam_app.window.widgets.bar import Bar

# Longer lines are hard to read.
WIDEST = 760
ABOVE_HEADING = 10
LOADING = "The model is still being loaded."


class ModelActions(ActionSet):
    """What can be done on the page."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self.back = self.add("back", "Back", ("Alt+Left", "Backspace"), "back", "Back to the picture")
        self.tables = self.add("tables", "Tables", ("T",), "table", "Show the charts as tables")
        self.tables.setCheckable(True)


class ModelPage(Page):
    """Shows a card, whatever it has of what is asked for."""

    left = pyqtSignal()
    """The person wants back to the picture."""

    def __init__(self, window_actions: WindowActions, parent: QObject) -> None:
        """Make it, empty.

        Args:
            window_actions: for the menu.
            parent: the window.
        """
        self.scroll = QScrollArea()
        self.scroll.setObjectName("page")
        self.scroll.setWidgetResizable(True)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scroll.setAccessibleName("The model")
        self.actions_: ModelActions = ModelActions(self.scroll)
        self.title = QLabel()
        self.title.setObjectName("title")
        header = Header(
            window_actions, ((ActionButton(self.actions_.back), 0), (ActionButton(self.actions_.tables), 0))
        )
        super().__init__(PageParts(header, self.scroll, Bar("controls"), Bar("status")), self.actions_, parent)
        self._card: ModelCard | None = None
        self._problem = LOADING
        self.actions_.back.triggered.connect(lambda: self.left.emit())
        self.actions_.tables.toggled.connect(lambda _on: self._fill())
        self._fill()

    def show_card(self, card: ModelCard | None, problem: str) -> None:
        """Show a model.

        Args:
            card: its card; None without a model or before it is loaded.
            problem: why there is none; empty otherwise.
        """
        if card is not self._card or problem != self._problem:
            self._card, self._problem = card, problem
            self._fill()
            bar = self.scroll.verticalScrollBar()
            if bar is not None:
                bar.setValue(0)

    def open(self, spec: str) -> None:
        """Files are shown by the live page."""

    def cancel(self) -> None:
        """Esc leads back."""
        self.left.emit()

    def _fill(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(24, 18, 24, 24)
        column.setSpacing(8)
        card = self._card
        if card is None:
            column.addWidget(_text(f"<p>{escape(self._problem or LOADING)}</p>"))
        else:
            contents = contents_of(card, shipped=card.path.parent == model_path("detector.tflite").parent)
            for part in self._parts_of(contents):
                column.addWidget(part)
        column.addStretch(1)
        content.setMaximumWidth(WIDEST)
        around = QWidget()
        outer = QHBoxLayout(around)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addStretch(1)
        outer.addWidget(content, 1000)
        outer.addStretch(1)
        # The key may have come through a chart that goes now.
        before = self.scroll.takeWidget()
        if before is not None:
            before.deleteLater()
        self.scroll.setWidget(around)

    def _parts_of(self, contents: Contents) -> Sequence[QWidget]:
        title = QLabel(contents.title)
        title.setObjectName("headline")
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setWordWrap(True)
        parts: list[QWidget] = [title]
        parts += [_section(section) for section in contents.before]
        for measured in contents.measured:
            parts += self._measured(measured)
        parts += [_section(section) for section in contents.after]
        rows = "".join(
            f"<tr><td style='padding: 2px 18px 2px 0'>{escape(name)}</td><td>{escape(value)}</td></tr>"
            for name, value in contents.facts
        )
        parts.append(_text(f"<h3>Details</h3><table>{rows}</table>"))
        return parts

    def _measured(self, measured: Measured) -> list[QWidget]:
        sentences = f"<p>{'<br>'.join(escape(text) for text in measured.sentences)}</p>"
        found = f"<p>Found with <code>{escape(measured.command)}</code></p>" if measured.command else ""
        parts: list[QWidget] = [_text(f"<h3>How often it is right: {escape(measured.name)}</h3>{sentences}{found}")]
        tables = self.actions_.tables.isChecked()
        for grouping in measured.groupings:
            parts.append(_text(f"<h4>{escape(grouping.title)}, the worst first</h4>"))
            parts.append(_text(group_table(grouping)) if tables else GroupChart(grouping))
        if measured.calibration:
            parts.append(_text("<h4>Can its confidence be believed? On the diagonal it can.</h4>"))
            points = measured.calibration
            parts.append(_text(calibration_table(points)) if tables else CalibrationChart(points))
        return parts


def _section(section: Section) -> QLabel:
    texts = [escape(text) for text in section.texts]
    body = f"<p>{texts[0]}</p>" if len(texts) == 1 else f"<ul>{''.join(f'<li>{text}</li>' for text in texts)}</ul>"
    return _text(f"<h3>{escape(section.title)}</h3>{body}")


def _text(html: str) -> QLabel:
    label = QLabel(html)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    # Qt drops the margin of the first paragraph.
    label.setContentsMargins(0, ABOVE_HEADING if html.startswith("<h") else 0, 0, 0)
    flags = Qt.TextInteractionFlags()
    flags |= Qt.TextInteractionFlag.TextSelectableByMouse
    label.setTextInteractionFlags(flags | Qt.TextInteractionFlag.TextSelectableByKeyboard)
    return label
