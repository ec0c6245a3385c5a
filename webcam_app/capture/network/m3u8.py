"""The text of an HLS playlist."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

PLAYLIST_ENDINGS = (".m3u8", ".m3u")
MARK = "#EXTM3U"
HLS_MARK = "#EXT-X-"
"""A list without it is one of songs or channels."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the short videos: its reference, its number, first byte and the one after the last, what comes before."""

    reference: str
    number: int
    bytes: tuple[int, int] | None = None
    head: str | None = None
    head_bytes: tuple[int, int] | None = None


@dataclass(slots=True)
class Playlist:
    """What a list says.

    Attributes:
        variants: bits a second and reference of each of the lists that are named, of the same at several sizes.
        parts: in their order.
        ended: whether nothing more comes.
        target_seconds: length of a part, about.
        seconds: length of all.
        encrypted: whether a key is needed.
    """

    variants: list[tuple[int, str]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    ended: bool = False
    target_seconds: float = 5.0
    seconds: float = 0.0
    encrypted: bool = False


def is_playlist_name(path: Path) -> bool:
    """Whether a file is called as HLS playlists are."""
    return path.suffix.lower() in PLAYLIST_ENDINGS


def is_playlist(begin: bytes) -> bool:
    """Whether a text begins as a playlist does."""
    return begin.lstrip(b"\xef\xbb\xbf \r\n").startswith(MARK.encode())


def parse_playlist(text: str) -> Playlist:
    """Read a list; what is not understood is left out."""
    found = Playlist()
    number, wanted, variant = 0, None, None
    head: str | None = None
    head_bytes: tuple[int, int] | None = None
    end_of_last = 0
    for line in map(str.strip, text.splitlines()):
        tag, _, value = line.partition(":")
        if tag == "#EXT-X-STREAM-INF":
            variant = _number(_attributes(value).get("BANDWIDTH", "0"))
        elif tag == "#EXT-X-TARGETDURATION":
            found.target_seconds = min(max(_float(value), 0.5), 60.0)
        elif tag == "#EXT-X-MEDIA-SEQUENCE":
            number = _number(value)
        elif tag == "#EXTINF":
            found.seconds += max(0.0, _float(value.partition(",")[0]))
        elif tag == "#EXT-X-BYTERANGE":
            wanted = _range(value, end_of_last)
        elif tag == "#EXT-X-MAP":
            attributes = _attributes(value)
            head = attributes.get("URI")
            head_bytes = _range(attributes["BYTERANGE"], 0) if "BYTERANGE" in attributes else None
        elif tag == "#EXT-X-KEY":
            found.encrypted = _attributes(value).get("METHOD", "NONE") != "NONE"
        elif tag == "#EXT-X-ENDLIST":
            found.ended = True
        elif line and not line.startswith("#"):
            if variant is not None:
                found.variants.append((variant, line))
            else:
                found.parts.append(Part(line, number, wanted, head, head_bytes))
                end_of_last = wanted[1] if wanted else 0
                number += 1
            wanted, variant = None, None
    return found


def _attributes(value: str) -> dict[str, str]:
    """``NAME=VALUE`` separated by commas, values perhaps in quotation marks."""
    found: dict[str, str] = {}
    while value:
        name, _, value = value.partition("=")
        if value.startswith('"'):
            text, _, value = value[1:].partition('"')
            value = value.lstrip(",")
        else:
            text, _, value = value.partition(",")
        found[name.strip()] = text.strip()
    return found


def _range(value: str, end_of_last: int) -> tuple[int, int]:
    length, _, first = value.partition("@")
    begin = _number(first) if first else end_of_last
    return begin, begin + _number(length)


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _float(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0 <= value < float("inf") else 0.0
