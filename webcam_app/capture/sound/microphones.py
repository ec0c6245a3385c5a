"""Microphones by their names, through PortAudio (``sounddevice``)."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from typing import Any

import numpy as np

from webcam_app.capture.sound.source import SoundBlock, SoundSource
from webcam_app.capture.text import printable
from webcam_app.errors import SourceLostError, SourceNotFoundError, first_line

# Short enough for a level that follows a voice, long enough to cost nothing.
BLOCK_SECONDS = 0.02
# More than this waits only where nobody reads: the oldest is dropped.
MAX_WAITING_BLOCKS = 250
# A device that is there gives a block every 20 ms. PortAudio tells of one that is gone late or never.
SILENT_SECONDS = 1.5
# Until the first one, a wireless one may take as long.
FIRST_SECONDS = 5.0
# What PortAudio says of when a sample was taken is believed up to here; some systems give zeros.
MAX_LATENCY_SECONDS = 1.0

NO_LIBRARY = (
    "Sound needs PortAudio, which is not installed. On Debian or Ubuntu: sudo apt-get install libportaudio2. "
    "The picture is recorded without sound."
)

NO_SYSTEM = "The system's sound does not work. The picture is recorded without sound"

# PortAudio's list of devices is one for the process, and is made anew only while no stream is open.
_lock = threading.Lock()
_open_streams = 0


def microphone_names() -> list[str]:
    """Names of the microphones that are plugged in, the system's own choice first; empty where there is none.

    Raises:
        SourceNotFoundError: the library that knows them is missing.
    """
    return [name for name, _ in _devices()]


def open_microphone(name: str) -> SoundSource:
    """Open the microphone with that name, wherever it is plugged in now.

    Raises:
        SourceNotFoundError: there is none of that name, or the library is missing.
        SourceLostError: it is there and cannot be opened: in use, or not permitted.
    """
    for known, index in _devices():
        if known == name:
            return _Microphone(name, index)
    raise SourceNotFoundError(f"The microphone {printable(name)} is not plugged in. Plug it in, or choose another.")


def _library() -> Any:
    try:
        import sounddevice
    except (ImportError, OSError):  # OSError: the package is there, the library that it loads is not
        raise SourceNotFoundError(NO_LIBRARY) from None
    except Exception as error:  # its own, which it tells before it can be named: the sound system does not answer
        raise SourceNotFoundError(f"{NO_SYSTEM} ({first_line(error)}).") from None
    return sounddevice


def _devices() -> list[tuple[str, int]]:
    """Names and PortAudio's numbers of the inputs of the system's usual sound system; a name stands once."""
    library = _library()
    with _lock:
        if _open_streams == 0:
            # Otherwise what was plugged in since is not seen.
            with contextlib.suppress(library.PortAudioError):
                library._terminate()
                library._initialize()
        try:
            host = library.query_hostapis(library.default.hostapi)
            devices = library.query_devices()
        except library.PortAudioError:
            return []
    default = host["default_input_device"]
    indices = sorted(host["devices"], key=lambda index: (index != default, index))
    found: dict[str, int] = {}
    for index in indices:
        device = devices[index]
        if device["max_input_channels"] > 0:
            found.setdefault(str(device["name"]), index)
    return list(found.items())


class _Microphone(SoundSource):
    def __init__(self, name: str, index: int) -> None:
        global _open_streams
        library = _library()
        self._name = name
        self._blocks: queue.Queue[SoundBlock | None] = queue.Queue(MAX_WAITING_BLOCKS)
        self._closed = False
        self._heard = False
        try:
            with _lock:
                device = library.query_devices(index)
                self._channels = max(1, min(2, int(device["max_input_channels"])))
                self._rate = round(device["default_samplerate"])
                self._stream = library.InputStream(
                    device=index,
                    channels=self._channels,
                    samplerate=self._rate,
                    blocksize=round(self._rate * BLOCK_SECONDS),
                    dtype="float32",
                    callback=self._on_block,
                )
                self._stream.start()
                _open_streams += 1
        except (library.PortAudioError, ValueError) as error:
            raise SourceLostError(
                f"The microphone {printable(name)} cannot be opened ({first_line(error)}). Is another program using it?"
            ) from None

    @property
    def name(self) -> str:
        return self._name

    @property
    def channels(self) -> int:
        return self._channels

    def read(self) -> SoundBlock | None:
        if self._closed:
            return None
        try:
            block = self._blocks.get(timeout=SILENT_SECONDS if self._heard else FIRST_SECONDS)
            self._heard = True
            return block
        except queue.Empty:
            raise SourceLostError(f"The microphone {printable(self._name)} stopped delivering sound.") from None

    def close(self) -> None:
        global _open_streams
        with _lock:
            if self._closed:
                return
            self._closed = True
            with contextlib.suppress(_library().PortAudioError):
                self._stream.close(ignore_errors=True)
            _open_streams -= 1
        self._put(None)

    def _on_block(self, data: Any, count: int, moment: Any, status: Any) -> None:
        """PortAudio has a block: in a thread of its own that must not wait."""
        now = time.monotonic()
        latency = moment.currentTime - moment.inputBufferAdcTime
        if not 0 < latency < MAX_LATENCY_SECONDS:
            latency = count / self._rate
        self._put(SoundBlock(np.array(data, np.float32), self._rate, now - latency))

    def _put(self, block: SoundBlock | None) -> None:
        with contextlib.suppress(queue.Full):
            self._blocks.put_nowait(block)
