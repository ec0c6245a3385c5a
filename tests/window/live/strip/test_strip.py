"""Someone looks at what was recorded, below the live picture."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PyQt5.QtCore import QLocale, QPoint, QPointF, Qt, QTime
from PyQt5.QtGui import QContextMenuEvent, QDesktopServices, QWheelEvent
from PyQt5.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from tests.window.conftest import OpenWindow
from tests.window.fakes import FakeEngine
from webcam_app.capture import SourceKind
from webcam_app.live import LiveState
from webcam_app.window.live.strip import strip as strip_module
from webcam_app.window.live.strip.files import KeptFile
from webcam_app.window.live.strip.model import caption
from webcam_app.window.live.strip.view import StripView
from webcam_app.window.main_window import MainWindow
from webcam_app.window.translation import speak

DAY = 86_400


def make_picture(path: Path, changed: float, color: tuple[int, int, int] = (20, 20, 220)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(path.suffix, np.full((90, 160, 3), color, np.uint8))[1].tobytes())
    os.utime(path, (changed, changed))
    return path


def make_video(path: Path, changed: float, seconds: int = 3, color: tuple[int, int, int] = (20, 220, 20)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for _ in range(10 * seconds):
            frame = av.VideoFrame.from_ndarray(np.full((90, 160, 3), color, np.uint8), format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    os.utime(path, (changed, changed))
    return path


@pytest.fixture
def files(folder: Path) -> list[Path]:
    """Two recordings and two snapshots, the newest first; the second is damaged."""
    now = time.time()
    broken = folder / "recordings" / "broken.mp4"
    paths = [
        make_picture(folder / "snapshots" / "2026-05-04 13.37.00.jpg", now - 10),
        broken,
        make_video(folder / "recordings" / "2026-05-04 10.00.00.mp4", now - 30),
        make_picture(folder / "snapshots" / "Ada.jpg", now - DAY),
    ]
    broken.write_bytes(b"no video at all")
    os.utime(broken, (now - 20, now - 20))
    return paths


def view(window: MainWindow) -> StripView:
    return window.live.strip_bar.view


def shown(window: MainWindow) -> list[str]:
    return [file.path.name for file in window.live.strip_bar.model.files]


def show_strip(window: MainWindow, qtbot: QtBot, count: int) -> StripView:
    qtbot.keyClick(window, Qt.Key.Key_G)
    model = window.live.strip_bar.model
    qtbot.waitUntil(lambda: len(model.files) == count and not model.missing())
    return view(window)


def choose(window: MainWindow, row: int) -> None:
    view(window).setCurrentIndex(window.live.strip_bar.model.index(row))
    view(window).setFocus()


def test_a_key_shows_it_below_the_picture_and_hides_it(window: MainWindow, qtbot: QtBot, files: list[Path]) -> None:
    live = window.live
    assert not live.strip_bar.isVisible()
    before = live.canvas.height()
    row = show_strip(window, qtbot, 4)
    assert row.isVisible() and row.hasFocus() and live.actions_.strip.isChecked()
    place = live.strip_bar.mapTo(window, QPoint(0, 0)).y()
    assert live.canvas.mapTo(window, QPoint(0, live.canvas.height())).y() <= place
    assert place + live.strip_bar.height() <= live.controls.mapTo(window, QPoint(0, 0)).y()
    assert live.canvas.height() < before
    qtbot.keyClick(window, Qt.Key.Key_G)
    assert not row.isVisible() and live.canvas.height() == before and live.canvas.hasFocus()


def test_it_is_remembered(open_window: OpenWindow, qtbot: QtBot, files: list[Path]) -> None:
    first = open_window()
    assert not first.settings.show_strip
    first.live.actions_.strip.trigger()
    second = open_window()
    assert second.live.strip_bar.isVisible() and second.live.actions_.strip.isChecked()
    qtbot.waitUntil(lambda: len(shown(second)) == 4)


def test_each_has_a_picture_its_time_and_a_recording_its_length(
    window: MainWindow, qtbot: QtBot, files: list[Path]
) -> None:
    row = show_strip(window, qtbot, 4)
    assert shown(window) == [path.name for path in files]
    model = window.live.strip_bar.model
    posters = [model.poster(file) for file in model.files]
    assert all(poster is not None for poster in posters)
    pixmaps, seconds = zip(*posters, strict=True)  # type: ignore[arg-type]
    assert pixmaps[1] is None and seconds[1] is None, "damaged"
    assert seconds[2] == pytest.approx(3, abs=0.11) and seconds[0] is None
    image = row.grab().toImage()
    colors = [image.pixelColor(row.visualRect(model.index(at)).center() - QPoint(30, 20)) for at in (0, 2)]
    assert colors[0].red() > 180 and colors[1].green() > 180
    text = [model.index(at).data(Qt.ItemDataRole.AccessibleTextRole) for at in range(4)]
    assert text[0].startswith("Snapshot, ") and text[2].startswith("Recording, ") and "3 seconds" in text[2]
    assert text[1].startswith("broken, Recording") and "cannot be read" in text[1]
    assert text[3].startswith("Ada, Snapshot")


@pytest.mark.parametrize(("language", "day"), [("en", "4 May"), ("de", "4. Mai")])
def test_today_the_time_is_told_and_before_the_day_too_and_a_name_where_one_was_given(language: str, day: str) -> None:
    speak(language)
    clock = QLocale().toString(QTime(13, 37), QLocale.FormatType.ShortFormat)
    assert ":37" in clock
    moment = datetime(2026, 5, 4, 13, 37)
    for name in ("2026-05-04 13.37.00.mp4", "2026-05-04 13.37.00 (2).mp4", "2026-05-04 13.37.00.250.jpg"):
        file = KeptFile(Path(name), moment.timestamp(), 1)
        assert caption(file, date(2026, 5, 4)) == clock
        assert caption(file, date(2026, 5, 5)) == f"{day} {clock}"
    assert caption(KeptFile(Path("Ada.mp4"), moment.timestamp(), 1), date(2026, 5, 4)) == "Ada"


def test_while_it_is_hidden_nothing_is_read(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(strip_module, "newest_files", lambda folders: asked.append(folders) or [])
    record(window, engine, qtbot)
    window._settings.update(recording_folder=files[0].parent)
    assert asked == [] and "recordings" not in [thread.name for thread in threading.enumerate()]


def record(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.deliver(kind=SourceKind.CAMERA)
    qtbot.waitUntil(lambda: window.live.canvas.result is not None)
    window.live.actions_.record.trigger()
    qtbot.waitUntil(lambda: window.live.recording.active)
    window.live.actions_.record.trigger()
    qtbot.waitUntil(lambda: not window.live.recording.active)


def test_a_recording_that_ends_and_a_snapshot_come_first(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, files: list[Path], folder: Path
) -> None:
    show_strip(window, qtbot, 4)
    choose(window, 2)
    make_video(folder / "recordings" / "new.mp4", time.time() + 5)
    record(window, engine, qtbot)
    qtbot.waitUntil(lambda: shown(window)[0] == "new.mp4")
    assert view(window).current is not None and view(window).current.path == files[2], "what was chosen stays chosen"
    window.live.actions_.snapshot.trigger()
    qtbot.waitUntil(lambda: len(shown(window)) == 6)


def test_a_recording_that_the_disk_ends_is_shown(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, files: list[Path], folder: Path
) -> None:
    show_strip(window, qtbot, 4)
    engine.deliver(kind=SourceKind.CAMERA)
    qtbot.waitUntil(lambda: window.live.canvas.result is not None)
    window.live.actions_.record.trigger()
    qtbot.waitUntil(lambda: window.live.recording.active)
    make_video(folder / "recordings" / "cut.mp4", time.time())
    engine.lose_recording("The disk is full.")
    qtbot.waitUntil(lambda: "cut.mp4" in shown(window))


def test_another_folder_is_shown_when_the_settings_name_it(
    window: MainWindow, qtbot: QtBot, files: list[Path], tmp_path: Path
) -> None:
    show_strip(window, qtbot, 4)
    make_video(tmp_path / "elsewhere" / "one.mp4", 1e9)
    window._settings.update(recording_folder=tmp_path / "elsewhere")
    qtbot.waitUntil(lambda: shown(window) == [files[0].name, "Ada.jpg", "one.mp4"])


def test_return_plays_it_in_the_window(window: MainWindow, engine: FakeEngine, qtbot: QtBot, files: list[Path]) -> None:
    row = show_strip(window, qtbot, 4)
    choose(window, 2)
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert engine.opened[-1][0] == str(files[2])
    assert window.live.canvas.hasFocus()


def test_a_double_click_opens_it(window: MainWindow, engine: FakeEngine, qtbot: QtBot, files: list[Path]) -> None:
    row = show_strip(window, qtbot, 4)
    place = row.visualRect(window.live.strip_bar.model.index(0)).center()
    qtbot.mouseClick(row.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(row.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert engine.opened[-1][0] == str(files[0])


def test_a_recording_that_goes_on_is_not_mixed_with_an_old_one(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, files: list[Path]
) -> None:
    row = show_strip(window, qtbot, 4)
    engine.deliver(kind=SourceKind.CAMERA)
    qtbot.waitUntil(window.live.actions_.record.isEnabled)
    window.live.actions_.record.trigger()
    qtbot.waitUntil(lambda: window.live.recording.active)
    opened = len(engine.opened)
    choose(window, 2)
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert len(engine.opened) == opened and "Stop it first" in window.banner.text.text()
    window.banner.buttons[0].click()
    qtbot.waitUntil(lambda: not window.live.recording.active)
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert engine.opened[-1][0] == str(files[2])


def rename(window: MainWindow, qtbot: QtBot, name: str) -> None:
    row = view(window)
    qtbot.keyClick(row, Qt.Key.Key_F2)
    editor = row.findChild(QLineEdit, "name")
    assert editor is not None and editor.isVisible() and editor.accessibleName()
    assert editor.selectedText() == editor.text()
    qtbot.keyClicks(editor, name)
    qtbot.keyClick(editor, Qt.Key.Key_Return)


def test_a_name_is_changed_in_place_by_keys_alone(window: MainWindow, qtbot: QtBot, files: list[Path]) -> None:
    row = show_strip(window, qtbot, 4)
    choose(window, 2)
    rename(window, qtbot, "Rust rs")
    new = files[2].with_name("Rust rs.mp4")
    qtbot.waitUntil(lambda: shown(window)[2] == "Rust rs.mp4")
    assert new.exists() and not files[2].exists()
    assert row.current is not None and row.current.path == new
    assert not window.live.recording.active, "letters were the editor's"


@pytest.mark.parametrize("name", ["Ada", "a/b", "."])
def test_a_name_that_is_taken_or_none_is_refused(
    window: MainWindow, qtbot: QtBot, files: list[Path], name: str
) -> None:
    show_strip(window, qtbot, 4)
    choose(window, 0)
    before = {path: path.read_bytes() for path in files}
    rename(window, qtbot, name)
    qtbot.waitUntil(lambda: window.banner.isVisible())
    assert {path: path.read_bytes() for path in files} == before
    assert shown(window)[0] == files[0].name


def test_escape_leaves_the_name_as_it_was(window: MainWindow, qtbot: QtBot, files: list[Path]) -> None:
    row = show_strip(window, qtbot, 4)
    choose(window, 0)
    qtbot.keyClick(row, Qt.Key.Key_F2)
    editor = row.findChild(QLineEdit, "name")
    assert editor is not None
    qtbot.keyClicks(editor, "other")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert files[0].exists() and shown(window)[0] == files[0].name


def trash_into(bin_folder: Path) -> Callable[[str], None]:
    def move(path: str) -> None:
        bin_folder.mkdir(exist_ok=True)
        Path(path).rename(bin_folder / Path(path).name)

    return move


def test_delete_moves_it_to_the_trash_and_the_next_one_is_chosen(
    window: MainWindow, qtbot: QtBot, files: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("send2trash.send2trash", trash_into(tmp_path / "bin"))
    row = show_strip(window, qtbot, 4)
    choose(window, 2)
    qtbot.keyClick(row, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(shown(window)) == 3)
    assert [path.name for path in (tmp_path / "bin").iterdir()] == [files[2].name]
    assert row.current is not None and row.current.path == files[3]
    qtbot.keyClick(row, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(shown(window)) == 2)
    assert row.current is not None and row.current.path == files[1], "the last one has none after it"


@pytest.mark.parametrize("answer", ["Keep", "Delete for good", "close"])
def test_without_a_trash_it_asks_before_anything_is_deleted(
    window: MainWindow, qtbot: QtBot, files: list[Path], monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("send2trash.send2trash", refuse)
    row = show_strip(window, qtbot, 4)
    choose(window, 3)
    qtbot.keyClick(row, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "Ada.jpg" in window.banner.text.text())
    assert "cannot be brought back" in window.banner.text.text()
    assert files[3].exists() and len(shown(window)) == 4
    if answer == "close":
        window.banner._close.click()
    else:
        next(button for button in window.banner.buttons if button.text() == answer).click()
    if answer == "Delete for good":
        qtbot.waitUntil(lambda: len(shown(window)) == 3)
        assert not files[3].exists()
    else:
        assert files[3].exists() and not window.banner.isVisible()
    assert all(path.exists() for path in files[:3])


def test_a_file_that_somebody_else_deleted_is_said_and_goes(
    window: MainWindow, qtbot: QtBot, files: list[Path]
) -> None:
    row = show_strip(window, qtbot, 4)
    choose(window, 3)
    files[3].unlink()
    qtbot.keyClick(row, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "not there any more" in window.banner.text.text())
    qtbot.waitUntil(lambda: len(shown(window)) == 3)


# Offscreen a menu cannot take the keyboard for itself.
@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
@pytest.mark.parametrize("reason", [QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard])
def test_a_menu_offers_all_of_it(
    window: MainWindow, qtbot: QtBot, files: list[Path], folder: Path,
    monkeypatch: pytest.MonkeyPatch, reason: QContextMenuEvent.Reason,
) -> None:  # fmt: skip
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    row = show_strip(window, qtbot, 4)
    choose(window, 0)
    at = row.visualRect(window.live.strip_bar.model.index(2)).center()
    QApplication.sendEvent(row.viewport(), QContextMenuEvent(reason, at, row.viewport().mapToGlobal(at)))
    (menu,) = [menu for menu in row.findChildren(QMenu) if menu.isVisible()]
    by_mouse = reason == QContextMenuEvent.Reason.Mouse
    assert row.currentIndex().row() == (2 if by_mouse else 0)
    texts = [action.text().split("\t")[0] for action in menu.actions()]
    assert texts == ["Play" if by_mouse else "Open", "Rename", "Show folder", "Move to the trash"]
    menu.actions()[2].trigger()
    menu.close()
    qtbot.waitUntil(lambda: opened == [str(folder / ("recordings" if by_mouse else "snapshots"))])


def test_arrow_keys_are_its_own_and_letters_the_windows(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot, files: list[Path]
) -> None:
    row = show_strip(window, qtbot, 4)
    choose(window, 0)
    qtbot.keyClick(row, Qt.Key.Key_Right)
    qtbot.keyClick(row, Qt.Key.Key_Right)
    assert row.currentIndex().row() == 2
    qtbot.keyClick(row, Qt.Key.Key_Home)
    assert row.currentIndex().row() == 0
    engine.deliver(kind=SourceKind.CAMERA)
    qtbot.waitUntil(window.live.actions_.record.isEnabled)
    qtbot.keyClick(row, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: window.live.recording.active)
    qtbot.keyClick(row, Qt.Key.Key_Space)
    assert engine.state is LiveState.IDLE, "space stops the camera, as everywhere"


def test_the_wheel_goes_along(open_window: OpenWindow, qtbot: QtBot, folder: Path) -> None:
    for number in range(30):
        make_picture(folder / "snapshots" / f"{number}.jpg", 1e9 + number)
    window = open_window(size=(640, 480))
    row = show_strip(window, qtbot, 30)
    bar = row.horizontalScrollBar()
    at = QPointF(100, 20)
    event = QWheelEvent(
        at, QPointF(row.viewport().mapToGlobal(at.toPoint())), QPoint(), QPoint(0, -240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(row.viewport(), event)
    assert bar.value() > 0


def test_thumbnails_that_nobody_waits_for_any_more_are_not_made(
    window: MainWindow, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        make_picture(folder / "snapshots" / f"{number}.jpg", 1e9 + number)
    begun, go_on, made = threading.Event(), threading.Event(), []
    read = strip_module.read_poster

    def slow(path: Path, side: int, *, video: bool) -> object:
        made.append(path)
        begun.set()
        go_on.wait(5)
        return read(path, side, video=video)

    monkeypatch.setattr(strip_module, "read_poster", slow)
    qtbot.keyClick(window, Qt.Key.Key_G)
    qtbot.waitUntil(begun.is_set)
    assert made == [folder / "snapshots" / "39.jpg"], "the newest first"
    qtbot.keyClick(window, Qt.Key.Key_G)
    go_on.set()
    idle: list[None] = []
    assert window.live.strip._worker is not None
    window.live.strip._worker.submit(lambda: None, idle.append, lambda problem: None)
    qtbot.waitUntil(lambda: bool(idle))
    assert len(made) == 1
    qtbot.keyClick(window, Qt.Key.Key_G)
    model = window.live.strip_bar.model
    qtbot.waitUntil(lambda: len(model.files) == 40 and not model.missing())
    assert len(made) <= 41


def test_many_pictures_at_once_are_not_looked_for_one_by_one(
    window: MainWindow, qtbot: QtBot, files: list[Path], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show_strip(window, qtbot, 4)
    looks, go_on = [], threading.Event()
    look = strip_module.newest_files

    def slow(folders: tuple[Path, ...]) -> list[KeptFile]:
        found = look(folders)
        looks.append(folders)
        go_on.wait(5)
        return found

    monkeypatch.setattr(strip_module, "newest_files", slow)
    window.live.snapshots.kept.emit()
    qtbot.waitUntil(lambda: len(looks) == 1)
    for number in range(20):
        make_picture(folder / "snapshots" / f"burst {number:02}.jpg", time.time() + number)
        window.live.snapshots.kept.emit()
    go_on.set()
    qtbot.waitUntil(lambda: len(shown(window)) == 24)
    assert len(looks) == 2, "and the last one is not missed"


@pytest.mark.parametrize("changed", [0, 1e12, 4e9])
def test_a_file_of_an_impossible_time_is_shown(window: MainWindow, qtbot: QtBot, folder: Path, changed: float) -> None:
    make_picture(folder / "snapshots" / "2026-05-04 13.37.00.jpg", changed)
    row = show_strip(window, qtbot, 1)
    row.grab()
    index = window.live.strip_bar.model.index(0)
    assert index.data() and index.data(Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_name_that_is_no_text_is_shown_and_can_be_changed(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    make_picture(folder / "snapshots" / os.fsdecode(b"caf\xe9.jpg"), 1e9)
    row = show_strip(window, qtbot, 1)
    row.grab()
    choose(window, 0)
    qtbot.keyClick(row, Qt.Key.Key_F2)
    editor = row.findChild(QLineEdit, "name")
    assert editor is not None
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: row.findChild(QLineEdit, "name") is None)
    assert window.banner.messages() == {}, "left as it was"
    rename(window, qtbot, "cafe")
    qtbot.waitUntil(lambda: shown(window) == ["cafe.jpg"])


def test_a_fault_while_a_thumbnail_is_made_is_that_files_alone(
    window: MainWindow, qtbot: QtBot, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Path] = []
    read = strip_module.read_poster

    def fail(path: Path, side: int, *, video: bool) -> object:
        tried.append(path)
        if path == files[0]:
            raise RuntimeError("a library's own")
        return read(path, side, video=video)

    monkeypatch.setattr(strip_module, "read_poster", fail)
    show_strip(window, qtbot, 4)
    assert sorted(tried) == sorted(files), "each once"
    assert "file" not in window.banner.messages()


def test_in_full_screen_it_comes_with_the_bars(window: MainWindow, qtbot: QtBot, files: list[Path]) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F)
    assert window.isFullScreen()
    row = show_strip(window, qtbot, 4)
    assert row.isVisible() and window.live.controls.isVisible()
    assert window.live.canvas.size() == window.size()


@pytest.mark.parametrize("size", [(640, 480), (1366, 768)])
def test_the_picture_keeps_most_of_the_room(
    open_window: OpenWindow, qtbot: QtBot, files: list[Path], size: tuple[int, int]
) -> None:
    window = open_window(size=size)
    show_strip(window, qtbot, 4)
    assert window.live.canvas.height() > 0.5 * window.height()
    assert window.live.strip_bar.width() == window.width()


def test_an_empty_strip_says_what_comes_here(window: MainWindow, qtbot: QtBot) -> None:
    row = show_strip(window, qtbot, 0)
    empty = row.grab().toImage()
    colors = {empty.pixel(x, y) for x in range(0, empty.width(), 2) for y in range(0, empty.height(), 2)}
    assert len(colors) > 5, "letters"
    for key in (Qt.Key.Key_Return, Qt.Key.Key_F2, Qt.Key.Key_Delete):
        qtbot.keyClick(row, key)
    assert not window.banner.isVisible()


def begin_to_type(window: MainWindow, qtbot: QtBot, row: int, text: str) -> QLineEdit:
    choose(window, row)
    qtbot.keyClick(view(window), Qt.Key.Key_F2)
    editor = view(window).findChild(QLineEdit, "name")
    assert editor is not None
    qtbot.keyClicks(editor, text)
    return editor


def test_a_thumbnail_that_comes_while_a_name_is_typed_takes_nothing_away(
    window: MainWindow, qtbot: QtBot, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    read = strip_module.read_poster

    def slow(path: Path, side: int, *, video: bool) -> object:
        go_on.wait(5)
        return read(path, side, video=video)

    monkeypatch.setattr(strip_module, "read_poster", slow)
    qtbot.keyClick(window, Qt.Key.Key_G)
    model = window.live.strip_bar.model
    qtbot.waitUntil(lambda: len(model.files) == 4)
    editor = begin_to_type(window, qtbot, 2, "Holi")
    go_on.set()
    qtbot.waitUntil(lambda: not model.missing())
    assert editor.text() == "Holi"
    qtbot.keyClicks(editor, "day")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(window)[2] == "Holiday.mp4")


def come_first(files: list[Path]) -> None:
    make_picture(files[0].with_name("new.jpg"), time.time())


def go(files: list[Path]) -> None:
    files[1].unlink()


def be_written_on(files: list[Path]) -> None:
    files[2].write_bytes(files[2].read_bytes() + bytes(8))


def be_copied_to(files: list[Path]) -> None:
    os.utime(files[3], (time.time(), time.time()))


HAPPENINGS = pytest.mark.parametrize("happen", [come_first, go, be_written_on, be_copied_to])
"""While a person is busy with ``files[2]``."""


@HAPPENINGS
def test_files_that_change_while_a_name_is_typed_take_nothing_away(
    window: MainWindow, qtbot: QtBot, files: list[Path], happen: Callable[[list[Path]], None]
) -> None:
    show_strip(window, qtbot, 4)
    editor = begin_to_type(window, qtbot, 2, "Holi")
    happen(files)
    wait_for_look(window, qtbot)
    assert editor.isVisible() and editor.text() == "Holi"
    qtbot.keyClicks(editor, "day")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    new = files[2].with_name("Holiday.mp4")
    qtbot.waitUntil(new.exists)
    qtbot.waitUntil(lambda: shown(window) == newest(files[2].parent, files[0].parent))
    assert view(window).current is not None and view(window).current.path == new


@HAPPENINGS
def test_files_that_change_leave_the_chosen_one_chosen(
    window: MainWindow, qtbot: QtBot, files: list[Path], happen: Callable[[list[Path]], None]
) -> None:
    show_strip(window, qtbot, 4)
    choose(window, 2)
    happen(files)
    wait_for_look(window, qtbot)
    assert shown(window) == newest(files[2].parent, files[0].parent)
    assert view(window).current is not None and view(window).current.path == files[2]
    assert len(view(window).selectedIndexes()) == 1


def wait_for_look(window: MainWindow, qtbot: QtBot) -> None:
    """Something was kept, and the folders have been looked at since."""
    window.live.snapshots.kept.emit()
    qtbot.waitUntil(lambda: not window.live.strip._looking)


def newest(*folders: Path) -> list[str]:
    paths = [path for folder in folders for path in folder.iterdir()]
    return [path.name for path in sorted(paths, key=lambda path: path.stat().st_mtime, reverse=True)]
