"""Which way of labelling photographs suits their number."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterable

from webcam_app.photographs.looking import LookerSpec
from webcam_app.photographs.pool import PoolRun
from webcam_app.photographs.results import Cluster, Photograph
from webcam_app.photographs.run import PhotographRun
from webcam_app.photographs.serial import SerialRun

# Processes take 0.3 s to start, as long as one takes for fifty pictures of 0.1 megapixels, or for two of a camera.
MANY_PICTURES = 50
MANY_BYTES = 8_000_000


def cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def label_photographs(
    photographs: Iterable[Photograph],
    spec: LookerSpec | None = None,
    *,
    jobs: int | None = None,
    cluster: Cluster | None = None,
) -> PhotographRun:
    """Label photographs, several at a time.

    Args:
        photographs: any number; taken one by one as they are needed.
        spec: what to look with and for; None for the defaults.
        jobs: how many are worked on at a time, each in a process of its own. None for as many as there are cores, and
            for one where there is little to do. One is worked on in the thread that asks.
        cluster: other machines that work instead of this one.

    Returns:
        The run, to be iterated and closed; its results do not depend on who works.

    Raises:
        WebcamAppError: processes cannot be started, or the cluster cannot be used.
    """
    spec = spec or LookerSpec()
    if cluster is not None:
        from webcam_app.photographs.cluster import ClusterRun

        return ClusterRun(photographs, spec, cluster)
    remaining = iter(photographs)
    first = list(itertools.islice(remaining, MANY_PICTURES if jobs is None else jobs))
    if jobs is None:
        jobs = cores() if len(first) == MANY_PICTURES or _bytes_of(first) >= MANY_BYTES else 1
    everything = itertools.chain(first, remaining)
    jobs = min(jobs, len(first))
    return SerialRun(everything, spec) if jobs < 2 else PoolRun(everything, spec, jobs)


def _bytes_of(photographs: Iterable[Photograph]) -> int:
    total = 0
    for photograph in photographs:
        with contextlib.suppress(OSError):
            total += photograph.path.stat().st_size
    return total
