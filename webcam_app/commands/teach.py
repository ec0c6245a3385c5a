"""``webcam-app teach``: pictures of one's own classes in, a model that every command takes out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from webcam_app.capture.text import printable
from webcam_app.commands.progress import Progress
from webcam_app.commands.shell import DONE, PROGRAM, quiet_libraries
from webcam_app.errors import TeachingError
from webcam_app.photographs.labels.confusion import Confusion

if TYPE_CHECKING:
    from webcam_app.teaching.describing import Described
    from webcam_app.teaching.lesson import Lesson

# More classes than this are no table that fits a terminal.
MOST_COLUMNS = 12
# Each thread loads detectors and network of its own, about 60 MB.
MOST_THREADS = 4


def teach_classes(
    folders: Sequence[Path],
    out: Path,
    *,
    label: str | None = None,
    overwrite: bool = False,
    jobs: int | None = None,
) -> int:
    """Teach a model and tell how good it is.

    Args:
        folders: each with a sub-folder for each class, or with a ``labels.csv``.
        out: the model's card; its weights are written beside it.
        label: the column of ``labels.csv`` that names the class.
        overwrite: whether files that are there may be replaced.
        jobs: pictures that are worked on at a time; None for what suits the machine.

    Returns:
        0.

    Raises:
        WebcamAppError: the examples, the network or the output is at fault; nothing is left behind.
    """
    from webcam_app.faces.labelling.features import FeatureNetwork
    from webcam_app.teaching.describing import describe_examples
    from webcam_app.teaching.examples import class_names, list_examples
    from webcam_app.teaching.folds import group_examples
    from webcam_app.teaching.lesson import check_classes, teach
    from webcam_app.teaching.report import not_taught, remarks
    from webcam_app.teaching.store import NewModel
    from webcam_app.teaching.takes import join_takes
    from webcam_app.threads import use_opencv_threads

    use_opencv_threads()
    with NewModel(out, overwrite=overwrite) as model:
        examples = join_takes(list_examples(folders, label))
        names = class_names(folders, examples)
        check_classes([example.label for example in examples], names)
        with quiet_libraries():
            network = FeatureNetwork().card
            with Progress(len(examples), "pictures") as progress:
                described = describe_examples(
                    examples,
                    threads=jobs or min(MOST_THREADS, os.cpu_count() or 1),
                    progress=lambda done, example: progress.update(done, printable(example.path.name)),
                )
        if not described.examples:
            raise TeachingError(f"no picture could be read; the first: {described.unreadable[0]}")
        groups = group_examples(described.examples, described.hashes)
        labels = [example.label for example in described.examples]
        check_classes(labels, names)
        lesson = teach(described.features, labels, groups, network.population)
        model.write(lesson, network)
    for line in _report(out, lesson, described):
        print(line)
    for remark in (*not_taught(names, lesson), *remarks(lesson, described, groups)):
        print(f"- {remark}")
    print(f"\nLook at it: {PROGRAM} --model {printable(out)}")
    return DONE


def _report(out: Path, lesson: Lesson, described: Described) -> Iterator[str]:
    from webcam_app.teaching.report import figures, out_of_balance, outcomes

    shown = figures(lesson)
    yield f"{printable(out)}: {len(lesson.labels)} classes taught with {len(described.examples)} pictures"
    if not shown["count"]:
        yield "how good it is cannot be told: no class has two different pictures"
        return
    low, high = shown["interval"]
    alike = f"; {shown['balanced']:.1%} where every class counts the same" if out_of_balance(lesson) else ""
    yield (
        f"right on pictures it was not taught with: {shown['accuracy']:.1%} of {shown['count']} "
        f"(95 % interval {low:.1%} to {high:.1%}; {lesson.folds} folds){alike}"
    )
    yield (
        f"as it is used: {shown['coverage']:.1%} get a label, of these right {shown['accuracy where sure']:.1%}; "
        "the others are called unsure"
    )
    if "strangers named" in shown:
        yield f"of pictures of a class that was not taught, {shown['strangers named']:.1%} would get a wrong label"
    if len(lesson.labels) <= MOST_COLUMNS:
        confusion = Confusion(lesson.labels)
        for each in outcomes(lesson):
            confusion.add(each.true, each.given, None)
        yield from confusion.lines()
        yield ""
