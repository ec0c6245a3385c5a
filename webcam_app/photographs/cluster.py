"""Photographs labelled by the workers of a Dask cluster, with the same rows as on this machine."""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import queue
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from webcam_app.capture.pictures import open_picture
from webcam_app.capture.text import printable
from webcam_app.errors import ClusterError, PictureError, WebcamAppError, first_line
from webcam_app.faces.labelling.card import ModelCard, load_card
from webcam_app.output.pictures import write_encoded
from webcam_app.photographs.cluster_worker import difference, installed, look
from webcam_app.photographs.looking import LookerSpec
from webcam_app.photographs.order import Order
from webcam_app.photographs.results import Cluster, Looked, Photograph
from webcam_app.photographs.run import PhotographRun
from webcam_app.resources import MODEL_VARIABLE, model_path

INSTALL = "pip install 'webcam-app[cluster]'"
CONNECT_SECONDS = 10.0
# For workers of a cluster that has just been started.
WORKER_SECONDS = 10.0
# Batches that are with the cluster for each of its threads: one that is worked on and some on their way.
TASKS_PER_THREAD = 3
# A batch has so many photographs, or of large ones as many as have so many bytes: Dask takes about 7 ms for a batch on
# three machines, a worker as much for a small photograph.
BATCH = 8
BATCH_BYTES = 1 << 20
# Results that wait for one before them are small.
AHEAD = 4096
# Of pictures that are sent, so much is on its way at a time: it lies in this machine's memory and the scheduler's.
SENT_BYTES = 128 << 20
# Workers come and go: how often is looked how many threads there are.
COUNT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class _Item:
    """A photograph with its number, its file's size, and what the file holds where that is sent."""

    number: int
    photograph: Photograph
    size: int
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Flight:
    """Photographs that are with the cluster; one alone is a suspect, if a worker died with it before."""

    batch: list[_Item]
    suspect: bool


