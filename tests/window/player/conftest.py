"""A short video with a face in it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from webcam_app.resources import asset_path

SECONDS, RATE = 2, 30


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first two seconds of the demo clip, in which there is one woman."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    with av.open(str(asset_path("demo.mp4"))) as demo, av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        stream.codec_context.options = {"preset": "ultrafast", "g": "20"}
        for number, frame in zip(range(SECONDS * RATE), demo.decode(video=0), strict=False):
            frame.pts, frame.time_base, frame.pict_type = number, Fraction(1, RATE), 0
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
