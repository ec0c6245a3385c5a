"""What the label of a face means, for whoever rests the mouse on it."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QEvent, QObject
from PyQt5.QtGui import QHelpEvent
from PyQt5.QtWidgets import QToolTip

from webcam_app.faces.face import UNSURE, Face
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.window.core_texts import label_text
from webcam_app.window.live.picture.canvas import VideoCanvas
from webcam_app.window.translation import mark, percent, tr, translated

PERCEIVED = mark(
    "That is how the network perceives this face, over all it has seen of it; it does not know who someone is."
)


class FaceHints(QObject):
    """Answers the question about the face under the mouse with a tool tip."""

    def __init__(self, canvas: VideoCanvas, card: Callable[[], ModelCard | None]) -> None:
        """Make it.

        Args:
            canvas: where the faces are.
            card: gives the card of the network in use.
        """
        super().__init__(canvas)
        self._canvas, self._card = canvas, card
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Notice the question."""
        if not isinstance(event, QHelpEvent) or event.type() != QEvent.Type.ToolTip:
            return False
        text = self.text_at(event.pos().x(), event.pos().y())
        if text:
            QToolTip.showText(event.globalPos(), text, self._canvas)
        else:
            QToolTip.hideText()
        return True

    def text_at(self, x: float, y: float) -> str:
        """What there is to say about a place of the canvas; empty where no face is."""
        result = self._canvas.result
        faces = [] if result is None or self._canvas.stale else result.faces
        for face, rectangle in zip(faces, self._canvas.face_rectangles(faces), strict=True):
            if rectangle.contains(x, y):
                return hint(face, self._card())
        return ""


def hint(face: Face, card: ModelCard | None) -> str:
    """What a face's label means.

    Args:
        face: the face.
        card: of the network that labelled it; None without one.
    """
    if face.label is None or not face.probabilities:
        return (
            tr("A face without a label.") if card is None else tr("The network has not seen enough of this face yet.")
        )
    likeliest, share = max(face.probabilities.items(), key=lambda pair: pair[1])
    if face.label != UNSURE:
        text = tr("{label}: {share}. {meaning}")
        return text.format(label=label_text(face.label), share=percent(share), meaning=translated(PERCEIVED))
    if card is not None and share >= card.unsure_below:
        text = tr("{unsure}: this face is unlike all that '{model}' was taught.")
        return text.format(unsure=label_text(UNSURE), model=card.name)
    text = tr("{unsure}: the likeliest label, {label}, has only {share}.")
    text = text.format(unsure=label_text(UNSURE), label=label_text(likeliest), share=percent(share))
    if card is None:
        return text
    return f"{text} {tr('Below {share} no label is given.').format(share=percent(card.unsure_below))}"
