"""What a person chose is there again next time, and a broken file costs nothing but what was in it."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PyQt5.QtWidgets import QCheckBox, QDialogButtonBox, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import FakeEngine
from webcam_app.window.main_window import MainWindow
from webcam_app.window.settings.dialog import SettingsDialog
from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.settings.schema import CameraMode, Settings, SettingsError, parse_settings

DAMAGED = ["", "{", "[]", "nul", '{"version": 1, "text_percent": "large"}', "\x00\x01", "9" * 5000, "[" * 100_000]


@pytest.fixture
def file(folder: Path) -> SettingsFile:
    return SettingsFile()


def test_they_come_back_as_they_were(file: SettingsFile, tmp_path: Path) -> None:
    chosen = Settings(
        recording_folder=tmp_path / "Übung",
        snapshot_folder=tmp_path / "s",
        microphone="Mikrofon (USB)",
        countdown_seconds=5,
        lapse_seconds=10,
        mirror_cameras=False,
        mirror_files=True,
        text_percent=150,
        show_masks=False,
        show_no_masks=True,
        show_tracks=True,
        camera="usb-1",
        camera_mode=CameraMode(1280, 720, 29.97),
        window_size=(800, 600),
        window_position=(-1200, 40),
        maximized=True,
    )
    file.save(chosen)
    again = SettingsFile()
    assert again.load() == chosen
    assert again.notice is None


def test_nothing_is_said_at_the_first_start(file: SettingsFile) -> None:
    assert file.load() == Settings()
    assert file.notice is None


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_gives_defaults_and_one_notice_and_is_kept(file: SettingsFile, content: str) -> None:
    file.path.write_text(content)
    assert file.load() == Settings()
    assert file.notice is not None and str(file.path) in file.notice and "\n" not in file.notice
    assert file.path.read_text() == content
    file.save(Settings(text_percent=120))
    assert file.path.with_name("settings.json.bak").read_text() == content
    assert SettingsFile().load().text_percent == 120


def test_a_file_of_a_newer_version_is_kept_too(file: SettingsFile) -> None:
    newer = json.dumps({"version": 99, "holograms": True})
    file.path.write_text(newer)
    assert file.load() == Settings()
    assert file.notice is not None and "newer version" in file.notice
    file.save(Settings())
    assert file.path.with_name("settings.json.bak").read_text() == newer


def test_a_kept_file_is_never_overwritten_by_the_next(file: SettingsFile) -> None:
    for content in ("first", "second"):
        file.path.write_text(content)
        again = SettingsFile()
        again.load()
        again.save(Settings())
    kept = sorted(path.read_text() for path in file.path.parent.glob("settings.json.bak*"))
    assert kept == ["first", "second"]


def test_unknown_names_are_passed_over(file: SettingsFile) -> None:
    file.path.write_text('{"version": 1, "text_percent": 120, "colour": "red"}')
    assert file.load().text_percent == 120
    assert file.notice is None


def test_a_folder_in_its_place_is_no_crash(file: SettingsFile) -> None:
    file.path.mkdir()
    assert file.load() == Settings()
    assert file.notice is not None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_in_its_place_does_not_hang(file: SettingsFile) -> None:
    os.mkfifo(file.path)
    assert file.load() == Settings()
    assert file.notice is not None


def test_a_home_that_cannot_be_written_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    file = SettingsFile(tmp_path / "home" / "settings.json")
    file.load()
    with pytest.raises(SettingsError, match="until you close the window"):
        file.save(Settings())
    file.save(Settings())


def test_a_failed_write_leaves_the_old_file_whole(file: SettingsFile, monkeypatch: pytest.MonkeyPatch) -> None:
    file.save(Settings(text_percent=120))

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsError):
        file.save(Settings(text_percent=200))
    assert SettingsFile().load().text_percent == 120
    assert [path.name for path in file.path.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"appearance": "red"},
        {"appearance": ["dark"]},
        {"appearance": None},
        {"text_percent": 5},
        {"text_percent": True},
        {"mirror_cameras": 1},
        {"recording_folder": Path("here")},
        {"camera": "a\0b"},
        {"camera_mode": CameraMode(0, 480, 30.0)},
        {"camera_mode": CameraMode(640, 480, float("nan"))},
        {"window_size": (640,)},
        {"window_size": (640, -480)},
        {"window_position": (0.5, 0)},
    ],
)
def test_settings_that_make_no_sense_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        dataclasses.replace(Settings(), **wrong)  # type: ignore[arg-type]


names = st.sampled_from([entry.name for entry in dataclasses.fields(Settings)] + ["version", "other"])
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(names, values, max_size=8), st.booleans())
def test_any_document_is_taken_whole_or_refused(document: dict[str, object], versioned: bool) -> None:
    try:
        taken = parse_settings({**document, "version": 1} if versioned else document)
    except SettingsError:
        return
    assert parse_settings(json.loads(json.dumps(taken.to_document()))) == taken


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_any_file_is_read_without_a_crash(folder: Path, content: bytes) -> None:
    (folder / "settings.json").write_bytes(content)
    assert isinstance(SettingsFile().load(), Settings)


def test_the_window_opens_with_a_damaged_file_and_says_so(
    file: SettingsFile, open_window: OpenWindow, qtbot: QtBot
) -> None:
    file.path.write_text("{")
    window = open_window()
    assert "Defaults hold" in window.banner.text.text()
    window.close()
    assert file.path.with_name("settings.json.bak").read_text() == "{"


def test_the_window_works_where_nothing_can_be_kept(
    folder: Path, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "taken").write_text("")
    monkeypatch.setenv("WEBCAM_APP_HOME", str(folder / "taken" / "home"))
    window = open_window()
    window.live.actions_.masks.trigger()
    assert window.settings.show_masks is False
    assert "until you close the window" in window.banner.text.text()
    window.banner._close.click()
    window.live.actions_.masks.trigger()
    assert not window.banner.isVisible(), "said once"


def test_switches_and_size_are_kept_from_window_to_window(open_window: OpenWindow, qtbot: QtBot) -> None:
    first = open_window()
    first.live.actions_.masks.trigger()
    first.live.actions_.mirror.trigger()
    first.resize(900, 640)
    first.close()
    second = open_window(size=(900, 640))
    assert second.settings.window_size == (900, 640)
    assert second.settings.show_masks is False
    assert second.settings.mirror_files is True and second.settings.mirror_cameras is True


def test_cameras_are_mirrored_at_first_and_files_are_not(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    from webcam_app.capture import SourceKind

    engine.deliver()
    assert not window.live.canvas.mirrored
    engine.info = None
    engine.state = engine.state.OPENING
    engine.deliver(kind=SourceKind.CAMERA)
    assert window.live.canvas.mirrored
    assert window.live.actions_.mirror.isChecked()


@pytest.fixture
def dialog(qtbot: QtBot, folder: Path) -> SettingsDialog:
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def press(dialog: SettingsDialog, button: QDialogButtonBox.StandardButton) -> None:
    dialog.buttons.button(button).click()


def test_the_dialog_gives_back_what_was_chosen(dialog: SettingsDialog, qtbot: QtBot, tmp_path: Path) -> None:
    editors = dialog.editors
    folder_line, tracks, size = editors["recording_folder"], editors["show_tracks"], editors["text_percent"]
    assert isinstance(folder_line, QLineEdit) and isinstance(tracks, QCheckBox) and isinstance(size, QSpinBox)
    folder_line.setText(str(tmp_path / "films"))
    tracks.setChecked(True)
    size.setValue(150)
    with qtbot.waitSignal(dialog.accepted_settings) as given_back:
        press(dialog, QDialogButtonBox.StandardButton.Ok)
    assert given_back.args == [
        dataclasses.replace(Settings(), recording_folder=tmp_path / "films", show_tracks=True, text_percent=150)
    ]


@pytest.mark.parametrize("wrong", ["films", "", "/etc/hostname", "/etc/hostname/films"])
def test_the_dialog_does_not_take_a_folder_that_is_none(dialog: SettingsDialog, qtbot: QtBot, wrong: str) -> None:
    line = dialog.editors["recording_folder"]
    assert isinstance(line, QLineEdit)
    line.setText(wrong)
    with qtbot.assertNotEmitted(dialog.accepted_settings):
        press(dialog, QDialogButtonBox.StandardButton.Ok)
    assert dialog.isVisible() and dialog.problem.isVisible()
    assert dialog.problem.text().startswith("Recordings go to")
    assert "recording_folder" not in dialog.problem.text()


def unwritable(folder: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """From now on nothing can be written in a folder; permissions alone would not hinder a test that root runs."""
    real = tempfile.TemporaryFile

    def make(*arguments: Any, dir: Path | None = None, **more: Any) -> Any:
        if dir == folder:
            raise OSError(number, os.strerror(number))
        return real(*arguments, dir=dir, **more)

    monkeypatch.setattr(tempfile, "TemporaryFile", make)


@pytest.mark.parametrize(
    ("number", "reason"), [(errno.EACCES, "may not write there"), (errno.EROFS, "the disk is read-only")]
)
@pytest.mark.parametrize("below", ["", "of", "of/this/year"])
def test_the_dialog_refuses_a_folder_that_cannot_be_written_and_says_why(
    dialog: SettingsDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, reason: str,
    below: str,
) -> None:  # fmt: skip
    folder = tmp_path / "films"
    folder.mkdir()
    unwritable(folder, monkeypatch, number)
    line = dialog.editors["recording_folder"]
    assert isinstance(line, QLineEdit)
    line.setText(str(folder / below))
    with qtbot.assertNotEmitted(dialog.accepted_settings):
        press(dialog, QDialogButtonBox.StandardButton.Ok)
    assert "Recordings go to" in dialog.problem.text() and reason in dialog.problem.text()
    assert list(folder.iterdir()) == []


def test_a_folder_on_a_disk_that_is_gone_is_told_but_hinders_no_other_setting(
    qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unwritable(folder, monkeypatch, errno.EROFS)
    dialog = SettingsDialog(Settings(recording_folder=folder / "films"))
    qtbot.addWidget(dialog)
    dialog.show()
    assert "the disk is read-only" in dialog.problem.text() and dialog.problem.isVisible()
    tracks = dialog.editors["show_tracks"]
    assert isinstance(tracks, QCheckBox)
    tracks.setChecked(True)
    with qtbot.waitSignal(dialog.accepted_settings):
        press(dialog, QDialogButtonBox.StandardButton.Ok)


def test_a_folder_that_is_not_there_yet_is_taken_and_not_made(
    dialog: SettingsDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    line = dialog.editors["recording_folder"]
    assert isinstance(line, QLineEdit)
    line.setText(str(tmp_path / "films" / "2026"))
    with qtbot.waitSignal(dialog.accepted_settings):
        press(dialog, QDialogButtonBox.StandardButton.Ok)
    assert not (tmp_path / "films").exists()


def test_the_dialog_gives_the_defaults_back(dialog: SettingsDialog) -> None:
    size = dialog.editors["text_percent"]
    assert isinstance(size, QSpinBox)
    size.setValue(200)
    press(dialog, QDialogButtonBox.StandardButton.RestoreDefaults)
    assert size.value() == 100


def test_the_dialog_has_every_setting_that_is_meant_for_people(dialog: SettingsDialog) -> None:
    shown = {entry.name for entry in dataclasses.fields(Settings) if "label" in entry.metadata}
    assert set(dialog.editors) == shown
    assert all(editor.accessibleName() and editor.toolTip() for editor in dialog.editors.values())


def test_the_picture_follows_the_dialog_at_once(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_.settings.trigger()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    tracks = dialog.editors["show_tracks"]
    assert isinstance(tracks, QCheckBox)
    tracks.setChecked(True)
    press(dialog, QDialogButtonBox.StandardButton.Ok)
    assert window.settings.show_tracks is True
    assert SettingsFile().load().show_tracks is True
