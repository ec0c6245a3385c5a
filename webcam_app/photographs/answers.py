"""What was seen in photographs, kept in a file, so that nothing is looked at twice that has not changed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from webcam_app.errors import ModelError
from webcam_app.faces.face import Box, Face
from webcam_app.photographs.cluster_worker import installed
from webcam_app.photographs.looking import LookerSpec
from webcam_app.photographs.results import Looked
from webcam_app.resources import model_path

# About 30 MB; the oldest answers make room.
MOST_ANSWERS = 100_000
# What a kill can cost; a commit for each answer would cost more than looking.
COMMIT_SECONDS = 1.0
# Another window holds the file for some milliseconds.
LOCK_SECONDS = 2.0
_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    model TEXT, path BLOB, changed INTEGER, size INTEGER, answer TEXT, seen INTEGER, PRIMARY KEY (model, path)
) WITHOUT ROWID
"""
_log = logging.getLogger(__name__)


class Stamp(NamedTuple):
    """A file's time of change in nanoseconds, and its size: another file under the same name is looked at anew."""

    changed: int
    size: int


def stamp_of(path: Path) -> Stamp | None:
    """The stamp that a file has now, None where there is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return Stamp(status.st_mtime_ns, status.st_size)


class Answers:
    """A table of answers, all by what was installed when they were given. Best effort: without it all is looked at.

    To be used in one thread, as a context manager. What could not be read is not kept, and neither is where a network
    failed: both may be better the next time.
    """

    def __init__(self, path: Path | None, spec: LookerSpec) -> None:
        """Open it, or begin it.

        Args:
            path: the file; it is made, for this user alone, where there is none. None to keep nothing.
            spec: what photographs are looked at with.
        """
        self._model = "" if path is None else _model(spec)
        self._committed = time.monotonic()
        self._table: sqlite3.Connection | None = None
        if path is None or not self._model:
            return
        try:
            self._table = _open(path)
        except (OSError, sqlite3.Error) as error:
            _log.warning("answers about photographs are not kept: %s", error)

    def find(self, path: Path, stamp: Stamp) -> Looked | None:
        """What was seen in a file that has not changed since; None where that is not known.

        Args:
            path: the photograph, as it is named now.
            stamp: the file's.
        """
        with self._tolerant():
            if self._table is not None:
                found = self._table.execute(
                    "SELECT answer FROM answers WHERE model = ? AND path = ? AND changed = ? AND size = ?",
                    (self._model, _key(path), *stamp),
                ).fetchone()
                return None if found is None else _looked(path, found[0])
        return None

    def keep(self, looked: Looked, stamp: Stamp) -> None:
        """Keep what was seen.

        Args:
            looked: the answer.
            stamp: the file's before it was looked at.
        """
        if looked.error or looked.problem:
            return
        with self._tolerant():
            if self._table is not None:
                row = (self._model, _key(looked.path), *stamp, _text(looked), int(time.time()))
                self._table.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)", row)
                if time.monotonic() - self._committed > COMMIT_SECONDS:
                    self._table.commit()
                    self._committed = time.monotonic()

    def close(self) -> None:
        """Write what is not written yet, and forget the oldest answers where there are too many."""
        with self._tolerant():
            if self._table is not None:
                (count,) = self._table.execute("SELECT count(*) FROM answers").fetchone()
                if count > MOST_ANSWERS:
                    self._table.execute(
                        "DELETE FROM answers WHERE (model, path) IN "
                        "(SELECT model, path FROM answers ORDER BY seen LIMIT ?)",
                        (count - MOST_ANSWERS,),
                    )
                self._table.commit()
        if self._table is not None:
            self._table.close()
            self._table = None

    def __enter__(self) -> Answers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _tolerant(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OverflowError) as error:
            _log.warning("answers about photographs are no longer kept: %s", error)
            table, self._table = self._table, None
            if table is not None:
                with contextlib.suppress(sqlite3.Error):
                    table.close()


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    table = sqlite3.connect(path, timeout=LOCK_SECONDS)
    try:
        table.execute(_TABLE)
        return table
    except sqlite3.DatabaseError as error:
        table.close()
        if isinstance(error, sqlite3.OperationalError):  # locked, read-only, a full disk
            raise
        _log.warning("'%s' is damaged and begun anew: %s", path, error)
        path.unlink()
        table = sqlite3.connect(path, timeout=LOCK_SECONDS)
        table.execute(_TABLE)
        return table


def _model(spec: LookerSpec) -> str:
    """What decides about answers, as one short text; empty where the model cannot be used."""
    try:
        versions = installed(str(spec.model or model_path()))
    except ModelError:
        return ""
    document = json.dumps([versions, spec.analyzer, spec.whole_image], sort_keys=True)
    return hashlib.sha256(document.encode()).hexdigest()[:16]


def _key(path: Path) -> bytes:
    return os.fsencode(os.path.abspath(path))  # noqa: PTH100 - a link is a photograph of its own


def _text(looked: Looked) -> str:
    faces = []
    for face in looked.faces:
        shares = {label: float(share) for label, share in face.probabilities.items()}
        mask = None if face.mask is None else float(face.mask)
        masked = None if face.masked is None else bool(face.masked)
        faces.append([[int(value) for value in face.box], int(face.track), face.label, shares, mask, masked])
    return json.dumps([faces, looked.remark])


def _looked(path: Path, text: str) -> Looked | None:
    try:
        faces, remark = json.loads(text)
        return Looked(path, tuple(_face(*each) for each in faces), remark=remark)
    except (ValueError, TypeError):
        return None


def _face(box: list[int], track: int, label: str | None, shares: dict[str, float], mask: Any, masked: Any) -> Face:
    return Face(Box(*box), track, label, shares, mask, masked)
