"""TIFF files of forms that Pillow reads as something else, or not at all.

The tags are described in Adobe's 'TIFF Revision 6.0'.
"""

from __future__ import annotations

import io
import warnings
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import PIL.Image

_KIND_OF_PAGE, _BITS, _COMPRESSION, _MEANING, _PLANES, _FORMAT = 254, 258, 259, 262, 284, 339
_BIG, _OTHER_BIG = b"II+\0", b"MM\0+"
_STRIPS, _TILES = (273, 279), (324, 325)
_REDUCED, _WHITE_IS_ZERO, _SEPARATE, _UNSIGNED, _FLOATS = 1, 0, 2, 1, 3
# Beyond that a file is no photograph with smaller ones beside it.
_MOST_PAGES = 8


def show_whole(picture: PIL.Image.Image) -> None:
    """Go to the first page that is no smaller copy of another one: some programs put a thumbnail first."""
    if not _tags(picture).get(_KIND_OF_PAGE, 0) & _REDUCED:
        return
    try:
        for page in range(1, _MOST_PAGES):
            picture.seek(page)
            if not _tags(picture).get(_KIND_OF_PAGE, 0) & _REDUCED:
                return
    except Exception:  # there is none, or what is damaged makes it raise nearly anything
        pass
    picture.seek(0)


def is_misread(picture: PIL.Image.Image) -> bool:
    """Whether Pillow's own decoder makes noise of a picture that is not loaded: of 16 bits with each colour apart."""
    tags = _tags(picture)
    bits = tags.get(_BITS, (1,))
    if tags.get(_PLANES) != _SEPARATE or len(bits) < 2 or max(bits) <= 8:
        return False
    return any(tile[0] == "raw" for tile in picture.tile)  # type: ignore[attr-defined]


def open_with_libtiff(file: IO[bytes]) -> PIL.Image.Image:
    """Open a picture for the other decoder, which Pillow uses for what is compressed."""
    from PIL import TiffImagePlugin

    before = TiffImagePlugin.READ_LIBTIFF
    file.seek(0)
    # Another thread that opens one meanwhile reads the same with it.
    TiffImagePlugin.READ_LIBTIFF = True
    try:
        return TiffImagePlugin.TiffImageFile(file)
    finally:
        TiffImagePlugin.READ_LIBTIFF = before


def unread_form(file: IO[bytes]) -> str:
    """What a picture is that Pillow refuses although its header is sound, in a few words; empty where it is not."""
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    file.seek(0)
    head = file.read(8)
    if head.startswith(_OTHER_BIG):
        return "BigTIFF with the highest byte first"
    try:
        tags: Any = ImageFileDirectory_v2(head + (file.read(8) if head.startswith(_BIG) else b""))
        file.seek(tags.next)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of tags that are cut off
            tags.load(file)
        bits = max(tags[_BITS])
    except Exception:  # what is damaged makes it raise nearly anything
        return ""
    kind = "floating-point numbers of " if _FLOATS in np.atleast_1d(tags.get(_FORMAT, _UNSIGNED)) else ""
    return f"{kind}{bits} bits"


def compression_of_whole(picture: PIL.Image.Image, file: IO[bytes]) -> int | None:
    """How a picture is compressed whose file has all that it should have; None where it is cut off."""
    length = file.seek(0, io.SEEK_END)
    tags = _tags(picture)
    for starts, sizes in (_STRIPS, _TILES):
        if starts in tags and sizes in tags:
            end = max(map(sum, zip(tags[starts], tags[sizes], strict=False)), default=0)
            return int(tags.get(_COMPRESSION, 1)) if end <= length else None
    return None


def grey_values(picture: PIL.Image.Image) -> NDArray[Any]:
    """The values of a loaded picture of one channel with more than 8 bits, as its file means them."""
    values: NDArray[Any] = np.asarray(picture)
    tags = _tags(picture)
    if values.dtype == np.int32 and tags.get(_BITS) == (32,) and tags.get(_FORMAT, (_UNSIGNED,)) == (_UNSIGNED,):
        values = values.view(np.uint32)
    if tags.get(_MEANING) == _WHITE_IS_ZERO and values.dtype.kind == "u":
        values = np.iinfo(values.dtype).max - values
    return values


def _tags(picture: PIL.Image.Image) -> Any:
    return getattr(picture, "tag_v2", {})
