"""A command owns its process: it sets how many threads OpenCV uses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest

Run = Callable[..., tuple[int, str, str]]


@pytest.mark.usefixtures("squares", "three_threads")
def test_classify_uses_one(
    tmp_path: Path, make_picture: Callable[..., Any], write_picture: Callable[..., Path], run: Run
) -> None:
    assert run("classify", write_picture(tmp_path / "one.png", make_picture()))[0] == 0
    assert cv2.getNumThreads() == 1


@pytest.mark.usefixtures("squares", "three_threads")
def test_annotate_uses_one(tmp_path: Path, make_video: Callable[..., Path], run: Run) -> None:
    assert run("annotate", make_video(), "-o", tmp_path / "out.mp4")[0] == 0
    assert cv2.getNumThreads() == 1
