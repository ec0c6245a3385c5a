"""A folder of pictures, or a single one, as a source of frames."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from webcam_app.capture.frame import Frame, Picture
from webcam_app.capture.guard import GuardedSource
from webcam_app.capture.listing import list_pictures
from webcam_app.capture.pictures import load_picture
from webcam_app.capture.source import SourceInfo, SourceKind
from webcam_app.capture.text import printable
from webcam_app.errors import PictureError, SourceError

SECONDS_PER_PICTURE = 1.0
"""Long enough to look at a face, short enough to go through a folder."""

SHOWN_SIDE = 2160
"""A JPEG whose shorter side has twice as many pixels or more is shown smaller: no screen has more, hardly a player
takes more, and a picture of 48 megapixels would take 150 MB. Its faces are looked for in the file all the same."""


def open_pictures(path: Path, *, loop: bool = False) -> PictureSource:
    """Open a folder, with its sub-folders, or one picture.

    Args:
        path: folder or file.
        loop: begin again after the last picture.

    Raises:
        SourceError: there is no picture that can be read; says why.
    """
    files = list(list_pictures([path]))
    if not files:
        raise SourceError(f"The folder {printable(path)} holds no pictures.")
    return PictureSource(path, files, loop=loop)


class PictureSource(GuardedSource):
    """Pictures in order of name, one a second; those that cannot be read are skipped, counted and remarked."""

    def __init__(self, path: Path, files: Sequence[Path], *, loop: bool = False) -> None:
        super().__init__()
        self._files = files
        self._loop = loop
        self._next = 0
        self._index = 0
        self._first_problem: str | None = None
        self._remarks: list[str] = []
        # The first picture is read now: a folder in which none is good is refused when it is opened, not later.
        self._ahead = self._read_next()
        if self._ahead is None:
            if len(files) == 1 and self._first_problem is not None:
                raise SourceError(self._first_problem)
            count = len(files)
            raise SourceError(f"None of the {count} pictures in {printable(path)} can be read: {self._first_problem}")
        self._info = SourceInfo(
            kind=SourceKind.PICTURES,
            name=printable(path.name or path),
            spec=str(path),
            width=self._ahead.width,
            height=self._ahead.height,
            fps=1.0 / SECONDS_PER_PICTURE,
            frame_count=None if loop else len(files),
            duration=None if loop else len(files) * SECONDS_PER_PICTURE,
        )

    @property
    def info(self) -> SourceInfo:
        """Size is that of the first picture that could be read, however it is shown; the others have their own."""
        return self._info

    def _read(self) -> Frame | None:
        found = self._ahead or self._read_next()
        self._ahead = None
        if found is None:
            return None
        moment = self._index * SECONDS_PER_PICTURE
        frame = Frame(found.image, self._index, moment, time.monotonic(), found.path, picture=found)
        self._index += 1
        return frame

    def take_remarks(self) -> list[str]:
        """Which pictures were left out or are damaged, a line each."""
        remarks, self._remarks = self._remarks, []
        return remarks

    def _read_next(self) -> Picture | None:
        """The next picture that can be read; None at the end, and if a whole round found none."""
        for _ in range(len(self._files)):
            if self._closing.is_set():
                return None
            if self._next >= len(self._files):
                if not self._loop:
                    return None
                self._next = 0
            path = self._files[self._next]
            self._next += 1
            try:
                picture = load_picture(path, shorter_side=SHOWN_SIDE)
            except PictureError as error:
                self._first_problem = self._first_problem or str(error)
                self._remarks.append(str(error))
                self.bad_frames += 1
                continue
            if picture.remark:
                self._remarks.append(f"{printable(path)} is {picture.remark}.")
            return picture
        return None

    def _release(self) -> None:
        self._ahead = None
