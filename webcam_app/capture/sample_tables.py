"""How many samples the tables of an MP4 or QuickTime file claim, before FFmpeg believes them.

FFmpeg makes 36 bytes of index for each. Most tables have a number for each sample, so they claim no more than the file
has bytes; but samples of one size and length need none, and then a changed byte in a file of 6 KB is 1.3 GB and many
seconds. Sizes of boxes and fields are those of ISO/IEC 14496-12.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from struct import Struct
from typing import BinaryIO

FREE_SAMPLES = 1_000_000
"""So many may be claimed by any file, as one that was not copied completely does: an index of 36 MB."""

SAMPLES_PER_PIECE = 1024
"""Of uncompressed sound FFmpeg takes so many at once."""

ROOTS = (b"moov", b"moof")
MOST_ROOT_BYTES = 1 << 26
"""What of one is looked at. The head of a recording of ten hours has 20 MB."""

PARENTS = frozenset({b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"traf"})
MOST_NESTED = 8

# Fields of a fragment's track that are there only where its flags say so: flag, bytes.
BEFORE_DEFAULT_SIZE = ((0x1, 8), (0x2, 4), (0x8, 4))
HAS_DEFAULT_SIZE = 0x10
PER_SAMPLE_FIELDS = (0x100, 0x200, 0x400, 0x800)
BEFORE_SAMPLES = ((0x1, 4), (0x4, 4))
FIELD_BYTES = 4

_HEAD, _LONG_HEAD = Struct(">I4s"), Struct(">I4sQ")
_ONE = Struct(">I")


@dataclass(slots=True)
class Claims:
    """What a file claims to hold beyond what its tables list one by one.

    Attributes:
        samples: how many pictures and pieces of sound.
        bytes: how large they are together, each of one byte at least.
    """

    samples: int = 0
    bytes: int = 0

    def absurd(self, file_bytes: int) -> bool:
        """Whether a file of that size cannot hold them, nor be the beginning of one that did."""
        return self.samples > FREE_SAMPLES and self.bytes > file_bytes


def claims_of(path: Path) -> Claims:
    """Read what a file claims; nothing of one that is neither MP4 nor QuickTime.

    Raises:
        OSError: it cannot be read.
    """
    reader = _Reader()
    with path.open("rb") as file:
        for content in _roots(file, path.stat().st_size):
            reader.walk(content, 0, len(content))
    reader.end_track()
    return reader.claims


def _roots(file: BinaryIO, end: int) -> Iterator[bytes]:
    """The content of each box at the top that has tables."""
    place = 0
    while place < end:
        file.seek(place)
        head = file.read(_LONG_HEAD.size)
        for kind, first, last in _boxes(head, 0, end - place):
            if kind in ROOTS:
                file.seek(place + first)
                yield file.read(min(last - first, MOST_ROOT_BYTES))
            place += last
            break
        else:
            return


def _boxes(content: bytes, begin: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, first byte of the content and the byte after it, of each box between two places."""
    while begin + _HEAD.size <= min(end, len(content)):
        size, kind = _HEAD.unpack_from(content, begin)
        first = begin + _HEAD.size
        if size == 1 and begin + _LONG_HEAD.size <= len(content):
            _, _, size = _LONG_HEAD.unpack_from(content, begin)
            first = begin + _LONG_HEAD.size
        elif size == 0:
            size = end - begin
        if size < first - begin:
            return
        yield kind, first, min(begin + size, end)
        begin += size


@dataclass(slots=True)
class _Track:
    """What is known of a track in the file's head."""

    is_sound: bool = False
    samples: int = 0
    sample_bytes: int = 0
    one_tick_each: bool = False
    chunks: int = 0
    per_chunk: tuple[tuple[int, int], ...] = ()
    """Number of the first chunk, from 1, and how many samples each from there on has."""

    def look(self, kind: bytes, content: bytes, first: int, last: int) -> None:
        """Take in a box of the track."""
        if kind == b"hdlr":
            self.is_sound = self.is_sound or content[first + 8 : first + 12] == b"soun"
        elif kind == b"stsz":
            self.sample_bytes, self.samples = _two(content, first + 4)
        elif kind == b"stts":
            self.one_tick_each = _one(content, first + 4) == 1 and _one(content, first + 12) == 1
        elif kind in (b"stco", b"co64"):
            self.chunks = min(_one(content, first + 4), (last - first) // (4 if kind == b"stco" else 8))
        elif kind == b"stsc":
            count = max(0, min(_one(content, first + 4), (min(last, len(content)) - first - 8) // 12))
            self.per_chunk = tuple(_two(content, first + 8 + 12 * which) for which in range(count))

    def claims(self) -> tuple[int, int]:
        """Samples of one size, and their bytes."""
        count = self.samples
        if self.is_sound and self.one_tick_each:
            ends = [first for first, _ in self.per_chunk[1:]] + [self.chunks + 1]
            runs = zip(self.per_chunk, ends, strict=False)
            count = sum(max(0, end - first) * samples for (first, samples), end in runs)
            return count // SAMPLES_PER_PIECE, count * self.sample_bytes
        return count, count * self.sample_bytes


class _Reader:
    """Goes through the boxes in a file's head and fragments."""

    def __init__(self) -> None:
        self.claims = Claims()
        self._track = _Track()
        self._default_bytes: dict[int, int] = {}
        self._fragment_bytes = 0

    def walk(self, content: bytes, begin: int, end: int, depth: int = 0) -> None:
        """Take in the boxes between two places."""
        for kind, first, last in _boxes(content, begin, end):
            if kind in PARENTS and depth < MOST_NESTED:
                if kind == b"trak":
                    self.end_track()
                self.walk(content, first, last, depth + 1)
            elif kind == b"trun":
                self._run(content, first, last)
            elif kind == b"tfhd":
                flags, number = _two(content, first)
                place = first + 8 + sum(size for flag, size in BEFORE_DEFAULT_SIZE if flags & flag)
                stated = flags & HAS_DEFAULT_SIZE
                self._fragment_bytes = _one(content, place) if stated else self._default_bytes.get(number, 0)
            elif kind == b"trex":
                self._default_bytes[_one(content, first + 4)] = _one(content, first + 16)
            else:
                self._track.look(kind, content, first, last)

    def end_track(self) -> None:
        """Count what the track before claims."""
        if self._track.sample_bytes:
            self._add(*self._track.claims())
        self._track = _Track()

    def _run(self, content: bytes, first: int, last: int) -> None:
        """Samples of a fragment, which may all be of the default size and length."""
        flags, count = _two(content, first)
        listed = FIELD_BYTES * sum(bool(flags & flag) for flag in PER_SAMPLE_FIELDS)
        room = last - first - 8 - sum(size for flag, size in BEFORE_SAMPLES if flags & flag)
        if listed == 0 or count * listed > room:
            self._add(count, count * self._fragment_bytes)

    def _add(self, samples: int, size: int) -> None:
        self.claims.samples += samples
        self.claims.bytes += max(samples, size)


def _one(content: bytes, place: int) -> int:
    """A number, 0 where the content ends before it does."""
    return int(_ONE.unpack_from(content, place)[0]) if place + 4 <= len(content) else 0


def _two(content: bytes, place: int) -> tuple[int, int]:
    return _one(content, place), _one(content, place + 4)
