r"""Step ``run``: everything from pictures to a model with its card.

    python -m train run --data fairface-train.zip --exclude fairface-val.zip lfw-dev.zip \
        --mask-boxes mask-boxes-dev.zip --mask-templates mask-templates.zip \
        --run runs/gender --output models/gender.tflite
    python -m train evaluate --data fairface-val.zip --model models/gender.tflite --report runs/gender/reports/fairface

What the run above must reach, figures from models/README.md (int8, the file that is shipped):

    FairFace's validation split, 4,998 faces   91.5 % right (95 % interval 90.7 to 92.2)
      women and men                            91.1 and 91.8 %
      labelled at the unsure threshold         91.8 %, of these 94.7 % right
      calibration error, 15 bins               0.018
    LFW, 2,923 faces                           96.2 % right
    mask or not, 2,816 pictures                96.4 % right
    masks of kinds never trained on            86.3 % of 1,500 faces right, bare 91.2 %

On two cores the teacher takes two hours and the student an hour and a half. Each epoch prints the development accuracy:
the teacher's end is 91.6 % on the validation split, and a student cannot do much better than its teacher.

``--tiny`` is the same pipeline on generated pictures of three classes, in about two minutes: to see that it works, not
to get a model. Every step keeps what it finished; the same command goes on where it was stopped, and a run folder with
other data or another seed is refused (``train.provenance``).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from train.pipeline.step_1_prepare import prepare
from train.pipeline.step_2_teacher import train_teacher
from train.pipeline.step_3_label import label_faces
from train.pipeline.step_4_student import train_student
from train.pipeline.step_5_export import export
from train.run_folder import RunFolder
from train.tiny import make_pictures, tiny_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--tiny`` and ``--output``."""
    parser.add_argument("--tiny", action="store_true", help="generated pictures and networks that learn in a minute")
    parser.add_argument("--output", type=Path, help="the .tflite file to write (default: in the run folder)")


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text."""
    run = RunFolder(arguments.run)
    if arguments.tiny:
        run.start(tiny_settings(make_pictures(run.path / "pictures")))
    settings = run.settings()
    output = arguments.output or run.path / f"{settings.name}.tflite"
    prepare(run, settings)
    if settings.start_model is None:
        train_teacher(run, settings)
    label_faces(run, settings)
    train_student(run, settings)
    print(json.dumps(export(run, settings, output), indent=2))
    print(f"run: the model is in {output}, its card in {output.with_suffix('.json')}")
    return 0
