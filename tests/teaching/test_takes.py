"""Frames of one take are no test of each other, wherever they are read from."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from webcam_app.teaching.examples import Example, list_examples
from webcam_app.teaching.takes import join_takes, only_takes, take_name

MONDAY = take_name(datetime(2026, 5, 4, 13, 37, 0, 123_000))
FRIDAY = take_name(datetime(2026, 5, 8, 9, 0))


def frames(label: str, *names: str) -> list[Example]:
    return [Example(Path(label, f"{name}.jpg"), label) for name in names]


def test_two_takes_of_a_class_are_two_groups() -> None:
    joined = join_takes(frames("a", f"{MONDAY} 000000", f"{MONDAY} 030000", f"{FRIDAY} 000000"))
    assert [example.person for example in joined] == [MONDAY, MONDAY, FRIDAY]


def test_the_only_take_of_a_class_is_split_by_time() -> None:
    joined = join_takes([
        *frames("a", f"{MONDAY} 000000", f"{MONDAY} 001999", f"{MONDAY} 002000"),
        *frames("b", f"{FRIDAY} 000000", f"{MONDAY} 000000"),
    ])  # fmt: skip
    first, second, third = (example.person for example in joined[:3])
    assert first == second != third
    assert [example.person for example in joined[3:]] == [FRIDAY, MONDAY]


def test_other_pictures_and_named_persons_stay_as_they_are() -> None:
    known = Example(Path("a", f"{MONDAY} 000000.jpg"), "a", "ann")
    other = Example(Path("a", "take a break.jpg"), "a")
    assert join_takes([known, other]) == [known, other]


def test_frames_in_a_folder_are_told_as_those_of_the_page(tmp_path: Path) -> None:
    for name in (f"{MONDAY} 000000", f"{MONDAY} 030000 (2)", f"{FRIDAY} 000000"):
        (tmp_path / "눈").mkdir(exist_ok=True)
        (tmp_path / "눈" / f"{name}.jpg").write_bytes(b"")
    assert {example.person for example in join_takes(list_examples([tmp_path]))} == {MONDAY, FRIDAY}


def test_classes_of_one_take_are_named_and_those_with_anything_else_are_not() -> None:
    examples = [
        *frames("one", f"{MONDAY} 000000", f"{MONDAY} 009000"),
        *frames("two", f"{MONDAY} 000000", f"{FRIDAY} 000000"),
        *frames("mixed", f"{MONDAY} 000000", "holiday"),
    ]
    assert only_takes(examples) == ["one"]
