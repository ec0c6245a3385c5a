"""Videos and pictures to give to the commands, and a stand-in for the network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from tests.commands.square_analyzer import SquareAnalyzer, draw_face
from webcam_app.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def squares(monkeypatch: pytest.MonkeyPatch) -> None:
    """Coloured squares are faces."""
    monkeypatch.setattr("webcam_app.faces.analyzer.FaceAnalyzer", SquareAnalyzer)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the program; tells its exit code, standard output and standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return code, out, err

    return call


@pytest.fixture
def make_picture() -> Callable[..., Any]:
    """Makes a grey picture with faces in it: ``(label, x, y)`` or ``(label, x, y, side)`` or with ``masked`` last."""

    def make(*faces: tuple[Any, ...], size: tuple[int, int] = (160, 120)) -> Any:
        image = np.full((size[1], size[0], 3), 90, np.uint8)
        for label, x, y, *rest in faces:
            side = rest[0] if rest else 40
            draw_face(image, label, x, y, side, masked=len(rest) > 1)
        return image

    return make


@pytest.fixture
def make_video(tmp_path: Path, make_picture: Callable[..., Any]) -> Callable[..., Path]:
    """Makes a video in which a female face wanders to the right."""

    def make(
        name: str = "in.mp4",
        times: Sequence[float] = tuple(number / 25 for number in range(50)),
        *,
        size: tuple[int, int] = (160, 120),
        sound: str | None = None,
        sound_seconds: float = 2.0,
        codec: str = "libx264",
        pixels: str = "yuv420p",
        start: float = 0.0,
    ) -> Path:
        path = tmp_path / name
        base = Fraction(1, 12800)
        with av.open(str(path), "w") as container:
            stream: Any = container.add_stream(codec, rate=25)
            stream.width, stream.height, stream.pix_fmt = *size, pixels
            stream.codec_context.time_base = base
            stream.codec_context.options = {"bf": "0", "preset": "ultrafast", "crf": "10"}
            voice: Any = None
            if sound is not None:
                voice = container.add_stream(sound, rate=48000)
                voice.layout = "mono"
            for number, time in enumerate(times):
                image = make_picture(("female", 10 + number % 80, 30), size=size)
                frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format=pixels)
                frame.pts, frame.time_base = round((time + start) / base), base
                for packet in stream.encode(frame):
                    packet.duration = round(0.04 / base)
                    container.mux(packet)
            for packet in stream.encode(None):
                packet.duration = round(0.04 / base)
                container.mux(packet)
            if voice is not None:
                container.mux(_beep(voice, sound_seconds))
        return path

    return make


def _beep(stream: Any, seconds: float) -> list[Any]:
    size = stream.codec_context.frame_size or 960
    packets = []
    kind = stream.codec_context.format.name
    for start in range(0, int(seconds * 48000), size):
        wave = np.sin(np.arange(start, start + size) * (2 * np.pi * 440 / 48000)) * 0.3
        samples = (wave * 32767).astype(np.int16) if kind.startswith("s16") else wave.astype(np.float32)
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format=kind, layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48000, start, Fraction(1, 48000)
        packets += stream.encode(frame)
    return packets + list(stream.encode(None))


@pytest.fixture
def write_picture() -> Callable[[Path, Any], Path]:
    """Writes a picture file, whatever its name."""

    def write(path: Path, image: Any) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cv2.imencode(path.suffix.lower(), image)[1].tobytes())
        return path

    return write
