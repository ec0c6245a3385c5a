r"""Step ``run``: everything from pictures to a model with its card.

    python -m train run --settings train/gender.json --data fairface-train.zip --exclude fairface-val.zip lfw-dev.zip \
        --mask-boxes mask-boxes-dev.zip --mask-templates mask-templates.zip --start-model models/gender.tflite \
        --face-weights mobilenet_v1_face_folded.npz --run runs/gender --output gender.tflite
    python -m train population --data fairface-train.zip --features gender.tflite
    python -m train evaluate --data fairface-val.zip --model gender.tflite --report runs/gender/reports/fairface

It goes on from the network that is shipped, with labels and hints of a face network; without ``--settings``,
``--start-model`` and ``--face-weights`` an Inception v3 is trained first, and teaches a student that starts from
ImageNet. With ``teacher.beside_start`` in the settings it is trained beside the network that is gone on from: that
one and the face network teach it (labels, hints and age bands), and all three label the faces for the student. What the
shipped network reaches stands in models/README.md.

Smaller sets are fitted (``train.fit``): 800 pictures in four folders start from the shipped network, without ImageNet
weights and without a teacher, and take some minutes:

    python -m train run --data pictures --run runs/mine --output mine.tflite

On two cores the Inception teacher takes two hours and a student an hour and a half. Each epoch prints the development
accuracy.

``--tiny`` is the same pipeline on generated pictures of three classes, in about two minutes: to see that it works, not
to get a model. Every step keeps what it finished; the same command goes on where it was stopped, and a run folder with
other data or another seed is refused (``train.provenance``).

Several GPUs, or several processes on one processor, share each batch, and the student comes out as with one
(``train.processes``); the number may be another one when a stopped run goes on:

    torchrun --nproc-per-node 2 -m -- train run --settings train/gender.json --run runs/gender ...
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from train import processes
from train.errors import TrainError
from train.fit import count_pictures, describe_plan, shown_each_epoch
from train.pipeline.step_1_prepare import prepare
from train.pipeline.step_3_teacher import train_teacher
from train.pipeline.step_4_label import all_labels
from train.pipeline.step_5_student import train_student, tune_student
from train.pipeline.step_6_export import export
from train.progress import Progress, report, use_progress
from train.run_folder import RunFolder
from train.settings import Settings
from train.speed import planned_seconds
from train.tiny import make_pictures, tiny_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--tiny``, ``--output`` and ``--progress``."""
    parser.add_argument("--tiny", action="store_true", help="generated pictures and networks that learn in a minute")
    parser.add_argument("--output", type=Path, help="the .tflite file to write (default: in the run folder)")
    parser.add_argument(
        "--progress", action="store_true", help="print JSON lines for programs, and the rest on standard error"
    )


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text."""
    lines = sys.stdout if arguments.progress else None
    with contextlib.redirect_stdout(sys.stderr if arguments.progress else sys.stdout):
        run = RunFolder(arguments.run)
        if arguments.tiny:
            processes.once(lambda: run.start(tiny_settings(make_pictures(run.path / "pictures"))))
        settings = run.settings()
        output = arguments.output or run.path / f"{settings.name}.tflite"
        if output.suffix != ".tflite":
            raise TrainError(f"'{output}' is no name for a network: let it end with .tflite")
        use_progress(Progress(lines, processes.once(_announce, settings, processes.share().of)))
        try:
            _run(run, settings, output)
        finally:
            use_progress(Progress())
        print(f"run: the model is in {output}, its card in {output.with_suffix('.json')}")
    return 0


def _announce(settings: Settings, count: int) -> Mapping[str, float]:
    """Say what will be done and how long it takes; seconds by step."""
    counts = count_pictures(settings)
    planned = planned_seconds(settings, counts.all + counts.unlabelled, shown_each_epoch(settings, counts))
    for line in describe_plan(settings, counts):
        print(f"run: {line}")
    total, alone = sum(planned.values()), " in one process" if count > 1 else ""
    finish = time.strftime("%H:%M", time.localtime(time.time() + total))
    minutes = max(1, round(total / 60))
    print(
        f"run: about {minutes} minute{'s' * (minutes > 1)}{alone}, until {finish}, by a timing of a few steps on this "
        "machine, if it has nothing else to do; what is done already takes no time",
        flush=True,
    )
    return planned


def _run(run: RunFolder, settings: Settings, output: Path) -> None:
    hard = settings.given_labels_only
    processes.once(prepare, run, settings)
    if settings.has_teacher:
        train_teacher(run, settings)
    if not hard:
        all_labels(run, settings)
        report("label", 1, 1)
    train_student(run, settings, hard=hard)
    tune_student(run, settings, hard=hard)
    processes.once(_export, run, settings, output)


def _export(run: RunFolder, settings: Settings, output: Path) -> None:
    report("export", 0, 1)
    figures = export(run, settings, output, hard=settings.given_labels_only)
    print(json.dumps(figures, indent=2))
    report("export", 1, 1, {name: figures[name] for name in ("accuracy", "coverage", "accuracy_where_sure")})
