"""What the labels mean, what the model is, the licences, and the keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from PyQt5.QtCore import QSize, Qt
from PyQt5.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from webcam_app.faces.labelling.card import ModelCard
from webcam_app.window.actions import Action, key_list
from webcam_app.window.dialogs.licences import licences_html
from webcam_app.window.screens import fit_dialog

MEANING = """
<h3>What the labels mean</h3>
<p>A label says how a face is <b>perceived by a network</b> that was trained on pictures which other people had
labelled. It does not say who someone is. The network has no way to know a person's gender, and it is wrong more often
on some groups of people than on others.</p>
<p>The percentage is how sure the network is, over all it has seen of this face so far. Where it is not sure enough, the
face is called <b>unsure</b>. Do not decide anything about anybody by these labels.</p>
<h3>What happens to the pictures</h3>
<p>Nothing leaves this machine. No picture is written to a file unless you record, take a snapshot or teach
classes, and then the window shows it.</p>
"""
# A card may carry any number of results; the headline figures come first in it.
MOST_RESULTS = 12
SIZE = QSize(580, 640)


class _TextDialog(QDialog):
    def __init__(self, title: str, html: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setAccessibleName(title)
        self.text.setHtml(html)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
        fit_dialog(self, SIZE)


class AboutDialog(_TextDialog):
    """The meaning of the labels, facts about the model from its card, and the licences."""

    def __init__(self, card: ModelCard | None, problem: str, parent: QWidget | None = None) -> None:
        """Make it.

        Args:
            card: the model's card, None without a model or before it is loaded.
            problem: why there is none; empty otherwise.
            parent: the window.
        """
        model = _model_html(card) if card is not None else f"<p>{escape(problem) or 'It is still being loaded.'}</p>"
        super().__init__("About", f"{MEANING}<h3>The model</h3>{model}{licences_html()}", parent)


class KeysDialog(_TextDialog):
    """All keys."""

    def __init__(
        self, actions: Iterable[Action], parent: QWidget | None = None, more: Iterable[tuple[str, str]] = ()
    ) -> None:
        rows = "".join(
            f"<tr><td style='padding: 4px 18px 4px 0'><b>{escape(keys)}</b></td>"
            f"<td style='padding: 4px 0'>{escape(text)}</td></tr>"
            for keys, text in key_list(actions, more)
        )
        super().__init__("Keyboard", f"<table>{rows}</table>", parent)


def _model_html(card: ModelCard) -> str:
    facts = [
        ("Name", card.name),
        ("Task", card.task),
        ("Labels", ", ".join(card.labels)),
        ("Input", f"{card.input_size}×{card.input_size} pixels"),
        ("Called unsure", f"below {card.unsure_below:.0%}"),
        ("Masks", "yes" if card.mask_at is not None else "no"),
        *_persons(card),
        *_results(card),
    ]
    rows = "".join(
        f"<tr><td style='padding: 2px 16px 2px 0'>{escape(name)}</td><td>{escape(value)}</td></tr>"
        for name, value in facts
    )
    return f"<table>{rows}</table>"


def _persons(card: ModelCard) -> Iterator[tuple[str, str]]:
    """What a taught model's card says about recognising persons."""
    about = card.document.get("about")
    if card.features is not None and isinstance(about, dict) and isinstance(about.get("persons"), str):
        yield "Persons", about["persons"]


def _results(card: ModelCard) -> Iterator[tuple[str, str]]:
    """Measured results that are single figures."""
    results = card.document.get("results")
    if isinstance(results, dict):
        shown = 0
        for name, value in results.items():
            plain = isinstance(value, (int, float, str)) and not isinstance(value, bool)
            if plain and shown < MOST_RESULTS:
                shown += 1
                text = f"{value:.1%}" if isinstance(value, float) and 0 <= value <= 1 else str(value)
                yield str(name).replace("_", " ").capitalize(), text
