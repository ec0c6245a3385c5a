"""Subtitles of a video file, taken over into another: as they are, or as text without its form."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import av

from webcam_app.output.track import Span, Track, TrackError, codec_name, copy_of, seconds_of

# What the containers hold as it is; other texts become the last.
COPIED_CODECS = {
    "mp4": ("mov_text",),
    "mov": ("mov_text",),
    "matroska": ("subrip", "ass", "ssa", "webvtt", "hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "text"),
}
NEW_CODECS = {"mp4": "mov_text", "mov": "mov_text", "matroska": "subrip"}
TEXT_CODECS = frozenset({"mov_text", "subrip", "srt", "ass", "ssa", "webvtt", "text"})
TICKS_PER_SECOND = 1000
# The encoders ask for styles before they begin; these are FFmpeg's own.
HEADER = b"""[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
ASS_FIELDS_BEFORE_TEXT = 8
_ASS_STYLE = re.compile(r"\{[^}]*\}")
_TAG = re.compile(r"<[^<>]{1,40}>")


def subtitle_track(stream: Any, output: av.container.OutputContainer, format_name: str, span: Span) -> Track:
    """Add subtitles to the output.

    Args:
        stream: the input's track.
        output: where it goes; its header must not be written yet.
        format_name: the output's format: mp4, mov or matroska.
        span: the part that is taken over.

    Raises:
        TrackError, OSError, ValueError, av.FFmpegError: they cannot be taken over.
    """
    name = codec_name(stream)
    if name in COPIED_CODECS[format_name]:
        return Subtitles(stream, copy_of(stream, output), span)
    if name not in TEXT_CODECS:
        raise TrackError("this kind goes into an .mkv only" if name in COPIED_CODECS["matroska"] else "unknown kind")
    target: Any = output.add_stream(NEW_CODECS[format_name])
    target.codec_context.subtitle_header = HEADER
    target.codec_context.time_base = Fraction(1, TICKS_PER_SECOND)
    return Subtitles(stream, target, span, new_codec=NEW_CODECS[format_name])


class Subtitles(Track):
    """Lines at their times; what is shown at the output's beginning or end is cut there."""

    def __init__(self, stream: Any, target: Any, span: Span, *, new_codec: str | None = None) -> None:
        """Connect the two.

        Args:
            stream: the input's.
            target: the output's.
            span: the part that is taken over.
            new_codec: mov_text or subrip, where the lines are written anew.
        """
        super().__init__(stream, target, span)
        self._new_codec = new_codec
        self._last_ticks = -1

    def take(self, packet: Any, time: float) -> list[Any]:
        """A line, in the output's kind of text."""
        end = time + seconds_of(packet)
        if (time < 0 and end <= 0) or (self.span.end is not None and time >= self.span.end):
            return []
        begin, end = max(0.0, time), end if self.span.end is None else min(end, self.span.end)
        if self._new_codec is None:
            content = bytes(packet)
        else:
            text = plain_text(bytes(packet), codec_name(self.stream)).encode()
            content = len(text).to_bytes(2, "big") + text if self._new_codec == "mov_text" else text
            if not text:
                return []
        made = av.Packet(content)
        made.stream = self.target
        made.time_base = Fraction(1, TICKS_PER_SECOND) if self._new_codec else packet.time_base
        made.pts = made.dts = self._last_ticks = max(round(begin / made.time_base), self._last_ticks + 1)
        made.duration = max(0, round((end - begin) / made.time_base))
        return [made]


def plain_text(content: bytes, codec: str) -> str:
    """The text of a packet of subtitles without its form.

    Args:
        content: the packet's bytes.
        codec: FFmpeg's name of their kind, one of ``TEXT_CODECS``.
    """
    if codec == "mov_text":
        return content[2 : 2 + int.from_bytes(content[:2], "big")].decode("utf-8", "replace")
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").strip("\n\0")
    if codec in ("ass", "ssa"):
        text = text.split(",", ASS_FIELDS_BEFORE_TEXT)[-1]
        return _ASS_STYLE.sub("", text).replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")
    return _TAG.sub("", _ASS_STYLE.sub("", text))
