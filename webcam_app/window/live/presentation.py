"""What the live page shows in each state of the engine, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from webcam_app.live import LiveState
from webcam_app.window.widgets.banner import Severity


class Command(Enum):
    """What a button of a message or panel does."""

    REOPEN = auto()
    """Open the same source again."""
    OPEN_DEMO = auto()
    STOP = auto()


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a message or panel."""

    text: str
    command: Command


@dataclass(frozen=True, slots=True)
class Panel:
    """What lies over the picture.

    Attributes:
        headline: a few words; where the state's message is not in the banner, it stands here instead.
        detail: one line more.
        icon: name of an icon; empty for a spinner.
        buttons: the first one is the one to take.
    """

    headline: str
    detail: str = ""
    icon: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Presentation:
    """How one state looks.

    Attributes:
        active: a source is open or being opened: Start says Stop, and what is shown can be recorded.
        has_results: results can come, so they are looked for.
        awaits_picture: until the first picture, the panel ``OPENING`` appears after a moment; then nothing.
        stale: the picture stands still and is shown grey.
        resolved: an earlier message about the source is removed.
        severity: of the state's message in the banner; None for no message there.
        buttons: of that message.
        panel: what lies over the picture; None for nothing.
    """

    active: bool
    has_results: bool
    awaits_picture: bool = False
    stale: bool = False
    resolved: bool = False
    severity: Severity | None = None
    buttons: tuple[Button, ...] = ()
    panel: Panel | None = None


_LOST = Presentation(
    active=True,
    has_results=True,
    stale=True,
    severity=Severity.WARNING,
    buttons=(Button("Retry now", Command.REOPEN),),
    panel=Panel("Waiting for the picture…"),
)

PRESENTATIONS: Mapping[LiveState, Presentation] = {
    LiveState.IDLE: Presentation(
        active=False,
        has_results=False,
        resolved=True,
        panel=Panel("Stopped", "Press Space to start again.", "webcam", (Button("Start", Command.REOPEN),)),
    ),
    LiveState.OPENING: Presentation(active=True, has_results=True, awaits_picture=True),
    LiveState.RUNNING: Presentation(active=True, has_results=True, awaits_picture=True, resolved=True),
    LiveState.STALLED: _LOST,
    LiveState.RETRYING: _LOST,
    LiveState.ENDED: Presentation(
        active=False,
        has_results=True,
        panel=Panel("The end", icon="play", buttons=(Button("Play again", Command.REOPEN),)),
    ),
    LiveState.FAILED: Presentation(
        active=False,
        has_results=False,
        severity=Severity.ERROR,
        buttons=(Button("Retry", Command.REOPEN), Button("Demo clip", Command.OPEN_DEMO)),
        panel=Panel("No picture", "Choose a camera or a file above.", "webcam"),
    ),
}

SEARCHING = Panel("Looking for a camera…")
"""While nothing is open because it is still being found out what to show."""
OPENING = Panel("Opening {name}…", buttons=(Button("Cancel", Command.STOP),))
