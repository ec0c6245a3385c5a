"""Someone tidies up their recordings by keys alone on a real X display, with the program as it is started."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.window.test_on_a_screen import Desktop, desktop, display, pytestmark, wait_until

__all__ = ["desktop", "display", "pytestmark"]
CHOSEN = (0x23, 0x40, 0x5F)
"""Of the file that is chosen, in the dark look."""


def chosen_is_shown(desktop: Desktop) -> bool:
    """Whether a file of the strip is chosen; the buttons below have the same colour."""
    return bool((np.abs(desktop.screen()[480:600].astype(int) - CHOSEN).max(axis=2) < 4).sum() > 400)


def test_two_recordings_one_gets_a_name_and_one_goes_to_the_trash(desktop: Desktop, home: Path) -> None:
    made = []
    for _ in range(2):
        desktop.do("key", "r")
        made.append(desktop.wait_for_recording(50_000))
        desktop.do("key", "r")
        desktop.wait_for_end()
    older, newer = made
    desktop.do("key", "g")
    wait_until(lambda: chosen_is_shown(desktop))
    desktop.do("key", "F2")
    desktop.do("type", "Holiday")
    desktop.do("key", "Return")
    wait_until(lambda: (desktop.home / "recordings" / "Holiday.mp4").exists())
    assert not newer.exists()
    desktop.do("key", "Right", "Delete")
    wait_until(lambda: not older.exists())
    assert [path.name for path in (home / ".local/share/Trash/files").iterdir()] == [older.name]
    assert desktop.quit_by_key() == 0
    assert [path.name for path in desktop.recordings()] == ["Holiday.mp4"]
    told = (desktop.home / "log").read_text().splitlines()
    assert [line for line in told if " ms  " not in line and not line.startswith("INFO:")] == [], "no warning of Qt"
    assert [path.name for path in (desktop.home / "recordings").iterdir()] == ["Holiday.mp4"]
