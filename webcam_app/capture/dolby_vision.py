"""Dolby Vision without a picture that others can show: profile 5, whose colours only its own metadata explain."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from webcam_app.errors import SourceError

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# How MP4 calls it. Files of other profiles are called so too, but say which colours they have.
TAGS = ("dvh1", "dvhe", "dav1", "dva1", "dvav")
UNSPECIFIED = 2
# Matroska: the kind of what is added to the pictures, and the element that follows with 24 bytes of configuration.
MATROSKA_KIND, MATROSKA_CONFIGURATION = b"\x41\xe7\x84dvcC", b"\x41\xed"
MATROSKA_HEAD_BYTES = 1 << 20
PROFILE_WITHOUT_BASE = 5

MESSAGE = (
    "{name} is Dolby Vision of profile 5, which only players with Dolby's own colours show rightly. "
    "Export it as HDR10, HLG or SDR."
)


def refuse_without_base(name: str, stream: VideoStream, frame: VideoFrame, path: Path | None = None) -> None:
    """Refuse pictures that would come out green and purple.

    Args:
        name: of the source, for people.
        stream: of the pictures.
        frame: one of them.
        path: the file, None for what has none.

    Raises:
        SourceError: they are of profile 5. Those of 8.1 and 8.4 are HDR10 or HLG for everybody.
    """
    tag = ""
    with contextlib.suppress(UnicodeDecodeError):  # it need not be letters
        tag = str(stream.codec_context.codec_tag)
    called_so = tag in TAGS and int(frame.color_trc) == UNSPECIFIED
    if called_so or (path is not None and "matroska" in stream.container.format.name and _matroska_says_so(path)):
        raise SourceError(MESSAGE.format(name=name))


def _matroska_says_so(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(MATROSKA_HEAD_BYTES)
    except OSError:
        return False
    kind = head.find(MATROSKA_KIND)
    found = head.find(MATROSKA_CONFIGURATION, kind) if kind >= 0 else -1
    # After its number and length: two bytes of version, then seven bits of profile.
    return 0 <= found < len(head) - 6 and head[found + 5] >> 1 == PROFILE_WITHOUT_BASE
