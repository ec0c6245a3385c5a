"""Decodes the content of a picture file, whatever its kind."""

from __future__ import annotations

import dataclasses
import importlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from webcam_app.capture.formats import jpeg, jpeg_xl, photoshop, tiff
from webcam_app.capture.formats.colour import shows_nothing, to_bgr
from webcam_app.capture.formats.damaged import (
    MISSING_GREY,
    PARTLY_READABLE,
    load_partly,
    missing_jpeg_rows,
    remark_of,
)
from webcam_app.capture.formats.kinds import (
    HEAD_BYTES,
    JPEG,
    JPEG_XL,
    PLAIN_DECODERS,
    PSD,
    RAW,
    SAVE,
    TIFF,
    PictureKind,
    is_video,
    kind_by_content,
    kind_by_name,
    kind_of,
)
from webcam_app.capture.frame import Image
from webcam_app.capture.orientation import UPRIGHT, Orientation, apply_orientation, exif_turn, swaps_sides
from webcam_app.capture.text import printable
from webcam_app.errors import PictureError, first_line

if TYPE_CHECKING:
    import PIL.Image

REDUCTIONS = (8, 4, 2)
"""By how much a JPEG decoder can make a picture smaller while it decodes, which leaves out most of its work."""

JPEG_HEAD_BYTES = 1 << 20
"""The header of a JPEG's frame comes behind what programs put before it, such as a thumbnail."""

MAX_REDUCED_PIXELS = 300_000_000
"""A JPEG of more is refused at any size: the largest phones take 200 million, and more takes seconds."""


