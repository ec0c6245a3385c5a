"""Someone wants to know what the labels mean."""

from __future__ import annotations

import configparser
import importlib.metadata
import re
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.window.fakes import card
from webcam_app.window.dialogs.help import AboutDialog
from webcam_app.window.dialogs.licences import INSTALLED, components


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
    assert "91.2 %" in shown and "1000" in shown


def test_a_models_words_are_shown_and_not_interpreted(qtbot: QtBot) -> None:
    shown = text(qtbot, AboutDialog(card(["<img src=x>", "<b>b</b>"]), ""))
    assert "<img src=x>, <b>b</b>" in shown


def test_without_a_model_it_says_why(qtbot: QtBot) -> None:
    assert "checksum differs" in text(qtbot, AboutDialog(None, "model 'x' is damaged (checksum differs)"))


def test_it_lists_the_licences_of_what_is_installed_with_their_versions(qtbot: QtBot) -> None:
    shown = text(qtbot, AboutDialog(card(), ""))
    assert f"PyQt5 {importlib.metadata.version('PyQt5')}" in shown and "GPL v3" in shown
    assert f"NumPy {importlib.metadata.version('numpy')}" in shown
    assert "x264" in shown and "LGPL" in shown and "Apache 2.0" in shown
    assert "GNU General Public License, version 3" in shown


def test_every_dependency_of_the_package_is_in_the_list() -> None:
    requirements = setuptools_requirements()
    listed = {component.package.lower() for component in INSTALLED}
    assert len(requirements) >= 8
    assert requirements <= listed


def setuptools_requirements() -> set[str]:
    """Names of the packages that the application is installed with."""
    parser = configparser.ConfigParser()
    parser.read(Path(__file__).parents[3] / "setup.cfg")
    lines = parser["options"]["install_requires"].splitlines()
    names = (re.match(r"[\w.-]+", line.strip()) for line in lines if not line.strip().startswith("#"))
    return {name.group().lower() for name in names if name is not None}


def test_what_is_not_installed_is_not_listed_unless_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(package: str) -> str:
        raise importlib.metadata.PackageNotFoundError(package)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    names = [component.name for component, version in components() if not version]
    assert "PyQt5" in names and "FFmpeg" in names, "a bundle without metadata has them all the same"
    assert "TensorFlow Lite" not in names
