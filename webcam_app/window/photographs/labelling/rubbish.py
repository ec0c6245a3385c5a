"""Spares Python's collector of rubbish the photographs: to search ten thousand holds all threads up for 100 ms."""

from __future__ import annotations

import gc

# To search what so many photographs have brought takes some milliseconds.
AT_A_TIME = 1000


class SetAside:
    """Sets aside what the photographs have brought: it goes when nothing needs it any more, but is not searched."""

    def __init__(self) -> None:
        self._new = 0

    def add(self, count: int) -> None:
        """So many photographs have come, or the answers about them."""
        self._new += count
        if self._new >= AT_A_TIME:
            self._new = 0
            gc.collect(1)  # what is young and rubbish already is not kept
            gc.freeze()

    def take_back(self) -> None:
        """No more come: all is searched again from now on."""
        self._new = 0
        gc.unfreeze()
