"""Shows pictures to other programs as a camera, from a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from webcam_app.capture.frame import Image
from webcam_app.errors import VirtualCameraError, first_line
from webcam_app.faces.face import Face
from webcam_app.output.overlay import OverlayStyle, draw_overlay
from webcam_app.output.virtual_camera import VirtualCamera, check_virtual_camera

REPEAT_SECONDS = 0.5
"""Where no picture comes, the last is shown again after so long: a program that has just begun to read waits for one,
and others take a camera that is silent for seconds for broken."""

AFTER_SECONDS = 5.0
"""A device that takes no longer to be let go is not waited for."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture to show.

    Attributes:
        image: H×W×3 uint8 BGR; its faces are covered already where they are to be. Not changed.
        faces: to be drawn, in pixels of ``image``.
        style: how; never mirrored, as programs for calls mirror what they show to the person themselves.
        labels: of the model, for the colours.
    """

    image: Image
    faces: Sequence[Face]
    style: OverlayStyle
    labels: Sequence[str]


class CameraDevice(Protocol):
    """The part of ``VirtualCamera`` that is used here."""

    name: str

    def send(self, image: Image | None) -> None:
        """Show a picture."""

    def repeat(self) -> None:
        """Show the last picture once more."""

    def close(self) -> None:
        """Let the device go."""


class VirtualCameraFeed:
    """Opens a virtual camera once there is a picture, and shows the newest one.

    Those that it cannot keep up with are left out, and nothing that goes wrong here reaches whoever delivers them.
    """

    def __init__(
        self,
        on_started: Callable[[str], None],
        on_failed: Callable[[str], None],
        *,
        after: VirtualCameraFeed | None = None,
        opener: Callable[[tuple[int, int], float], CameraDevice] = VirtualCamera,
        check: Callable[[], None] = check_virtual_camera,
    ) -> None:
        """Begin; opening it takes its time in the thread.

        Args:
            on_started: called in the thread with the camera's name once other programs see it.
            on_failed: called in the thread with one line for the person; nothing comes after that.
            after: one that was closed, and lets its camera go before this one opens any.
            opener: opens a camera of a size and rate, as ``VirtualCamera`` does.
            check: tells before there is a picture why none can be opened.
        """
        self._on_started, self._on_failed = on_started, on_failed
        self._after, self._opener, self._check = after, opener, check
        self._changed = threading.Condition()
        self._shot: Shot | None = None
        self._fps = 30.0
        self._new = self._closed = False
        self._thread = threading.Thread(target=self._run, name="virtual camera", daemon=True)
        self._thread.start()

    def show(self, shot: Shot | None, fps: float) -> None:
        """Show a picture from now on; returns at once.

        Args:
            shot: the picture; None for none: others see a dark one.
            fps: about how many come in a second.
        """
        with self._changed:
            self._shot, self._fps, self._new = shot, fps, True
            self._changed.notify()

    def close(self) -> None:
        """Let the camera go; does not wait."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def join(self, timeout: float) -> bool:
        """Wait for the thread; returns whether it has ended."""
        self._thread.join(max(0.0, timeout))
        return not self._thread.is_alive()

    def _run(self) -> None:
        after, self._after = self._after, None
        if after is not None:
            after.join(AFTER_SECONDS)
        try:
            self._check()
            self._show_all()
        except VirtualCameraError as error:
            self._fail(str(error))
        except Exception as error:  # a library's own, or a bug; this is the thread's edge, and the picture goes on
            self._fail(f"The virtual camera has stopped: {first_line(error)}. Start it again.")

    def _show_all(self) -> None:
        first = self._wait_for_first()
        if first is None:
            return
        height, width = first.image.shape[:2]
        camera = self._opener((width, height), self._fps)
        try:
            shot: Shot | None = first
            self._send(camera, shot)
            self._on_started(camera.name)
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._new or self._closed, REPEAT_SECONDS)
                    if self._closed:
                        return
                    new, self._new, shot = self._new, False, self._shot
                if new:
                    self._send(camera, shot)
                else:
                    camera.repeat()
        finally:
            camera.close()

    def _wait_for_first(self) -> Shot | None:
        """The first picture; None where it is closed before there was one."""
        with self._changed:
            self._changed.wait_for(lambda: self._shot is not None or self._closed)
            self._new = False
            return None if self._closed else self._shot

    def _send(self, camera: CameraDevice, shot: Shot | None) -> None:
        if shot is None:
            camera.send(None)
        else:
            camera.send(draw_overlay(shot.image, shot.faces, shot.style, labels=shot.labels))

    def _fail(self, problem: str) -> None:
        with self._changed:
            if self._closed:
                return
            self._shot = None
        self._on_failed(problem)
