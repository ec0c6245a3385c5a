"""Photographs for the engine, and stand-ins for what labels them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.commands.square_analyzer import draw_face
from tests.photographs.fakes import FOLDER_VARIABLE
from webcam_app.photographs import LookerSpec, Photograph

MakeAlbum = Callable[..., list[Photograph]]


@pytest.fixture
def marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the stand-ins leave their marks."""
    folder = tmp_path / "marks"
    folder.mkdir()
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    return folder


@pytest.fixture
def make_album(tmp_path: Path) -> MakeAlbum:
    """Makes pictures of some widths; in the nth a face lies n pixels from the left."""

    def make(widths: Sequence[int], *, copies: Path | None = None) -> list[Photograph]:
        folder = tmp_path / "album"
        folder.mkdir(exist_ok=True)
        photographs = []
        for number, width in enumerate(widths):
            image = np.full((64, width, 3), 90, np.uint8)
            draw_face(image, "male" if number % 2 else "female", number % 30, 10, 20)
            path = folder / f"{number}.png"
            path.write_bytes(cv2.imencode(".png", image)[1].tobytes())
            photographs.append(Photograph(path, None if copies is None else copies / path.name))
        return photographs

    return make


@pytest.fixture
def spec() -> Callable[[str], LookerSpec]:
    """What a stand-in of ``fakes`` is named by."""
    return lambda name: LookerSpec(analyzer=f"tests.photographs.fakes:{name}")
