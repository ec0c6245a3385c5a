"""The log file, and its last lines for a bug report. It is best effort: without it, everything else works."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from PyQt5.QtCore import QMessageLogContext, QStandardPaths, QtMsgType, qInstallMessageHandler

from webcam_app.window.settings.folders import HOME_VARIABLE

LOGGER = "webcam_app"
FILE_NAME = "webcam-app.log"
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# A day of trouble fits; together less than one photograph.
MAX_BYTES, OLD_FILES = 256 * 1024, 2
LAST_LINES = 60
QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Log:
    """Keeps the log file and, in memory, the last lines of this run with what in them is nobody else's business."""

    def __init__(self) -> None:
        self.path = log_path()
        self._logger = logging.getLogger(LOGGER)
        self.recent = RecentLines()
        self._handlers: list[logging.Handler] = [self.recent]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._handlers.append(
                logging.handlers.RotatingFileHandler(
                    self.path, maxBytes=MAX_BYTES, backupCount=OLD_FILES, encoding="utf-8", errors="backslashreplace"
                )
            )
        except OSError as error:
            self._logger.info("no log file: %s", error)
        for handler in self._handlers:
            handler.setFormatter(logging.Formatter(FORMAT))
            self._logger.addHandler(handler)
        self._level = self._logger.level
        self._logger.setLevel(logging.INFO)
        # A full disk must not print a trace for every line.
        self._raise = logging.raiseExceptions
        logging.raiseExceptions = False
        self._qt = qInstallMessageHandler(self._on_qt_message)

    def close(self) -> None:
        """Write nothing any more."""
        qInstallMessageHandler(self._qt)
        logging.raiseExceptions = self._raise
        self._logger.setLevel(self._level)
        for handler in self._handlers:
            self._logger.removeHandler(handler)
            handler.close()

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, text: str | None) -> None:
        """Qt says something: it goes on to standard error, as it does without a log."""
        logging.getLogger(f"{LOGGER}.qt").log(QT_LEVELS.get(kind, logging.WARNING), "%s", text)
        if self._qt is not None:
            self._qt(kind, context, text)
        elif sys.stderr is not None:
            print(text, file=sys.stderr, flush=True)


class RecentLines(logging.Handler):
    """Keeps the last lines.

    Attributes:
        lines: the newest last.
        private: what records named as such with ``extra=private(...)``: names of files, addresses, cameras.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[str] = deque(maxlen=LAST_LINES)
        self.private: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record."""
        self.private.update(getattr(record, "private", ()))
        self.lines.append(self.format(record))


def recent() -> RecentLines:
    """The last lines of this run; none where no log is kept."""
    handlers = logging.getLogger(LOGGER).handlers
    return next((handler for handler in handlers if isinstance(handler, RecentLines)), RecentLines())


def private(*names: str) -> dict[str, Iterable[str]]:
    """For the ``extra`` of a record: what a bug report must not repeat, here or in any other line."""
    return {"private": names}


def log_path() -> Path:
    """Where the log file is, or would be: the platform's place for what a program notes about its own state."""
    own = os.environ.get(HOME_VARIABLE, "").strip()
    if own:
        return Path(own).expanduser().absolute() / FILE_NAME
    if sys.platform in ("win32", "darwin"):
        local = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
        return Path(local) / "webcam-app" / FILE_NAME
    state = os.environ.get("XDG_STATE_HOME", "")
    folder = Path(state) if Path(state).is_absolute() else Path.home() / ".local" / "state"
    return folder / "webcam-app" / FILE_NAME
