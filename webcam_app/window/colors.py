"""The colours of the two looks, dark and light."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one look, as ``#rrggbb``. ``tests/window/test_theme.py`` proves the contrasts of WCAG 2, level AA.

    Attributes:
        name: ``dark`` or ``light``; also the ending of the icons that the style sheet shows.
        background: of dialogs and pages.
        surface: of bars and of fields for text.
        raised: of buttons, menus and lists.
        hover, pressed: of a button under the mouse, and held down.
        edge: lines around what is raised.
        text: on all of these.
        muted: text that matters less, on all of these.
        faint: outlines, and text that cannot be used now.
        accent: links and what has the focus.
        checked, on_checked: a button that is on and its text; what is selected in lists and menus.
        primary, primary_hover: the button to take; its text is ``on_strong``.
        red: a recording; text on it is ``on_strong``.
        on_strong: text on ``primary`` and ``red``.
        info, warning, error: the banner, by severity; its text is ``text``.
        amber, alarm: icons of a warning and an error, and text about a fault.
        veil: red, green and blue of what lies thinly over the banner as a button.
    """

    name: str
    background: str
    surface: str
    raised: str
    hover: str
    pressed: str
    edge: str
    text: str
    muted: str
    faint: str
    accent: str
    checked: str
    on_checked: str
    primary: str
    primary_hover: str
    info: str
    warning: str
    error: str
    amber: str
    alarm: str
    veil: str
    red: str = "#dc3135"
    on_strong: str = "#ffffff"


DARK = Theme(
    name="dark",
    background="#14161a",
    surface="#1d2026",
    raised="#262b33",
    hover="#343a45",
    pressed="#414957",
    edge="#3a404b",
    text="#eef1f5",
    muted="#a6afbd",
    faint="#77808f",
    accent="#58a6ff",
    checked="#23405f",
    on_checked="#cfe5ff",
    primary="#1f6feb",
    primary_hover="#1a5fcf",
    info="#22303f",
    warning="#3d3115",
    error="#481d1f",
    amber="#f0b429",
    alarm="#ff9d9f",
    veil="255, 255, 255",
)
LIGHT = Theme(
    name="light",
    background="#f3f5f8",
    surface="#ffffff",
    raised="#e8ecf1",
    hover="#d9dfe8",
    pressed="#c9d1dc",
    edge="#bcc4cf",
    text="#1b1f26",
    muted="#4a5361",
    faint="#7b8491",
    accent="#0b62c4",
    checked="#cfe3fb",
    on_checked="#0b3d78",
    primary="#1f6feb",
    primary_hover="#1a5fcf",
    info="#dcebfb",
    warning="#fdf0cf",
    error="#fbdfe0",
    amber="#8a5a00",
    alarm="#b3161a",
    veil="0, 0, 0",
)
STAGE = DARK
"""Around a picture, and behind text on it, it is dark in both looks: a bright frame makes a picture look dull."""
OVERLAY_ALPHA = 225
"""Of the panels on a picture, 0 to 255: opaque enough that their muted text can be read over a white one."""
RED = DARK.red
"""A recording, in both looks."""
