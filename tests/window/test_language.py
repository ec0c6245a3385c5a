"""The window speaks the language of the system, or the one that the settings name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PyQt5.QtWidgets import QAbstractButton, QDialogButtonBox
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import FakeEngine
from webcam_app.capture import SourceKind
from webcam_app.faces.face import UNSURE, Box, Face
from webcam_app.window.actions import key_text
from webcam_app.window.history.strip import Counts, counts_lines
from webcam_app.window.live.announcer import faces_text
from webcam_app.window.main_window import MainWindow
from webcam_app.window.player.bar import speed_text
from webcam_app.window.player.face_timeline import Seen
from webcam_app.window.player.texts import clock, faces_at
from webcam_app.window.settings.dialog import SettingsDialog
from webcam_app.window.settings.file import SettingsFile
from webcam_app.window.settings.schema import Settings
from webcam_app.window.translation import LANGUAGES, number, percent, speak, tr, translated

CHECKOUT = Path(__file__).resolve().parents[2]
TELL = (
    "from webcam_app.window import application\n"
    "from webcam_app.window.main_window import MainWindow\n"
    "def tell(window, sources=()):\n"
    "    print(window.actions_.settings.text(), window.actions_.settings.toolTip(), sep='|')\n"
    "    window.close()\n"
    "MainWindow.begin = tell\n"
    "raise SystemExit(application.run([], None, new_window=True))\n"
)


@pytest.mark.parametrize(
    ("system", "setting", "text"),
    [
        ({"LC_ALL": "de_DE.UTF-8"}, "", "Einstellungen…|Ordner, Beschriftungen, Spiegeln (Strg+,)"),
        ({"LC_ALL": "", "LANG": "de_AT.UTF-8"}, "", "Einstellungen…|Ordner, Beschriftungen, Spiegeln (Strg+,)"),
        ({"LC_ALL": "de_DE.UTF-8"}, "en", "Settings…|Folders, labels, mirror (Ctrl+,)"),
        ({"LC_ALL": "en_GB.UTF-8"}, "de", "Einstellungen…|Ordner, Beschriftungen, Spiegeln (Strg+,)"),
        ({"LC_ALL": "fi_FI.UTF-8"}, "", "Settings…|Folders, labels, mirror (Ctrl+,)"),
        ({"LC_ALL": "", "LANG": "fi_FI.UTF-8", "LANGUAGE": "fi:de:en"}, "", "Einstellungen…|Ordner, Beschriftungen, "
         "Spiegeln (Strg+,)"),
    ],
)  # fmt: skip
def test_a_start_speaks_it(system: dict[str, str], setting: str, text: str, tmp_path: Path) -> None:
    SettingsFile(tmp_path / "settings.json").save(Settings(language=setting))
    kept = {name: value for name, value in os.environ.items() if name not in ("LANG", "LANGUAGE", "LC_MESSAGES")}
    environment = {
        **kept, **system, "QT_QPA_PLATFORM": "offscreen", "WEBCAM_APP_HOME": str(tmp_path), "PYTHONUTF8": "1",
        "PYTHONPATH": str(CHECKOUT), "XDG_RUNTIME_DIR": str(tmp_path),
    }  # fmt: skip
    tmp_path.chmod(0o700)
    done = subprocess.run([sys.executable, "-c", TELL], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == text, done.stderr


def test_the_language_is_kept_with_the_other_settings(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "settings.json")
    file.save(Settings(language="de"))
    assert SettingsFile(tmp_path / "settings.json").load().language == "de"


def test_settings_with_a_language_that_there_is_not_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"version": 1, "language": "xx"}', encoding="utf-8")
    file = SettingsFile(path)
    assert file.load().language == ""
    assert file.notice is not None and "'Language' is none of the choices" in file.notice


def test_the_settings_dialog_speaks_german_with_its_buttons(qtbot: QtBot) -> None:
    speak("de")
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    assert dialog.windowTitle() == "Einstellungen"
    cancel = dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel)
    assert cancel is not None and cancel.text() == "Abbrechen", "a text of Qt's own"
    assert dialog.editors["language"].accessibleName() == "Sprache"


def test_numbers_follow_the_language(qtbot: QtBot) -> None:
    assert (number(12_345), number(1_234.56, 1), percent(0.973), percent(0.9731, 1)) == (
        "12,345", "1,234.6", "97 %", "97.3 %"
    )  # fmt: skip
    speak("de")
    assert (number(12_345), number(1_234.56, 1)) == ("12.345", "1.234,6")
    assert (percent(0.973), percent(0.9731, 1)) == ("97\u00a0%", "97,3\u00a0%")


@pytest.mark.parametrize(("language", "one", "more"), [("en", "face", "faces"), ("de", "Gesicht", "Gesichter")])
def test_plurals_follow_the_number(language: str, one: str, more: str, qtbot: QtBot) -> None:
    speak(language)
    assert [tr("%n face(s)", count=count) for count in (0, 1, 2, 100)] == [
        f"0 {more}", f"1 {one}", f"2 {more}", f"100 {more}"
    ]  # fmt: skip


def test_keys_are_named_as_on_the_keyboard(qtbot: QtBot) -> None:
    assert [key_text(key) for key in ("Space", "Ctrl+Shift+O", "PgUp")] == ["Space", "Ctrl+Shift+O", "PgUp"]
    speak("de")
    assert [key_text(key) for key in ("Space", "Ctrl+Shift+O", "PgUp")] == [
        "Leertaste",
        "Strg+Umschalt+O",
        "Bild aufwärts",
    ]


def test_back_to_english_nothing_german_is_left(qtbot: QtBot) -> None:
    speak("de")
    assert tr("Settings…") == "Einstellungen…"
    speak("en")
    assert (tr("Settings…"), number(1.5, 1), key_text("Space")) == ("Settings…", "1.5", "Space")
    assert translated("") == ""


@pytest.mark.parametrize("size", [(640, 480), (800, 480), (1366, 768)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_can_be_pressed_is_cut_off(
    language: str, size: tuple[int, int], open_window: OpenWindow, qtbot: QtBot
) -> None:
    speak(language)
    window = open_window(size=size)
    engine = window.live.engine
    assert isinstance(engine, FakeEngine)
    engine.deliver(kind=SourceKind.CAMERA)
    _check_buttons(window, qtbot)
    window.settings_store.update(show_strip=True, show_history=True)
    window.live.status.dropped.setText(tr("%n dropped", count=123_456))
    window.live.status.show_virtual_camera("Webcam App")
    _check_buttons(window, qtbot)
    window.show_teach()
    assert window.teach is not None
    teach = window.teach
    teach.studio.add_class("mit Brille")
    qtbot.waitUntil(lambda: len(teach.classes.cards) == 1)
    _check_buttons(window, qtbot)
    window.show_page(window.photographs)
    _check_buttons(window, qtbot)


def test_the_side_of_the_teach_page_is_as_wide_as_its_buttons_need(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(size=(640, 480))
    window.show_teach()
    assert window.teach is not None
    classes = window.teach.classes
    window.teach.studio.add_class("glasses")
    qtbot.waitUntil(lambda: len(classes.cards) == 1)
    card = next(iter(classes.cards.values()))
    card.hold.setMinimumWidth(270)  # as in a language of longer words
    qtbot.waitUntil(lambda: card.hold.visibleRegion().boundingRect().width() == card.hold.width())
    _check_buttons(window, qtbot)


def test_every_bar_is_as_high_as_it_needs_after_the_window_grew(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(size=(640, 480))
    window.settings_store.update(show_strip=True, show_history=True)
    qtbot.wait(0)
    window.resize(1366, 768)
    live = window.live
    bars = (live.strip_bar, live.controls, live.history_strip, live.status)
    qtbot.waitUntil(lambda: all(bar.isVisible() and bar.height() >= bar.sizeHint().height() for bar in bars))
    assert live.history_strip.geometry().bottom() < live.parts.controls.y()
    assert live.canvas.geometry().bottom() < live.history_strip.y()


def _check_buttons(window: MainWindow, qtbot: QtBot) -> None:
    """Each has the room that its text needs, and lies in what can be seen of the window from left to right."""

    def seen_whole(button: QAbstractButton) -> bool:
        place = button.visibleRegion().boundingRect()
        return button.width() >= button.minimumSizeHint().width() and place.width() == button.width()

    def cut_off() -> list[str]:
        buttons = [b for b in window.findChildren(QAbstractButton) if b.isVisible() and b.text()]
        assert buttons
        return [b.text() for b in buttons if not b.visibleRegion().isEmpty() and not seen_whole(b)]

    qtbot.waitUntil(lambda: not cut_off())


def test_assistive_technology_is_told_in_german_who_is_there(open_window: OpenWindow, qtbot: QtBot) -> None:
    speak("de")
    window = open_window()
    engine = window.live.engine
    assert isinstance(engine, FakeEngine)
    faces = [
        Face(Box(10, 10, 40, 40), 1, "female", {"female": 0.97, "male": 0.03}),
        Face(Box(200, 10, 40, 40), 2, UNSURE, {"female": 0.5, "male": 0.5}, mask=0.9, masked=True),
    ]
    engine.deliver(faces=faces, kind=SourceKind.CAMERA)
    told = "2 Gesichter: weiblich, unsicher mit Maske"
    assert faces_text(faces, mirrored=False, recording=False, masks=True) == told
    qtbot.waitUntil(lambda: "2 Gesichter: " in window.live.canvas.accessibleDescription())
    qtbot.waitUntil(lambda: window.live.controls.record.text() == "Aufnehmen")
    assert faces[0].label == "female", "only what is shown is translated"


def test_labels_times_and_speeds_of_a_video_are_german(qtbot: QtBot) -> None:
    seen = [Seen(1, "female", masked=True), Seen(2, UNSURE), Seen(3, None), Seen(4, "Anna")]
    assert faces_at(seen, masks=True) == "female with a mask, unsure, not labelled, Anna"
    assert (clock(61.5, exact=True), speed_text(0.25), speed_text(2.0)) == ("1:01.50", "0.25×", "2×")
    speak("de")
    assert faces_at(seen, masks=True) == "weiblich mit Maske, unsicher, ohne Beschriftung, Anna"
    assert (clock(61.5, exact=True), speed_text(0.25), speed_text(2.0)) == ("1:01,50", "0,25×", "2×")


def test_who_was_seen_is_told_in_german(qtbot: QtBot) -> None:
    speak("de")
    counts = Counts(0.0, [("female", 1234), (UNSURE, 2), ("Anna", 1)], 3)
    told = counts_lines(counts)
    assert told[0].startswith("Gesichter seit ") and told[0].endswith(": 1.237")
    assert told[1:] == ["weiblich 1.234 · unsicher 2 · Anna 1", "Mit Maske: 3"]
