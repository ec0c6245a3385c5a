"""The command line: arguments in, one function a command, exit codes out.

0 done; 1 failed, with one line on standard error; 2 wrong arguments; 130 and 143 interrupted.
"""

from __future__ import annotations

import argparse
import functools
import os
import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from webcam_app import __version__
from webcam_app.commands.interrupt import interruptible
from webcam_app.commands.requirements import check_requirements
from webcam_app.commands.shell import DONE, PROGRAM, only_own_messages, prepare_output, run_guarded
from webcam_app.resources import named_model

if TYPE_CHECKING:
    from webcam_app.output.cover import CoverKind

MODEL_HELP = "another model: a .tflite with its card beside it, or what 'teach' wrote (default: the shipped one)"
SOURCE_HELP = "a camera's number, path or name; a video file; a URL; a picture or a folder of pictures"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        argv: the arguments after the program's name; those of the process by default.

    Returns:
        The exit code: 0 done, 1 failed, 2 wrong arguments, 130 interrupted by Ctrl-C, 143 by SIGTERM.
    """
    prepare_output()
    try:
        arguments = _parse(sys.argv[1:] if argv is None else argv)
    except SystemExit as end:
        return int(end.code or 0)
    command: Callable[[argparse.Namespace], int] = arguments.run
    with named_model(arguments.model):
        return run_guarded(functools.partial(_run, command, arguments))


def _run(command: Callable[[argparse.Namespace], int], arguments: argparse.Namespace) -> int:
    name = command.__name__.removeprefix("_")
    if command not in (_model, _cameras):
        check_requirements(name)
    return command(arguments)


def _window(arguments: argparse.Namespace) -> int:
    if arguments.install_desktop or arguments.uninstall_desktop:
        from webcam_app.commands.desktop import install_desktop, uninstall_desktop

        return install_desktop() if arguments.install_desktop else uninstall_desktop()
    from webcam_app.commands.start import start

    named = [] if arguments.source is None else [arguments.source]
    return start([*named, *getattr(arguments, "paths", ())], new_window=arguments.new_window)


def _annotate(arguments: argparse.Namespace) -> int:
    with interruptible(), only_own_messages():
        from webcam_app.commands.annotate import annotate
        from webcam_app.commands.shell import print_error
        from webcam_app.output.overlay import OverlayStyle

        style = OverlayStyle(
            mirrored=arguments.mirror, show_mask=not arguments.no_mask, show_track=arguments.show_tracks
        )
        done = annotate(
            arguments.source,
            arguments.output,
            faces_out=arguments.faces,
            overwrite=arguments.overwrite,
            style=style,
            duration=arguments.duration,
            cover=_cover(arguments),
        )
        for note in done.notes:
            print_error(note)
        # Where the list of faces goes to standard output, nothing else may be printed there.
        report = sys.stderr if str(arguments.faces) == "-" else sys.stdout
        print(f"{done.path}: {done.frames} frames, {done.seconds:.2f} s", file=report)
    return DONE


def _classify(arguments: argparse.Namespace) -> int:
    with interruptible(), only_own_messages():
        from webcam_app.commands.classify import Wanted, classify
        from webcam_app.photographs import Cluster

        send = arguments.cluster_read == "send"
        wanted = Wanted(
            csv_out=arguments.csv,
            whole_image=arguments.whole_image,
            annotated=arguments.annotated,
            cover=_cover(arguments),
            labels_file=arguments.labels,
            jobs=arguments.jobs,
            resume=arguments.resume,
            cluster=None if arguments.cluster is None else Cluster(arguments.cluster, send=send),
        )
        return classify(arguments.paths, wanted)


def _teach(arguments: argparse.Namespace) -> int:
    # One thread of linear algebra, set before NumPy is loaded: the fit is small, and threads that wait for each other
    # make it ten times slower on a busy machine.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with interruptible(), only_own_messages():
        from webcam_app.commands.teach import teach_classes

        return teach_classes(
            arguments.folders,
            arguments.output,
            label=arguments.label,
            overwrite=arguments.overwrite,
            jobs=arguments.jobs,
        )


def _cameras(arguments: argparse.Namespace) -> int:
    with interruptible():
        from webcam_app.commands.cameras import print_cameras

        return print_cameras(as_json=arguments.json)


def _bench(arguments: argparse.Namespace) -> int:
    with interruptible():
        if arguments.stills is not None:
            from webcam_app.measure.stills import run_stills

            return run_stills(arguments.stills, json=arguments.json, threads=arguments.threads)
        if arguments.record:
            from webcam_app.measure.recording import run_recording

            return run_recording(arguments.source, json=arguments.json)
        from webcam_app.measure.bench import run_bench

        return run_bench(arguments.source, json=arguments.json, threads=arguments.threads, baseline=arguments.baseline)


def _model(arguments: argparse.Namespace) -> int:
    with interruptible():
        from webcam_app.commands.model import print_model

        return print_model(arguments.model, as_json=arguments.json)


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments of a command; a first word that is no command is a path, which the window opens."""
    parser, commands = _parser()
    word = _first_word(argv)
    if word is None or word in commands:
        arguments = parser.parse_args(argv)
        if getattr(arguments, "resume", False) and str(arguments.csv or "-") == "-":
            parser.error("--resume goes on with a table: name it with --csv OUT.csv")
        if arguments.run is _classify and arguments.blur is not None and arguments.annotated is None:
            parser.error("--blur covers faces in labelled copies: say where they go with --annotated DIR")
        return arguments
    window = _window_parser()
    window.add_argument("paths", metavar="PATH", nargs="*")
    arguments = window.parse_args(argv)
    for path in arguments.paths:
        if not (os.path.lexists(path) or "://" in path or path.isdecimal()):
            window.error(
                f"'{path}' is no command, and there is no such file or folder. Commands: {', '.join(commands)}"
            )
    return arguments


