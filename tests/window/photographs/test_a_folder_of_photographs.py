"""Someone opens a folder of photographs: they are labelled, filtered, sorted, gone through and exported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.commands.square_analyzer import draw_face
from tests.window.conftest import OpenWindow
from tests.window.fakes import FakeEngine
from webcam_app.commands.classify import Wanted, classify
from webcam_app.photographs import looking
from webcam_app.window import theme
from webcam_app.window.main_window import MainWindow
from webcam_app.window.photographs.kinds import ALL, FAULTY, NO_FACE, NOT_SURE, WRONG, Kind
from webcam_app.window.photographs.labelling import round as round_module
from webcam_app.window.photographs.page import PhotographsPage

PATIENCE_MS = 60_000


@pytest.fixture(autouse=True)
def squares(monkeypatch: pytest.MonkeyPatch) -> None:
    """Coloured squares are faces."""
    monkeypatch.setattr(looking, "ANALYZER", "tests.photographs.fakes:SquareAnalyzer")


def draw(path: Path, *labels: str) -> Path:
    image = np.full((64, 96, 3), 90, np.uint8)
    for number, label in enumerate(labels):
        draw_face(image, label, 5 + 40 * number, 10, 20)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", image)[1].tobytes())
    return path


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Three with a face, one without, and one that is no picture."""
    folder = tmp_path / "album"
    draw(folder / "1.png", "female")
    draw(folder / "2.png", "male")
    draw(folder / "3.png")
    draw(folder / "10.png", "female")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff and nothing more")
    return folder


def labelled(qtbot: QtBot, window: MainWindow) -> PhotographsPage:
    page = window.photographs
    assert window.page is page
    qtbot.waitUntil(lambda: bool(page.collection.entries) and not page.labelling.running, timeout=PATIENCE_MS)
    return page


def names(page: PhotographsPage) -> list[str]:
    return [entry.name for entry in page.collection.shown]


def choose(page: PhotographsPage, *kinds: Kind, order: int = 0) -> None:
    """As a person chooses with the chips, of which none was chosen before, and in the list of orders."""
    page.orders.setCurrentIndex(order)
    page.chips.chips[ALL].click()
    for kind in kinds:
        if kind != ALL:
            page.chips.chips[kind].click()


def test_each_gets_its_label_and_the_counts_add_up(album: Path, window: MainWindow, qtbot: QtBot) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    assert names(page) == ["1.png", "2.png", "3.png", "10.png", "broken.jpg"]
    counts = page.collection.counts
    assert [counts[kind] for kind in (ALL, Kind("label", "female"), Kind("label", "male"), NO_FACE, FAULTY)] == [
        5, 2, 1, 1, 1,
    ]  # fmt: skip
    assert page.bar.progress.text() == "5 of 5"
    assert window.windowTitle().startswith("album")


def test_a_kind_is_shown_alone_and_escape_shows_all(album: Path, window: MainWindow, qtbot: QtBot) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    choose(page, Kind("label", "female"))
    assert names(page) == ["1.png", "10.png"]
    choose(page, FAULTY)
    assert names(page) == ["broken.jpg"]
    qtbot.keyClick(page.grid, Qt.Key.Key_Escape)
    assert len(names(page)) == 5


def test_the_current_photograph_stands_out_and_has_no_colour_of_a_label(
    album: Path, window: MainWindow, qtbot: QtBot
) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    page.grid.go_to(page.collection.entries[1])
    page.grid.setFocus()
    image = page.grid.viewport().grab().toImage()
    cells = [page.grid.visualRect(page.collection.index(row)) for row in range(3)]
    before, current, after = (image.pixelColor(cell.left() + 6, cell.bottom() - 6).name() for cell in cells)
    assert (before, after) == (theme.current().surface, theme.current().surface)
    assert current == theme.current().checked


def test_names_of_folders_are_true_labels_and_the_wrong_ones_come_first(
    tmp_path: Path, window: MainWindow, qtbot: QtBot
) -> None:
    draw(tmp_path / "set/female/a.png", "female")
    draw(tmp_path / "set/female/b.png", "male")
    draw(tmp_path / "set/male/c.png", "male")
    window.open(str(tmp_path / "set"))
    page = labelled(qtbot, window)
    assert page.collection.counts[WRONG] == 1
    choose(page, ALL, order=3)
    assert names(page)[0] == "female/b.png"
    assert page.collection.shown[0].truth == "female"
    choose(page, WRONG)
    assert names(page) == ["female/b.png"]


