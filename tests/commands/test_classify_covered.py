"""Someone wants copies of photographs in which nobody can be recognised."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from webcam_app.faces.face import Box
from webcam_app.output.cover import CoverKind, cover_faces

pytestmark = pytest.mark.usefixtures("squares")
Run = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize("options", [["--blur"], ["--blur", "pixelate"], ["--blur", "fill"]])
@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_the_copies_are_covered_and_the_table_is_as_without(
    tmp_path: Path,
    make_picture: Callable[..., Any],
    write_picture: Callable[..., Path],
    run: Run,
    options: list[str],
    suffix: str,
) -> None:
    picture = make_picture(("female", 40, 60, 40), ("male", 220, 60, 40), size=(320, 200))
    path = write_picture(tmp_path / "album" / f"two.{suffix}", picture)
    copies = tmp_path / "copies"
    assert run("classify", path.parent, "--csv", tmp_path / "a.csv")[0] == 0
    assert run("classify", path.parent, "--csv", tmp_path / "b.csv", "--annotated", copies, *options)[0] == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    (copy,) = copies.iterdir()
    image = cv2.imread(str(copy))
    boxes = [Box(40, 60, 40, 40), Box(220, 60, 40, 40)]
    kind = CoverKind(options[1] if len(options) > 1 else "blur")
    expected = cover_faces(picture, boxes, kind)
    inside = np.s_[65:98, 44:76]  # of the first box's line
    assert np.abs(image[inside].astype(int) - expected[inside]).mean() < 6
    assert np.abs(image[104:].astype(int) - expected[104:]).mean() < 6
    assert (expected != picture).any()


def test_without_copies_there_is_nothing_to_cover(tmp_path: Path, run: Run) -> None:
    code, _, complaint = run("classify", tmp_path, "--blur")
    assert code == 2
    assert "--annotated" in complaint
