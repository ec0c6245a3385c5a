"""One window a person: a start hands what it was to open to the window that is there.

Windows are told apart by settings folder, screen and model, so a start for another of these has a window of its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

from PyQt5.QtCore import QLockFile, QObject, QStandardPaths, Qt, QTimer, pyqtSignal, pyqtSlot
from PyQt5.QtNetwork import QLocalServer, QLocalSocket

from webcam_app.resources import model_path
from webcam_app.window.settings.folders import config_folder

# Between two processes of one machine; longer than this, the other does not answer because it hangs.
CONNECT_MS, ANSWER_MS = 500, 2500
# Another start holds the lock while it looks for a window and, if there is none, begins to listen.
LOCK_MS = 2000
MAX_BYTES = 1 << 20
TAKEN = b"taken\n"


class Instance(QObject):
    """Hands things over to the window that is there, or takes them as that window."""

    asked = pyqtSignal(list)
    """Another start hands these over, as ``open_source`` takes them; empty to be brought to the front only."""

    def __init__(self, name: str | None = None, parent: QObject | None = None) -> None:
        """Make it; nothing happens yet.

        Args:
            name: by which windows find each other; None for the person's, on this screen, with this model.
            parent: lives as long as this.
        """
        super().__init__(parent)
        self._name = own_name() if name is None else name
        self._server: QLocalServer | None = None

    def hand_over(self, sources: Sequence[str]) -> bool:
        """Give the window that is there something to open.

        Args:
            sources: as ``open_source`` takes them; paths of this process's folder are made whole.

        Returns:
            Whether it took them. Otherwise there is none, or it hangs, and this process is to open a window; where
            there is none, it listens from now on for those that come later.
        """
        lock = QLockFile(f"{self._name}.lock" if os.sep in self._name else str(_folder() / f"{self._name}.lock"))
        lock.tryLock(LOCK_MS)
        try:
            socket = QLocalSocket()
            socket.connectToServer(self._name)
            if not socket.waitForConnected(CONNECT_MS):
                self._listen()
                return False
        finally:
            lock.unlock()
        deadline = time.monotonic() + ANSWER_MS / 1000
        message = {"sources": [_whole(source) for source in sources], "until": deadline}
        socket.write(json.dumps(message).encode() + b"\n")
        socket.flush()
        answer = b""
        while (left := deadline - time.monotonic()) > 0 and not answer.endswith(b"\n"):
            if not socket.waitForReadyRead(max(1, int(left * 1000))):
                break
            answer += bytes(socket.readAll())
        socket.abort()
        return answer == TAKEN

    def close(self) -> None:
        """Take nothing any more."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _listen(self) -> None:
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._on_connection)
        # What is left of a window that was killed; the lock keeps another start from being mistaken for it.
        QLocalServer.removeServer(self._name)
        if server.listen(self._name):
            self._server = server

    @pyqtSlot()
    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection() if self._server is not None else None
        if socket is not None:
            _Guest(socket, self).said.connect(self.asked)


class _Guest(QObject):
    """Another start that has connected. It is listened to between the signals of its socket, never within one."""

    said = pyqtSignal(list)

    def __init__(self, socket: QLocalSocket, parent: QObject) -> None:
        super().__init__(parent)
        self._socket = socket
        self._heard = False
        socket.setParent(self)
        socket.readyRead.connect(self._listen, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]
        socket.disconnected.connect(self.deleteLater, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]
        # It may have spoken, or gone, before anybody listened.
        QTimer.singleShot(0, self._listen)

    @pyqtSlot()
    def _listen(self) -> None:
        if self._heard:
            return
        if not self._socket.canReadLine():
            gone = self._socket.state() == QLocalSocket.LocalSocketState.UnconnectedState
            if gone or self._socket.bytesAvailable() > MAX_BYTES:
                self._end()
            return
        self._heard = True
        sources = _parse(bytes(self._socket.readLine(MAX_BYTES)))
        if sources is None:
            self._end()
            return
        self._socket.write(TAKEN)
        self._socket.flush()
        self.said.emit(sources)

    def _end(self) -> None:
        self._heard = True
        self._socket.close()
        self.deleteLater()


def own_name() -> str:
    """By which the windows of this person find each other: a path, or a name where the system has none for sockets."""
    parts = (config_folder(), os.environ.get("WAYLAND_DISPLAY"), os.environ.get("DISPLAY"), model_path())
    digest = hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    name = f"webcam-app-{digest}"
    return name if os.name == "nt" else str(_folder() / name)


def _folder() -> Path:
    """Where the person's sockets and locks lie, which others cannot enter."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.RuntimeLocation))


def _whole(source: str) -> str:
    """What was named, so that it means the same in another folder."""
    is_file = "://" not in source and not source.isdecimal() and os.path.lexists(source)
    return str(Path(source).absolute()) if is_file else source


def _parse(line: bytes) -> list[str] | None:
    """What another start hands over; None where it makes no sense, or has given up waiting and opens it itself."""
    try:
        message = json.loads(line)
        sources, until = message["sources"], message["until"]
        whole = isinstance(sources, list) and all(isinstance(source, str) for source in sources)
        return sources if whole and time.monotonic() < float(until) else None
    except (ValueError, TypeError, KeyError):
        return None
