"""Streams from an address: cameras in the network, and videos on a server."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from webcam_app.capture.colour import Colour
from webcam_app.capture.decoding import CONTAINER_FORMATS, Decoder, picture_stream, reason_of
from webcam_app.capture.display_times import DisplayTimes
from webcam_app.capture.dolby_vision import refuse_without_base
from webcam_app.capture.frame import Frame
from webcam_app.capture.guard import GuardedSource
from webcam_app.capture.network.address import ESCAPES, Address, parse_address
from webcam_app.capture.network.fetching import ask, not_let_in, refusal
from webcam_app.capture.network.m3u8 import is_playlist
from webcam_app.capture.network.playlist import PlaylistReader, open_container, open_remote_playlist
from webcam_app.capture.network.redirects import refuse_http_redirect, refuse_rtsp_redirect
from webcam_app.capture.network.snapshot import SnapshotSource
from webcam_app.capture.network.sound_lists import SoundLists
from webcam_app.capture.reopened import Opened, Reopened
from webcam_app.capture.sound_along import SoundAlong
from webcam_app.capture.source import DEFAULT_FPS, Source, SourceInfo, SourceKind
from webcam_app.capture.text import HIDDEN_PART, without_password
from webcam_app.errors import SourceError, SourceLostError, SourceNotFoundError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

PROTOCOLS = {
    "http": "http,tcp,httpproxy",
    "https": "https,tls,tcp,http,httpproxy",
    "rtsp": "rtsp,rtp,udp,tcp",
    "rtsps": "rtsps,rtsp,rtp,udp,tcp,tls",
    "rtmp": "rtmp,tcp",
    "rtp": "rtp,udp",
    "udp": "udp",
    "tcp": "tcp",
    "srt": "srt",
}
"""The supported schemes, and the protocols that FFmpeg may use for each."""

OPEN_TIMEOUT_SECONDS = 10.0
STREAM_READ_TIMEOUT_SECONDS = 4.0
"""A network camera that starts up takes some seconds to answer; one that stopped delivering is given up sooner."""

MAX_FPS = 240.0

HTTP_DONE = 200

SINGLE_PICTURE_FORMATS = ("mjpeg", "jpeg_pipe")
"""What FFmpeg takes a lone picture for."""

ENDLESS_FORMATS = ("mpjpeg",)

FIRST_WITH_MAX_REDIRECTS = (62, 12)
"""FFmpeg 8.1. Older ones cannot be kept from following redirects, so the server is probed first."""

STREAM_OPTIONS = {
    "format_whitelist": f"{CONTAINER_FORMATS},rtsp,rtp,sdp",
    # A server may not redirect us, and the password in the address with us, anywhere else.
    "max_redirects": "0",
    "rtsp_transport": "tcp",
    # Low start-up latency: the defaults analyse five seconds of the stream first.
    "analyzeduration": "1000000",
    "probesize": "1000000",
}


def is_address(spec: str) -> bool:
    """Whether a source's name has the form of an address: ``scheme://…``."""
    scheme, separator, _ = spec.partition("://")
    return bool(separator) and scheme.isascii() and scheme.replace("+", "").isalnum()


def open_stream(url: str) -> Source:
    """Connect to an address.

    Args:
        url: ``http``, ``https``, ``rtsp`` or another scheme of ``PROTOCOLS``; name and password may be in it.

    Raises:
        SourceNotFoundError, SourcePermissionError, SourceError: why not, in one line without the password.
    """
    import av

    scheme = url.partition("://")[0].lower()
    if scheme not in PROTOCOLS:
        name = without_password(url)
        raise SourceError(f"{name} cannot be opened: addresses begin with one of {', '.join(PROTOCOLS)}.")
    address = parse_address(url)
    if scheme == "rtsp":
        refuse_rtsp_redirect(address)
    elif scheme.startswith("http") and av.library_versions["libavformat"] < FIRST_WITH_MAX_REDIRECTS:
        refuse_http_redirect(address)
    try:
        if scheme.startswith("http") and address.target.partition("?")[0].lower().endswith(".m3u8"):
            return _started_list(address, url)
        container = _connect(address)
    except (av.FFmpegError, OSError, ValueError) as error:
        return _open_otherwise(address, url, error)
    if scheme.startswith("http") and container.format.name in SINGLE_PICTURE_FORMATS:
        container.close()  # a camera may serve one at a time
        snapshot = _snapshot(address, url)
        if snapshot is not None:
            return snapshot
        try:
            container = _connect(address)
        except (av.FFmpegError, OSError, ValueError) as error:
            raise _explain(error, address) from None
    return _started(url, container)


