"""A button for an action."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QEvent, QRect, QSize, Qt
from PyQt5.QtGui import QFontMetrics, QIcon, QKeyEvent, QPaintEvent, QPalette
from PyQt5.QtWidgets import QAction, QStyle, QStyleOptionToolButton, QStylePainter, QToolButton

ICON_GAP = 5
PRESSING_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ActionButton(QToolButton):
    """A button for an action: icon and word, or the icon alone where there is little room."""

    def __init__(self, action: QAction, *, icon_only: bool = False, texts: Sequence[str] = ()) -> None:
        """Make it.

        Args:
            action: what it does; its text, icon and tool tip are followed.
            icon_only: never show the word.
            texts: all words that the action ever has, where they change: the button is as wide as the widest needs.
        """
        super().__init__()
        self._icon_only = icon_only
        self._texts = texts
        self.setDefaultAction(action)
        self.setObjectName(action.objectName())
        action.changed.connect(self._name)
        self._name()
        # Tab reaches it, a click leaves the focus where it is: the space key goes on meaning start and stop.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(QSize(20, 20))
        self.setAutoRaise(True)
        self.set_compact(False)

    def event(self, event: QEvent | None) -> bool:
        """A button that has the focus takes the keys that press it, before the window's shortcuts do."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in PRESSING_KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Return and Enter press it too."""
        if event is not None and event.key() in PRESSING_KEYS[1:]:
            self.click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """As wide as the widest of its words needs, so that nothing moves when the word changes."""
        hint = super().sizeHint()
        if self._texts and self.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon:
            metrics, flags = QFontMetrics(self.font()), int(Qt.TextFlag.TextShowMnemonic)
            widest = max(metrics.size(flags, text).width() for text in self._texts)
            hint.setWidth(hint.width() + widest - metrics.size(flags, self.text()).width())
        return hint

    def minimumSizeHint(self) -> QSize:
        """The same: a button is never cut off."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Icon and word stand in the middle; Qt puts them on the left, which shows where the word is a short one."""
        if not self._texts or self.toolButtonStyle() != Qt.ToolButtonStyle.ToolButtonTextBesideIcon:
            super().paintEvent(event)
            return
        painter = QStylePainter(self)
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        text, option.text = self.text(), ""
        option.icon = QIcon()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        side = self.iconSize().width()
        text_width = painter.fontMetrics().horizontalAdvance(text)
        left = (self.width() - side - ICON_GAP - text_width) // 2
        mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
        self.icon().paint(painter, QRect(left, (self.height() - side) // 2, side, side), mode=mode)
        group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(option.palette.color(group, QPalette.ColorRole.ButtonText))
        place = QRect(left + side + ICON_GAP, 0, text_width + 2, self.height())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)

    def set_compact(self, compact: bool) -> None:
        """Show the icon alone, or with its word."""
        words = not compact and not self._icon_only
        self.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if words else Qt.ToolButtonStyle.ToolButtonIconOnly
        )

    def _name(self) -> None:
        """What assistive technology says is what the button does now."""
        action = self.defaultAction()
        if action is not None:
            self.setAccessibleName(action.text().rstrip("…"))
            self.setAccessibleDescription(action.toolTip())
            self.updateGeometry()
