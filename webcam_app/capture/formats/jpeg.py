"""The markers of a JPEG file: what kind it is, and where one that is damaged stops making sense.

They are described in ITU-T T.81, annex B.
"""

from __future__ import annotations

import io
import re
import struct
from typing import IO

END = b"\xff\xd9"
_SOS, _EOI, _DHT, _DQT, _DRI, _COM = 0xDA, 0xD9, 0xC4, 0xDB, 0xDD, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {_DHT, 0xC8, 0xCC}
_JPEG_LS_FRAME = 0xF7
_APPLICATION = range(0xE0, 0xF0)
# In a scan 0xFF is followed by zero, by the number of a restart, or by a filling 0xFF.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
# What copying programs leave where they never wrote.
_FILLING = b"\x00\xff"
_LEAST_FILLING = 64


def other_form(head: bytes) -> str:
    """What a JPEG is that Pillow does not read, in a few words; empty where that is not the reason.

    Args:
        head: the file's beginning, with the header of its frame.
    """
    place = 2
    while (marker := _marker_at(head, place)) is not None:
        if marker == _JPEG_LS_FRAME:
            return "JPEG-LS"
        if marker in _FRAMES and place + 4 < len(head) and head[place + 4] != 8:
            return f"{head[place + 4]} bits"
        place = _behind(head, place)
    return ""


def lacks_end(file: IO[bytes]) -> bool:
    """Whether a JPEG file has no mark of its end; something else may follow behind that."""
    file.seek(-len(END), io.SEEK_END)
    if file.read() == END:
        return False
    file.seek(0)
    content = file.read()
    place = 2
    while _marker_at(content, place) not in (None, _SOS):
        place = _behind(content, place)
    return content.find(END, place) < 0


def ends_in_filling(file: IO[bytes]) -> bool:
    """Whether the last bytes were reserved, but never written."""
    file.seek(-min(_LEAST_FILLING, file.seek(0, io.SEEK_END)), io.SEEK_END)
    return not file.read().strip(_FILLING)


def mended(file: IO[bytes]) -> tuple[IO[bytes], bool]:
    """A damaged JPEG file up to where it stops making sense, with the mark of its end: a decoder gives what it has.

    Returns:
        The file, and whether something behind that place is left out, rather than nothing being there.
    """
    file.seek(0)
    content = file.read().rstrip(_FILLING)
    end = _sense_ends(content)
    return io.BytesIO(content[:end] + END), end < len(content)


def _sense_ends(content: bytes) -> int:
    """The place of the first marker in or behind a scan that cannot stand there; the content's length without one."""
    place = 2
    scanned = False
    while (marker := _marker_at(content, place)) is not None:
        if scanned and not _may_follow_a_scan(content, place, marker):
            return place
        place = _behind(content, place)
        if marker == _SOS:
            scanned = True
            found = _MARKER.search(content, place)
            if found is None:
                return len(content)
            place = found.start()
            if content[place + 1] == _EOI:
                return place
    # Before the first scan there is nothing to be shown; behind one, a marker is missing.
    return min(place, len(content)) if scanned else len(content)


def _may_follow_a_scan(content: bytes, place: int, marker: int) -> bool:
    """Whether a segment can be one between the scans of a picture, and not what damage looks like by chance."""
    size = _behind(content, place) - place - 2
    if place + 2 + size > len(content):
        return False
    if marker == _SOS:
        return size in (8, 10, 12, 14) and size == 6 + 2 * content[place + 4]
    if marker == _DHT:
        return _has_tables(content[place + 4 : place + 2 + size])
    if marker == _DQT:
        return size > 2 and 0 in ((size - 2) % 65, (size - 2) % 129)
    return (marker == _DRI and size == 4) or marker == _COM or marker in _APPLICATION


def _has_tables(content: bytes) -> bool:
    """Whether these are whole Huffman tables."""
    place = 0
    while place < len(content):
        values = sum(content[place + 1 : place + 17])
        if content[place] & 0xEC or not 0 < values <= 256:
            return False
        place += 17 + values
    return place == len(content) > 0


def _marker_at(content: bytes, place: int) -> int | None:
    """The marker there, None where there is none."""
    return content[place + 1] if content[place : place + 1] == b"\xff" and place + 3 < len(content) else None


def _behind(content: bytes, place: int) -> int:
    """The place behind a marker's segment."""
    size: int = struct.unpack_from(">H", content, place + 2)[0]
    return place + 2 + max(2, size)
