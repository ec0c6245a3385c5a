"""Parts of an encrypted HLS list, made readable: AES-128 of the whole part, as RFC 8216 has it."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass

from webcam_app.capture.network.places import Readable
from webcam_app.errors import SourceLostError

KEY_BYTES = 16
# A part is some seconds of video; it is decrypted as a whole.
MAX_PART_BYTES = 512_000_000
METHOD = "AES-128"
# A wrong key gives bytes as any other. Parts begin as MPEG-TS, with tags or sound, as MP4, or as subtitles do.
BEGINNINGS = (b"\x47", b"ID3", b"\xff\xf1", b"\xff\xf9", b"WEBVTT")
BOXES = (b"ftyp", b"styp", b"moof", b"moov", b"sidx", b"emsg", b"prft", b"free")


@dataclass(frozen=True, slots=True)
class Key:
    """How parts are encrypted: where the key is, and the first block, None where a part's number stands for it."""

    reference: str
    start: bytes | None = None


class KeyRing:
    """The keys of a list, each asked for once."""

    def __init__(self, fetch: Callable[[str], Readable]) -> None:
        """``fetch`` opens what a list's reference leads to; raises what ``Place.open`` does."""
        self._fetch = fetch
        self._known: dict[str, bytes] = {}

    def decrypted(self, part: Readable, key: Key, number: int, name: str) -> Readable:
        """What is in an encrypted part.

        Args:
            part: open; closed afterwards.
            key: its own.
            number: of the part.
            name: of the list, for people.

        Raises:
            SourceLostError: the key is none, or does not fit.
            SourceError, OSError: it cannot be had.
        """
        try:
            content = _all_of(part, MAX_PART_BYTES)
        finally:
            part.close()
        secret = self._known.get(key.reference)
        if secret is None:
            file = self._fetch(key.reference)
            try:
                secret = _all_of(file, KEY_BYTES + 1)
            finally:
                file.close()
            if len(secret) != KEY_BYTES:
                raise SourceLostError(f"{name} is encrypted, and its key is none of {KEY_BYTES} bytes.")
            self._known[key.reference] = secret
        start = key.start if key.start is not None else number.to_bytes(KEY_BYTES, "big")
        return io.BytesIO(_decrypt(content, secret, start, name))


def _all_of(file: Readable, most: int) -> bytes:
    pieces, size = [], 0
    while size < most and (piece := file.read(min(1 << 20, most - size))):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _decrypt(content: bytes, secret: bytes, start: bytes, name: str) -> bytes:
    """By FFmpeg, which has the cipher; nothing goes by a file."""
    import av

    url = "crypto:data:application/octet-stream;base64," + base64.b64encode(content).decode("ascii")
    options = {"key": secret.hex(), "iv": start.hex(), "protocol_whitelist": "crypto,data", "format_whitelist": "data"}
    try:
        with av.open(url, format="data", options=options) as container:
            plain = b"".join(bytes(packet) for packet in container.demux() if packet.size)
    except (av.FFmpegError, OSError, ValueError):
        plain = b""
    if not (plain.startswith(BEGINNINGS) or plain[4:8] in BOXES):
        raise SourceLostError(f"{name} is encrypted, and its key does not fit.")
    return plain
