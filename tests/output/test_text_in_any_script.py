"""A label in a script that the first font lacks is written with another one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from webcam_app.output import text

SIZE = 40


@pytest.fixture
def fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """Two fonts of the system's: one with western letters only, one with many more."""
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    names = (str(folder / "cmr10.ttf"), str(folder / "DejaVuSans.ttf"))
    monkeypatch.setattr(text, "SYSTEM_FONTS", names)
    _forget()
    yield names
    _forget()


def _forget() -> None:
    for cached in (text._render, text._font, text._system_font):
        cached.cache_clear()


def written(words: str) -> NDArray[np.uint8]:
    width, height = text.text_size(words, SIZE)
    image = np.zeros((height, width, 3), np.uint8)
    text.draw_text(image, words, 0, 0, SIZE, (255, 255, 255))
    return image[..., 0]


def expected(words: str, font: str) -> NDArray[np.uint8]:
    loaded = ImageFont.truetype(font, round(SIZE * 0.85))
    left, _, right, _ = loaded.getbbox(words)
    canvas = Image.new("L", (int(right - left) + 2, sum(loaded.getmetrics())))
    ImageDraw.Draw(canvas).text((1 - left, 0), words, fill=255, font=loaded)
    return np.asarray(canvas)


@pytest.mark.parametrize("words", ["Мария 97 %", "Ελένη", "דנה", "Łucja"])
def test_the_first_font_that_has_all_letters_is_taken(fonts: tuple[str, str], words: str) -> None:
    assert np.array_equal(written(words), expected(words, fonts[1]))


def test_where_no_font_has_them_all_something_is_written(fonts: tuple[str, str]) -> None:
    assert written("眼鏡 97 %").any()


def test_western_letters_need_no_font_of_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(text, "_system_font", lambda name, size: asked.append(name))
    _forget_rendered()
    assert written("Zoë 97 %").any() and asked == []


def _forget_rendered() -> None:
    text._render.cache_clear()
    text._font.cache_clear()
