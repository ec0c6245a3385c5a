"""``--install-desktop``: the application's entry in the desktop's menu, for the person who runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from webcam_app.commands.shell import DONE, PROGRAM
from webcam_app.errors import OutputError
from webcam_app.output.files import reason
from webcam_app.resources import asset_path

ENTRY = f"applications/{PROGRAM}.desktop"
PLACES = (
    ("desktop/webcam-app.desktop", ENTRY),
    ("icons/app.svg", f"icons/hicolor/scalable/apps/{PROGRAM}.svg"),
    ("desktop/webcam-app.metainfo.xml", f"metainfo/{PROGRAM}.metainfo.xml"),
)
"""Files of ``assets/``, and where they go below the person's data folder."""
# What a desktop reads is a list that is made of the entries; most notice by themselves, some do not.
REFRESH = ("update-desktop-database", "--quiet")
REFRESH_SECONDS = 20
# In a quoted argument of a desktop entry these are escaped with a backslash, which the file escapes once more.
ESCAPED = '\\"`$'


def install_desktop() -> int:
    """Put the menu entry, the icon and the description in place; those that are there are replaced.

    Raises:
        OutputError: this is no Linux desktop, or a file cannot be written.
    """
    written = []
    for source, target in _places():
        text = source.read_text(encoding="utf-8")
        if target.name.endswith(".desktop"):
            text = _with_command(text, own_command())
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        except OSError as error:
            raise OutputError(f"Cannot write '{target}': {reason(error)}") from None
        written.append(target)
    _refresh()
    for target in written:
        print(target)
    print(
        f"{PROGRAM} is in the desktop's menu now and opens videos, pictures and folders; --uninstall-desktop undoes it"
    )
    return DONE


def uninstall_desktop() -> int:
    """Remove what ``install_desktop`` put in place.

    Raises:
        OutputError: a file cannot be removed.
    """
    removed = []
    for _, target in _places():
        try:
            target.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise OutputError(f"Cannot remove '{target}': {reason(error)}") from None
        removed.append(target)
    _refresh()
    for target in removed:
        print(f"removed {target}")
    if not removed:
        print(f"{PROGRAM} was not in the desktop's menu")
    return DONE


def data_folder() -> Path:
    """Where desktops look for what one person installed."""
    named = os.environ.get("XDG_DATA_HOME", "")
    # The specification asks for a path that is not absolute to be ignored.
    return Path(named) if Path(named).is_absolute() else Path.home() / ".local" / "share"


def own_command() -> list[str]:
    """The command that starts this program from anywhere."""
    script = Path(sys.executable).with_name(PROGRAM)
    return [str(script)] if script.exists() else [sys.executable, "-m", "webcam_app"]


def _places() -> Iterator[tuple[Path, Path]]:
    if sys.platform in ("win32", "darwin"):
        raise OutputError("Desktop entries are a thing of Linux desktops; here, make a shortcut to the command.")
    folder = data_folder()
    for source, target in PLACES:
        yield asset_path(source), folder / target


def _with_command(entry: str, command: Sequence[str]) -> str:
    quoted = " ".join(_quoted(part) for part in command)
    lines = entry.splitlines()
    return "\n".join(line.replace(f"Exec={PROGRAM}", f"Exec={quoted}", 1) for line in lines) + "\n"


def _quoted(argument: str) -> str:
    """An argument as the ``Exec`` of a desktop entry takes it."""
    text = "".join(f"\\{character}" if character in ESCAPED else character for character in argument)
    return '"' + text.replace("\\", "\\\\").replace("%", "%%") + '"'


def _refresh() -> None:
    """Best effort: a desktop that is not told finds out by itself, or at the next login."""
    program = shutil.which(REFRESH[0])
    if program is not None:
        command = [program, *REFRESH[1:], str((data_folder() / ENTRY).parent)]
        try:
            subprocess.run(command, check=False, timeout=REFRESH_SECONDS, capture_output=True)
        except (OSError, subprocess.TimeoutExpired):
            return
