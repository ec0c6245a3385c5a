"""What the live page shows in each state of the engine, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from webcam_app.capture.source import SourceInfo, SourceKind
from webcam_app.live import LiveState
from webcam_app.window.translation import mark
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
    """How one state looks. Texts are marked, and translated when they are shown.

    Attributes:
        active: a source is open or being opened.
        recordable: once there is a picture, a recording can be started.
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
    recordable: bool = False
    awaits_picture: bool = False
    stale: bool = False
    resolved: bool = False
    severity: Severity | None = None
    buttons: tuple[Button, ...] = ()
    panel: Panel | None = None


_LOST = Presentation(
    active=True,
    has_results=True,
    recordable=True,
    stale=True,
    severity=Severity.WARNING,
    buttons=(Button(mark("Retry now"), Command.REOPEN),),
    panel=Panel(mark("Waiting for the picture…")),
)

PRESENTATIONS: Mapping[LiveState, Presentation] = {
    LiveState.IDLE: Presentation(
        active=False,
        has_results=False,
        resolved=True,
        panel=Panel(
            mark("Stopped"), mark("Press Space to start again."), "webcam", (Button(mark("Start"), Command.REOPEN),)
        ),
    ),
    LiveState.OPENING: Presentation(active=True, has_results=True, awaits_picture=True),
    LiveState.RUNNING: Presentation(active=True, has_results=True, recordable=True, awaits_picture=True, resolved=True),
    LiveState.PAUSED: Presentation(active=True, has_results=True, resolved=True),
    LiveState.STALLED: _LOST,
    LiveState.RETRYING: _LOST,
    LiveState.ENDED: Presentation(
        active=False,
        has_results=True,
        panel=Panel(mark("The end"), icon="play", buttons=(Button(mark("Play again"), Command.REOPEN),)),
    ),
    LiveState.FAILED: Presentation(
        active=False,
        has_results=False,
        severity=Severity.ERROR,
        buttons=(Button(mark("Retry"), Command.REOPEN), Button(mark("Demo clip"), Command.OPEN_DEMO)),
        panel=Panel(mark("No picture"), mark("Choose a camera or a file above."), "webcam"),
    ),
}

STILL = Presentation(active=True, has_results=True, awaits_picture=True, resolved=True)
"""A single photograph, running or ended: it stays, and there is nothing to play or to record."""

SEARCHING = Panel(mark("Looking for a camera…"))
"""While nothing is open because it is still being found out what to show."""
OPENING = Panel(mark("Opening {name}…"), buttons=(Button(mark("Cancel"), Command.STOP),))


@dataclass(frozen=True, slots=True)
class StartLook:
    """What the button for starting and stopping says.

    Attributes:
        text: the word on it.
        icon: name of its icon.
        help_text: what it does now.
    """

    text: str
    icon: str
    help_text: str


START = StartLook(mark("Start"), "play", mark("Start the picture"))
STOP = StartLook(mark("Stop"), "stop", mark("Stop the picture and let the source go; a recording is finished first"))
PLAY = StartLook(mark("Play"), "play", mark("Go on, or begin again at the end"))
PAUSE = StartLook(mark("Pause"), "pause", mark("Hold the picture; press again to go on"))
START_LOOKS = (START, STOP, PLAY, PAUSE)


def start_look(state: LiveState, source: SourceInfo | None) -> StartLook:
    """What the button for starting and stopping does now: what comes live is stopped, a file is paused."""
    if state in (LiveState.PAUSED, LiveState.ENDED):
        return PLAY
    if state is LiveState.RUNNING and source is not None and not source.live:
        return PAUSE
    return STOP if PRESENTATIONS[state].active else START


def presentation(state: LiveState, source: SourceInfo | None) -> Presentation:
    """How the page looks."""
    shows_still = state in (LiveState.RUNNING, LiveState.ENDED) and is_still(source)
    return STILL if shows_still else PRESENTATIONS[state]


def is_still(source: SourceInfo | None) -> bool:
    """Whether the source is a single photograph."""
    return source is not None and source.kind is SourceKind.PICTURES and source.frame_count == 1
