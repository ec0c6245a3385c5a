"""Someone wants to know what the labels mean."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from tests.window.fakes import card
from webcam_app.window.dialogs.help import AboutDialog


def text(qtbot: QtBot, dialog: AboutDialog) -> str:
    qtbot.addWidget(dialog)
    return str(dialog.text.toPlainText())


def test_it_says_what_a_label_is_and_is_not(qtbot: QtBot) -> None:
    shown = text(qtbot, AboutDialog(card(), ""))
    assert "perceived by a network" in shown
    assert "It does not say who someone is" in shown
    assert "Nothing leaves this machine" in shown
    assert "unsure" in shown


def test_it_tells_the_facts_of_the_model_that_is_there(qtbot: QtBot) -> None:
    shown = text(qtbot, AboutDialog(card(), ""))
    assert "three-way" in shown and "ada, bea, cyd" in shown and "96×96" in shown
    assert "91.2%" in shown and "1000" in shown


def test_a_models_words_are_shown_and_not_interpreted(qtbot: QtBot) -> None:
    shown = text(qtbot, AboutDialog(card(["<img src=x>", "<b>b</b>"]), ""))
    assert "<img src=x>, <b>b</b>" in shown


def test_without_a_model_it_says_why(qtbot: QtBot) -> None:
    assert "checksum differs" in text(qtbot, AboutDialog(None, "model 'x' is damaged (checksum differs)"))