def test_a_table_of_labels_beside_the_pictures_counts_as_for_classify(
    album: Path, window: MainWindow, qtbot: QtBot
) -> None:
    (album / "labels.csv").write_text("path,label\n1.png,male\n2.png,male\n")
    window.open(str(album))
    page = labelled(qtbot, window)
    choose(page, WRONG)
    assert names(page) == ["1.png"]


def test_a_key_goes_to_the_next_unsure_one_and_round(tmp_path: Path, window: MainWindow, qtbot: QtBot) -> None:
    for number, label in enumerate(("female", "unsure", "male", "unsure")):
        draw(tmp_path / f"set/{number}.png", label)
    window.open(str(tmp_path / "set"))
    page = labelled(qtbot, window)
    assert page.collection.counts[NOT_SURE] == 2
    met = []
    for _ in range(3):
        qtbot.keyClick(page.grid, Qt.Key.Key_U)
        assert page.grid.current is not None
        met.append(page.grid.current.name)
    assert met == ["1.png", "3.png", "1.png"]


def test_opening_a_folder_again_goes_on_with_what_was_done(album: Path, window: MainWindow, qtbot: QtBot) -> None:
    window.open(str(album))
    before = [entry.looked for entry in labelled(qtbot, window).collection.entries]
    draw(album / "2.png", "female")  # another picture under the same name is looked at anew
    window.open(str(album))
    page = labelled(qtbot, window)
    after = [entry.looked for entry in page.collection.entries]
    assert [new is old for new, old in zip(after, before, strict=True)] == [True, False, True, True, True]
    assert page.collection.entries[1].label == "female"


def test_cancelling_keeps_what_is_done_and_going_on_does_the_rest(
    tmp_path: Path, window: MainWindow, qtbot: QtBot
) -> None:
    for number in range(300):
        draw(tmp_path / f"set/{number}.png", "female")
    window.open(str(tmp_path / "set"))
    page = window.photographs
    with qtbot.waitSignal(page.labelling.answered, timeout=PATIENCE_MS):
        pass
    page.actions_.run.trigger()
    qtbot.waitUntil(lambda: not page.labelling.running, timeout=PATIENCE_MS)
    done = [entry for entry in page.collection.entries if entry.looked is not None]
    assert 0 < len(done) <= 300
    if len(done) < 300:
        assert page.actions_.run.text() == "Go on"
        page.actions_.run.trigger()
        qtbot.waitUntil(lambda: not page.labelling.running, timeout=PATIENCE_MS)
    assert page.collection.counts[Kind("label", "female")] == 300
    assert len(page.collection.entries) == len(page.collection.shown) == page.collection.done == 300