class Decoded(NamedTuple):
    """A picture, decoded.

    Attributes:
        image: H×W×3 uint8 BGR, upright.
        width, height: of the whole picture in pixels, upright.
        reduction: pixels of the whole picture for one of ``image``, along each side: 1, 2, 4 or 8.
        reducible: whether it can be decoded at another reduction.
        remark: what is wrong with it, in a few words; empty where nothing is.
    """

    image: Image
    width: int
    height: int
    reduction: int = 1
    reducible: bool = False
    remark: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """How large a picture is wanted.

    Attributes:
        max_pixels: more are not decoded: a JPEG is made smaller, anything else refused.
        shorter_side: a JPEG is made smaller as long as its shorter side keeps so many pixels; None for its full size.
    """

    max_pixels: int
    shorter_side: int | None = None

    def reduction(self, width: int, height: int) -> int:
        """By how much to make a JPEG of this size smaller."""
        wanted = 1
        if self.shorter_side is not None:
            large = (each for each in REDUCTIONS if min(width, height) // each >= self.shorter_side)
            wanted = next(large, 1)
        while wanted < REDUCTIONS[0] and width * height > self.max_pixels * wanted**2:
            wanted *= 2
        return wanted


def decode(file: IO[bytes], path: Path, wish: Wish) -> Decoded:
    """Decode an open picture file.

    Args:
        file: at its beginning; can be sought in.
        path: its name, for messages, and for kinds that are known by it.
        wish: how large it is wanted.

    Raises:
        PictureError: one line that names the file and says what is wrong with it.
    """
    import PIL.Image

    name = printable(path)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    kind = kind_of(head, path)
    _check_readable(kind, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of metadata that nobody asked for; bombs are checked below
            if kind is RAW:
                return _decode_raw(file, name, wish)
            return _Decoder(file, kind, name, wish).run()
    except PictureError:
        raise
    except PIL.Image.DecompressionBombError:
        raise _too_large(name, "", wish.max_pixels) from None
    except _NotOpenedError:
        raise PictureError(_not_opened(name, kind, head, file)) from None
    except MemoryError:
        raise PictureError(f"{name} needs more memory than there is. Make it smaller.") from None
    except Exception as error:  # damaged files make decoders raise nearly anything
        raise PictureError(f"{name} is damaged: {printable(first_line(error)).rstrip('.')}.") from None


class _Decoder:
    """Decodes one file with Pillow."""

    def __init__(self, file: IO[bytes], kind: PictureKind | None, name: str, wish: Wish) -> None:
        self._file, self._kind, self._name, self._wish = file, kind, name, wish
        self._cut_off = True

    def run(self, turn: Orientation | None = None) -> Decoded:
        """Decode; ``turn`` is how the picture is turned if it does not say so itself."""
        if self._kind is JPEG_XL:
            with _opening():
                width, height = jpeg_xl.read_size(self._file)
            self._check_size(width, height)
        composite = None
        if self._kind is PSD:
            with _opening():
                composite = photoshop.read_header(self._file)
            if composite.deep:
                return self._decode_deep(composite)
        picture = self._open()
        size = picture.size
        reducible = picture.format in ("JPEG", "MPO")
        if not reducible or picture.info.get("progressive"):
            # A progressive picture is kept whole while it is decoded, however small it becomes.
            self._check_size(*size)
        elif size[0] * size[1] > MAX_REDUCED_PIXELS:
            raise _too_large(self._name, f" ({size[0]}×{size[1]} pixels)", MAX_REDUCED_PIXELS)
        picture, missing = self._load(picture)
        image = to_bgr(picture, opaque=self._is_opaque(picture, composite))
        if composite is not None and composite.bits == 1:  # which Pillow takes the other way round
            image = np.asarray(cv2.bitwise_not(image), np.uint8)
        own_turn = self._turn(picture)
        shown_turn = turn if turn is not None and own_turn == UPRIGHT else own_turn
        remark = ""
        if missing is not None:
            if reducible:
                missing = missing_jpeg_rows(image)
            rows = image.shape[0]
            if len(missing) >= rows:
                raise PictureError(self._nothing_in(picture))
            image[missing.start : missing.stop] = MISSING_GREY
            progressive = bool(picture.info.get("progressive"))
            remark = remark_of(missing, rows, shown_turn, progressive=progressive, cut_off=self._cut_off)
        upright = size[::-1] if swaps_sides(shown_turn) else size
        reduction = round(max(size) / max(picture.size))
        return Decoded(apply_orientation(image, shown_turn), *upright, reduction, reducible, remark)

    def _is_opaque(self, picture: PIL.Image.Image, composite: photoshop.Composite | None) -> bool:
        """Whether a fourth channel is there that says nothing of what can be seen through."""
        if composite is not None:
            return not composite.transparent
        return picture.format == "TGA" and shows_nothing(picture)  # most programs leave the channel empty there

    def _decode_deep(self, composite: photoshop.Composite) -> Decoded:
        self._check_size(composite.width, composite.height)
        if not composite.readable:
            raise PictureError(_of_a_form(self._name, PSD, f"{composite.bits} bits"))
        return Decoded(photoshop.decode_deep(self._file), composite.width, composite.height)

    def _open(self) -> PIL.Image.Image:
        import PIL.Image
        import PIL.JpegImagePlugin

        self._file.seek(0)
        with _opening():
            if self._kind is JPEG:  # Pillow's own limit is for pictures that are decoded whole
                picture: PIL.Image.Image = PIL.JpegImagePlugin.jpeg_factory(self._file)
                return picture
            wanted = PLAIN_DECODERS if self._kind is None else self._kind.decoders
            known = [decoder for decoder in wanted if decoder in PIL.Image.OPEN]
            picture = PIL.Image.open(self._file, formats=known)
            if tiff.is_misread(picture):
                picture = tiff.open_with_libtiff(self._file)
            tiff.show_whole(picture)
            return picture

    def _load(self, picture: PIL.Image.Image) -> tuple[PIL.Image.Image, range | None]:
        """Load it; where its end is missing, with the rows that are: those of a JPEG are counted afterwards."""
        self._reduce(picture)
        is_jpeg = picture.format in ("JPEG", "MPO")
        try:
            picture.load()
            if not is_jpeg or not jpeg.lacks_end(self._file):
                return picture, None
            if not jpeg.ends_in_filling(self._file):
                return picture, range(0)
        except OSError:
            if not is_jpeg:
                if picture.format not in PARTLY_READABLE:
                    raise
                return load_partly(self._open)
        self._file, left_out = jpeg.mended(self._file)
        self._cut_off = not left_out
        picture = self._open()
        self._reduce(picture)
        picture.load()
        return picture, range(0)

    def _nothing_in(self, picture: PIL.Image.Image) -> str:
        """What to say of a picture of which no row could be decoded."""
        compression = tiff.compression_of_whole(picture, self._file)
        if compression is not None:
            return _of_a_form(self._name, TIFF, f"compression {compression}")
        return f"{self._name} is damaged: it is truncated before its picture begins."

    def _reduce(self, picture: PIL.Image.Image) -> None:
        if picture.format in ("JPEG", "MPO"):
            reduction = self._wish.reduction(*picture.size)
            if reduction > 1:
                # No mode: it stays as it is stored.
                picture.draft(None, (picture.width // reduction, picture.height // reduction))

    def _turn(self, picture: PIL.Image.Image) -> Orientation:
        """How the picture is to be turned: once, whether its decoder has done so or not."""
        if self._kind is JPEG_XL and not getattr(picture, "jpeg", False):
            return UPRIGHT  # the codestream has an orientation of its own, which the decoder applied
        return exif_turn(picture.getexif().get(0x0112, 1))

    def _check_size(self, width: int, height: int) -> None:
        if width * height > self._wish.max_pixels:
            raise _too_large(self._name, f" ({width}×{height} pixels)", self._wish.max_pixels)


def _decode_raw(file: IO[bytes], name: str, wish: Wish) -> Decoded:
    from webcam_app.capture.formats.raw import RawPreview

    with _opening():
        preview = RawPreview(file)
    try:
        if preview.jpeg is not None:
            return _Decoder(preview.jpeg, JPEG, name, wish).run(preview.turn)
        width, height = preview.sensor_size
        if width * height > wish.max_pixels:
            raise _too_large(name, f" ({width}×{height} pixels)", wish.max_pixels)
        image = preview.develop()
        return Decoded(image, image.shape[1], image.shape[0])
    finally:
        preview.close()


class _NotOpenedError(Exception):
    """A decoder does not take the file for what it can read."""


@contextmanager
def _opening() -> Iterator[None]:
    """Whatever a decoder raises while it looks at a file's beginning is a ``_NotOpenedError``."""
    import PIL.Image

    try:
        yield
    except (MemoryError, PIL.Image.DecompressionBombError):
        raise
    except Exception as error:  # damaged files make decoders raise nearly anything
        raise _NotOpenedError from error


def _check_readable(kind: PictureKind | None, name: str) -> None:
    """Raise PictureError where a kind is never read, or what reads it is not installed."""
    import PIL.Image

    if kind is None:
        return
    if kind.advice:
        raise PictureError(f"{name} is a {kind.name} of a kind that is not read. {kind.advice}")
    problem = f"{name} is a {kind.name} picture, and what reads those is not installed: {kind.install}"
    if kind.module:
        try:
            module = importlib.import_module(kind.module)
        except ImportError:
            raise PictureError(problem) from None
        if kind.decoders == ("HEIF",) and "HEIF" not in PIL.Image.OPEN:
            module.register_heif_opener()
    PIL.Image.init()
    if kind.decoders and not any(decoder in PIL.Image.OPEN for decoder in kind.decoders):
        raise PictureError(problem if kind.install else f"{name} is a {kind.name} picture: this Pillow reads none.")


def _of_a_form(name: str, kind: PictureKind, form: str) -> str:
    return f"{name} is a {kind.name} picture of a form that is not read ({form}). {SAVE}"


def _not_opened(name: str, kind: PictureKind | None, head: bytes, file: IO[bytes]) -> str:
    if not head:
        return f"{name} is empty."
    if kind is not None and kind_by_content(head) is not None:
        form = ""
        if kind is JPEG:
            file.seek(0)
            form = jpeg.other_form(file.read(JPEG_HEAD_BYTES))
        elif kind is TIFF:
            form = tiff.unread_form(file)
        if form:
            return _of_a_form(name, kind, form)
        return f"{name} begins like a {kind.name} picture, but is damaged or cut off. Copy it again."
    if is_video(head) and kind_by_name(Path(name)) is None:
        return f"{name} is a video, not a picture: 'webcam-app annotate' labels videos."
    if is_video(head):
        return f"{name} is a video with the name of a picture. Give it a video's ending, such as .mp4."
    return f"{name} is not a picture, or of a kind that cannot be read."


def _too_large(name: str, size: str, max_pixels: int) -> PictureError:
    return PictureError(
        f"{name} is too large{size}: at most {max_pixels // 1_000_000} million pixels are decoded. Make it smaller."
    )
