"""Microphones are found by name through a sound library that may be missing, broken, or full of surprises."""

from __future__ import annotations

import builtins
import sys
import threading
import time
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from webcam_app.capture.sound import microphones
from webcam_app.capture.sound.microphones import microphone_names, open_microphone
from webcam_app.errors import SourceLostError, SourceNotFoundError

DEVICES = [
    {"name": "Speakers", "max_input_channels": 0, "default_samplerate": 48_000.0},
    {"name": "Webcam", "max_input_channels": 1, "default_samplerate": 16_000.0},
    {"name": "Mischpult ü", "max_input_channels": 8, "default_samplerate": 44_100.0},
    {"name": "Webcam", "max_input_channels": 1, "default_samplerate": 16_000.0},
]


class FakeLibrary(types.ModuleType):
    """The part of ``sounddevice`` that is used."""

    class PortAudioError(Exception):
        pass

    def __init__(self) -> None:
        super().__init__("sounddevice")
        self.default = types.SimpleNamespace(hostapi=0)
        self.devices: list[dict[str, Any]] = list(DEVICES)
        self.busy = False
        self.looked = 0
        self.streams: list[FakeStream] = []

    def _terminate(self) -> None:
        assert not any(stream.open for stream in self.streams), "that would end them"

    def _initialize(self) -> None:
        self.looked += 1

    def query_hostapis(self, index: int) -> dict[str, Any]:
        return {"default_input_device": 2, "devices": list(range(len(self.devices)))}

    def query_devices(self, index: int | None = None) -> Any:
        return self.devices if index is None else self.devices[index]

    def InputStream(self, **wishes: Any) -> FakeStream:
        if self.busy:
            raise self.PortAudioError("Device unavailable [PaErrorCode -9985]")
        self.streams.append(FakeStream(**wishes))
        return self.streams[-1]


class FakeStream:
    def __init__(self, *, device: int, channels: int, samplerate: int, blocksize: int, callback: Any, **_: Any) -> None:
        self.device, self.channels, self.rate, self.size = device, channels, samplerate, blocksize
        self.open = False
        self._callback: Callable[..., None] = callback

    def start(self) -> None:
        self.open = True

    def close(self, ignore_errors: bool = True) -> None:
        self.open = False

    def hear(self, latency: float) -> None:
        data = np.full((self.size, self.channels), 0.25, np.float32)
        moment = types.SimpleNamespace(currentTime=100.0, inputBufferAdcTime=100.0 - latency)
        self._callback(data, self.size, moment, None)
        data[:] = 9  # the library uses its memory again


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> FakeLibrary:
    made = FakeLibrary()
    monkeypatch.setitem(sys.modules, "sounddevice", made)
    return made


def test_names_are_of_inputs_only_once_each_and_the_systems_choice_first(library: FakeLibrary) -> None:
    assert microphone_names() == ["Mischpult ü", "Webcam"]


def test_what_was_plugged_in_since_is_found_but_not_while_one_is_open(library: FakeLibrary) -> None:
    microphone_names()
    assert library.looked == 1
    with open_microphone("Webcam"):
        looked = library.looked
        microphone_names()
        assert library.looked == looked
    microphone_names()
    assert library.looked == looked + 1


def test_blocks_come_with_the_time_at_which_they_were_taken(library: FakeLibrary) -> None:
    with open_microphone("Mischpult ü") as microphone:
        assert (microphone.name, microphone.channels) == ("Mischpult ü", 2)
        (stream,) = library.streams
        for latency, expected in ((0.1, 0.1), (0.0, 0.02), (50.0, 0.02)):
            stream.hear(latency)
            now = time.monotonic()
            block = microphone.read()
            assert block is not None
            assert block.samples.shape == (882, 2) and block.rate == 44_100
            assert block.seconds == pytest.approx(0.02)
            assert (block.samples == 0.25).all() and block.peak == 0.25
            assert now - block.taken_at == pytest.approx(expected, abs=0.05)
    assert not stream.open


def test_one_that_stops_delivering_is_lost(library: FakeLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(microphones, "SILENT_SECONDS", 0.02)
    monkeypatch.setattr(microphones, "FIRST_SECONDS", 0.05)
    with open_microphone("Webcam") as microphone:
        with pytest.raises(SourceLostError, match="Webcam stopped delivering"):
            microphone.read()
        library.streams[-1].hear(0.1)
        assert microphone.read() is not None
        with pytest.raises(SourceLostError, match="Webcam stopped delivering"):
            microphone.read()


def test_closing_wakes_whoever_waits_for_a_block(library: FakeLibrary) -> None:
    microphone = open_microphone("Webcam")
    read: list[object] = []
    reader = threading.Thread(target=lambda: read.append(microphone.read()))
    reader.start()
    microphone.close()
    microphone.close()
    reader.join(4)
    assert read == [None] and microphone.read() is None


def test_one_that_is_not_there_or_in_use_is_named(library: FakeLibrary) -> None:
    with pytest.raises(SourceNotFoundError, match="Headset is not plugged in"):
        open_microphone("Headset")
    library.busy = True
    with pytest.raises(SourceLostError, match=r"Webcam cannot be opened \(Device unavailable"):
        open_microphone("Webcam")
    library.busy = False
    with open_microphone("Webcam") as microphone:
        assert microphone.channels == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError("PortAudio library not found"), "libportaudio2"),
        (ImportError("No module named sounddevice"), "libportaudio2"),
        (RuntimeError("Error initializing PortAudio: Unanticipated host error"), "Unanticipated host error"),
    ],
)
def test_a_sound_library_that_is_missing_or_broken_is_one_line(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *others: Any) -> Any:
        if name == "sounddevice":
            raise error
        return real(name, *others)

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    for call in (microphone_names, lambda: open_microphone("Webcam")):
        with pytest.raises(SourceNotFoundError, match="without sound") as caught:
            call()
        assert said in str(caught.value) and "\n" not in str(caught.value)
