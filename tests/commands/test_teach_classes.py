"""Someone has pictures of their own classes and wants them in every command."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.teaching.fakes import SquareFinder, install, picture, write, write_classes, write_network
from webcam_app.commands import teach as teach_command
from webcam_app.commands.interrupt import Interrupted
from webcam_app.resources import MODEL_VARIABLE

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("webcam_app.teaching.describing.FaceAnalyzer", SquareFinder)
    monkeypatch.setattr("webcam_app.faces.analyzer.StillDetector.find", lambda *_: [])
    folder = tmp_path / "network"
    folder.mkdir()
    return install(monkeypatch, folder)


@pytest.fixture
def classes(tmp_path: Path) -> Path:
    return write_classes(tmp_path / "classes", 12, "red", "blue", "green")


def test_a_folder_of_pictures_becomes_a_model_that_labels_others(run: Run, classes: Path, tmp_path: Path) -> None:
    code, out, err = run("teach", classes, "-o", tmp_path / "mine.json")
    assert (code, err) == (0, "")
    assert "3 classes taught with 36 pictures" in out and "100.0% of 36 (95 % interval 90.4% to 100.0%" in out
    write(tmp_path / "new.png", picture("blue", 77, size=48))
    code, out, _ = run("classify", tmp_path / "new.png", "--whole-image", "--model", tmp_path / "mine.json")
    assert code == 0 and ": blue " in out


def test_the_environment_names_a_taught_model_like_any_other(
    run: Run, classes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("teach", classes, "-o", tmp_path / "mine.json")
    monkeypatch.setenv(MODEL_VARIABLE, str(tmp_path / "mine.json"))
    code, out, _ = run("model")
    assert code == 0 and "blue, green, red" in out and "mask:     not recognized" in out
    assert " kB, checksum right)" in out and "interval: 90.4%, 100.0%" in out


def test_the_model_option_is_forgotten_after_the_command(run: Run, classes: Path, tmp_path: Path) -> None:
    run("teach", classes, "-o", tmp_path / "mine.json")
    run("--model", tmp_path / "mine.json", "model")
    assert MODEL_VARIABLE not in os.environ


def test_a_table_of_a_taught_model_has_no_masks(run: Run, classes: Path, tmp_path: Path) -> None:
    run("teach", classes, "-o", tmp_path / "mine.json")
    write(tmp_path / "new.png", picture("red", 77, size=48))
    arguments = ("--whole-image", "--model", tmp_path / "mine.json", "--csv", "-")
    row = run("classify", tmp_path / "new.png", *arguments)[1].splitlines()[1].split(",")
    assert (row[6], row[8]) == ("red", "")


def test_the_card_tells_figures_examples_and_what_it_means_for_persons(run: Run, classes: Path, tmp_path: Path) -> None:
    run("teach", classes, "-o", tmp_path / "mine.json")
    card = json.loads((tmp_path / "mine.json").read_text(encoding="utf-8"))
    assert card["examples"] == {"blue": 12, "green": 12, "red": 12}
    assert card["cross-validation"]["accuracy"] == 1.0
    assert card["sha256"] == hashlib.sha256((tmp_path / "mine.bin").read_bytes()).hexdigest()
    assert "agreed" in card["about"]["persons"]


def test_the_same_pictures_make_the_same_files(run: Run, classes: Path, tmp_path: Path) -> None:
    run("teach", classes, "-o", tmp_path / "mine.json", "--jobs", 1)
    first = [(tmp_path / name).read_bytes() for name in ("mine.json", "mine.bin")]
    run("teach", classes, "-o", tmp_path / "mine.json", "--overwrite", "--jobs", 3)
    assert [(tmp_path / name).read_bytes() for name in ("mine.json", "mine.bin")] == first


def test_out_of_balance_the_small_class_is_found_and_has_a_figure_of_its_own(
    run: Run, classes: Path, tmp_path: Path
) -> None:
    for number in range(12, 60):
        write(classes / "red" / f"{number}.png", picture("red", number))
    for number, path in enumerate(sorted((classes / "blue").glob("*.png"))):
        if number >= 3:
            path.unlink()
    code, out, _ = run("teach", classes, "-o", tmp_path / "mine.json")
    assert code == 0
    assert "100.0% where every class counts the same" in out
    assert "- classes are heavily out of balance, from red 60 to blue 3: each counts the same in teaching" in out
    write(tmp_path / "new.png", picture("blue", 77, size=48))
    assert ": blue " in run("classify", tmp_path / "new.png", "--whole-image", "--model", tmp_path / "mine.json")[1]


def test_where_classes_are_about_as_large_nothing_is_said_of_balance(run: Run, classes: Path, tmp_path: Path) -> None:
    out = run("teach", classes, "-o", tmp_path / "mine.json")[1]
    assert "balance" not in out and "counts the same" not in out


def test_few_and_unreadable_pictures_are_told(run: Run, classes: Path, tmp_path: Path) -> None:
    write_classes(classes, 3, "black")
    (classes / "red" / "x.png").write_bytes(b"no picture")
    out = run("teach", classes, "-o", tmp_path / "mine.json")[1]
    assert "1 could not be read" in out and "x.png" in out and "too few different pictures" in out and "black 3" in out


def test_classes_without_pictures_that_can_be_read_are_told(run: Run, classes: Path, tmp_path: Path) -> None:
    (classes / "眼鏡").mkdir()
    write_classes(classes, 1, "black")
    (classes / "black" / "000.png").write_bytes(b"no picture")
    code, out, _ = run("teach", classes, "-o", tmp_path / "mine.json")
    assert code == 0 and "so not taught: black, 眼鏡" in out


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("one class", "only one class, 'red'"),
        ("one of two empty", "only 'red' has pictures that can be read, not 'blue'"),
        ("one of two unreadable", "only 'red' has pictures that can be read, not 'blue'"),
        ("empty", "make a sub-folder for each class"),
        ("unreadable", "no picture could be read"),
        ("ending", "end with .json"),
        ("no folder", "nowhere"),
        ("there", "is there already"),
        ("no network", "features"),
        ("no features", "gives no features"),
    ],
)
def test_what_goes_wrong_is_one_line_and_leaves_nothing_behind(
    run: Run, classes: Path, tmp_path: Path, network: Path, case: str, message: str
) -> None:
    folder, out = classes, tmp_path / "mine.json"
    if case == "one class":
        folder = write_classes(tmp_path / "single", 3, "red")
    elif case.startswith("one of two"):
        folder = write_classes(tmp_path / "two", 3, "red", "blue")
        for path in (folder / "blue").iterdir():
            if case.endswith("empty"):
                path.unlink()
            else:
                path.write_bytes(b"")
    elif case == "empty":
        folder = tmp_path / "empty"
        folder.mkdir()
    elif case == "unreadable":
        for path in classes.glob("*/*.png"):
            path.write_bytes(b"")
    elif case == "ending":
        out = tmp_path / "mine.tflite"
    elif case == "no folder":
        out = tmp_path / "nowhere" / "mine.json"
    elif case == "there":
        out.write_text("mine", encoding="utf-8")
    elif case == "no network":
        network.unlink()
    elif case == "no features":
        write_network(network.parent, outputs={"classes": "classes"})
    before = sorted(tmp_path.iterdir())
    code, _, err = run("teach", folder, "-o", out)
    assert code == 1
    assert message in err and err.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


def test_ctrl_c_leaves_nothing_behind(run: Run, classes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopping(teach_command.Progress):
        def update(self, done: float, note: str = "") -> None:
            raise Interrupted(2)

    monkeypatch.setattr(teach_command, "Progress", Stopping)
    before = sorted(tmp_path.iterdir())
    assert run("teach", classes, "-o", tmp_path / "mine.json")[0] == 130
    assert sorted(tmp_path.iterdir()) == before
