"""Boots the virtual machine of ``machine.sh`` with one pytest inside, and reads the reports of its tests."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("machine.sh")
REPORTS_VARIABLE = "CAMERA_TEST_REPORTS"
CLIP_VARIABLE = "CAMERA_TEST_CLIP"
PROGRAMS = ("qemu-system-x86_64", "busybox", "cpio", "depmod", "apt-get", "make", "gcc", "v4l2-ctl", "ffmpeg")
# Booting takes about 10 s and the tests 2.5 minutes, on a busy computer twice that. A machine that hangs must not take
# the whole of CI's time.
MACHINE_TIMEOUT_SECONDS = 480
CLIP_SIZE = (320, 240)
CLIP_FPS = 10
CLIP_SECONDS = 5


class Unavailable(Exception):
    """The machine cannot be had here; the text says why."""


class Machine:
    """One boot of the machine with one pytest inside."""

    def __init__(self, rootdir: Path, tests: list[str]) -> None:
        self._work = Path(tempfile.mkdtemp(prefix="camera-tests-"))
        reports = self._work / "reports.jsonl"
        reports.touch()
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--basetemp=/run/tmp/pytest", *tests]
        machine = built_machine()
        clip = raw_clip(rootdir / "assets" / "demo.mp4", self._work)
        variables = {"PYTHONDONTWRITEBYTECODE": 1, REPORTS_VARIABLE: reports, CLIP_VARIABLE: clip}
        exports = "".join(f"export {name}={shlex.quote(str(value))}\n" for name, value in variables.items())
        job = f"cd {shlex.quote(str(rootdir))}\n{exports}"
        self._log = (self._work / "log").open("w+b")
        self._process = subprocess.Popen(
            [SCRIPT, "run", machine, job + shlex.join(command)],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._deadline = time.monotonic() + MACHINE_TIMEOUT_SECONDS
        self._reports = reports.open()
        self._line = ""

    def reports_of(self, nodeid: str) -> Iterator[dict[str, Any]]:
        """The reports of one test as they arrive, up to that of its teardown; ends early with the machine."""
        while True:
            running = self._process.poll() is None and time.monotonic() < self._deadline
            self._line += self._reports.readline()
            if self._line.endswith("\n"):
                report = json.loads(self._line)
                self._line = ""
                if report["nodeid"] == nodeid:
                    yield report
                    if report["when"] == "teardown":
                        return
            elif not running:
                return
            else:
                time.sleep(0.1)

    def last_words(self) -> str:
        """The end of what the machine printed."""
        self._log.flush()
        return (self._work / "log").read_text(errors="replace")[-6000:]

    def stop(self) -> None:
        if self._process.poll() is None:
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._reports.close()
        self._log.close()
        shutil.rmtree(self._work, ignore_errors=True)


def raw_clip(source: Path, folder: Path) -> Path:
    """The start of a video as small raw frames: what feeding them costs the slow machine is next to nothing."""
    clip = folder / "clip.nut"
    width, height = CLIP_SIZE
    scale = f"fps={CLIP_FPS},scale={width}:{height}"
    command = ["ffmpeg", "-v", "error", "-t", str(CLIP_SECONDS), "-i", source, "-vf", scale, "-pix_fmt", "yuyv422"]
    subprocess.run([*command, "-c:v", "rawvideo", clip], check=True, stdin=subprocess.DEVNULL)
    return clip


def built_machine() -> Path:
    """The folder with kernel and initramfs, built on first use and after each change of the script."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise Unavailable(f"the machine runs this system's own Python: Linux on x86-64 only, not {platform.platform()}")
    missing = [program for program in PROGRAMS if not _which(program)]
    if missing:
        raise Unavailable(f"not installed: {', '.join(missing)}; as root: .ci/system-packages camera")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "webcam-app" / f"camera-machine-{hashlib.sha256(SCRIPT.read_bytes()).hexdigest()[:12]}"
    if not (folder / "initramfs.gz").exists():
        built = subprocess.run([SCRIPT, "build", folder], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if built.returncode != 0:
            reason = (built.stdout + built.stderr).strip().splitlines()[-1:]
            raise Unavailable(f"machine.sh could not build the machine: {' '.join(reason)}")
    return folder


def _which(program: str) -> str | None:
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
