"""Labelling by hand: the decisions, what survives, and the window."""

from __future__ import annotations

import json
import os
import signal
import tempfile
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.train.pictures import BLUE, GREEN, RED, plain, write_csv, write_picture
from train.__main__ import main
from train.data.sort import choose_keys
from train.data.sort_window import SortWindow
from train.data.sorting import JOURNAL, Sorting, find_labels
from train.errors import DatasetError, SortError
from train.readers import read_dataset

# Qt warns where a login left this out, as in a container, and any warning fails a test.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="webcam-app-tests-"))

LABELS = ("cat", "dog")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pictures."""
    for name, color in (("1.png", RED), ("2.png", GREEN), ("sub/3.png", BLUE)):
        write_picture(tmp_path / "pictures" / name, plain(color, 32))
    return tmp_path / "pictures"


def written(folder: Path) -> dict[str, str | None]:
    return {sample.key: sample.label for sample in read_dataset(folder)}


def test_decisions_end_in_labels_csv_that_can_be_read_as_a_set(folder: Path) -> None:
    sorting = Sorting(folder, LABELS)
    sorting.decide("cat")
    sorting.decide("dog")
    sorting.close()
    assert written(folder) == {"1.png": "cat", "2.png": "dog"}


def test_moved_pictures_end_in_a_folder_a_class(folder: Path, tmp_path: Path) -> None:
    sorting = Sorting(folder, LABELS, move_to=tmp_path / "sorted")
    for label in ("cat", "dog", "cat"):
        sorting.decide(label)
    sorting.close()
    assert read_dataset(tmp_path / "sorted").counts == {"cat": 2, "dog": 1}
    assert not (folder / "1.png").exists()


def test_two_pictures_of_one_name_are_both_kept(folder: Path, tmp_path: Path) -> None:
    write_picture(folder / "sub" / "1.png", plain(BLUE))
    sorting = Sorting(folder, LABELS, move_to=tmp_path / "sorted")
    for _ in range(4):
        sorting.decide("cat")
    assert len(list((tmp_path / "sorted" / "cat").iterdir())) == 4


def test_pictures_already_in_class_folders_are_not_shown_again(folder: Path) -> None:
    sorting = Sorting(folder, LABELS, move_to=folder)
    sorting.decide("cat")
    sorting.close()
    again = Sorting(folder, LABELS, move_to=folder)
    assert (again.current, again.done) == ("2.png", 1)


def test_undo_takes_back_one_after_the_other(folder: Path) -> None:
    sorting = Sorting(folder, LABELS)
    sorting.decide("cat")
    sorting.decide(None)
    assert [sorting.undo(), sorting.undo()] == ["2.png", "1.png"]
    assert (sorting.current, sorting.can_undo, sorting.done) == ("1.png", False, 0)
    sorting.close()
    assert not (folder / "labels.csv").exists()


def test_undo_moves_the_picture_back(folder: Path, tmp_path: Path) -> None:
    sorting = Sorting(folder, LABELS, move_to=tmp_path / "sorted")
    sorting.decide("cat")
    sorting.undo()
    assert (folder / "1.png").exists()
    assert not (tmp_path / "sorted" / "cat" / "1.png").exists()


def test_undo_reaches_into_an_earlier_session(folder: Path) -> None:
    sorting = Sorting(folder, LABELS)
    sorting.decide("cat")
    sorting.close()
    again = Sorting(folder, LABELS)
    assert again.undo() == "1.png"
    again.decide("dog")
    again.close()
    assert written(folder) == {"1.png": "dog"}


def test_skipped_pictures_come_again_at_the_next_start_and_are_not_labelled(folder: Path) -> None:
    sorting = Sorting(folder, LABELS)
    for label in (None, "cat", "dog"):
        sorting.decide(label)
    assert (sorting.current, sorting.skipped) == (None, 1)
    sorting.close()
    assert written(folder) == {"2.png": "cat", "sub/3.png": "dog"}
    assert Sorting(folder, LABELS).current == "1.png"


def test_a_killed_session_loses_no_decision(folder: Path) -> None:
    sorting = Sorting(folder, LABELS)
    sorting.decide("cat")
    sorting.decide("dog")
    del sorting  # as kill -9 would: nothing closed, labels.csv not written
    again = Sorting(folder, LABELS)
    assert (again.current, again.done) == ("sub/3.png", 2)
    assert written(folder) == {"1.png": "cat", "2.png": "dog"}


def test_a_line_cut_off_by_a_crash_is_no_decision_and_spoils_none(folder: Path) -> None:
    sorting = Sorting(folder, LABELS)
    sorting.decide("cat")
    sorting.close()
    with (folder / JOURNAL).open("ab") as file:
        file.write(b'{"path": "2.png", "lab')
    again = Sorting(folder, LABELS)
    assert again.current == "2.png"
    again.decide("dog")
    again.close()
    assert Sorting(folder, LABELS).counts == {"cat": 1, "dog": 1}


@pytest.mark.parametrize("undone", [False, True])
def test_a_crash_between_decision_and_move_is_made_good(folder: Path, tmp_path: Path, undone: bool) -> None:
    target = tmp_path / "sorted" / "cat" / "1.png"
    entries = [{"path": "1.png", "label": "cat", "target": str(target)}]
    if undone:
        write_picture(target, plain(RED, 32))
        (folder / "1.png").unlink()
        entries.append({"undo": "1.png"})
    (folder / JOURNAL).write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    sorting = Sorting(folder, LABELS, move_to=tmp_path / "sorted")
    assert (target.exists(), (folder / "1.png").exists()) == (not undone, undone)
    assert sorting.current == ("1.png" if undone else "2.png")


def test_a_decision_that_cannot_be_kept_is_not_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sorting = Sorting(folder, LABELS)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SortError, match="No space left"):
        sorting.decide("cat")
    assert (sorting.current, sorting.done) == ("1.png", 0)
    assert (folder / JOURNAL).read_bytes() == b""
    monkeypatch.undo()
    sorting.decide("dog")
    sorting.close()
    assert written(folder) == {"1.png": "dog"}


def test_a_picture_that_cannot_be_moved_stays_undecided(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "sorted").write_text("a file where a folder is needed")
    sorting = Sorting(folder, LABELS, move_to=tmp_path / "sorted")
    with pytest.raises(SortError, match=r"1\.png.*cannot be moved"):
        sorting.decide("cat")
    assert sorting.current == "1.png"
    assert Sorting(folder, LABELS, move_to=tmp_path / "other").current == "1.png"


def test_an_existing_table_keeps_its_columns_and_its_labels(folder: Path) -> None:
    write_csv(folder / "labels.csv", ["path", "age", "label"], [["1.png", "20-29", "dog"], ["2.png", "3-9", ""]])
    sorting = Sorting(folder, LABELS)
    assert (sorting.current, sorting.done) == ("2.png", 1)
    sorting.decide("cat")
    sorting.close()
    by_key = {sample.key: sample for sample in read_dataset(folder)}
    assert (by_key["2.png"].label, by_key["2.png"].attributes["age"]) == ("cat", "3-9")
    assert by_key["1.png"].label == "dog"
    assert (folder / "labels.csv.before-sorting").exists()


def test_a_table_that_cannot_be_read_is_left_alone(folder: Path) -> None:
    (folder / "labels.csv").write_bytes(b"\xfd\xfe\x00 no table")
    with pytest.raises(DatasetError, match="UTF-8"):
        Sorting(folder, LABELS)
    assert (folder / "labels.csv").read_bytes() == b"\xfd\xfe\x00 no table"


@pytest.mark.parametrize("line", [b"no json", b"[]", b'{"path": 3, "label": "cat"}', b'{"path": "1.png", "label": 4}'])
def test_a_damaged_journal_is_named_with_its_line(folder: Path, line: bytes) -> None:
    (folder / JOURNAL).write_bytes(b'{"path": "1.png", "label": "cat"}\n' + line + b"\n")
    with pytest.raises(SortError, match="line 2"):
        Sorting(folder, LABELS)


def test_classes_of_an_earlier_session_are_known(folder: Path) -> None:
    sorting = Sorting(folder, LABELS)
    sorting.decide("dog")
    sorting.decide("cat")
    assert find_labels(folder) == ("cat", "dog")


def test_each_class_gets_the_key_asked_for_or_a_digit() -> None:
    assert choose_keys(["female=F", "male", "other=1"]) == {"female": "f", "male": "2", "other": "1"}


@pytest.mark.parametrize(
    "names",
    [["a=x", "b=x"], ["a=??", "b"], ["a=é", "b"], ["a", "a"], ["=x", "b"], [str(number) for number in range(99)]],
)
def test_keys_that_do_not_serve_are_refused(names: list[str]) -> None:
    with pytest.raises(SortError):
        choose_keys(names)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "name the classes"),
        (["--classes", "cat"], "at least two"),
        (["--classes", "../cat", "dog", "--move"], "name of a folder"),
    ],
)
def test_the_step_says_in_one_line_what_is_missing(
    folder: Path, capsys: pytest.CaptureFixture[str], qtbot: QtBot, arguments: list[str], complaint: str
) -> None:
    assert main(["sort", "--data", str(folder), *arguments]) == 1
    message = capsys.readouterr().err.strip()
    assert complaint in message
    assert "\n" not in message


def test_without_a_display_the_step_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert main(["sort", "--data", str(folder), "--classes", "cat", "dog"]) == 1
    assert "no display" in capsys.readouterr().err


def test_a_second_window_on_the_same_folder_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], qtbot: QtBot
) -> None:
    from PyQt5.QtCore import QLockFile

    lock = QLockFile(str(folder / ".sorting.lock"))
    assert lock.tryLock(0)
    assert main(["sort", "--data", str(folder), "--classes", "cat", "dog"]) == 1
    assert "another window" in capsys.readouterr().err


@pytest.fixture
def window(folder: Path, qtbot: QtBot) -> SortWindow:
    made = SortWindow(Sorting(folder, LABELS), {"cat": "1", "dog": "d"})
    show(made, qtbot)
    return made


def show(window: SortWindow, qtbot: QtBot) -> None:
    """Shortcuts work in the active window only."""
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()


def test_a_key_labels_the_picture_and_shows_the_next(window: SortWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_D)
    assert window.sorting.decisions == {"1.png": "dog"}
    assert window.name.text() == "2.png"
    assert window.progress.value() == 1
    assert "(1)" in window.buttons["dog"].text()
    assert window.view.grab().toImage().pixelColor(window.view.rect().center()).getRgb()[:3] == GREEN[::-1]


def test_space_skips_and_backspace_takes_back(window: SortWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_1)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.keyClick(window, Qt.Key.Key_Backspace)
    assert (window.name.text(), window.sorting.decisions) == ("2.png", {"1.png": "cat"})
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (window.name.text(), window.undo_button.isEnabled()) == ("1.png", False)


def test_the_buttons_do_what_the_keys_do(window: SortWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.buttons["cat"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(window.skip_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(window.undo_button, Qt.MouseButton.LeftButton)
    assert (window.sorting.decisions, window.name.text()) == ({"1.png": "cat"}, "2.png")


def test_other_keys_do_nothing(window: SortWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_5)
    assert window.sorting.decisions == {}


def test_at_the_end_it_says_so_and_keys_do_nothing(window: SortWindow, qtbot: QtBot, folder: Path) -> None:
    for key in (Qt.Key.Key_1, Qt.Key.Key_Space, Qt.Key.Key_D, Qt.Key.Key_1):
        qtbot.keyClick(window, key)
    assert "All 3 pictures are done, 1 skipped" in window.view.text
    assert not window.buttons["cat"].isEnabled()
    assert written(folder) == {"1.png": "cat", "sub/3.png": "dog"}


def test_a_picture_that_cannot_be_read_is_named_and_can_be_skipped(
    window: SortWindow, qtbot: QtBot, folder: Path
) -> None:
    (folder / "2.png").write_bytes(b"no picture")
    qtbot.keyClick(window, Qt.Key.Key_1)
    assert "2.png" in window.view.text
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.name.text() == "sub/3.png"


def test_a_decision_that_cannot_be_kept_is_shown_and_the_picture_stays(
    window: SortWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    qtbot.keyClick(window, Qt.Key.Key_1)
    assert window.problem.isVisible()
    assert "No space left" in window.problem.text()
    assert window.name.text() == "1.png"
    monkeypatch.undo()
    qtbot.keyClick(window, Qt.Key.Key_1)
    assert not window.problem.isVisible()


def test_closing_writes_the_table(window: SortWindow, qtbot: QtBot, folder: Path) -> None:
    qtbot.keyClick(window, Qt.Key.Key_1)
    window.close()
    assert written(folder) == {"1.png": "cat"}


def test_many_classes_have_a_button_each(folder: Path, qtbot: QtBot) -> None:
    names = [f"person {number}" for number in range(17)]
    window = SortWindow(Sorting(folder, names), choose_keys(names))
    show(window, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_H)
    assert window.sorting.decisions == {"1.png": "person 16"}
    assert len({(button.x(), button.y()) for button in window.buttons.values()}) == 17


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_signal_closes_the_window_and_keeps_what_was_decided(folder: Path, qtbot: QtBot) -> None:
    window: list[SortWindow] = []

    def decide_and_stop() -> None:
        (found,) = [
            each for each in QApplication.topLevelWidgets() if isinstance(each, SortWindow) and each.isVisible()
        ]
        window.append(found)
        found.decide("dog")
        os.kill(os.getpid(), signal.SIGTERM)

    QTimer.singleShot(0, decide_and_stop)
    assert main(["sort", "--data", str(folder), "--classes", "cat", "dog"]) == 143
    assert written(folder) == {"1.png": "dog"}
    assert not (folder / ".sorting.lock").exists()