def test_what_was_not_listed_when_it_was_cancelled_is_listed_when_it_goes_on(
    tmp_path: Path, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        draw(tmp_path / f"set/{number}.png", "female")
    monkeypatch.setattr(round_module, "LISTED_AT_A_TIME", 2)
    page = window.photographs
    first = round_module.list_pictures

    def cancelled_in_the_middle(paths: Sequence[Path]) -> Iterator[Path]:
        for number, path in enumerate(first(paths)):
            if number == 3:
                page.labelling.cancel()
            yield path

    monkeypatch.setattr(round_module, "list_pictures", cancelled_in_the_middle)
    window.open(str(tmp_path / "set"))
    qtbot.waitUntil(lambda: not page.labelling.running, timeout=PATIENCE_MS)
    assert names(page) == ["0.png", "1.png"] and page.actions_.run.text() == "Go on"
    monkeypatch.setattr(round_module, "list_pictures", first)
    page.actions_.run.trigger()
    labelled(qtbot, window)
    assert names(page) == [f"{number}.png" for number in range(6)]
    assert page.collection.done == 6 and not page.actions_.run.isEnabled()


def test_another_folder_is_opened_in_the_middle_of_one_without_waiting_for_it(
    tmp_path: Path, window: MainWindow, qtbot: QtBot, album: Path
) -> None:
    for number in range(300):
        draw(tmp_path / f"set/{number}.png", "male")
    window.open(str(tmp_path / "set"))
    page = window.photographs
    with qtbot.waitSignal(page.labelling.answered, timeout=PATIENCE_MS):
        pass
    window.open(str(album))
    assert page.labelling.running and not page.collection.entries
    labelled(qtbot, window)
    assert len(names(page)) == 5 and page.collection.counts[Kind("label", "male")] == 1


def test_the_exported_table_is_that_of_classify(album: Path, tmp_path: Path, window: MainWindow, qtbot: QtBot) -> None:
    classify([album], Wanted(csv_out=tmp_path / "command.csv"))
    window.open(str(album))
    page = labelled(qtbot, window)
    page.exporter.write(tmp_path / "window.csv")
    qtbot.waitUntil(lambda: "export" in window.banner.messages(), timeout=PATIENCE_MS)
    assert (tmp_path / "window.csv").read_bytes() == (tmp_path / "command.csv").read_bytes()


def test_a_table_that_cannot_be_written_is_told(album: Path, tmp_path: Path, window: MainWindow, qtbot: QtBot) -> None:
    window.open(str(album))
    labelled(qtbot, window).exporter.write(tmp_path / "no such folder/faces.csv")
    qtbot.waitUntil(lambda: "export" in window.banner.messages(), timeout=PATIENCE_MS)
    assert "the folder is not there" in window.banner.messages()["export"]


def test_a_folder_without_pictures_is_told(tmp_path: Path, window: MainWindow, qtbot: QtBot) -> None:
    (tmp_path / "empty").mkdir()
    window.open(str(tmp_path / "empty"))
    qtbot.waitUntil(lambda: "photographs" in window.banner.messages(), timeout=PATIENCE_MS)
    assert "no pictures" in window.banner.messages()["photographs"]


def test_a_refused_model_is_told(
    album: Path, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "ANALYZER", "tests.photographs.fakes:Refused")
    window.open(str(album))
    qtbot.waitUntil(lambda: "photographs" in window.banner.messages(), timeout=PATIENCE_MS)
    assert "is damaged" in window.banner.messages()["photographs"]


@pytest.mark.parametrize(
    ("named", "gallery"),
    [
        (("album",), True),
        (("album/1.png", "album/2.png"), True),
        (("album", "album/1.png"), True),
        (("album/1.png",), False),
        (("one.mp4", "two.mp4"), False),
        (("album/1.png", "one.mp4"), False),
        (("rtsp://camera/1",), False),
        (("0",), False),
    ],
)
def test_folders_and_several_pictures_open_as_a_grid_and_nothing_else(
    named: Sequence[str], gallery: bool, album: Path, window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    specs = [spec if "://" in spec or spec.isdecimal() else str(album.parent / spec) for spec in named]
    window.open_all(specs)
    if gallery:
        labelled(qtbot, window)
    else:
        assert window.page is window.live
        assert engine.opened[-1][0] == specs[0]


def test_a_window_that_begins_with_a_folder_opens_no_camera_until_it_is_asked_to(
    album: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(str(album))
    page = labelled(qtbot, window)
    engine = window.live.engine
    assert isinstance(engine, FakeEngine)
    assert engine.opened == []
    page.actions_.back.trigger()
    assert window.page is window.live
    qtbot.waitUntil(lambda: bool(engine.opened), timeout=PATIENCE_MS)


def test_labelled_copies_are_written_and_a_folder_with_files_in_it_is_refused(
    album: Path, tmp_path: Path, window: MainWindow, qtbot: QtBot
) -> None:
    window.open(str(album))
    page = labelled(qtbot, window)
    page.exporter.copy(tmp_path / "copies")
    qtbot.waitUntil(lambda: "4 of 4 pictures" in window.banner.messages().get("export", ""), timeout=PATIENCE_MS)
    assert sorted(path.name for path in (tmp_path / "copies").iterdir()) == ["1.png", "10.png", "2.png", "3.png"]
    before, after = cv2.imread(str(album / "1.png")), cv2.imread(str(tmp_path / "copies/1.png"))
    assert before is not None and after is not None
    assert before.shape == after.shape
    assert (before != after).any()
    page.exporter.copy(album)
    qtbot.waitUntil(lambda: "no empty folder" in window.banner.messages()["export"], timeout=PATIENCE_MS)


def test_where_true_labels_are_known_a_table_says_how_often_the_model_is_right(
    album: Path, window: MainWindow, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    (album / "labels.csv").write_text("path,label\n1.png,male\n2.png,male\n3.png,male\n")
    classify([album], Wanted(csv_out=album.parent / "out.csv", labels_file=album / "labels.csv"))
    window.open(str(album))
    page = labelled(qtbot, window)
    qtbot.keyClick(page.grid, Qt.Key.Key_A)
    shown = page.comparison.text.text()
    assert "right: 50.0% of the 2 that got a label, 33.3% of all 3" in shown
    assert shown in capsys.readouterr().out
    page.comparison.close()
