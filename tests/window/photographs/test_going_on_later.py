"""Someone closes the window in the middle, and goes on another day: nothing is looked at twice that has not changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.photographs import fakes
from tests.window.conftest import OpenWindow
from tests.window.photographs.test_a_folder_of_photographs import PATIENCE_MS, draw, labelled
from webcam_app.photographs import looking


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the network leaves a mark for each photograph that it looks at."""
    folder = tmp_path / "seen"
    folder.mkdir()
    monkeypatch.setenv(fakes.FOLDER_VARIABLE, str(folder))
    monkeypatch.setattr(looking, "ANALYZER", "tests.photographs.fakes:Counting")
    return folder


def looks(seen: Path) -> int:
    """How many photographs were looked at since this was asked last."""
    marks = list(seen.iterdir())
    for mark in marks:
        mark.unlink()
    return len(marks)


def test_after_a_new_start_only_what_is_new_or_has_changed_is_looked_at(
    tmp_path: Path, seen: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    album = tmp_path / "album"
    for number in range(6):
        draw(album / f"{number}.png", "female")
    first = open_window(None, begin=False)
    first.open(str(album))
    before = [entry.shown for entry in labelled(qtbot, first).collection.entries]
    assert looks(seen) == 6
    first.close()

    draw(album / "2.png", "male")
    draw(album / "9.png", "male")
    second = open_window(None, begin=False)
    second.open(str(album))
    page = labelled(qtbot, second)
    assert looks(seen) == 2
    assert [entry.label for entry in page.collection.entries] == ["female"] * 2 + ["male"] + ["female"] * 3 + ["male"]
    after = [entry.shown for entry in page.collection.entries]
    assert after[:2] + after[3:6] == before[:2] + before[3:]


def test_what_was_cancelled_goes_on_in_the_next_window(
    tmp_path: Path, seen: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    album = tmp_path / "album"
    for number in range(300):
        draw(album / f"{number}.png", "female")
    first = open_window(None, begin=False)
    first.open(str(album))
    with qtbot.waitSignal(first.photographs.labelling.answered, timeout=PATIENCE_MS):
        pass
    first.photographs.actions_.run.trigger()
    qtbot.waitUntil(lambda: not first.photographs.labelling.running, timeout=PATIENCE_MS)
    done = sum(entry.looked is not None for entry in first.photographs.collection.entries)
    first.close()
    looks(seen)

    second = open_window(None, begin=False)
    second.open(str(album))
    page = labelled(qtbot, second)
    assert all(entry.looked is not None for entry in page.collection.entries)
    assert looks(seen) == 300 - done
