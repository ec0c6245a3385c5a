"""Someone takes a snapshot."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from webcam_app.errors import OutputError
from webcam_app.output.pictures import snapshot_path, write_picture

NOW = datetime(2026, 5, 4, 13, 37)


def test_snapshots_of_one_second_have_their_own_names(tmp_path: Path, portrait: Any) -> None:
    for _ in range(3):
        write_picture(snapshot_path(tmp_path, NOW), portrait)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [
        "2026-05-04 13.37.00 (2).jpg",
        "2026-05-04 13.37.00 (3).jpg",
        "2026-05-04 13.37.00.jpg",
    ]


@pytest.mark.parametrize("name", ["picture.png", "picture.jpg", "PICTURE.JPEG", "снимок 映像.png"])
def test_the_picture_comes_back(tmp_path: Path, portrait: Any, name: str) -> None:
    write_picture(tmp_path / "new folder" / name, portrait)
    shown = cv2.imdecode(np.fromfile(tmp_path / "new folder" / name, np.uint8), cv2.IMREAD_COLOR)
    difference = np.abs(shown.astype(int) - portrait)
    assert difference.max() == 0 if name.endswith(".png") else difference.mean() < 3


def test_a_picture_that_is_there_is_never_overwritten(tmp_path: Path, portrait: Any) -> None:
    (tmp_path / "a.png").write_text("precious")
    with pytest.raises(OutputError, match="already"):
        write_picture(tmp_path / "a.png", portrait)
    assert (tmp_path / "a.png").read_text() == "precious"


def test_an_ending_that_is_no_picture_s_is_refused(tmp_path: Path, portrait: Any) -> None:
    with pytest.raises(OutputError, match=r"\.jpg or \.png"):
        write_picture(tmp_path / "a.xyz", portrait)
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_folder_s_place(tmp_path: Path, portrait: Any) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(OutputError, match="choose another folder"):
        write_picture(tmp_path / "file" / "a.png", portrait)
