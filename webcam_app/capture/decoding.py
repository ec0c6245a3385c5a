"""Frames out of anything that PyAV opens: shared by video files and streams."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from webcam_app.capture.colour import BgrConverter
from webcam_app.capture.frame import Image, StoredPicture
from webcam_app.capture.interlacing import Flags, deinterlaced
from webcam_app.capture.orientation import Orientation, apply_orientation, orientation_of, swaps_sides
from webcam_app.capture.pixel_shape import PixelShape, square_size, squared
from webcam_app.capture.sound_along import SoundAlong
from webcam_app.capture.text import printable
from webcam_app.errors import first_line

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

CONTAINER_FORMATS = (
    "mov,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,live_flv,asf,ogg,mpjpeg,mjpeg,h264,hevc,av1,obu,ivf,m4v,mxf,dv,rm,"
    "nut,yuv4mpegpipe,wtv,gxf,aac,flac,mp3,wav"
)
"""What is opened: videos, and a few sound formats so that they are called by their name. FFmpeg's other formats take
text for pictures (tty), or are lists that make it open other files and addresses (hls, dash, concat, image2)."""

MAX_DECODER_THREADS = 2
"""More make no frame come sooner at webcam sizes, and each holds pictures."""

MAX_CONSECUTIVE_DECODE_ERRORS = 250
"""Packets or frames that give no picture, ten seconds of a usual video; then the rest is given up."""


class Decoder:
    """Upright BGR pictures with their times from an open container. Owns the container."""

    def __init__(self, container: InputContainer, stream: VideoStream, *, low_delay: bool) -> None:
        import av

        self.container = container
        self.stream = stream
        self.stream.thread_type = "SLICE" if low_delay else "AUTO"
        self.stream.codec_context.thread_count = min(MAX_DECODER_THREADS, os.cpu_count() or 1)
        self.bad = 0
        """Frames and packets so far that gave no picture."""
        self.damage: str | None = None
        """Why decoding stopped before the end, or None."""
        self.interlaced = False
        """Whether a picture so far was interlaced: each is made whole with the help of those before it."""
        self.hurry_to: float | None = None
        """Seconds on the file's clock before which pictures are left out that no other refers to; None for none."""
        self.seconds_read = 0.0
        """Once ``frames`` has ended: from the first packet to the end of the last, which may last long; 0 where the
        last ones were damaged."""
        self.sound_along: SoundAlong | None = None
        """Gets the packets of sound on the way; set before the first frame is taken."""
        self._error: type[Exception] = av.FFmpegError
        self._end: type[Exception] = av.EOFError
        self._look, self._flags = not low_delay, Flags()
        self._converter = BgrConverter()
        self._pixels = PixelShape(container, stream)
        self._known_orientation: tuple[int, Orientation] | None = None

    def frames(self) -> Iterator[VideoFrame]:
        """Decoded frames from the present position; ends at the end of the data or where it is damaged beyond use.

        Interlaced ones are made whole.

        Raises:
            av.FFmpegError: the connection broke or timed out.
        """
        return deinterlaced(self._decoded(), look=self._look, flags=self._flags)

    @property
    def remembers(self) -> bool:
        """Whether a picture depends on those before it that were shown already."""
        return self.interlaced or bool(self._flags.wrong)

    def _decoded(self) -> Iterator[VideoFrame]:
        bad_in_a_row = 0
        first: float | None = None
        end = 0.0
        self.seconds_read = 0.0
        packets = self.container.demux(self.stream) if self.sound_along is None else self._packets(self.sound_along)
        while True:
            try:
                packet = next(packets, None)
            except IndexError:  # the end; PyAV stumbles there over streams that began on the way
                packet = None
            except self._error as error:
                if not _is_damage(error):
                    raise
                self.damage = str(getattr(error, "strerror", None) or "damaged")
                packet = None
            if packet is None:
                self.seconds_read = end - first if first is not None and bad_in_a_row == 0 else 0.0
                return
            stamp = packet.dts if packet.dts is not None else packet.pts
            if stamp is not None and packet.time_base is not None and not packet.is_corrupt:
                first = float(stamp * packet.time_base) if first is None else first
                end = max(end, float((stamp + (packet.duration or 0)) * packet.time_base))
            if self.hurry_to is not None:
                self._hurry(packet)
            try:
                decoded = packet.decode()
            except self._end:
                return
            except self._error as error:
                if not _is_damage(error):
                    raise
                decoded = []
                self.bad += 1
                bad_in_a_row += 1
            for frame in decoded:
                if frame.is_corrupt:
                    self.bad += 1
                    bad_in_a_row += 1
                    continue
                bad_in_a_row = 0
                self.interlaced = self.interlaced or bool(frame.interlaced_frame)
                yield frame
            if bad_in_a_row >= MAX_CONSECUTIVE_DECODE_ERRORS:
                self.damage = "too many damaged pictures in a row"
                return

    def _packets(self, along: SoundAlong) -> Iterator[Packet[VideoStream]]:
        """Those of pictures, while the others are put aside."""
        for packet in self.container.demux([self.stream, *along.streams]):
            if packet.stream_index == self.stream.index:
                yield cast("Packet[VideoStream]", packet)
            else:
                along.put(cast("Packet[AudioStream]", packet))

    def _hurry(self, packet: Packet[VideoStream]) -> None:
        """Leave this one's pictures out where they are not needed, and hurry no more once all before are decoded."""
        shown = _seconds(packet.pts, packet.time_base)
        decoded = _seconds(packet.dts, packet.time_base)
        until = self.hurry_to
        if until is None or shown is None or decoded is None or decoded >= until:
            shown = self.hurry_to = None
        leave_out = until is not None and shown is not None and shown < until
        self.stream.codec_context.skip_frame = "NONREF" if leave_out else "DEFAULT"

    def picture(self, frame: VideoFrame) -> tuple[Image, StoredPicture | None]:
        """The frame decoded last as an upright H×W×3 uint8 BGR array of SDR colours and square pixels.

        Returns:
            That, and the same in the file's own pixels, None where these are square.
        """
        image = apply_orientation(self._converter.convert(frame), self._orientation(frame))
        return squared(image, self._upright_aspect(frame))

    def upright_size(self, frame: VideoFrame) -> tuple[int, int]:
        """Width and height in square pixels of the frame decoded last, once it is turned upright."""
        size = (frame.height, frame.width) if swaps_sides(self._orientation(frame)) else (frame.width, frame.height)
        return square_size(*size, self._upright_aspect(frame))

    def _upright_aspect(self, frame: VideoFrame) -> Fraction:
        aspect = self._pixels.aspect(frame)
        return 1 / aspect if swaps_sides(self._orientation(frame)) else aspect

    def _orientation(self, frame: VideoFrame) -> Orientation:
        """How to turn a frame. Looked up anew only when PyAV's rougher figure changes.

        A frame whose side data were looked at is in a reference cycle and stays until the garbage collector comes: a
        hundred megabytes of pictures by then.
        """
        if self._known_orientation is None or self._known_orientation[0] != frame.rotation:
            self._known_orientation = frame.rotation, orientation_of(frame)
        return self._known_orientation[1]


def picture_stream(container: InputContainer) -> VideoStream | None:
    """The first stream of moving pictures that can be decoded; None in a sound file, also if it has a cover picture."""
    from av.stream import Disposition

    for stream in container.streams.video:
        # PyAV has no decoder for a stream of an unknown kind, whatever its type hints say.
        context: object = stream.codec_context
        if context is not None and not stream.disposition & Disposition.attached_pic:
            return stream
    return None


def reason_of(error: Exception) -> str:
    """What FFmpeg says of an error, in a few words."""
    return printable(getattr(error, "strerror", None) or first_line(error))


def _seconds(ticks: int | None, base: Fraction | None) -> float | None:
    return None if ticks is None or base is None else float(ticks * base)


def _is_damage(error: Exception) -> bool:
    """Whether an FFmpeg error speaks of the data rather than of the connection or the device."""
    import av

    return isinstance(error, (ValueError, av.BufferTooSmallError, av.UndefinedError, av.PatchWelcomeError))
