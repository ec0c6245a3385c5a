"""Lines of text in any script as pixels."""

from __future__ import annotations

import functools
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.capture.frame import Image

# Looked for in the system's folders, in this order, for letters that Pillow's own font lacks: the first that has them
# all. Those of many scripts stand first, then those that Linux, Windows and macOS have for one or some.
SYSTEM_FONTS = (
    *("DejaVuSans.ttf", "NotoSans-Regular.ttf", "Arial Unicode.ttf", "arialuni.ttf", "arial.ttf", "Arial.ttf"),
    *("NotoSansCJK-Regular.ttc", "DroidSansFallbackFull.ttf", "wqy-zenhei.ttc", "wqy-microhei.ttc"),
    *("NotoSansArabic-Regular.ttf", "NotoSansHebrew-Regular.ttf", "NotoSansDevanagari-Regular.ttf"),
    *("NotoSansBengali-Regular.ttf", "NotoSansTamil-Regular.ttf", "NotoSansThai-Regular.ttf", "FreeSans.ttf"),
    *("msyh.ttc", "msgothic.ttc", "malgun.ttf", "Nirmala.ttc", "Nirmala.ttf", "LeelawUI.ttf", "seguiemj.ttf"),
    *("PingFang.ttc", "Hiragino Sans GB.ttc", "AppleSDGothicNeo.ttc", "Kohinoor.ttc", "Thonburi.ttc"),
)
# Unicode says that it is no character, so what a font shows for it is what it shows for a letter that it lacks.
NO_LETTER = "\uffff"
# A label with its percentage is one of some hundred texts: a face that stays costs no second rendering.
CACHED_TEXTS = 512


def text_size(text: str, size: int) -> tuple[int, int]:
    """Width and height in pixels that ``draw_text`` needs.

    Args:
        text: one line.
        size: height of the letters in pixels, from the top of an accent to the bottom of a g.
    """
    height, width = _render(text, size).shape
    return width, height


def draw_text(image: Image, text: str, left: int, top: int, size: int, color: tuple[int, int, int]) -> None:
    """Write a line into a picture; what reaches past its edges is cut off.

    Args:
        image: H×W×3 uint8 BGR; changed.
        text: one line.
        left: left edge in pixels.
        top: upper edge in pixels.
        size: height of the letters in pixels.
        color: BGR, 0 to 255.
    """
    letters = _render(text, size)
    height, width = letters.shape
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + width, image.shape[1]), min(top + height, image.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    under = image[y0:y1, x0:x1].astype(np.float32)
    under += (np.array(color, np.float32) - under) * letters[part][..., np.newaxis]
    image[y0:y1, x0:x1] = np.rint(under).astype(np.uint8)


@functools.lru_cache(maxsize=CACHED_TEXTS)
def _render(text: str, size: int) -> NDArray[np.float32]:
    """Coverage of the letters, 0 to 1, H×W float32."""
    text = " ".join(text.split())
    letters = _with_pillow(text, size)
    return _with_opencv(text, size) if letters is None else letters


def _with_pillow(text: str, size: int) -> NDArray[np.float32] | None:
    try:
        from PIL import Image as Pillow
        from PIL import ImageDraw

        font = _font(size, "".join(sorted({letter for letter in text if ord(letter) > 255})))
        left, _, right, _ = font.getbbox(text or " ")
        ascent, descent = font.getmetrics()
        canvas = Pillow.new("L", (int(right - left) + 2, ascent + descent))
        ImageDraw.Draw(canvas).text((1 - left, 0), text, fill=255, font=font)
    except (ImportError, OSError, AttributeError, TypeError):
        return None
    return np.asarray(np.asarray(canvas) / 255, np.float32)


@functools.lru_cache(maxsize=64)
def _font(size: int, letters: str) -> Any:
    """A font with some letters beside those of western Europe; where none has all, the first that is there."""
    from PIL import ImageFont

    found = [font for name in SYSTEM_FONTS if letters and (font := _system_font(name, round(size * 0.85))) is not None]
    best = next((font for font in found if _has(font, letters)), None)
    return best or (found[0] if found else ImageFont.load_default(round(size * 0.85)))


@functools.lru_cache(maxsize=64)
def _system_font(name: str, size: int) -> Any:
    """A font of the system's, None where there is no such."""
    from PIL import ImageFont

    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return None


def _has(font: Any, letters: str) -> bool:
    missing = bytes(font.getmask(NO_LETTER))
    return all(letter.isspace() or bytes(font.getmask(letter)) != missing for letter in letters)


def _with_opencv(text: str, size: int) -> NDArray[np.float32]:
    """Without a font engine: OpenCV's strokes, which know ASCII only."""
    plain = text.replace("·", "-").encode("ascii", "replace").decode()
    face, thickness = cv2.FONT_HERSHEY_SIMPLEX, max(1, round(size / 12))
    scale = size * 0.7 / 21
    (width, height), baseline = cv2.getTextSize(plain, face, scale, thickness)
    canvas = np.zeros((height + baseline + 2, width + 2), np.uint8)
    cv2.putText(canvas, plain, (1, 1 + height), face, scale, 255, thickness, cv2.LINE_AA)
    return np.asarray(np.asarray(canvas) / 255, np.float32)
