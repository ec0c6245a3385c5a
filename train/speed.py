"""How long a run will take where nothing else runs, from a short timing of this machine."""

from __future__ import annotations

import time

import torch
from torch import nn

from train.learning.hints import freeze_through
from train.learning.networks import InceptionV3, MobileNetV2
from train.settings import Settings, StageSettings

# What a second thread adds, about.
THREAD_YIELD = 0.8
TIMED_STEPS = 3
TIMED_BATCH = 16
# Pictures a second on two cores, about: read, searched for a face and cut out; looked at by the teacher.
PREPARED_A_SECOND, LABELLED_A_SECOND = 120.0, 115.0
# About: loading Keras, two conversions, 400 faces for the ranges.
EXPORT_SECONDS = 60.0
# Rounding weights and activations in training against training without, about.
QUANTIZED_FACTOR = 2.0


def planned_seconds(settings: Settings, pictures: int, shown: float = 1.0) -> dict[str, float]:
    """Seconds of each step, in order.

    The networks are timed with pictures of noise; ``PREPARED_A_SECOND`` and the like are constants.

    Args:
        settings: the run's.
        pictures: how many there are.
        shown: how many faces an epoch shows over how many there are to learn from; see ``fit.shown_each_epoch``.
    """
    student, classes = settings.student, 2
    taught = max(1, pictures - settings.prepare.development)
    network = MobileNetV2(
        classes + 1, width=student.width, folded=settings.start_model is not None and not student.renormed
    )
    if student.frozen_through is not None and network.folded:
        freeze_through(network, student.frozen_through)
    seconds = {"prepare": pictures / PREPARED_A_SECOND}
    if not settings.given_labels_only:
        if settings.has_teacher:
            stages = settings.teacher.stages
            learns = max(1, taught - settings.prepare.pool)
            seconds["teacher"] = shown * _seconds(InceptionV3(classes), stages, learns)
        seconds["label"] = 2 * pictures / LABELLED_A_SECOND
    seconds["student"] = shown * _seconds(network, student.stages, taught)
    seconds["student_tuned"] = QUANTIZED_FACTOR * shown * _seconds(network, (student.quantized,), taught)
    return {**seconds, "export": EXPORT_SECONDS}


def _seconds(network: nn.Module, stages: tuple[StageSettings, ...], pictures: int) -> float:
    """Of all epochs; timed at the last stage's size, other sizes by their pixels."""
    size = stages[-1].size
    each = _seconds_a_picture(network, size)
    return sum(stage.epochs * pictures * each * (stage.size / size) ** 2 for stage in stages)


def _seconds_a_picture(network: nn.Module, size: int) -> float:
    images = torch.rand(TIMED_BATCH, 3, size, size).contiguous(memory_format=torch.channels_last)
    network.train()
    threads = torch.get_num_threads()
    timings = []
    # Processor time of one thread: what else runs just now says nothing about the hours to come, and of several threads
    # some would wait for others, which counts as processor time too.
    torch.set_num_threads(1)
    try:
        for _ in range(TIMED_STEPS):
            started = time.process_time()
            network(images).square().mean().backward()
            timings.append(time.process_time() - started)
    finally:
        torch.set_num_threads(threads)
    # The first step makes what the others reuse.
    return min(timings[1:]) / max(1.0, THREAD_YIELD * threads) / TIMED_BATCH
