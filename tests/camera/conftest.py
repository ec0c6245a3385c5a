"""Camera tests run inside a virtual machine with real V4L2 drivers; their results appear here as if they ran here.

The first test boots the machine (``machine.sh``), which runs one pytest over all selected tests and writes each report
to a file; the reports are replayed here one by one. Where the machine cannot be had, the tests are skipped with the
reason.
"""

from __future__ import annotations

import faulthandler
import json
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.camera.devices import LoopCamera, Vivid
from tests.camera.machine import CLIP_VARIABLE, REPORTS_VARIABLE, Machine, Unavailable

if TYPE_CHECKING:
    from tests.camera.watched import Watched

HERE = Path(__file__).parent
TEST_TIMEOUT_SECONDS = 180
INSIDE = REPORTS_VARIABLE in os.environ


@pytest.fixture
def vivid() -> Iterator[Vivid]:
    """The kernel's emulated webcam, plugged in."""
    camera = Vivid()
    yield camera
    camera.repair()


@pytest.fixture
def loop_camera() -> Iterator[LoopCamera]:
    """A webcam that shows the demo clip as long as it is fed; a test starts and stops the feed."""
    camera = LoopCamera(Path("/dev/video10"), "Loop-A", Path(os.environ[CLIP_VARIABLE]))
    yield camera
    camera.stop()
    camera.wait_until_left()


@pytest.fixture
def watched() -> Iterator[Watched]:
    """A live engine with everything that it tells; closed at the end."""
    from tests.camera.watched import Watched

    engine = Watched()
    yield engine
    engine.close()


class Replay:
    """Runs the tests of this folder in the machine and replays their reports."""

    def __init__(self) -> None:
        self._machine: Machine | None = None
        self._unavailable: str | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        if HERE not in item.path.parents:
            return None
        if self._machine is None and self._unavailable is None:
            tests = [test.nodeid for test in item.session.items if HERE in test.path.parents]
            try:
                self._machine = Machine(item.config.rootpath, tests)
            except Unavailable as error:
                self._unavailable = str(error)
        if self._machine is None:
            item.add_marker(pytest.mark.skip(reason=f"no machine with cameras: {self._unavailable}"))
            return None
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        finished = False
        for data in self._machine.reports_of(item.nodeid):
            report = item.config.hook.pytest_report_from_serializable(config=item.config, data=data)
            if isinstance(report.longrepr, list):
                # The reason of a skip: JSON knows no tuple, and pytest insists on one.
                report.longrepr = tuple(report.longrepr)
            item.ihook.pytest_runtest_logreport(report=report)
            finished = finished or report.when == "teardown"
        if not finished:
            words = f"The machine ended before this test was done. It last said:\n{self._machine.last_words()}"
            report = pytest.TestReport(item.nodeid, item.location, {}, "failed", words, "call")
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    def pytest_sessionfinish(self) -> None:
        if self._machine is not None:
            self._machine.stop()


class Report:
    """Inside: writes each report where the outside reads it."""

    def __init__(self, path: Path, config: pytest.Config) -> None:
        self._file = path.open("a")
        self._config = config

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """A test that hangs ends with a traceback of every thread, and the machine with it."""
        faulthandler.dump_traceback_later(TEST_TIMEOUT_SECONDS, exit=True)
        result = yield
        faulthandler.cancel_dump_traceback_later()
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        data = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        self._file.write(json.dumps(data) + "\n")
        self._file.flush()
        # The shared file system keeps writes back until it is told otherwise.
        os.fsync(self._file.fileno())


def pytest_configure(config: pytest.Config) -> None:
    if INSIDE:
        config.pluginmanager.register(Report(Path(os.environ[REPORTS_VARIABLE]), config))
    else:
        config.pluginmanager.register(Replay())