class ClusterRun(PhotographRun):
    """A worker that dies, or is killed, costs time only: its photographs are done by another one.

    Photographs go in batches. Those of a batch with which several workers died (the scheduler's ``allowed-failures``, 3
    unless it is set otherwise, and one more) are done one at a time, so that none is blamed for another; the one with
    which as many die again is given up, with that as its error. Where all workers are gone, it waits for new ones.
    """

    def __init__(self, photographs: Iterable[Photograph], spec: LookerSpec, cluster: Cluster) -> None:
        """Connect, and compare what is installed.

        Args:
            photographs: taken one by one as they are needed.
            spec: what the workers look with.
            cluster: where they are.

        Raises:
            ClusterError: Dask is not installed, no scheduler or worker answers, or workers have not the same version,
                libraries and model as this machine.
        """
        self._cluster = cluster
        model = spec.model or (model_path() if os.environ.get(MODEL_VARIABLE) else None)
        self._spec = replace(spec, model=None if model is None else model.absolute())
        self._named = None if model is None else str(model.absolute())
        self._ours = installed(self._named)
        self._order = Order(photographs, AHEAD)
        self._flying: dict[Any, _Flight] = {}
        self._suspects: deque[_Item] = deque()
        self._suspect_flies = False
        self._landed: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._cancelled = False
        self._sent = self._threads = 0
        self._counted_at = -COUNT_SECONDS
        self._client = _connect(cluster.address)
        try:
            self._compare()
        except BaseException:
            self.close()
            raise

    @property
    def card(self) -> ModelCard | None:
        """The network's card."""
        return load_card(self._spec.model or model_path())

    def __iter__(self) -> Iterator[Looked]:
        try:
            while not self._order.finished and not self._cancelled:
                self._hand_out()
                yield from self._order.results()
                if self._flying:
                    self._receive()
            yield from self._order.results()
        finally:
            self.close()

    def cancel(self) -> None:
        """Let the iteration end after the photographs that are done. May be called from any thread."""
        self._landed.put(None)

    def close(self) -> None:
        """Take back what has not been done, and leave the cluster."""
        self._cancelled = True
        self._flying.clear()
        with contextlib.suppress(Exception):  # the scheduler may be gone
            self._client.close(timeout=CONNECT_SECONDS)

    def _hand_out(self) -> None:
        self._count_threads()
        if self._suspects and not self._suspect_flies:
            self._submit([self._suspects.popleft()], suspect=True)
        while len(self._flying) < TASKS_PER_THREAD * max(1, self._threads) and self._sent < SENT_BYTES:
            batch = self._next_batch()
            if not batch:
                return
            self._submit(batch)

    def _next_batch(self) -> list[_Item]:
        batch: list[_Item] = []
        while len(batch) < BATCH and sum(item.size for item in batch) < BATCH_BYTES:
            entry = self._order.next()
            if entry is None:
                break
            number, photograph = entry
            try:
                batch.append(self._prepare(number, photograph))
            except (PictureError, OSError, MemoryError) as error:
                self._order.put(number, Looked(photograph.path, error=first_line(error)))
        return batch

    def _prepare(self, number: int, photograph: Photograph) -> _Item:
        """What is sent of a photograph. Raises PictureError and OSError where it is to be sent and cannot be read."""
        if self._cluster.send:
            with open_picture(photograph.path) as file:
                content = file.read()
            return _Item(number, photograph, len(content), content)
        try:
            size = photograph.path.stat().st_size
        except (OSError, ValueError):
            size = 0  # the worker will say what is wrong
        return _Item(number, photograph, size)

    def _submit(self, batch: list[_Item], *, suspect: bool = False) -> None:
        # The absolute path is made without resolving links: they may lead elsewhere on the workers' machines.
        tasks = [
            (replace(item.photograph, place=Path(os.path.abspath(item.photograph.path))), item.content)  # noqa: PTH100
            for item in batch
        ]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that pictures are large
            priority = -batch[0].number
            future = self._client.submit(look, self._spec, self._ours, tasks, pure=False, priority=priority)
        self._flying[future.key] = _Flight(batch, suspect)
        self._suspect_flies |= suspect
        self._sent += sum(len(item.content or b"") for item in batch)
        future.add_done_callback(self._landed.put)

    def _receive(self) -> None:
        future = self._landed.get()
        if future is None:
            self._cancelled = True
            return
        flight = self._flying.pop(future.key, None)
        if flight is None:
            return
        if flight.suspect:
            self._suspect_flies = False
        self._sent -= sum(len(item.content or b"") for item in flight.batch)
        for item, looked in zip(flight.batch, self._results(future, flight), strict=False):
            copy = item.photograph.copy
            if looked.copy is not None and copy is not None:
                write_encoded(copy, looked.copy, overwrite=self._spec.overwrite)
                looked = replace(looked, copy=None)
            self._order.put(item.number, looked)

    def _results(self, future: Any, flight: _Flight) -> list[Looked]:
        """A batch's results; none where its photographs are to be done again, one by one."""
        from distributed import KilledWorker

        try:
            if future.status == "cancelled":
                raise ClusterError(
                    f"the scheduler '{self._cluster.address}' is gone: start it, and go on with --resume"
                )
            looked: list[Looked] = future.result()
            return looked
        except KilledWorker as error:
            if not flight.suspect:
                self._suspects.extend(flight.batch)
                return []
            path, times = flight.batch[0].photograph.path, error.allowed_failures + 1
            return [
                Looked(
                    path,
                    error=f"{printable(path)} ended the worker that read it, {times} times: it is damaged, or there is "
                    "too little memory for it.",
                )
            ]
        except WebcamAppError:
            raise
        except Exception as error:
            raise ClusterError(f"the cluster failed: {first_line(error)} ({type(error).__name__})") from error

    def _count_threads(self) -> None:
        now = time.monotonic()
        if now - self._counted_at > COUNT_SECONDS:
            self._counted_at = now
            with contextlib.suppress(
                Exception
            ):  # it reconnects by itself; a scheduler that is gone is told by the futures
                self._threads = sum(self._client.nthreads().values())

    def _compare(self) -> None:
        """Raise where a worker has something else installed, or there is none."""
        try:
            self._client.wait_for_workers(1, timeout=WORKER_SECONDS)
        except Exception:
            raise ClusterError(
                f"the cluster at '{self._cluster.address}' has no workers: start some with 'dask worker "
                f"{self._cluster.address}'"
            ) from None
        answers = self._client.run(_probe(), self._named, on_error="return")
        for worker, theirs in sorted(answers.items()):
            if isinstance(theirs, ImportError):
                raise ClusterError(
                    f"worker '{worker}' has no webcam-app: install version {self._ours['webcam-app']} there"
                )
            if isinstance(theirs, OSError) and not isinstance(theirs, FileNotFoundError):
                continue  # it has just ended
            if isinstance(theirs, BaseException):
                raise ClusterError(f"worker '{worker}' cannot label: {first_line(theirs)}")
            other = difference(self._ours, theirs)
            if other:
                raise ClusterError(f"worker '{worker}' has {other}: install the same on all machines")


def _connect(address: str) -> Any:
    """A client of the scheduler at an address. Dask has no types."""
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise ClusterError(f"what --cluster needs is not installed: {INSTALL}") from None
    # What goes wrong is said in one line here, not in paragraphs there.
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False, name="webcam-app")
    except Exception as error:
        raise ClusterError(
            f"no scheduler answers at '{printable(address)}' ({first_line(error)}): start one with 'dask scheduler', "
            "and name the address that it shows"
        ) from None


def _probe() -> Callable[[str | None], Any]:
    """What is run on each worker. Made in a function, it is sent as code: there may be no webcam-app on a worker."""

    def probe(model: str | None) -> Any:
        try:
            from webcam_app.photographs.cluster_worker import installed
        except ImportError as error:
            return ImportError(str(error))
        return installed(model)

    return probe
