"""Which pictures are kept from training, decided by what they are and not by their order."""

from __future__ import annotations

import hashlib

HELD_OUT_SHARE = 4
"""Every fourth picture of a set with boxes is never trained on."""


def is_held_out(key: str) -> bool:
    """Whether a picture of a set with boxes is kept from training; depends on its path in the set only."""
    return hashlib.sha256(key.encode()).digest()[0] % HELD_OUT_SHARE == 0
