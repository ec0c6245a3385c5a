"""What can be done with a video that is played."""

from __future__ import annotations

from dataclasses import dataclass

from webcam_app.window.actions import Action, ActionSet
from webcam_app.window.translation import tr


@dataclass(frozen=True)
class PlayerActions:
    """Actions of the live page that work while a video is open that can be sought."""

    step_back: Action
    step_on: Action
    back: Action
    on: Action
    begin: Action
    end: Action
    slower: Action
    faster: Action
    loop: Action
    annotate: Action

    @property
    def all(self) -> tuple[Action, ...]:
        """All of them."""
        moving = (self.step_back, self.step_on, self.back, self.on, self.begin, self.end)
        return (*moving, self.slower, self.faster, self.loop, self.annotate)


def add_player_actions(actions: ActionSet) -> PlayerActions:
    """Add them to a page's actions."""
    made = PlayerActions(
        actions.add("step_back", tr("One picture back"), (",",), "step-back", tr("Show the picture before this one")),
        actions.add("step_on", tr("One picture on"), (".",), "step-on", tr("Show the picture after this one")),
        actions.add("back", tr("Back"), ("Left",), "previous", tr("Go 5 seconds back in the video")),
        actions.add("on", tr("On"), ("Right",), "next", tr("Go 5 seconds on in the video")),
        actions.add("begin", tr("To the beginning"), ("Home",), "previous", tr("Go to the beginning of the video")),
        actions.add("end", tr("To the end"), ("End",), "next", tr("Go to the end of the video")),
        actions.add("slower", tr("Slower"), ("-",), "minus", tr("Play the video slower, down to a quarter")),
        actions.add("faster", tr("Faster"), ("+",), "plus", tr("Play the video faster, up to four times")),
        actions.add("loop", tr("Loop"), ("L",), "loop", tr("Play the video over and over")),
        actions.add(
            "annotate",
            tr("Annotated copy…"),
            ("A",),
            "save",
            tr("Write a copy of the video with boxes and labels, or with covered faces, in the background"),
        ),
    )
    made.loop.setCheckable(True)
    for action in (made.step_back, made.step_on, made.back, made.on):
        action.setAutoRepeat(True)
    for action in made.all:
        action.setEnabled(False)
    return made