def _connect(address: Address) -> InputContainer:
    import av

    options = {**STREAM_OPTIONS, "protocol_whitelist": PROTOCOLS[address.scheme]}
    timeouts = (OPEN_TIMEOUT_SECONDS, STREAM_READ_TIMEOUT_SECONDS)
    return av.open(address.url, options=options, metadata_errors="replace", timeout=timeouts)


def open_stream_again(url: str, lists: SoundLists | None = None, *, own: bool = True) -> Reopened:
    """Open an address beside the source that reads its pictures, with the same limits on where it may lead.

    Args:
        url: as ``open_stream`` took it.
        lists: those of the sound, where it turned out to be an HLS list.
        own: whether it has sound in itself that counts.

    Raises:
        OSError, ValueError, av.FFmpegError: it cannot be opened.
    """
    try:
        address = parse_address(url)
        if lists is None:
            return Reopened([Opened(_connect(address))])
        pictures = open_remote_playlist(address, STREAM_READ_TIMEOUT_SECONDS) if own else None
        return lists.open(None if pictures is None else open_container(pictures))
    except SourceError as error:
        raise OSError(str(error)) from None


def _started_list(address: Address, url: str) -> Source:
    reader = open_remote_playlist(address, STREAM_READ_TIMEOUT_SECONDS)
    return _started(url, open_container(reader), reader)


def _started(url: str, container: InputContainer, playlist: PlaylistReader | None = None) -> Source:
    try:
        stream = picture_stream(container)
        if stream is None:
            raise SourceError(f"{without_password(url)} delivers no pictures. Give the address of a video stream.")
        return StreamSource(url, container, stream, playlist)
    except BaseException:
        container.close()
        raise


def _open_otherwise(address: Address, url: str, error: Exception) -> Source:
    """What FFmpeg takes for no video may be a playlist or a picture; else the error for a person is raised."""
    import av

    if address.scheme.startswith("http") and _may_be_something_else(error):
        try:
            with ask(address, STREAM_READ_TIMEOUT_SECONDS) as answer:
                problem = refusal(address, answer)
                if problem is not None:
                    raise problem from None
                if answer.kind.startswith("image/"):
                    return SnapshotSource(address, url, answer, STREAM_READ_TIMEOUT_SECONDS)
                listed = is_playlist(answer.read(64))
            if listed:
                return _started_list(address, url)
        except (av.FFmpegError, OSError, ValueError):
            pass  # what FFmpeg said of it is as true
    raise _explain(error, address) from None


def _may_be_something_else(error: Exception) -> bool:
    import av

    answered = av.HTTPUnauthorizedError | av.HTTPForbiddenError | av.HTTPNotFoundError
    return not isinstance(error, ConnectionRefusedError | TimeoutError | av.ExitError | answered)


def _snapshot(address: Address, url: str) -> Source | None:
    """A source that asks again and again, where the server says that it gives a picture; else None."""
    try:
        with ask(address, STREAM_READ_TIMEOUT_SECONDS) as answer:
            if answer.status == HTTP_DONE and answer.kind.startswith("image/"):
                return SnapshotSource(address, url, answer, STREAM_READ_TIMEOUT_SECONDS)
    except (OSError, ValueError, SourceError):
        pass
    return None


