"""``python -m train STEP``: the pipeline that makes ``models/``."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import sys
from pathlib import Path
from typing import Any

from train import processes
from train.run_folder import RunFolder
from train.settings import Settings, load_settings
from webcam_app.errors import WebcamAppError

# Steps of a run, in order; each needs the one before.
RUN_STEPS = ("prepare", "hints", "teacher", "label", "student", "export", "run")
# Each step's module, with ``add_arguments`` and ``main``, and its summary.
STEPS = {
    "collect": ("train.data.collect", "fetch pictures from a web image search into a folder a class"),
    "sort": ("train.data.sort", "label pictures by hand in a window"),
    "prepare": ("train.pipeline.step_1_prepare", "find, cut out and cache the faces of labelled sets"),
    "hints": ("train.pipeline.step_2_hints", "let a face network look at all faces, for labels and hints"),
    "teacher": ("train.pipeline.step_3_teacher", "fine-tune Inception v3"),
    "label": ("train.pipeline.step_4_label", "let the teacher label all faces"),
    "student": ("train.pipeline.step_5_student", "distil a mobile network"),
    "export": ("train.pipeline.step_6_export", "quantize it, calibrate it, write model and card"),
    "card": ("train.pipeline.step_7_card", "put measured figures into a model's card"),
    "features": ("train.evaluation.features", "measure how much a network's features know of faces"),
    "run": ("train.run", "all steps from prepare to export"),
    "evaluate": ("train.evaluation.evaluate", "measure a model on a labelled set"),
    "evaluate-tracks": ("train.evaluation.tracks", "measure whether the confidence over many looks at a face holds"),
    "compare": ("train.evaluation.compare", "measure what 'run' reaches against 'webcam-app teach'"),
    "evaluate-teaching": ("train.evaluation.teaching", "measure what 'webcam-app teach' reaches"),
    "population": ("train.evaluation.population", "put the features of many faces into the features network's card"),
    "evaluate-boxes": ("train.evaluation.detection", "measure the face detector on a set with marked faces"),
    "refiner": ("train.refiner.train", "train the small network that confirms faces and corrects their boxes"),
    "masked-set": ("train.occlusion.masked_set", "write a set in which every face is there bare and masked"),
    "masked-clip": ("train.occlusion.masked_clip", "see whether faces of a clip are followed under masks"),
    "detector": ("train.detector.train", "train the network that finds the faces of photographs in one pass"),
    "verifier": ("train.detector.verifier", "fit what looks again at what the detector found"),
}
# Steps that fit the settings of a new run to its data.
FITTED_STEPS = ("run",)
# Steps by the names that they had.
OLD_NAMES = {"face": "refiner"}
DEFAULT_RUN = Path("runs/gender")


def main(argv: list[str] | None = None) -> int:
    """Parse arguments, run one step, and turn the project's errors into one line and exit code 1.

    Of several processes (``train.processes``) one prints the line, and torchrun ends the others.
    """
    parser = argparse.ArgumentParser(prog="python -m train", description=__doc__)
    steps = parser.add_subparsers(dest="step", metavar="STEP", required=True)
    arguments = argv if argv is not None else sys.argv[1:]
    chosen = arguments[0] if arguments else ""
    chosen = OLD_NAMES.get(chosen, chosen)
    for name, (module, summary) in STEPS.items():
        aliases = [old for old, new in OLD_NAMES.items() if new == name]
        step = steps.add_parser(name, aliases=aliases, help=summary, description=summary)
        if name == chosen:  # only the chosen step's module is imported: some need PyTorch, some TensorFlow, some Qt
            if name in RUN_STEPS:
                _add_run_arguments(step)
            importlib.import_module(module).add_arguments(step)
    namespace = parser.parse_args(arguments)
    try:
        processes.join(chosen, shared=chosen in RUN_STEPS)
        if chosen in RUN_STEPS:
            processes.once(_start_run, namespace)
        code = int(importlib.import_module(STEPS[chosen][0]).main(namespace))
        processes.leave()
        return code
    except WebcamAppError as error:
        line, code = f"train {chosen}: {error}", 1
    except KeyboardInterrupt:
        line, code = f"\ntrain {chosen}: stopped; the same command goes on from here", 130
    except Exception:
        if processes.tells_why():
            raise
        return 1  # it lost the one that failed
    if processes.tells_why():
        print(line, file=sys.stderr)
    return code


def _add_run_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", type=Path, default=DEFAULT_RUN, help=f"the run's folder (default: {DEFAULT_RUN})")
    parser.add_argument(
        "--settings",
        type=Path,
        help="settings to start the run with (JSON; see train/settings.py); without, run fits them",
    )
    parser.add_argument("--data", nargs="+", help="labelled sets: zips or folders")
    parser.add_argument("--label", help="column of labels.csv to learn")
    parser.add_argument("--unlabelled", nargs="+", help="sets whose labels are not used; the teacher labels them")
    parser.add_argument("--exclude", nargs="+", help="sets to be measured on; faces that look like theirs are dropped")
    parser.add_argument("--mask-boxes", help="a set with boxes.csv of masked and bare faces")
    parser.add_argument("--mask-templates", help="a zip of mask pictures to draw")
    parser.add_argument("--inception-weights", help="folded ImageNet weights of Inception v3 (npz), for a teacher")
    parser.add_argument("--mobilenet-weights", help="folded ImageNet weights of MobileNetV2 (npz) to start from")
    parser.add_argument(
        "--start-model",
        help="an exported .tflite file: go on from its weights, without a teacher (run: the shipped one)",
    )
    parser.add_argument("--face-weights", help="folded weights of a face network (npz) for labels and hints")
    parser.add_argument("--seed", type=int)


def _start_run(arguments: argparse.Namespace) -> None:
    """Keep the run's settings: those it has, those of ``--settings``, and what the arguments change."""
    run = RunFolder(arguments.run)
    fits = False
    if arguments.settings is not None:
        settings = load_settings(arguments.settings)
    elif run.settings_path.exists() and (run.provenance.path.exists() or arguments.data is None):
        settings = run.settings()
    else:
        settings = Settings()
        fits = arguments.step in FITTED_STEPS and not getattr(arguments, "tiny", False)
    changes: dict[str, Any] = {
        entry.name: tuple(value) if isinstance(value, list) else value
        for entry in dataclasses.fields(Settings)
        if (value := getattr(arguments, entry.name, None)) is not None
    }
    settings = dataclasses.replace(settings, **changes)
    if fits:
        from train.fit import count_pictures, fit_settings

        settings = fit_settings(settings, count_pictures(settings))
    elif arguments.step in FITTED_STEPS and settings.data and settings.start_model is not None:
        from train.fit import count_pictures, without_teacher

        settings = without_teacher(settings, count_pictures(settings))
    run.start(settings)


if __name__ == "__main__":
    processes.end(main())
