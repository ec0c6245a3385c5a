"""Kinds of picture files: how each is known by its name and its first bytes, and what reads it."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path

HEAD_BYTES = 64
"""Enough of a file's beginning for ``kind_of``."""


@dataclass(frozen=True, slots=True)
class PictureKind:
    """A kind of picture file.

    Attributes:
        name: what people call it.
        suffixes: how names of such files end, in small letters.
        decoders: Pillow's names for what may decode it; empty where Pillow does not.
        module: the package that has to be imported first; empty where Pillow needs none.
        install: how to get that.
        advice: what to do about a kind that is never read; empty for the others.
    """

    name: str
    suffixes: frozenset[str]
    decoders: tuple[str, ...] = ()
    module: str = ""
    install: str = ""
    advice: str = ""


def _suffixes(text: str) -> frozenset[str]:
    return frozenset(f".{suffix}" for suffix in text.split())


JPEG = PictureKind("JPEG", _suffixes("jpg jpeg jpe jfif mpo"), ("JPEG", "MPO"))
PNG = PictureKind("PNG", _suffixes("png apng"), ("PNG",))
BMP = PictureKind("BMP", _suffixes("bmp dib"), ("BMP",))
GIF = PictureKind("GIF", _suffixes("gif"), ("GIF",))
TIFF = PictureKind("TIFF", _suffixes("tif tiff"), ("TIFF",))
WEBP = PictureKind("WebP", _suffixes("webp"), ("WEBP",))
PPM = PictureKind("PPM", _suffixes("ppm pgm pbm pnm"), ("PPM",))
JPEG2000 = PictureKind("JPEG 2000", _suffixes("jp2 j2k jpf jpx jpm j2c jpc"), ("JPEG2000",))
AVIF = PictureKind("AVIF", _suffixes("avif avifs"), ("AVIF",), install="pip install 'Pillow>=11.3'")
HEIF = PictureKind(
    "HEIC", _suffixes("heic heif hif heics heifs"), ("HEIF",), module="pillow_heif", install="pip install pillow-heif"
)
JPEG_XL = PictureKind(
    "JPEG XL", _suffixes("jxl"), ("JXL",), module="pillow_jxl", install="pip install pillow-jxl-plugin"
)
PSD = PictureKind("Photoshop", _suffixes("psd"), ("PSD",))
TGA = PictureKind("TGA", _suffixes("tga icb vda vst"), ("TGA",))
"""Has nothing by which to know it but its name."""
RAW = PictureKind(
    "camera raw",
    _suffixes(
        "3fr arw cr2 cr3 crw dcr dng erf fff iiq kdc mef mos mrw nef nrw orf pef raf raw rw2 rwl sr2 srf srw x3f"
    ),
    module="rawpy",
    install="pip install rawpy",
)
READABLE = (JPEG, PNG, BMP, GIF, TIFF, WEBP, PPM, JPEG2000, AVIF, HEIF, JPEG_XL, PSD, TGA, RAW)

# Their names say picture, so they are counted; Pillow's decoders for them are rarely used, or start another program.
SAVE = "Save it as a JPEG or PNG picture."
UNREADABLE = (
    PictureKind("drawing", _suffixes("svg svgz eps ai cdr wmf emf"), advice=SAVE),
    PictureKind("layered picture", _suffixes("psb xcf kra ora"), advice=SAVE),
    PictureKind("picture", _suffixes("exr hdr jxr wdp hdp bpg flif qoi pcx sgi dds ico icns xbm xpm"), advice=SAVE),
)

_BY_SUFFIX = {suffix: kind for kind in (*READABLE, *UNREADABLE) for suffix in kind.suffixes}
PLAIN_DECODERS = tuple(name for kind in (JPEG, PNG, BMP, GIF, TIFF, WEBP, PPM, JPEG2000) for name in kind.decoders)
"""What may be tried on a file of which nothing is known; each looks at the first bytes itself."""

_JPEG_XL_BOX = b"\0\0\0\x0cJXL \r\n\x87\n"
_MAGIC: tuple[tuple[bytes, PictureKind], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"\0\0\0\x0cjP  \r\n\x87\n", JPEG2000),
    (b"\xff\x4f\xff\x51", JPEG2000),
    (_JPEG_XL_BOX, JPEG_XL),
    (b"8BPS\0\x01", PSD),
    (b"8BPS\0\x02", UNREADABLE[1]),
    (b"FUJIFILMCCD-RAW", RAW),
    (b"IIRO", RAW),
    (b"IIRS", RAW),
    (b"MMOR", RAW),
    (b"IIU\0", RAW),
    (b"\0MRM", RAW),
    (b"FOVb", RAW),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),
    (b"MM\0+", TIFF),
)
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), AVIF),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"), HEIF),
    b"crx ": RAW,
}
# Their compatible brands say what is in them.
_GENERAL_BRANDS = (b"mif1", b"msf1", b"mif2", b"miaf")
_PPM = re.compile(rb"P[1-6]\s+(#|\d)")
_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})


def kind_by_name(path: Path) -> PictureKind | None:
    """What a file's suffix says it is; None where that is no picture."""
    return _BY_SUFFIX.get(path.suffix.lower())


def kind_by_content(head: bytes) -> PictureKind | None:
    """What a file is by its first bytes.

    Args:
        head: the first ``HEAD_BYTES``, fewer where there are no more.

    Returns:
        None where they are not those of a picture. TIFF stands for the camera raw formats that are built like it.
    """
    if head[8:10] == b"CR" and head[:4] == b"II*\0":
        return RAW
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[:2] == b"\xff\x0a":
        return JPEG_XL
    if head[4:8] == b"ftyp":
        return _kind_by_brands(head)
    if _PPM.match(head):
        return PPM
    if head[:2] == b"BM" and len(head) >= 18 and struct.unpack_from("<I", head, 14)[0] in _BMP_HEADERS:
        return BMP
    return None


def kind_of(head: bytes, path: Path) -> PictureKind | None:
    """What a file is, by its first bytes, and where these leave it open by its name; None where neither knows."""
    named, found = kind_by_name(path), kind_by_content(head)
    if found is TIFF and named is RAW:
        return RAW
    return found if found is not None else named


def is_video(head: bytes) -> bool:
    """Whether a file of no picture's kind begins like a video; for messages."""
    return head[4:8] == b"ftyp" or head[:4] == b"\x1aE\xdf\xa3" or (head[:4] == b"RIFF" and head[8:12] == b"AVI ")


def _kind_by_brands(head: bytes) -> PictureKind | None:
    brand = head[8:12]
    if brand in _BRANDS:
        return _BRANDS[brand]
    if brand not in _GENERAL_BRANDS:
        return None
    end = min(struct.unpack_from(">I", head)[0], len(head) - 3)
    compatible = [head[place : place + 4] for place in range(16, end, 4)]
    return next((_BRANDS[each] for each in compatible if each in _BRANDS), HEIF)
