"""Thumbnails, made by a few threads when they are about to be seen, and forgotten when others need the memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

from PyQt5.QtCore import QObject, pyqtSignal
from PyQt5.QtGui import QImage, QPixmap

from webcam_app.capture.pictures import read_thumbnail
from webcam_app.errors import PictureError
from webcam_app.window.images import to_qimage

THREADS = 2
# Four bytes a pixel: 900 thumbnails of 160 pixels a side, 230 at twice the density; a 4K screen shows 200.
CACHE_BYTES = 96_000_000


class Thumbnails(QObject):
    """A cache that is told what is visible. Nothing is written to the disk."""

    arrived = pyqtSignal()
    """There are thumbnails that were not there before."""
    _made = pyqtSignal()

    def __init__(self, side: int, parent: QObject | None = None) -> None:
        """Make an empty cache.

        Args:
            side: of a square that a thumbnail fills in one direction, in pixels of the screen.
            parent: who owns it.
        """
        super().__init__(parent)
        self._side = side
        self._cache: OrderedDict[Path, QPixmap] = OrderedDict()
        self._bytes = 0
        self._failed: set[Path] = set()
        self._changed = threading.Condition()
        self._wanted: list[Path] = []
        self._being_made: set[Path] = set()
        self._new: list[tuple[Path, QImage | None, int]] = []
        self._closed = False
        self._threads: list[threading.Thread] = []
        self._made.connect(self._take)

    def get(self, path: Path) -> QPixmap | None:
        """A thumbnail, None where it is not there, or not yet."""
        pixmap = self._cache.get(path)
        if pixmap is not None:
            self._cache.move_to_end(path)
        return pixmap

    def failed(self, path: Path) -> bool:
        """Whether none can be made."""
        return path in self._failed

    def want(self, paths: Iterable[Path]) -> None:
        """Make these, in this order, and no others that were wanted before."""
        missing = [path for path in paths if path not in self._cache and path not in self._failed]
        with self._changed:
            self._wanted = missing[::-1]
            if missing and not self._closed:
                self._start()
                self._changed.notify_all()

    def set_side(self, side: int) -> None:
        """Make them in another size from now on."""
        if side != self._side:
            with self._changed:
                self._side = side
            self.clear()

    def clear(self) -> None:
        """Forget all: other photographs come, or the same files with other content."""
        with self._changed:
            self._wanted = []
            self._new = []
        self._cache.clear()
        self._failed.clear()
        self._bytes = 0

    def close(self, timeout_seconds: float = 0.5) -> None:
        """End the threads after what each of them is at."""
        with self._changed:
            self._closed = True
            self._wanted = []
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout_seconds)

    def _start(self) -> None:
        while len(self._threads) < THREADS:
            thread = threading.Thread(target=self._work, name=f"thumbnails {len(self._threads) + 1}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._wanted and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                path, side = self._wanted.pop(), self._side
                if path in self._being_made:
                    continue
                self._being_made.add(path)
            image = _make(path, side)
            with self._changed:
                self._being_made.discard(path)
                self._new.append((path, image, side))
                first = len(self._new) == 1
                if first and not self._closed:
                    self._made.emit()  # arrives in the window's thread, which takes all that there are by then

    def _take(self) -> None:
        with self._changed:
            new, self._new = self._new, []
        for path, image, side in new:
            if side != self._side:
                continue
            if image is None:
                self._failed.add(path)
                continue
            pixmap = QPixmap.fromImage(image)
            if path not in self._cache:
                self._bytes += _size(pixmap)
            self._cache[path] = pixmap
        while self._bytes > CACHE_BYTES and self._cache:
            self._bytes -= _size(self._cache.popitem(last=False)[1])
        if new:
            self.arrived.emit()


def _make(path: Path, side: int) -> QImage | None:
    try:
        return to_qimage(read_thumbnail(path, side))
    except PictureError:
        return None


def _size(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
