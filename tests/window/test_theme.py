"""The window is dark or light, can be read in both, and takes the system's letters."""

from __future__ import annotations

import dataclasses
import re

import pytest
from PyQt5.QtCore import QSize
from PyQt5.QtGui import QColor, QFont, QIcon, QImage, QPainter, QPixmap
from PyQt5.QtWidgets import QApplication, QLabel

from webcam_app.window.colors import DARK, LIGHT, OVERLAY_ALPHA, STAGE, Theme
from webcam_app.window.style_sheet import style_sheet
from webcam_app.window.theme import apply_theme, icon
from webcam_app.window.widgets.icon_label import IconLabel

THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
# WCAG 2.1, 1.4.3 and 1.4.11: text, and what must be seen to use a control.
TEXT_CONTRAST, CONTROL_CONTRAST = 4.5, 3.0
PLANES = ("background", "surface", "raised", "hover", "pressed", "info", "warning", "error")
TEXTS = {
    "text": PLANES,
    "muted": ("background", "surface", "raised"),
    "accent": ("background", "surface", "raised"),
    "alarm": ("background", "surface", "raised", "error"),
    "amber": ("background", "surface", "warning"),
    "on_checked": ("checked",),
    "on_strong": ("primary", "primary_hover", "red"),
}
CONTROLS = {
    "faint": ("background", "surface"),
    "accent": ("background", "surface", "raised", "hover"),
    "red": ("surface", "raised"),
}


