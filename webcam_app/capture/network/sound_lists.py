"""HLS: lists of sound beside the list of the pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webcam_app.capture.network.m3u8 import Rendition
from webcam_app.capture.network.playlist import PlaylistReader, open_container
from webcam_app.capture.reopened import Opened, Reopened
from webcam_app.errors import SourceError, first_line

if TYPE_CHECKING:
    from av.container import InputContainer

MAX_TAG_BYTES = 1024
BEGIN_TAG = b"com.apple.streaming.transportStreamTimestamp\0"
STAMPS_PER_SECOND = 90_000
MAX_STAMP = (1 << 33) - 1

LANGUAGES = {
    "ar": "ara",
    "bg": "bul",
    "ca": "cat",
    "cs": "ces",
    "da": "dan",
    "de": "deu",
    "el": "ell",
    "en": "eng",
    "es": "spa",
    "et": "est",
    "eu": "eus",
    "fa": "fas",
    "fi": "fin",
    "fr": "fra",
    "he": "heb",
    "hi": "hin",
    "hr": "hrv",
    "hu": "hun",
    "id": "ind",
    "it": "ita",
    "ja": "jpn",
    "ko": "kor",
    "lt": "lit",
    "lv": "lav",
    "ms": "msa",
    "nb": "nob",
    "nl": "nld",
    "no": "nor",
    "pl": "pol",
    "pt": "por",
    "ro": "ron",
    "ru": "rus",
    "sk": "slk",
    "sl": "slv",
    "sr": "srp",
    "sv": "swe",
    "th": "tha",
    "tr": "tur",
    "uk": "ukr",
    "vi": "vie",
    "zh": "zho",
}
"""ISO 639-1, which lists have, to the three letters of ISO 639-2/T that video files have."""


class SoundLists:
    """The lists of sound that belong to one list of pictures; nothing of them is read before they are opened."""

    def __init__(self, pictures: PlaylistReader) -> None:
        """Look at what there is.

        Args:
            pictures: the list of the pictures. Where it is live the lists of its sound are asked for at once, so that
                they begin where it does.
        """
        self._pictures = pictures
        self.apart = [sound for sound in pictures.sounds if sound.reference is not None]
        """Those that have a list of their own."""
        self._problems = [
            f"the subtitles{_named(text)} are left out: they have a list of their own" for text in pictures.subtitles
        ]
        self._live = [self._read(sound) for sound in self.apart] if pictures.live else []

    @property
    def own(self) -> bool:
        """Whether sound in the pictures' list counts: it is one of the sounds, or there are no others."""
        return not self.apart or len(self.apart) < len(self._pictures.sounds)

    @property
    def any(self) -> bool:
        """Whether there is something to open, or to say."""
        return bool(self.apart or self._problems)

    def open(self, own: InputContainer | None = None) -> Reopened:
        """Open them; once only where they are live.

        Args:
            own: the container of the pictures' list, where that has sound that counts.
        """
        live, self._live = self._live, []
        readers = live if self._pictures.live else [self._read(sound) for sound in self.apart]
        parts = [] if own is None else [Opened(own)]
        for sound, reader in zip(self.apart, readers, strict=False):
            part = None if reader is None else self._opened(sound, reader)
            if part is not None:
                parts.append(part)
        return Reopened(parts, self._problems, self._pictures.live)

    def _read(self, sound: Rendition) -> PlaylistReader | None:
        try:
            return self._pictures.beside(sound.reference or "")
        except (SourceError, OSError, ValueError) as error:
            self._problems.append(_problem(sound, error))
            return None

    def _opened(self, sound: Rendition, reader: PlaylistReader) -> Opened | None:
        import av

        try:
            behind = _behind(reader.ahead(MAX_TAG_BYTES))
            container = open_container(reader)
        except (SourceError, OSError, ValueError, av.FFmpegError) as error:
            self._problems.append(_problem(sound, error))
            return None
        for stream in container.streams.audio:
            if sound.language:
                short = sound.language.partition("-")[0].lower()
                stream.metadata["language"] = LANGUAGES.get(short, short)
            if sound.title:
                stream.metadata["title"] = sound.title
            stream.disposition = av.stream.Disposition.default if sound.default else av.stream.Disposition(0)
        return Opened(container, behind)


def _behind(begin: bytes) -> float:
    """When bare sound begins, in seconds on the list's clock: a tag before it says so (RFC 8216, section 3.4)."""
    place = begin.find(BEGIN_TAG) + len(BEGIN_TAG)
    if not begin.startswith(b"ID3") or place < len(BEGIN_TAG) or place + 8 > len(begin):
        return 0.0
    return (int.from_bytes(begin[place : place + 8], "big") & MAX_STAMP) / STAMPS_PER_SECOND


def _problem(sound: Rendition, error: Exception) -> str:
    return f"the sound{_named(sound)} could not be taken over: {first_line(error)}"


def _named(rendition: Rendition) -> str:
    return f" ({rendition.name})" if rendition.name else ""
