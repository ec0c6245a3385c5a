"""What a run reports while it works, for programs: ``python -m train run --progress`` prints it as JSON lines.

Each line is an object with

- ``step``: ``prepare``, ``teacher``, ``label``, ``student``, ``student_tuned`` or ``export``;
- ``done`` and ``of``: how much of the step is done, in its own units (pictures or training steps);
- ``seconds_left``: of the whole run, an estimate; null where it is not known;
- ``metrics``: figures that are new, such as ``loss`` and ``development_accuracy``; often empty.

The last line has ``step`` ``export`` and ``done`` equal to ``of``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import TextIO

# Lines of a step are at least so far apart, but for its last and those with metrics.
INTERVAL_SECONDS = 1.0


class Progress:
    """Prints the lines; without a stream it prints nothing."""

    def __init__(self, stream: TextIO | None = None, planned: Mapping[str, float] | None = None) -> None:
        """Begin.

        Args:
            stream: where the lines go.
            planned: seconds that each step is expected to take, in order.
        """
        self._stream = stream
        self._planned = dict(planned or {})
        self._step = ""
        self._started = self._printed = 0.0
        self._first = 0

    def report(self, step: str, done: int, of: int, metrics: Mapping[str, float] | None = None) -> None:
        """Tell how far a step is.

        Args:
            step: its name.
            done: how much of it is done.
            of: how much there is.
            metrics: figures that are new.
        """
        if self._stream is None:
            return
        now = time.monotonic()
        if step != self._step:
            self._step, self._started, self._printed, self._first = step, now, 0.0, done
        if metrics is None and done < of and now - self._printed < INTERVAL_SECONDS:
            return
        self._printed = now
        line = {
            "step": step,
            "done": done,
            "of": of,
            "seconds_left": self._seconds_left(now - self._started, done, of),
            "metrics": {name: round(value, 4) for name, value in (metrics or {}).items()},
        }
        print(json.dumps(line), file=self._stream, flush=True)

    def _seconds_left(self, elapsed: float, done: int, of: int) -> float | None:
        names = list(self._planned)
        # The student of the given labels takes the place of the student.
        name = self._step.replace("student_hard", "student")
        if name not in names:
            return None
        fresh = done - self._first
        pace = elapsed / fresh if fresh > 0 else self._planned[name] / max(1, of)
        return round(pace * (of - done) + sum(self._planned[each] for each in names[names.index(name) + 1 :]), 1)


_current = Progress()


def use_progress(progress: Progress) -> None:
    """Let this process's steps report there."""
    global _current
    _current = progress


def report(step: str, done: int, of: int, metrics: Mapping[str, float] | None = None) -> None:
    """See ``Progress.report``."""
    _current.report(step, done, of, metrics)
