"""The file of a recording: what is on disk is playable at every moment."""

from __future__ import annotations

import os
import struct
import time
from pathlib import Path

_SHORT_HEADER = struct.Struct(">I4s")
_LONG_SIZE = struct.Struct(">Q")
# A fragment's index comes before its data; neither is of use without the other.
_FRAGMENT_INDEX = b"moof"


class FragmentFile:
    """A new file to which only complete MP4 boxes are written; PyAV writes to it.

    A fragment is buffered until it is complete and then written unbuffered, so a killed process leaves whole
    fragments only. A write that fails half-way is cut off again.
    """

    def __init__(self, path: Path) -> None:
        """Create the file.

        Raises:
            FileExistsError: there is one already; it is never overwritten.
            OSError: the folder is missing, read-only or full, or does not take the name.
        """
        self._file = path.open("x+b", buffering=0)
        self._buffer = bytearray()
        self._written = 0
        self._position = 0
        self.failure: OSError | None = None  # the first write that the system refused
        self._seconds = 0.0
        self._writing_since: float | None = None

    def fileno(self) -> int:
        """The file's descriptor."""
        return self._file.fileno()

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._written

    @property
    def seconds_writing(self) -> float:
        """How long the disk has taken for all writes so far, one that is running included."""
        since = self._writing_since
        return self._seconds + (0.0 if since is None else time.monotonic() - since)

    def write(self, data: bytes) -> int:
        """Take bytes from the muxer.

        Raises:
            OSError: the system refused this or an earlier write; the file was cut back to its last whole fragment, and
                stays as it is, because what the muxer writes later relies on what is missing.
        """
        if self.failure is not None:
            raise self.failure
        if self._position == self._written + len(self._buffer):
            self._buffer += data
            self._append(_whole_fragments(self._buffer))
        else:
            self._append(len(self._buffer))
            self._file.seek(self._position)
            self._write_fully(data)
        self._position += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to where the muxer wants to write next."""
        base = (0, self._position, self._written + len(self._buffer))[whence]
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """Where the muxer writes next."""
        return self._position

    def seekable(self) -> bool:
        """Always: the muxer asks."""
        return True

    def copy_to(self, path: Path) -> None:
        """Write what is on disk into a new file, also when this one has lost its name.

        Raises:
            OSError: it cannot be read or written.
        """
        self._file.seek(0)
        with path.open("xb") as target:
            while chunk := self._file.read(1 << 20):
                target.write(chunk)

    def close(self, *, flush: bool = True) -> None:
        """Close the file.

        Args:
            flush: first write what is still buffered.

        Raises:
            OSError: it could not be written; the file is closed all the same.
        """
        if self._file.closed:
            return
        try:
            if flush:
                self._append(len(self._buffer))
        finally:
            self._buffer.clear()
            self._file.close()

    def _append(self, count: int) -> None:
        if count == 0:
            return
        self._file.seek(self._written)
        try:
            self._write_fully(bytes(self._buffer[:count]))
        except OSError as error:
            self.failure = error
            self._buffer.clear()
            self._file.truncate(self._written)
            raise
        self._written += count
        del self._buffer[:count]

    def _write_fully(self, data: bytes) -> None:
        view = memoryview(data)
        self._writing_since = began = time.monotonic()
        try:
            while view:
                view = view[self._file.write(view) :]
        finally:
            self._writing_since = None
            self._seconds += time.monotonic() - began


def _whole_fragments(data: bytearray) -> int:
    """Number of leading bytes that are complete boxes; an index (moof) counts only together with its data."""
    end = position = 0
    while len(data) - position >= _SHORT_HEADER.size:
        size, kind = _SHORT_HEADER.unpack_from(data, position)
        if size == 1:
            if len(data) - position < _SHORT_HEADER.size + _LONG_SIZE.size:
                break
            (size,) = _LONG_SIZE.unpack_from(data, position + _SHORT_HEADER.size)
        if size < _SHORT_HEADER.size or position + size > len(data):
            break
        position += size
        if kind != _FRAGMENT_INDEX:
            end = position
    return end
