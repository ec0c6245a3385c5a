"""The pictures of the README are those that ``make screenshots`` makes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]


def test_every_picture_of_the_readme_is_there_and_shown_once() -> None:
    shown = re.findall(r"!\[[^\]]+\]\((assets/[^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    kept = {f"assets/screenshots/{path.name}" for path in (ROOT / "assets" / "screenshots").iterdir()}
    assert len(shown) == len(set(shown))
    assert set(shown) == kept | {"assets/teach.png"}


@pytest.mark.slow
def test_all_of_them_are_made_from_the_demo_clip(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    tmp_path.chmod(0o700)
    command = [sys.executable, ROOT / "assets" / "make_screenshots.py", tmp_path / "made"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    made = {path.name: path for path in (tmp_path / "made").iterdir()}
    assert set(made) == {path.name for path in (ROOT / "assets" / "screenshots").iterdir()}
    for name, path in made.items():
        with Image.open(path) as picture, Image.open(ROOT / "assets" / "screenshots" / name) as kept:
            assert picture.size == kept.size
            assert len(picture.convert("RGB").getcolors(1 << 24) or ()) > 100