def _first_word(argv: Sequence[str]) -> str | None:
    """The first argument that is neither an option nor the value of one; None where there is none."""
    words = iter(argv)
    for word in words:
        if word == "--":
            return word  # what follows it is a path in any case
        if word in ("--source", "--model"):
            next(words, None)
        elif not word.startswith("-") or word == "-":
            return word
    return None


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        usage=f"{PROGRAM} [-h] [--version] [PATH ...] [--source SPEC]\n       {PROGRAM} COMMAND ...",
        description="Finds faces in a webcam's picture, labels the gender they are perceived as, and records it. "
        "Without a command: opens the window, with the files and folders that are named. A file that is named like a "
        "command is ./NAME.",
        epilog=f"'{PROGRAM} COMMAND --help' tells what a command takes.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    parser.add_argument("--source", metavar="SPEC", help=f"what the window opens: {SOURCE_HELP}")
    _add_model(parser, default=None)
    parser.add_argument(
        "--new-window", action="store_true", help="open another window, though there is one that could show it"
    )
    menu = parser.add_mutually_exclusive_group()
    menu.add_argument(
        "--install-desktop", action="store_true", help="put the program into your desktop's menu, and end"
    )
    menu.add_argument("--uninstall-desktop", action="store_true", help="take it out of there, and end")
    parser.set_defaults(run=_window)
    return parser


def _parser() -> tuple[argparse.ArgumentParser, Collection[str]]:
    """The parser with all commands, and their names."""
    parser = _window_parser()
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", prog=PROGRAM)
    _add_annotate(commands)
    _add_classify(commands)
    _add_teach(commands)

    cameras = commands.add_parser("cameras", help="list cameras: name, stable id, modes")
    cameras.add_argument("--json", action="store_true", help="print JSON")
    cameras.set_defaults(run=_cameras)

    bench = commands.add_parser("bench", help="measure what each stage costs on this machine")
    what = bench.add_mutually_exclusive_group()
    what.add_argument("source", metavar="SOURCE", nargs="?", help="what to measure on; the demo clip by default")
    what.add_argument(
        "--stills", metavar="FOLDER", help="measure on photographs: time, faces found, and with a boxes.csv how many"
    )
    bench.add_argument("--record", action="store_true", help="measure what a recorded frame costs, at several sizes")
    bench.add_argument("--json", action="store_true", help="print JSON")
    bench.add_argument("--threads", type=_threads, default=1, help="threads of the analysis (default: 1)")
    bench.add_argument("--baseline", action="store_true", help="compare with a plain cascade over every frame")
    _add_model(bench)
    bench.set_defaults(run=_bench)

    model = commands.add_parser("model", help="tell what the model is, was trained on, and how well it does")
    model.add_argument("--json", action="store_true", help="print the whole card as JSON")
    _add_model(model)
    model.set_defaults(run=_model)
    return parser, commands.choices


