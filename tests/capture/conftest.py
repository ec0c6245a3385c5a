"""Fixtures of the capture tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.capture.fakes import Server
from tests.capture.rtsp import RtspCamera


@pytest.fixture
def server() -> Iterator[Server]:
    """A running server, closed after the test."""
    running = Server()
    yield running
    running.close()


@pytest.fixture
def rtsp_camera() -> Iterator[Callable[..., RtspCamera]]:
    cameras: list[RtspCamera] = []

    def make(**arguments: Any) -> RtspCamera:
        cameras.append(RtspCamera(**arguments))
        return cameras[-1]

    yield make
    for camera in cameras:
        camera.close()
