"""The video stream of a live recording: its encoder can be changed for a quicker one while the file grows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import av
from av.codec.context import Flags

from webcam_app.output.h264 import X264, X264_OPTIONS, VideoTrack
from webcam_app.output.live.effort import Effort, effort_for, usable_cores, x264_options
from webcam_app.output.live.hardware import working_encoder


class LiveTrack(VideoTrack):
    """Encodes as thoroughly as the machine can at this size and rate; ``lighten`` makes it quicker."""

    def __init__(
        self,
        container: av.container.OutputContainer,
        width: int,
        height: int,
        *,
        fps: float,
        effort: Effort | None = None,
    ) -> None:
        """Add the stream.

        Args:
            container: an open output container.
            width: width of the pictures in pixels.
            height: their height.
            fps: about how many frames a second will come.
            effort: the most work to put into a frame; None for what the machine has to spare.

        Raises:
            ValueError: as ``VideoTrack``.
        """
        self._pixels_a_second, self._cores = width * height * fps, usable_cores()
        fitting = effort_for(self._pixels_a_second, self._cores)
        self.effort = fitting if effort is None else min(effort, fitting)
        """How much work goes into a frame now; it says nothing where ``hardware`` is true."""
        encoder = working_encoder(width, height, fps) if fitting is Effort.LEAST else None
        self.hardware = encoder is not None
        """Whether the machine has an encoder of its own that is used."""
        if encoder is not None:
            self.codec = encoder.codec
        options = self._options(self.effort) if encoder is None else encoder.options
        super().__init__(container, width, height, fps=fps, options=options)
        self._encoder: Any = self.stream
        self._next: Any = None

    def lighten(self) -> bool:
        """Encode with less work from the next picture on, which becomes a key frame.

        Returns:
            Whether that is possible: not with a hardware encoder, and not where the least is done already.
        """
        if self.hardware or self.effort is Effort.LEAST:
            return False
        self.effort = Effort(self.effort - 1)
        options = self._options(self.effort)
        if not self.stream.codec_context.is_open:
            self.stream.codec_context.options = {**X264_OPTIONS, **options}
            return True
        self._next = _successor(self.stream.codec_context, options)
        return self._next is not None

    def _options(self, effort: Effort) -> dict[str, str]:
        return x264_options(effort, self._pixels_a_second, self._cores)

    def _send(self, frame: av.VideoFrame | None) -> Iterator[Any]:
        if self._next is not None and frame is not None:
            yield from self._packets(None)
            self._encoder, self._next = self._next, None
        yield from self._packets(frame)

    def _packets(self, frame: av.VideoFrame | None) -> Iterator[Any]:
        for packet in self._encoder.encode(frame):
            packet.stream = self.stream
            yield packet


def _successor(first: Any, options: dict[str, str]) -> Any:
    """An open encoder whose packets belong to the same stream; None where its parameter sets are others."""
    encoder: Any = av.CodecContext.create(X264, "w")
    for name in (
        *("width", "height", "pix_fmt", "time_base", "framerate", "gop_size"),
        *("color_range", "colorspace", "color_primaries", "color_trc"),
    ):
        setattr(encoder, name, getattr(first, name))
    encoder.flags |= Flags.global_header
    encoder.options = {**X264_OPTIONS, **options}
    encoder.open()
    return encoder if bytes(encoder.extradata) == bytes(first.extradata) else None
