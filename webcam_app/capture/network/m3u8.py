"""The text of an HLS playlist."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from webcam_app.capture.network.decryption import METHOD, Key

PLAYLIST_ENDINGS = (".m3u8", ".m3u")
MARK = "#EXTM3U"
HLS_MARK = "#EXT-X-"
"""A list without it is one of songs or channels."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the short videos: its reference, its number, first byte and the one after the last, what comes before.

    Each of the two may be encrypted.
    """

    reference: str
    number: int
    bytes: tuple[int, int] | None = None
    head: str | None = None
    head_bytes: tuple[int, int] | None = None
    key: Key | None = None
    head_key: Key | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the lists that a list names, of the same at several sizes: bits a second, reference, groups beside it."""

    bandwidth: int
    reference: str
    sound_group: str | None = None
    subtitle_group: str | None = None


@dataclass(frozen=True, slots=True)
class Rendition:
    """Sound or subtitles beside the pictures of a list.

    Attributes:
        group: what variants call it by.
        reference: its own list; None where it is in the pictures' one.
        language: as RFC 5646 has it, such as ``de`` or ``en-GB``; None where it is not said.
        title: for people, None for none.
        default: whether it is the one to play.
    """

    group: str
    reference: str | None
    language: str | None = None
    title: str | None = None
    default: bool = False

    @property
    def name(self) -> str:
        """For people; empty where nothing is said."""
        return " ".join(part for part in (self.title, self.language) if part)


@dataclass(slots=True)
class Playlist:
    """What a list says.

    Attributes:
        variants: the lists that it names.
        sounds, subtitles: what is beside them.
        parts: in their order.
        ended: whether nothing more comes.
        target_seconds: length of a part, about.
        seconds: length of all.
        locked: whether it is encrypted in a way that cannot be undone here.
    """

    variants: list[Variant] = field(default_factory=list)
    sounds: list[Rendition] = field(default_factory=list)
    subtitles: list[Rendition] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    ended: bool = False
    target_seconds: float = 5.0
    seconds: float = 0.0
    locked: bool = False


def is_playlist_name(path: Path) -> bool:
    """Whether a file is called as HLS playlists are."""
    return path.suffix.lower() in PLAYLIST_ENDINGS


def is_playlist(begin: bytes) -> bool:
    """Whether a text begins as a playlist does."""
    return begin.lstrip(b"\xef\xbb\xbf \r\n").startswith(MARK.encode())


def parse_playlist(text: str) -> Playlist:
    """Read a list; what is not understood is left out."""
    found = Playlist()
    number, wanted = 0, None
    variant: dict[str, str] | None = None
    head: str | None = None
    head_bytes: tuple[int, int] | None = None
    key: Key | None = None
    head_key: Key | None = None
    end_of_last = 0
    for line in map(str.strip, text.splitlines()):
        tag, _, value = line.partition(":")
        if tag == "#EXT-X-STREAM-INF":
            variant = _attributes(value)
        elif tag == "#EXT-X-MEDIA":
            attributes = _attributes(value)
            found.sounds += _renditions(attributes, "AUDIO")
            found.subtitles += _renditions(attributes, "SUBTITLES")
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
            head_key = key
        elif tag == "#EXT-X-KEY":
            key, locked = _key(_attributes(value))
            found.locked |= locked
        elif tag == "#EXT-X-ENDLIST":
            found.ended = True
        elif line and not line.startswith("#"):
            if variant is not None:
                bandwidth = _number(variant.get("BANDWIDTH", "0"))
                found.variants.append(Variant(bandwidth, line, variant.get("AUDIO"), variant.get("SUBTITLES")))
            else:
                found.parts.append(Part(line, number, wanted, head, head_bytes, key, head_key))
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


def _renditions(attributes: dict[str, str], kind: str) -> list[Rendition]:
    """What a list says of something beside the pictures, where it is of a kind."""
    if attributes.get("TYPE") != kind or "GROUP-ID" not in attributes:
        return []
    get = attributes.get
    return [Rendition(get("GROUP-ID", ""), get("URI"), get("LANGUAGE"), get("NAME"), get("DEFAULT") == "YES")]


def _key(attributes: dict[str, str]) -> tuple[Key | None, bool]:
    """The key that a list names, and whether it is of a kind that is not known here."""
    method = attributes.get("METHOD", "NONE")
    if method == "NONE":
        return None, False
    if method != METHOD or attributes.get("KEYFORMAT", "identity") != "identity" or "URI" not in attributes:
        return None, True
    start = attributes.get("IV", "").lower().removeprefix("0x")
    try:
        return Key(attributes["URI"], int(start, 16).to_bytes(16, "big") if start else None), False
    except (ValueError, OverflowError):
        return None, True


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
