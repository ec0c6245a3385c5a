"""What was seen, for programs: JSON lines for videos, CSV for pictures."""

from __future__ import annotations

import contextlib
import io
import json
import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from webcam_app.capture.frame import Frame
from webcam_app.capture.text import printable
from webcam_app.errors import OutputError
from webcam_app.faces.face import Face
from webcam_app.output.files import AtomicFile, open_for_text, reason
from webcam_app.tables import format_row

# Four digits are finer than any calibration; microseconds are finer than any container's clock.
PROBABILITY_DIGITS = 4
TIME_DIGITS = 6
CSV_COLUMNS = ("path", "face", "x", "y", "width", "height", "label", "confidence", "mask", "error")
STANDARD_OUTPUT = Path("-")


def face_record(face: Face) -> dict[str, Any]:
    """A face as the JSON lines have it."""
    return {
        "box": [int(value) for value in face.box],
        "track": face.track,
        "label": face.label,
        "probabilities": {label: _rounded(value) for label, value in face.probabilities.items()},
        "mask": None if face.mask is None else _rounded(face.mask),
    }


def frame_line(frame: Frame, faces: Sequence[Face]) -> str:
    """A frame and its faces as one line of JSON, without the line's end."""
    record = {
        "frame": frame.index,
        "time": round(frame.time, TIME_DIGITS),
        "faces": [face_record(face) for face in faces],
    }
    return json.dumps(record, ensure_ascii=False, allow_nan=False)


def csv_row(path: str | os.PathLike[str], face: Face | None = None, *, number: int = 1, error: str = "") -> list[Any]:
    """A row of the CSV.

    Args:
        path: the picture, as the person named it.
        face: None for a picture without a face, or one that cannot be read.
        number: which of the picture's faces it is, from 1.
        error: why the picture cannot be read.
    """
    if face is None:
        return [os.fspath(path), *[""] * 8, error]
    confidence = face.confidence
    return [
        os.fspath(path),
        number,
        *(int(value) for value in face.box),
        face.label or "",
        "" if confidence is None else _rounded(confidence),
        "" if face.mask is None else _rounded(face.mask),
        error,
    ]


class TextFile:
    """A text that is there whole or not at all, in UTF-8; ``-`` is standard output."""

    def __init__(self, path: Path, *, overwrite: bool, reader_may_go: bool = False) -> None:
        """Create it.

        Args:
            path: where it is to be.
            overwrite: whether it may take the place of a file that is there.
            reader_may_go: whether it is no error that whoever reads the pipe has enough; ``reader_gone`` tells.

        Raises:
            OutputError: it is there already, or its folder is missing or cannot be written.
        """
        self.path = path
        self.reader_gone = False
        self._reader_may_go = reader_may_go
        self._new: AtomicFile | None = None
        if path == STANDARD_OUTPUT:
            self._file: IO[str] = sys.stdout
            return
        self._new = AtomicFile(path, overwrite=overwrite)
        try:
            self._file = open_for_text(self._new.partial)
        except OSError as error:
            self._new.discard()
            raise OutputError(f"Cannot write '{printable(path)}': {reason(error)}") from None

    def write(self, text: str) -> None:
        """Add text. Whoever reads a pipe gets it at once.

        Raises:
            OutputError: the disk is full or gone; the partial file is removed.
        """
        if self.reader_gone:
            return
        try:
            self._file.write(text)
            if self._new is None or self._new.direct:
                self._file.flush()
        except OSError as error:
            self._fail(error)

    def commit(self) -> None:
        """Put the file in its place.

        Raises:
            OutputError: it cannot be written; the partial file is removed.
        """
        try:
            if self._new is None:
                self._file.flush()
            else:
                self._file.close()
        except OSError as error:
            self._fail(error)
        if self._new is not None:
            self._new.commit()

    def discard(self) -> None:
        """Remove what was written."""
        if self._new is not None:
            try:
                self._file.close()
            except OSError:
                pass
            finally:
                self._new.discard()

    def __enter__(self) -> TextFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.commit()
        else:
            self.discard()

    def _fail(self, error: OSError) -> None:
        if self._reader_may_go and isinstance(error, BrokenPipeError):
            self.reader_gone = True
            # What is buffered can be written nowhere, and would be an error again when the file is closed.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._file.fileno())
            os.close(nowhere)
            return
        if self._new is None:  # whoever reads standard output went away, which is for the edge to handle
            raise error
        self.discard()
        raise OutputError(f"Cannot write '{printable(self.path)}': {reason(error)}") from None


class GrowingFile:
    """A text file to which whole parts are added, so that what was done before an interruption is there.

    A file that is there is left alone until the first part comes, and one that was made is removed if none came.
    ``-`` is standard output.
    """

    def __init__(self, path: Path, *, keep: int = 0) -> None:
        """Open it.

        Args:
            path: where it is, or is to be.
            keep: bytes of a file that is there to go on after; what follows them is replaced.

        Raises:
            OutputError: its folder is missing, or it cannot be written.
        """
        self.path = path
        self._size, self._begun = keep, False
        self._file: io.FileIO | None = None
        if path == STANDARD_OUTPUT:
            return
        try:
            self._made = not path.exists()
            file = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
            self._file = io.FileIO(file, "w")
            self._regular = stat.S_ISREG(os.fstat(file).st_mode)
        except OSError as error:
            raise OutputError(f"Cannot write '{printable(path)}': {reason(error)}") from None

    def write(self, text: str) -> None:
        """Add a part.

        Raises:
            OutputError: the disk is full or gone; what was added before is there.
        """
        if self._file is None:
            sys.stdout.write(text)
            return
        # Names of files need not be UTF-8: their bytes come back as they were.
        content = memoryview(text.encode("utf-8", "surrogateescape"))
        try:
            if not self._begun and self._regular:
                self._file.truncate(self._size)
                self._file.seek(self._size)
            self._begun = True
            written = 0
            while written < len(content):
                written += self._file.write(content[written:])
        except OSError as error:
            if self._regular:
                with contextlib.suppress(OSError):
                    self._file.truncate(self._size)
            raise OutputError(f"Cannot write '{printable(self.path)}': {reason(error)}") from None
        self._size += len(content)

    def close(self) -> None:
        """Close it.

        Raises:
            OutputError: the disk is full or gone.
        """
        if self._file is None:
            sys.stdout.flush()
            return
        try:
            self._file.close()
            if self._made and not self._begun and self._regular:
                self.path.unlink()
        except OSError as error:
            raise OutputError(f"Cannot write '{printable(self.path)}': {reason(error)}") from None

    def __enter__(self) -> GrowingFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class CsvTable:
    """Rows of ``csv_row`` in a file."""

    def __init__(self, file: TextFile | GrowingFile, *, header: bool = True) -> None:
        """Begin.

        Args:
            file: where to.
            header: whether to write the header, which is there already where a table goes on.
        """
        self._file = file
        if header:
            file.write(format_row(CSV_COLUMNS))

    def add(self, *rows: Sequence[Any]) -> None:
        """Write rows, all or none of them.

        Raises:
            OutputError: the disk is full or gone.
        """
        self._file.write("".join(format_row(row) for row in rows))


def _rounded(value: float) -> float:
    return round(float(value), PROBABILITY_DIGITS)
