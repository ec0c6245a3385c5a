"""The cameras inside the machine, and what can be done to them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

SYSFS = Path("/sys/class/video4linux")
VIVID_DRIVER = Path("/sys/bus/platform/drivers/vivid")
# The machine is about ten times slower than the one it runs on.
TIMEOUT_SECONDS = 30.0


def wait_until(condition: Callable[[], object], what: str, seconds: float = TIMEOUT_SECONDS) -> None:
    """Wait for something that happens outside this process."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.05)


class Vivid:
    """vivid: the kernel's emulated webcam with a moving test pattern, many sizes, and fault injection."""

    name = "vivid"

    @property
    def path(self) -> Path | None:
        """Its capture node at present, which another number may have after unplugging."""
        nodes = [node for node in SYSFS.iterdir() if (node / "name").read_text().strip() == "vivid-000-vid-cap"]
        return Path("/dev") / nodes[0].name if nodes else None

    @property
    def device(self) -> Path:
        """Its capture node, which must be there."""
        path = self.path
        assert path is not None, "vivid is not plugged in"
        return path

    def set_control(self, control: str, value: int) -> None:
        """Set one of the driver's controls, as ``v4l2-ctl -L`` lists them."""
        subprocess.run(["v4l2-ctl", "-d", self.device, "-c", f"{control}={value}"], check=True)

    def disconnect(self) -> None:
        """Break the connection: every call on the device fails from now on, but its node stays."""
        self.set_control("disconnect", 1)

    def unplug(self) -> None:
        """Pull it out: its nodes vanish."""
        (VIVID_DRIVER / "unbind").write_text("vivid.0")
        wait_until(lambda: self.path is None, "vivid is unplugged")

    def plug_in(self) -> None:
        """Plug it in again; it gets another number where the old one is still held open."""
        (VIVID_DRIVER / "bind").write_text("vivid.0")
        wait_until(lambda: self.path is not None and self.path.exists(), "vivid is plugged in")

    def repair(self) -> None:
        """As new."""
        if self.path is not None:
            self.device.chmod(0o600)
            self.unplug()
        self.plug_in()


class LoopCamera:
    """A v4l2loopback device into which ffmpeg writes a clip, over and over, at the clip's own pace."""

    def __init__(self, path: Path, name: str, clip: Path) -> None:
        self.path = path
        self.name = name
        self._clip = clip
        self._feed: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Feed it; from then on it is a camera."""
        command = ["ffmpeg", "-v", "error", "-stream_loop", "-1", "-re", "-i", self._clip, "-c", "copy"]
        self._feed = subprocess.Popen([*command, "-f", "v4l2", self.path], stdin=subprocess.DEVNULL)
        wait_until(self._captures, f"{self.path} can capture")

    def freeze(self) -> None:
        """Hold the feed: the device stays and delivers nothing."""
        assert self._feed is not None
        os.kill(self._feed.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let the feed go on."""
        assert self._feed is not None
        os.kill(self._feed.pid, signal.SIGCONT)

    def stop(self) -> None:
        """End the feed."""
        if self._feed is not None:
            self._feed.kill()
            self._feed.wait()
            self._feed = None

    def wait_until_left(self) -> None:
        """Wait until nothing in this process holds the device: a reader that hung leaves after its window has gone."""
        wait_until(lambda: str(self.path) not in _open_files(), f"{self.path} is left")

    def _captures(self) -> bool:
        assert self._feed is None or self._feed.poll() is None, "ffmpeg ended"
        shown = subprocess.run(["v4l2-ctl", "-d", self.path, "--info"], capture_output=True, text=True).stdout
        return any(line.strip() == "Video Capture" for line in shown.splitlines())


def _open_files() -> set[str]:
    """What this process holds open."""
    names = set()
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            names.add(str(entry.readlink()))
    return names
