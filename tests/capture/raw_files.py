"""Files that no library writes: camera raw files (DNG) and HEIC pictures made of tiles."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import PIL.Image

SENSOR = (640, 480)


def write_dng(path: Path, preview: PIL.Image.Image | None, *, orientation: int = 1) -> None:
    """A DNG: a sensor's picture that is dark at the left and bright at the right, and perhaps a JPEG preview.

    Args:
        path: where to write it.
        preview: is stored as it is, without EXIF of its own.
        orientation: how both are to be turned, as EXIF has it.
    """
    width, height = SENSOR
    sensor = np.full((height, width), 300, "<u2")
    sensor[:, width // 2 :] = 900
    jpeg = io.BytesIO()
    if preview is not None:
        preview.save(jpeg, "JPEG", quality=95)
    sensor_tags = [
        (254, 4, [0]),
        (256, 4, [width]),
        (257, 4, [height]),
        (258, 3, [16]),
        (259, 3, [1]),
        (262, 3, [32803]),
        (277, 3, [1]),
        (278, 4, [height]),
        (33421, 3, [2, 2]),
        (33422, 1, [0, 1, 1, 2]),
        (50717, 4, [1023]),
    ]
    common = [
        (271, 2, b"Maker\0"),
        (272, 2, b"Model\0"),
        (274, 3, [orientation]),
        (50706, 1, [1, 4, 0, 0]),
        (50708, 2, b"Maker Model\0"),
        (50721, 10, [1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1]),
        (50728, 5, [1, 1, 1, 1, 1, 1]),
        (50778, 3, [21]),
    ]
    if preview is None:
        path.write_bytes(tiff([(sensor_tags + common, sensor.tobytes())]))
        return
    preview_tags = [
        (254, 4, [1]),
        (256, 4, [preview.width]),
        (257, 4, [preview.height]),
        (258, 3, [8, 8, 8]),
        (259, 3, [7]),
        (262, 3, [6]),
        (277, 3, [3]),
        (278, 4, [preview.height]),
    ]
    path.write_bytes(tiff([(preview_tags + common, jpeg.getvalue()), (sensor_tags, sensor.tobytes())]))


def tiff(directories: Sequence[tuple[list[tuple[int, int, object]], bytes]]) -> bytes:
    """A TIFF of pictures, each below the one before, of one strip: their tags with type and values, and their data."""
    sizes = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 10: 4}
    formats = {1: "B", 3: "H", 4: "I", 5: "I", 10: "i"}
    out = bytearray(b"II*\0\0\0\0\0")
    places: list[int] = []
    for tags, data in reversed(directories):
        strip = len(out)
        out += data + bytes(len(data) % 2)
        entries = [*tags]
        if not any(tag == 273 for tag, _, _ in tags):  # else the strips are said already
            entries += [(273, 4, [strip]), (279, 4, [len(data)])]
        if places:
            entries.append((330, 4, [places[-1]]))
        entries.sort()
        packed = []
        for tag, kind, values in entries:
            content = values if isinstance(values, bytes) else struct.pack(f"<{len(values)}{formats[kind]}", *values)
            count = len(content) // sizes[kind] // (2 if kind in (5, 10) else 1)
            if len(content) > 4:
                place = len(out)
                out += content + bytes(len(content) % 2)
                content = struct.pack("<I", place)
            packed.append(struct.pack("<HHI", tag, kind, count) + content.ljust(4, b"\0"))
        places.append(len(out))
        out += struct.pack("<H", len(packed)) + b"".join(packed) + bytes(4)
    out[4:8] = struct.pack("<I", places[-1])
    return bytes(out)


def write_heic_grid(path: Path, tiles: Sequence[PIL.Image.Image], *, columns: int) -> None:
    """A HEIC picture that is a grid of tiles of one size, row by row."""
    configuration, contents = b"", []
    for tile in tiles:
        file = io.BytesIO()
        tile.save(file, "HEIF", quality=95)
        configuration, content = _single(file.getvalue())
        contents.append(content)
    width, height = tiles[0].size
    rows = len(tiles) // columns
    grid = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, columns * width, rows * height)
    count, primary = len(tiles), len(tiles) + 1

    def box(kind: bytes, content: bytes, version: int | None = None) -> bytes:
        head = b"" if version is None else struct.pack(">I", version << 24)
        return struct.pack(">I4s", 8 + len(head) + len(content), kind) + head + content

    def entry(item: int, kind: bytes) -> bytes:
        return box(b"infe", struct.pack(">HH4s", item, 0, kind) + b"\0", 2)

    handler = box(b"hdlr", bytes(4) + b"pict" + bytes(13), 0)
    items = box(
        b"iinf",
        struct.pack(">H", count + 1)
        + b"".join(entry(item, b"hvc1") for item in range(1, count + 1))
        + entry(primary, b"grid"),
        0,
    )
    parts = struct.pack(f">HH{count}H", primary, count, *range(1, count + 1))
    references = box(b"iref", box(b"dimg", parts), 0)
    properties = (
        configuration
        + box(b"ispe", struct.pack(">II", width, height), 0)
        + box(b"ispe", struct.pack(">II", columns * width, rows * height), 0)
    )
    of_items = b"".join(struct.pack(">HBBB", item, 2, 0x81, 2) for item in range(1, count + 1))
    association = box(b"ipma", struct.pack(">I", count + 1) + of_items + struct.pack(">HBB", primary, 1, 3), 0)
    described = box(b"iprp", box(b"ipco", properties) + association)
    kinds = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")

    def places(start: int) -> bytes:
        lines, place = b"", start
        for item, content in enumerate((*contents, grid), 1):
            lines += struct.pack(">HHHII", item, 0, 1, place, len(content))
            place += len(content)
        return box(b"iloc", struct.pack(">BBH", 0x44, 0, count + 1) + lines, 0)

    def meta(start: int) -> bytes:
        first = box(b"pitm", struct.pack(">H", primary), 0)
        return box(b"meta", handler + first + places(start) + items + references + described, 0)

    start = len(kinds) + len(meta(0)) + 8
    path.write_bytes(kinds + meta(start) + box(b"mdat", b"".join(contents) + grid))


def _single(content: bytes) -> tuple[bytes, bytes]:
    """The decoder's configuration (a whole box) and the coded picture of a HEIC of one item."""
    place = content.index(b"hvcC") - 4
    configuration = content[place : place + struct.unpack_from(">I", content, place)[0]]
    place = content.index(b"mdat") - 4
    size = struct.unpack_from(">I", content, place)[0]
    return configuration, content[place + 8 : place + size] if size else content[place + 8 :]