class StreamSource(GuardedSource):
    """A stream. Times are those of arrival, but for a video of known length or with sound, which has its own."""

    def __init__(
        self, url: str, container: InputContainer, stream: VideoStream, playlist: PlaylistReader | None = None
    ) -> None:
        import av

        super().__init__()
        self._name = without_password(url)
        self._errors: type[Exception] = av.FFmpegError
        self._timeout: type[Exception] = av.ExitError
        self._decoder = Decoder(container, stream, low_delay=True)
        self._times = DisplayTimes(container, stream)
        self._playlist = playlist
        if playlist is not None:
            playlist.closing = self._closing  # waiting for more ends with this source
        # A length in bytes: a file. Cameras state one too, but send pictures one by one.
        self._finite = (container.size or 0) > 0 and container.format.name not in ENDLESS_FORMATS
        self._duration = container.duration / 1_000_000 if container.duration and container.duration > 0 else None
        fps = 1.0 / self._times.period
        self._period = 1.0 / (fps if 0 < fps <= MAX_FPS else DEFAULT_FPS)
        if playlist is not None:
            self._finite, self._duration = not playlist.live, playlist.seconds
        self._find_sound(url)
        self._own_times = self._finite or self._duration is not None or playlist is not None
        self._index = 0
        self._time = 0.0
        self._first_stamp: float | None = None
        self._frames: Iterator[VideoFrame] = self._decoder.frames()
        self._ahead: VideoFrame | None = self._next_frame()
        if self._ahead is None:
            raise SourceError(f"{self._name} delivers no picture that can be decoded.")
        refuse_without_base(self._name, stream, self._ahead)
        width, height = self._decoder.upright_size(self._ahead)
        hdr = not Colour.of(self._ahead).usual
        self._info = SourceInfo(
            kind=SourceKind.STREAM,
            name=self._name,
            spec=url,
            width=width,
            height=height,
            fps=1.0 / self._period,
            duration=self._duration,
            hdr=hdr,
            own_times=self._own_times,
            finite=self._finite or self._duration is not None,
        )

    @property
    def info(self) -> SourceInfo:
        """Size is that of the first frame; ``duration`` is set where the address leads to a video of known length."""
        return self._info

    def _read(self) -> Frame | None:
        found, self._ahead = self._ahead or self._next_frame(), None
        if found is None:
            return None
        image, stored = self._decoder.picture(found)
        now = time.monotonic()
        stamp = now
        if self._own_times or self.sound_along is not None:  # sound is on the stream's clock, whenever it arrives
            stamp = self._times.of(found)
        if self._first_stamp is None:
            self._first_stamp = stamp
            self.start = stamp
        self._time = max(self._time, stamp - self._first_stamp)
        frame = Frame(image, self._index, self._time, now, stored=stored)
        self._index += 1
        return frame

    def _next_frame(self) -> VideoFrame | None:
        """The next decoded frame; None only at the end of a video that has one."""
        try:
            found = next(self._frames, None)
        except (self._timeout, TimeoutError):
            raise SourceLostError(f"{self._name} stopped delivering pictures.") from None
        except self._errors as error:
            if getattr(error, "errno", None) == errno.EIO:  # FFmpeg's word for a server that hung up
                raise SourceLostError(f"{self._name} ended the stream.") from None
            raise SourceLostError(f"The connection to {self._name} broke ({reason_of(error)}).") from None
        finally:
            self.bad_frames = self._decoder.bad
        if found is not None or self._closing.is_set():
            return found
        if self._decoder.damage is not None:
            raise SourceLostError(f"{self._name} delivers damaged pictures ({self._decoder.damage}).")
        if self._playlist is not None or self._finite:
            return None  # the playlist or the server says that this is the end
        if self._duration is not None and self._time + 1.0 + self._period >= self._duration:
            return None
        raise SourceLostError(f"{self._name} ended the stream.")

    def _find_sound(self, url: str) -> None:
        """Say where the sound is, if there is any."""
        voices = self._decoder.container.streams.audio
        lists = None if self._playlist is None else SoundLists(self._playlist)
        own = bool(voices) and (lists is None or lists.own)
        if own and not self._finite:  # a second connection would not give the same moments
            self.sound_along = self._decoder.sound_along = SoundAlong(voices)
        elif own or (lists is not None and lists.any):
            self.open_again = partial(open_stream_again, url, lists, own=own)

    def _release(self) -> None:
        self._ahead = None
        self._frames = iter(())
        self._decoder.container.close()
        if self._playlist is not None:
            self._playlist.close()


def _explain(error: Exception, address: Address) -> SourceError:
    """The error for a person, of the right class."""
    import av

    name = address.name
    if isinstance(error, av.HTTPUnauthorizedError | av.HTTPForbiddenError):
        return not_let_in(address, asked=isinstance(error, av.HTTPUnauthorizedError))
    if isinstance(error, av.HTTPNotFoundError):
        return SourceNotFoundError(f"There is nothing at {name} (404). Check the address.")
    if isinstance(error, ConnectionRefusedError):
        return SourceNotFoundError(f"Nothing answers at {name}. Is the camera on, and the port right?")
    if isinstance(error, av.ExitError | TimeoutError):
        return SourceError(f"{name} did not answer within {OPEN_TIMEOUT_SECONDS:.0f} seconds. Is the camera on?")
    hint = f" In a name or a password, {ESCAPES}." if HIDDEN_PART in name else ""
    return SourceError(f"{name} cannot be opened ({reason_of(error)}). Check the address.{hint}")
