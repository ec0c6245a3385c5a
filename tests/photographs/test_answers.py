"""What was seen in photographs is there at the next start, for the same files and the same model."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from pathlib import Path

import pytest

from webcam_app.faces.face import Box, Face
from webcam_app.photographs import Looked, LookerSpec
from webcam_app.photographs import answers as module
from webcam_app.photographs.answers import Answers, Stamp, stamp_of
from webcam_app.resources import shipped_model_path

SPEC = LookerSpec()
STAMP = Stamp(1_700_000_000_123_456_789, 4321)
FACE = Face(Box(-1, 2, 30, 30), 1, "male", {"male": 0.9123456789, "female": 0.0876543211}, 0.123456789, False)


def looked(path: str | Path, *faces: Face) -> Looked:
    return Looked(Path(path), faces, remark="cut off")


def test_an_answer_comes_back_as_it_was(tmp_path: Path) -> None:
    with Answers(tmp_path / "sub/a.sqlite", SPEC) as answers:
        answers.keep(looked("/album/1.jpg", FACE, Face(Box(1, 1, 5, 5), 2)), STAMP)
    with Answers(tmp_path / "sub/a.sqlite", SPEC) as answers:
        assert answers.find(Path("/album/1.jpg"), STAMP) == looked("/album/1.jpg", FACE, Face(Box(1, 1, 5, 5), 2))


def test_it_is_the_same_file_under_a_relative_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Answers(tmp_path / "a.sqlite", SPEC) as answers:
        answers.keep(looked(tmp_path / "1.jpg", FACE), STAMP)
        found = answers.find(Path("1.jpg"), STAMP)
    assert found is not None
    assert found.path == Path("1.jpg"), "named as it is named now"


@pytest.mark.parametrize(
    ("path", "stamp"),
    [("/album/2.jpg", STAMP), ("/album/1.jpg", STAMP._replace(changed=5)), ("/album/1.jpg", STAMP._replace(size=5))],
)
def test_another_or_a_changed_file_is_not_known(tmp_path: Path, path: str, stamp: Stamp) -> None:
    with Answers(tmp_path / "a.sqlite", SPEC) as answers:
        answers.keep(looked("/album/1.jpg", FACE), STAMP)
        assert answers.find(Path(path), stamp) is None


def test_with_another_model_all_is_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Answers(tmp_path / "a.sqlite", SPEC) as answers:
        answers.keep(looked("/album/1.jpg", FACE), STAMP)
    monkeypatch.setattr(module, "installed", lambda _model: {"model": "another"})
    with Answers(tmp_path / "a.sqlite", SPEC) as answers:
        assert answers.find(Path("/album/1.jpg"), STAMP) is None


def test_a_model_that_was_taught_again_under_its_name_is_another(tmp_path: Path) -> None:
    card = tmp_path / "mine.json"
    text = shipped_model_path().with_suffix(".json").read_text(encoding="utf-8")
    card.write_text(text, encoding="utf-8")
    spec = LookerSpec(tmp_path / "mine.tflite")
    with Answers(tmp_path / "a.sqlite", spec) as answers:
        answers.keep(looked("/album/1.jpg", FACE), STAMP)
        assert answers.find(Path("/album/1.jpg"), STAMP) is not None
    card.write_text(text.replace(json.loads(text)["sha256"], "0" * 64), encoding="utf-8")
    with Answers(tmp_path / "a.sqlite", spec) as answers:
        assert answers.find(Path("/album/1.jpg"), STAMP) is None


@pytest.mark.parametrize("bad", [Looked(Path("1.jpg"), error="damaged"), Looked(Path("1.jpg"), problem="no network")])
def test_what_may_be_better_the_next_time_is_not_kept(tmp_path: Path, bad: Looked) -> None:
    with Answers(tmp_path / "a.sqlite", SPEC) as answers:
        answers.keep(bad, STAMP)
        assert answers.find(bad.path, STAMP) is None


def test_names_that_are_no_text_are_kept_too(tmp_path: Path) -> None:
    path = Path(os.fsdecode(b"/album/\xff.jpg"))
    with Answers(tmp_path / "a.sqlite", SPEC) as answers:
        answers.keep(Looked(path), STAMP)
        assert answers.find(path, STAMP) == Looked(path)


def test_a_damaged_file_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").write_bytes(b"this is no table " * 1000)
    with Answers(tmp_path / "a.sqlite", SPEC) as answers:
        answers.keep(looked("/album/1.jpg"), STAMP)
        assert answers.find(Path("/album/1.jpg"), STAMP) is not None


def test_an_answer_that_makes_no_sense_is_none(tmp_path: Path) -> None:
    with Answers(tmp_path / "a.sqlite", SPEC) as answers:
        answers.keep(looked("/album/1.jpg", FACE), STAMP)
    with sqlite3.connect(tmp_path / "a.sqlite") as table:
        table.execute("UPDATE answers SET answer = '[[[1, 2]], 3]'")
    table.close()
    with Answers(tmp_path / "a.sqlite", SPEC) as answers:
        assert answers.find(Path("/album/1.jpg"), STAMP) is None


def test_where_nothing_can_be_written_nothing_is_kept_and_nobody_is_disturbed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with Answers(tmp_path / "file/a.sqlite", SPEC) as answers:
        answers.keep(looked("/album/1.jpg"), STAMP)
        assert answers.find(Path("/album/1.jpg"), STAMP) is None


def test_the_oldest_answers_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ANSWERS", 3)
    with Answers(tmp_path / "a.sqlite", SPEC) as answers:
        for second in range(5):
            monkeypatch.setattr(module.time, "time", lambda second=second: second)
            answers.keep(looked(f"/album/{second}.jpg"), STAMP)
    with Answers(tmp_path / "a.sqlite", SPEC) as answers:
        left = [n for n in range(5) if answers.find(Path(f"/album/{n}.jpg"), STAMP) is not None]
    assert left == [2, 3, 4]


@pytest.mark.skipif(os.name == "nt", reason="permissions of Unix")
def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    with Answers(tmp_path / "a.sqlite", SPEC):
        assert stat.S_IMODE((tmp_path / "a.sqlite").stat().st_mode) == 0o600


def test_a_file_that_is_gone_has_no_stamp(tmp_path: Path) -> None:
    assert stamp_of(tmp_path / "1.jpg") is None
