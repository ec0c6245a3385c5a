"""Someone has pictures with known labels and wants to know how often the model is right, with masks and without."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webcam_app.errors import SourceError
from webcam_app.photographs.labels.truth import TableTruth, Truth

Run = Callable[..., tuple[int, str, str]]
EXAMPLES = int(os.environ.get("WEBCAM_APP_TEST_FUZZ", "300"))


@pytest.fixture
def people(tmp_path: Path, make_picture: Callable[..., Any], write_picture: Callable[..., Path]) -> Path:
    """Three women, one with a mask and one taken for a man; two men, one unsure and one without a face."""
    folder = tmp_path / "people"
    write_picture(folder / "female" / "1.png", make_picture(("female", 20, 20)))
    write_picture(folder / "female" / "2.png", make_picture(("female", 20, 20, 50, "masked"), ("male", 100, 90, 20)))
    write_picture(folder / "female" / "3.png", make_picture(("male", 20, 20)))
    write_picture(folder / "male" / "4.png", make_picture(("unsure", 20, 20)))
    write_picture(folder / "male" / "5.png", make_picture())
    (folder / "male" / "6.png").write_text("no picture")
    return folder


def table_of(said: str, group: str) -> dict[str, list[int]]:
    """The counts of a group's table by true label."""
    lines = said.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{group}: "))
    assert lines[start + 1].split() == ["true", "label", "female", "male", "unsure", "no", "face"]
    return {line.split()[0]: [int(cell) for cell in line.split()[1:]] for line in lines[start + 2 : start + 4]}


@pytest.mark.usefixtures("squares")
def test_folders_that_are_named_like_labels(people: Path, run: Run) -> None:
    code, said, _ = run("classify", people)
    assert code == 0
    assert table_of(said, "all") == {"female": [2, 1, 0, 0], "male": [0, 0, 1, 1]}
    assert table_of(said, "bare") == {"female": [1, 1, 0, 0], "male": [0, 0, 1, 0]}
    assert table_of(said, "masked") == {"female": [1, 0, 0, 0], "male": [0, 0, 0, 0]}
    assert "right: 66.7% of the 3 that got a label, 40.0% of all 5" in said


@pytest.mark.usefixtures("squares")
def test_a_table_of_labels_and_masks(tmp_path: Path, people: Path, run: Run) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text(
        "path,label,mask\npeople/female/1.png,Female,0\npeople/female/2.png,female,1\n3.png,male,1\n", "utf-8-sig"
    )
    code, said, _ = run("classify", people, "--labels", labels)
    assert code == 0
    assert table_of(said, "bare") == {"female": [1, 0, 0, 0], "male": [0, 0, 0, 0]}
    assert table_of(said, "masked") == {"female": [1, 0, 0, 0], "male": [0, 1, 0, 0]}


@pytest.mark.usefixtures("squares")
def test_without_known_labels_nothing_is_compared(people: Path, run: Run) -> None:
    people.joinpath("female").rename(people / "holidays")
    people.joinpath("male").rename(people / "work")
    assert "true label" not in run("classify", people)[1]


@pytest.mark.usefixtures("squares")
@pytest.mark.parametrize(
    ("content", "word"),
    [
        (None, "no such file"),
        (b"", "'path' is missing"),
        (b"path,colour\na,b\n", "'label' is missing"),
        (b"path,label\n1.png,dog\n", "none of the model's labels (female, male)"),
        (b"path,label\n" + b"x" * 200_000 + b",female\n", "no table"),
    ],
)
def test_labels_that_are_none(tmp_path: Path, people: Path, run: Run, content: bytes | None, word: str) -> None:
    labels = tmp_path / "labels.csv"
    if content is not None:
        labels.write_bytes(content)
    code, said, complaints = run("classify", people, "--labels", labels, "--csv", tmp_path / "out.csv")
    assert (code, said) == (1, "")
    assert complaints.count("\n") == 1
    assert "labels.csv" in complaints
    assert word in complaints
    assert not (tmp_path / "out.csv").exists()


def check(path: Path, content: bytes) -> None:
    """Whatever a table of labels holds, it is read or refused."""
    path.write_bytes(content)
    try:
        truth = TableTruth(path, ("female", "male"))
    except SourceError as error:
        assert "\n" not in str(error)
    else:
        assert isinstance(truth.of(Path("a.png")), Truth)


@given(st.binary(max_size=300))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    check(tmp_path / "labels.csv", content)


@pytest.mark.parametrize("seed", range(max(1, EXAMPLES // 100)))
def test_a_table_with_changed_bytes_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(100):
        content = bytearray(b'path,label,mask\r\na.png,female,0\r\n"b, ""c"".png",male,1\r\n')
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(content))
            what = chance.choice([b"", b'"', b",", b"\n", b"\0", b"\xff", bytes([chance.randrange(256)]) * 3])
            content[place : place + chance.randint(0, 3)] = what
        check(tmp_path / "labels.csv", bytes(content))
