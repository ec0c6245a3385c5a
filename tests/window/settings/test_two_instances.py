"""Two windows are open at once and share one settings file."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from PyQt5.QtCore import QLockFile

from tests.window.conftest import OpenWindow
from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.settings.schema import Settings


@pytest.fixture
def pair(folder: Path) -> tuple[SettingsFile, SettingsFile]:
    """Both have read the same file."""
    SettingsFile().save(Settings(text_percent=120))
    first, second = SettingsFile(), SettingsFile()
    first.load()
    second.load()
    return first, second


def test_the_last_one_saved_keeps_what_the_other_changed(pair: tuple[SettingsFile, SettingsFile]) -> None:
    first, second = pair
    first.save(Settings(text_percent=120, show_masks=False))
    second.save(Settings(text_percent=120, show_tracks=True))
    kept = SettingsFile().load()
    assert kept == Settings(text_percent=120, show_masks=False, show_tracks=True)


def test_of_one_setting_changed_in_both_the_last_change_holds(pair: tuple[SettingsFile, SettingsFile]) -> None:
    first, second = pair
    first.save(Settings(text_percent=150))
    second.save(Settings(text_percent=200))
    first.save(Settings(text_percent=150, show_masks=False))
    kept = SettingsFile().load()
    assert (kept.text_percent, kept.show_masks) == (200, False)


def test_a_setting_changed_and_changed_back_is_written(pair: tuple[SettingsFile, SettingsFile]) -> None:
    first, _ = pair
    first.save(Settings(text_percent=150))
    first.save(Settings(text_percent=120))
    assert SettingsFile().load().text_percent == 120


def test_names_that_another_version_wrote_stay(folder: Path) -> None:
    file = SettingsFile()
    file.path.write_text('{"version": 1, "text_percent": 120, "colour": "red"}')
    file.save(dataclasses.replace(file.load(), show_masks=False))
    document = json.loads(file.path.read_text())
    assert (document["colour"], document["text_percent"], document["show_masks"]) == ("red", 120, False)


def test_a_file_that_the_other_replaced_after_it_was_damaged_is_not_set_aside(folder: Path) -> None:
    file = SettingsFile()
    file.path.write_text("{")
    file.load()
    SettingsFile().save(Settings(text_percent=150))
    file.save(Settings(show_masks=False))
    kept = SettingsFile().load()
    assert (kept.text_percent, kept.show_masks) == (150, False)
    assert len(list(folder.glob("*.bak*"))) == 1


def test_a_lock_that_is_not_given_up_does_not_prevent_saving(folder: Path) -> None:
    file = SettingsFile()
    held = QLockFile(f"{file.path}.lock")
    assert held.lock()
    file.save(Settings(text_percent=150))
    held.unlock()
    assert SettingsFile().load().text_percent == 150


def test_the_window_closed_last_keeps_what_the_other_changed(open_window: OpenWindow) -> None:
    first, second = open_window(), open_window()
    first.live.actions_.masks.trigger()
    second.live.actions_.mirror.trigger()
    first.close()
    second.close()
    kept = SettingsFile().load()
    assert kept.show_masks is False
    assert kept.mirror_files is True