def luminance(color: QColor) -> float:
    """Relative luminance as WCAG defines it."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def over(color: QColor, below: QColor) -> QColor:
    """What a translucent colour looks like on another."""
    share = color.alphaF()
    return QColor.fromRgbF(
        *(a * share + b * (1 - share) for a, b in zip(color.getRgbF()[:3], below.getRgbF()[:3], strict=True))
    )


def color_of(text: str) -> QColor:
    numbers = re.fullmatch(r"rgba\((\d+), (\d+), (\d+), (\d+)\)", text)
    return QColor(*map(int, numbers.groups())) if numbers else QColor(text)


def rules(theme: Theme) -> list[tuple[str, dict[str, str]]]:
    """Selector and properties of each rule of the style sheet."""
    found = re.findall(r"([^{}]+)\{([^{}]*)\}", style_sheet(theme, 10))
    return [
        (
            " ".join(selector.split()),
            dict(part.strip().split(": ", 1) for part in body.split(";") if ": " in part),
        )
        for selector, body in found
    ]


@THEMES
@pytest.mark.parametrize(("names", "least"), [(TEXTS, TEXT_CONTRAST), (CONTROLS, CONTROL_CONTRAST)])
def test_every_colour_stands_out_from_what_it_is_on(
    theme: Theme, names: dict[str, tuple[str, ...]], least: float
) -> None:
    pairs = [(front, plane) for front, planes in names.items() for plane in planes]
    ratios = {pair: contrast(*(QColor(getattr(theme, name)) for name in pair)) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < least} == {}


@THEMES
def test_no_rule_of_the_style_sheet_puts_text_on_a_colour_like_it(theme: Theme) -> None:
    """Also for the rules that are added after the lists above: each is read from the sheet itself."""
    planes = [QColor(getattr(theme, name)) for name in ("background", "surface", "raised")]
    banner = [QColor(getattr(theme, name)) for name in ("info", "warning", "error")]
    checked = 0
    for selector, properties in rules(theme):
        if ":disabled" in selector or ("color" not in properties and "background" not in properties):
            continue
        if "::" in selector and "item" not in selector and "color" not in properties:
            continue  # parts without text
        below = banner if "#banner" in selector else planes
        if "#overlay" in selector:
            below = [over(QColor(*QColor(STAGE.background).getRgb()[:3], OVERLAY_ALPHA), QColor("white"))]
        text = QColor(properties.get("color", STAGE.text if "#overlay" in selector else theme.text))
        if "primary" in selector or "recording" in selector:
            text = QColor(theme.on_strong)
        if "background" in properties and properties["background"] != "transparent":
            below = [over(color_of(properties["background"]), plane) for plane in below]
        checked += 1
        for plane in below:
            assert contrast(text, plane) >= TEXT_CONTRAST, (selector, text.name(), plane.name())
    assert checked > 30


@THEMES
def test_each_colour_of_a_theme_is_one(theme: Theme) -> None:
    for entry in dataclasses.fields(theme):
        if entry.name not in ("name", "veil"):
            assert re.fullmatch("#[0-9a-f]{6}", getattr(theme, entry.name)), entry.name


@THEMES
def test_icons_of_the_style_sheet_are_there_and_stand_out(theme: Theme) -> None:
    paths = re.findall(r'url\("([^"]+)"\)', style_sheet(theme, 10))
    assert len(paths) == 4
    for path in paths:
        stroke = re.search(r'stroke="(#\w+)"', open(path).read())  # noqa: SIM115, PTH123
        assert stroke is not None
        plane = theme.primary if "check" in path else theme.surface
        assert contrast(QColor(stroke[1]), QColor(plane)) >= CONTROL_CONTRAST


def test_letters_have_the_systems_size(qapp: QApplication) -> None:
    before = qapp.font()
    try:
        heights = []
        for points in (9.0, 18.0):
            font = QFont(before)
            font.setPointSizeF(points)
            qapp.setFont(font)
            apply_theme(qapp)
            plain, headline = QLabel("Hg"), QLabel("Hg")
            headline.setObjectName("headline")
            for label in (plain, headline):
                label.ensurePolished()
            assert plain.fontInfo().pointSizeF() == pytest.approx(points, abs=0.6)
            heights.append((plain.fontMetrics().height(), headline.fontMetrics().height()))
        (small, small_headline), (large, large_headline) = heights
        assert large == pytest.approx(2 * small, rel=0.15)
        assert small_headline > small and large_headline == pytest.approx(2 * small_headline, rel=0.15)
    finally:
        qapp.setFont(before)
        apply_theme(qapp)


def ink(image: QImage) -> set[str]:
    """The colours of an icon where it covers whole pixels."""
    points = ((x, y) for x in range(image.width()) for y in range(image.height()))
    colors = (image.pixelColor(x, y) for x, y in points)
    return {color.name() for color in colors if color.alpha() == 255}


def test_an_icon_takes_the_colours_of_the_theme_that_is_on_now(qapp: QApplication) -> None:
    shown = icon("play")
    seen = []
    for theme in (DARK, LIGHT):
        apply_theme(qapp, theme)
        seen.append(ink(shown.pixmap(QSize(64, 64)).toImage()))
    apply_theme(qapp)
    assert seen == [{DARK.text}, {LIGHT.text}]


def test_an_icon_that_cannot_be_used_is_faint(qapp: QApplication) -> None:
    apply_theme(qapp)
    assert ink(icon("play").pixmap(QSize(64, 64), QIcon.Mode.Disabled).toImage()) == {DARK.faint}


def test_an_icon_without_a_file_is_none() -> None:
    assert icon("no such icon").isNull()


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0, 3.0])
def test_an_icon_is_drawn_for_the_pixels_that_the_screen_has(qapp: QApplication, ratio: float) -> None:
    """Drawn for the density, it is the same picture as a larger one without; enlarged, it would be blurred."""
    apply_theme(qapp)
    side = 24
    label = IconLabel(side)
    label.set_icon(icon("settings"))
    shown = QPixmap(round(side * ratio), round(side * ratio))
    shown.setDevicePixelRatio(ratio)
    shown.fill(QColor(0, 0, 0, 0))
    painter = QPainter(shown)
    icon("settings").paint(painter, label.rect())
    painter.end()
    wanted = icon("settings").pixmap(QSize(shown.width(), shown.height()))
    wanted.setDevicePixelRatio(1)
    shown.setDevicePixelRatio(1)
    assert shown.toImage().convertToFormat(QImage.Format.Format_ARGB32) == wanted.toImage().convertToFormat(
        QImage.Format.Format_ARGB32
    )


@pytest.mark.parametrize("name", ["up-on-dark", "up-on-light", "down-on-dark", "down-on-light"])
def test_an_arrow_points_where_it_says(qapp: QApplication, name: str) -> None:
    """Its tip is where one line has ink in the middle column only."""
    image = icon(name).pixmap(QSize(64, 64)).toImage()
    rows = [y for y in range(64) if image.pixelColor(32, y).alpha() > 128]
    ends = [y for y in range(64) if image.pixelColor(18, y).alpha() > 128]
    assert (max(rows) < min(ends)) if name.startswith("up") else (min(rows) > max(ends))
