"""Times and faces in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PyQt5.QtCore import QLocale

from webcam_app.window.core_texts import label_text
from webcam_app.window.player.face_timeline import Seen
from webcam_app.window.translation import tr


def clock(seconds: float, *, exact: bool = False) -> str:
    """A time in a video, like ``1:05`` or ``1:02:03``; with hundredths where it is to be exact."""
    hundredths = round(100 * max(0.0, seconds)) if exact else 100 * int(max(0.0, seconds) + 1e-6)
    whole, rest = divmod(hundredths, 100)
    minutes, left = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"
    return f"{text}{QLocale().decimalPoint()}{rest:02d}" if exact else text


def faces_at(seen: Sequence[Seen] | None, *, masks: bool) -> str:
    """Faces at a time in words.

    Args:
        seen: the faces; None where nobody looked yet.
        masks: whether masks are told.
    """
    if seen is None:
        return tr("not looked at yet")
    if not seen:
        return tr("no face")
    counts = Counter(_words(face, masks=masks) for face in seen)
    return ", ".join(words if count == 1 else f"{count} × {words}" for words, count in counts.items())


def _words(face: Seen, *, masks: bool) -> str:
    label = label_text(face.label) if face.label else tr("not labelled")
    return tr("{label} with a mask").format(label=label) if masks and face.masked else label
