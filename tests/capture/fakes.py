"""Cameras, files and servers that behave, badly where asked to."""

from __future__ import annotations

import contextlib
import itertools
import struct
import threading
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from webcam_app.capture.camera import CameraSource
from webcam_app.capture.cameras import Camera

Picture = NDArray[np.uint8]


def picture(number: int = 0, width: int = 64, height: int = 48) -> Picture:
    """A picture whose corners differ: red top left, green top right, blue bottom left, grey by number bottom right."""
    image = np.zeros((height, width, 3), np.uint8)
    half_y, half_x = height // 2, width // 2
    image[:half_y, :half_x] = (0, 0, 255)
    image[:half_y, half_x:] = (0, 255, 0)
    image[half_y:, :half_x] = (255, 0, 0)
    image[half_y:, half_x:] = 8 * number % 256
    return image


def corners(image: Picture) -> str:
    """The colours of a picture's quarters, row by row: ``r``, ``g``, ``b``, or ``.`` for anything else."""
    height, width = image.shape[:2]
    letters = ""
    for y, x in itertools.product((height // 4, 3 * height // 4), (width // 4, 3 * width // 4)):
        blue, green, red = (int(value) for value in image[y, x])
        strong = [value > 150 for value in (blue, green, red)]
        letters += {(True, False, False): "b", (False, True, False): "g", (False, False, True): "r"}.get(
            tuple(strong), "."
        )
    return letters


def write_video(
    path: Path,
    *,
    frames: int = 30,
    size: tuple[int, int] = (64, 48),
    times: Sequence[float] | None = None,
    codec: str = "mpeg4",
    options: dict[str, str] | None = None,
    last_seconds: float | None = None,
    b_frames: int = 0,
) -> Path:
    """Write a video of ``picture(0)``, ``picture(1)`` … at 30 frames a second or the given times in seconds.

    With ``last_seconds`` the last one stands for that long.
    """
    import av

    with av.open(str(path), "w", options=options or {}) as container:
        stream = container.add_stream(codec, rate=30)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        stream.codec_context.max_b_frames = b_frames
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(number, *size), format="bgr24")
            frame.pts = round(1000 * (times[number] if times is not None else number / 30))
            frame.time_base = Fraction(1, 1000)
            container.mux(stream.encode(frame))
        rest = stream.encode(None)
        if last_seconds is not None:
            rest[-1].duration = round(last_seconds / rest[-1].time_base)
        container.mux(rest)
    return path


def set_display_matrix(path: Path, a: int, b: int, c: int, d: int) -> None:
    """Write how a phone was held into the first track of an MP4: the signs of its display matrix."""
    content = bytearray(path.read_bytes())
    start = content.index(b"tkhd") + 4 + 40
    one = 1 << 16
    content[start : start + 36] = struct.pack(">9i", a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30)
    path.write_bytes(content)


class FakeDevice:
    """A camera's driver: gives what is planned, a frame each time, then fails at once for ever, as one pulled out."""

    def __init__(self, plan: Iterable[object], *, fps: float = 30.0, stamps: Iterable[float] | None = None) -> None:
        self.plan = iter(plan)
        self.properties = {cv2.CAP_PROP_FRAME_WIDTH: 64.0, cv2.CAP_PROP_FRAME_HEIGHT: 48.0, cv2.CAP_PROP_FPS: fps}
        self.stamps = iter(stamps) if stamps is not None else None
        self.reads = 0
        self.released = threading.Event()
        self.released_during_read = False
        self.block: threading.Event | None = None
        self.blocked = threading.Event()
        self._reading = False

    def read(self) -> tuple[bool, object]:
        self.reads += 1
        self._reading = True
        if self.block is not None:
            self.blocked.set()
            self.block.wait()
        item = next(self.plan, StopIteration)
        if self.stamps is not None:
            self.properties[cv2.CAP_PROP_POS_MSEC] = 1000.0 * next(self.stamps, 0.0)
        self._reading = False
        return (False, None) if item is StopIteration else (True, item)

    def get(self, property_id: int, /) -> float:
        return self.properties.get(property_id, 0.0)

    def release(self) -> None:
        self.released_during_read = self._reading
        self.released.set()


CAMERA = Camera("Test Cam", "usb-Test_Cam-index0", 0, "/dev/video0")


def camera_source(plan: Iterable[object], **arguments: object) -> CameraSource:
    """A camera that gives what is planned."""
    return CameraSource(FakeDevice(plan, **arguments), CAMERA)  # type: ignore[arg-type]


def jpeg(number: int = 0) -> bytes:
    done, content = cv2.imencode(".jpg", picture(number))
    assert done
    return content.tobytes()


class Server:
    """A web server on this machine with one page for each thing that can happen."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.stop = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.requests.append(self.path)
                page = server.pages.get(self.path)
                if page is None:
                    self.send_error(404)
                    return
                with contextlib.suppress(OSError):  # the other side has gone
                    page(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def url(self, page: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self._server.server_port}{page}"

    def serve_jpegs(self, page: str, count: int | None, then: Callable[[], object] | None = None) -> None:
        """An MJPEG stream at about 30 frames a second, as network cameras send it; ``None`` for one without an end."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            request.end_headers()
            for number in itertools.count() if count is None else range(count):
                content = jpeg(number)
                head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(content)}\r\n\r\n"
                request.wfile.write(head.encode() + content + b"\r\n")
                if self.stop.wait(1 / 30):
                    return
            if then is not None:
                then()

        self.pages[page] = answer

    def serve_single_jpegs(self, page: str, count: int) -> None:
        """A picture each time that one asks, then nothing any more. The first is for finding out what it is."""
        numbers = itertools.count()

        def answer(request: BaseHTTPRequestHandler) -> None:
            number = next(numbers)
            if number > count:
                request.send_error(404)
                return
            content = jpeg(number)
            request.send_response(200)
            request.send_header("Content-Type", "image/jpeg")
            request.send_header("Content-Length", str(len(content)))
            request.end_headers()
            request.wfile.write(content)

        self.pages[page] = answer

    def serve_bytes(self, page: str, content: bytes, kind: str) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Type", kind)
            request.send_header("Content-Length", str(len(content)))
            request.end_headers()
            request.wfile.write(content)

        self.pages[page] = answer

    def serve_status(self, page: str, status: int, **headers: str) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            for name, value in headers.items():
                request.send_header(name, value)
            request.send_header("Content-Length", "0")
            request.end_headers()

        self.pages[page] = answer

    def close(self) -> None:
        self.stop.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
