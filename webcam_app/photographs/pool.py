"""Photographs labelled by several processes of this machine.

Processes, not threads: the TFLite runtime holds Python's lock while a network runs, so that two threads did 500
pictures of 0.1 megapixels in 0.7 to 1.0 times the time of one, two processes in 0.5 to 0.6 times. A process that a
picture kills, by a decoder's fault or for want of memory, is replaced.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, cast

from webcam_app.capture.text import printable
from webcam_app.errors import WebcamAppError
from webcam_app.faces.labelling.card import ModelCard
from webcam_app.photographs.looking import LookerSpec
from webcam_app.photographs.order import Order
from webcam_app.photographs.results import Looked, Photograph
from webcam_app.photographs.run import PhotographRun
from webcam_app.photographs.worker import GO, Answer, Failed, Large, Ready, Task, work

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

# A second photograph waits in a process's pipe, so that none is idle while this one writes rows.
TASKS_PER_WORKER = 2
# Results are small: a hundred pictures go on meanwhile one takes a hundred times as long as the others.
AHEAD_PER_WORKER = 128
# How often a photograph is tried that ends the process which works on it: once may be another program's hunger for
# memory, or the person's kill.
MOST_TRIES = 3
# Processes that end before they are ready, in a row: then the fault is no photograph's.
MOST_FALSE_STARTS = 3
END_SECONDS = 2.0
# Pixels of large pictures that are decoded at a time; a larger one is decoded alone.
LARGE_PIXELS_AT_ONCE = 50_000_000


class _Worker:
    """A process, its pipe, and the tasks that it was given and has not answered, the one that it works on first."""

    def __init__(self, spec: LookerSpec) -> None:
        # Started afresh, as on every system: a copy of this process would have its threads' locks, and Qt's.
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.tasks: deque[Task] = deque()
        self.ready = False
        self.large_wanted = self.large = 0  # pixels for which it waits, and which it may decode
        self.process = context.Process(target=work, args=(theirs, spec), name="photographs", daemon=True)
        self.process.start()
        theirs.close()

    def give(self, task: Task) -> None:
        self.tasks.append(task)
        self.send(task)

    def send(self, message: Any) -> None:
        with contextlib.suppress(OSError):  # it has ended: its pipe will tell
            self.connection.send(message)

    def end(self) -> None:
        self.connection.close()
        self.process.terminate()

    def wait(self) -> None:
        self.process.join(END_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


class PoolRun(PhotographRun):
    """Starts its processes at once; they end with it, also if this process is killed."""

    def __init__(self, photographs: Iterable[Photograph], spec: LookerSpec, jobs: int) -> None:
        """Start the processes.

        Args:
            photographs: taken one by one as they are needed.
            spec: what the processes look with.
            jobs: how many.
        """
        self._spec = spec
        self._order = Order(photographs, AHEAD_PER_WORKER * jobs)
        self._tries: Counter[int] = Counter()
        self._false_starts = 0
        self._card: ModelCard | None = None
        self._cancelled = False
        self._woken, self._wake = multiprocessing.Pipe(duplex=False)
        self._workers: list[_Worker] = []
        try:
            for _ in range(jobs):
                self._workers.append(_Worker(spec))
        except OSError as error:
            self.close()
            raise WebcamAppError(f"processes cannot be started ({error.strerror}): lower --jobs") from None

    @property
    def card(self) -> ModelCard | None:
        """The network's card, None where there is no network; waits until a process has loaded it."""
        while not any(worker.ready for worker in self._workers) and not self._cancelled:
            self._receive()
        return self._card

    def __iter__(self) -> Iterator[Looked]:
        try:
            while not self._order.finished and not self._cancelled:
                self._hand_out()
                yield from self._order.results()
                if any(worker.tasks for worker in self._workers):
                    self._receive()
            yield from self._order.results()
        finally:
            self.close()

    def cancel(self) -> None:
        """Let the iteration end after the photographs that are done. May be called from any thread."""
        with contextlib.suppress(OSError):
            self._wake.send_bytes(b"stop")

    def close(self) -> None:
        """End the processes."""
        self._cancelled = True
        for worker in self._workers:
            worker.end()
        for worker in self._workers:
            worker.wait()
        self._workers.clear()
        self._woken.close()
        self._wake.close()

    def _hand_out(self) -> None:
        for depth in range(1, TASKS_PER_WORKER + 1):  # everyone gets a first one before anyone gets a second
            for worker in self._workers:
                while len(worker.tasks) < depth:
                    entry = self._order.next()
                    if entry is None:
                        return
                    worker.give(Task(*entry))

    def _receive(self) -> None:
        """Wait until a process says something or ends, or until ``cancel``."""
        by_connection = {worker.connection: worker for worker in self._workers}
        for connection in wait([*by_connection, self._woken]):
            if connection is self._woken:
                self._cancelled = True
                return
            worker = by_connection[cast("Connection", connection)]
            try:
                message = worker.connection.recv()
            except (EOFError, OSError):
                self._replace(worker)
            else:
                self._take(worker, message)

    def _take(self, worker: _Worker, message: Any) -> None:
        if isinstance(message, Failed):
            raise message.error
        if isinstance(message, Ready):
            worker.ready, self._card, self._false_starts = True, message.card, 0
        elif isinstance(message, Large):
            worker.large_wanted = message.pixels
            self._admit()
        elif isinstance(message, Answer):
            worker.tasks.popleft()
            worker.large = 0
            self._admit()
            self._tries.pop(message.number, None)
            self._order.put(message.number, message.looked)

    def _admit(self) -> None:
        """Let large pictures be decoded, as many as fit."""
        for worker in self._workers:
            decoding = sum(each.large for each in self._workers)
            if worker.large_wanted and (decoding == 0 or decoding + worker.large_wanted <= LARGE_PIXELS_AT_ONCE):
                worker.large, worker.large_wanted = worker.large_wanted, 0
                worker.send(GO)

    def _replace(self, worker: _Worker) -> None:
        """Start another process for one that has ended, and let its photographs be done again."""
        self._workers.remove(worker)
        worker.end()
        worker.wait()
        if not worker.ready:
            self._false_starts += 1
            if self._false_starts >= MOST_FALSE_STARTS:
                raise WebcamAppError("the processes that label end as soon as they begin: is there memory for --jobs?")
        for task in reversed(worker.tasks):
            first = task is worker.tasks[0]
            self._tries[task.number] += first and worker.ready
            if self._tries[task.number] < MOST_TRIES:
                self._order.again(task.number, task.photograph)
            else:
                del self._tries[task.number]
                self._order.put(task.number, Looked(task.photograph.path, error=_fatal(task.photograph)))
        self._workers.append(_Worker(self._spec))
        self._admit()


def _fatal(photograph: Photograph) -> str:
    return (
        f"{printable(photograph.path)} ended the process that read it, {MOST_TRIES} times: it is damaged, or there is "
        "too little memory for it."
    )