def _add_annotate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "annotate",
        help="write an annotated video of a source",
        description="Writes a copy of a video with every face labelled; length, frame times and sound stay.",
    )
    parser.add_argument("source", metavar="SOURCE", help=SOURCE_HELP)
    parser.add_argument("-o", "--output", metavar="OUT", type=Path, required=True, help="the video: .mp4, .mov or .mkv")
    parser.add_argument(
        "--faces", metavar="OUT.jsonl", type=Path, help="write a JSON line for each frame; - for standard output"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace files that are there")
    parser.add_argument("--duration", metavar="SECONDS", type=_seconds, help="stop after so many seconds")
    _add_blur(parser)
    parser.add_argument("--mirror", action="store_true", help="show the picture as a mirror would")
    parser.add_argument("--no-mask", action="store_true", help="do not show who wears a mask")
    parser.add_argument("--show-tracks", action="store_true", help="show each face's track number")
    _add_model(parser)
    parser.set_defaults(run=_annotate)


def _add_classify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "classify",
        help="label pictures and folders of pictures",
        description="Labels every face in pictures. Where the true labels are known (--labels, or folders named like "
        "the model's labels) it says how often they were met.",
    )
    parser.add_argument(
        "paths", metavar="PATH", nargs="+", type=Path, help="a picture, or a folder with pictures in it"
    )
    parser.add_argument("--csv", metavar="OUT.csv", type=Path, help="write a table; - for standard output")
    parser.add_argument(
        "--whole-image", action="store_true", help="a picture in which no face is found is taken as a face crop"
    )
    parser.add_argument("--annotated", metavar="DIR", type=Path, help="write labelled copies of the pictures there")
    _add_blur(parser)
    parser.add_argument(
        "--labels",
        metavar="LABELS.csv",
        type=Path,
        help="true labels: a table with the columns path, label and perhaps mask",
    )
    parser.add_argument(
        "--jobs", metavar="N", type=_threads, help="pictures worked on at a time (default: one for each core)"
    )
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="let the workers of a Dask cluster do it: its scheduler, tcp://HOST:8786"
    )
    parser.add_argument(
        "--cluster-read",
        choices=("shared", "send"),
        default="shared",
        help="whether the cluster's workers read the pictures from storage that has them under the same paths, or they "
        "are sent (default: shared)",
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on with the unfinished table of the same command (needs --csv)"
    )
    _add_model(parser)
    parser.set_defaults(run=_classify)


def _add_teach(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "teach",
        help="make a model of one's own classes from some pictures of each",
        description="Makes a model that tells classes of your own apart, from a folder with a sub-folder of pictures "
        "for each class, and says how good it is. If the classes are people, the model recognises persons: each of "
        "them must have agreed to that. The pictures stay where they are, and nothing leaves this machine.",
    )
    parser.add_argument(
        "folders",
        metavar="FOLDER",
        nargs="+",
        type=Path,
        help="a folder with a sub-folder for each class, or with a labels.csv (columns path, label, perhaps person)",
    )
    parser.add_argument(
        "-o", "--output", metavar="OUT.json", type=Path, required=True, help="the model; its weights go beside it"
    )
    parser.add_argument("--label", metavar="COLUMN", help="column of labels.csv that names the class")
    parser.add_argument("--overwrite", action="store_true", help="replace files that are there")
    parser.add_argument("--jobs", metavar="N", type=_threads, help="pictures worked on at a time (default: as suits)")
    parser.set_defaults(run=_teach)


def _add_blur(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--blur",
        nargs="?",
        choices=("blur", "pixelate", "fill"),
        const="blur",
        help="cover every face: blurred, pixelated or filled (default: blur)",
    )


def _cover(arguments: argparse.Namespace) -> CoverKind | None:
    from webcam_app.output.cover import CoverKind

    return None if arguments.blur is None else CoverKind(arguments.blur)


def _add_model(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    # A command without the option leaves what stood before it: webcam-app --model mine.json annotate ...
    parser.add_argument("--model", type=Path, metavar="FILE", default=default, help=MODEL_HELP)


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError("must be more than 0")
    return value


def _threads(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 64:
        raise argparse.ArgumentTypeError("must be 1 to 64")
    return value
