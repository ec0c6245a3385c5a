"""Messages of the other rooms are shown in the language of the window."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from webcam_app.capture.controls.linux import KNOWN
from webcam_app.errors import SourceError
from webcam_app.faces.face import UNSURE, Box, Face
from webcam_app.output.files import reason
from webcam_app.output.overlay import describe
from webcam_app.window.core_texts import CONTROLS, LABELS, MESSAGES, face_text, label_text, told
from webcam_app.window.translation import speak, translated

NAME = re.compile(r"\{\w+\}")
PACKAGE = Path(__file__).resolve().parents[2] / "webcam_app"
FACE = Face(Box(1, 2, 3, 4), 1, "female", {"female": 0.97, "male": 0.03}, mask=0.9, masked=True)


@pytest.fixture
def german() -> None:
    speak("de")


def _said(node: ast.expr, constants: Mapping[str, str]) -> Iterator[str]:
    """The texts that an expression may be, with ``{}`` for what is put in; constants are put in too."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        parts: list[list[str]] = []
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                part = value.value
                choices = (part.body, part.orelse) if isinstance(part, ast.IfExp) else ()
                known = [text for choice in choices for text in _said(choice, constants)]
                if isinstance(part, ast.Name) and part.id in constants:
                    known.append(constants[part.id])
                parts.append(["{}", *known])
            else:
                parts.append(list(_said(value, constants)))
        yield from ("".join(combination) for combination in itertools.product(*parts))


def _constants(module: ast.Module) -> Iterator[tuple[str, str]]:
    for node in module.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield from ((name.id, node.value.value) for name in node.targets if isinstance(name, ast.Name))


def test_each_template_is_what_a_room_says() -> None:
    said: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        if "window" not in path.relative_to(PACKAGE).parts:
            module = ast.parse(path.read_text(encoding="utf-8"))
            constants = dict(_constants(module))
            nodes = [node for node in ast.walk(module) if isinstance(node, ast.expr)]
            said.update(NAME.sub("{}", text) for node in nodes for text in _said(node, constants))
    gone = [template for template in MESSAGES if NAME.sub("{}", template) not in said]
    assert not gone, "take them out of MESSAGES, or write them as their room says them now"


def test_each_control_of_a_camera_has_a_name_in_german(german: None) -> None:
    names = {known.label for known in KNOWN.values()} | {text for known in KNOWN.values() for _, text in known.choices}
    assert names <= set(CONTROLS)


@pytest.mark.parametrize(
    ("message", "german_text"),
    [
        ("The file film.mp4 does not exist.", "Die Datei film.mp4 gibt es nicht."),
        ("film.mp4 does not exist.", "film.mp4 gibt es nicht."),
        ("film.mp4 has ended.", "film.mp4 ist zu Ende."),
        (
            "The camera HD Pro (/dev/video0) is in use by another program. Close the program that shows its picture "
            "(a browser, a meeting), then try again.",
            "Die Kamera HD Pro (/dev/video0) wird von einem anderen Programm benutzt. Das Programm schließen, das ihr "
            "Bild zeigt (Browser, Videokonferenz), dann erneut versuchen.",
        ),
        (
            "The camera HD Pro was unplugged or switched off. Plug it in again. It goes on by itself once it is back.",
            "Die Kamera HD Pro wurde getrennt oder ausgeschaltet. Bitte wieder anschließen. Es geht von selbst "
            "weiter, sobald die Verbindung wieder da ist.",
        ),
        (
            "Cannot record to '/a b/c': the disk is full: free some space or choose another folder",
            "In „/a b/c“ kann nicht aufgenommen werden: der Datenträger ist voll: Platz schaffen oder einen anderen "
            "Ordner wählen",
        ),
        (
            "right: 44.4% of the 9 that got a label, 40.0% of all 10",
            "richtig: 44,4\u00a0% der 9 mit Beschriftung, 40,0\u00a0% aller 10",
        ),
        (
            "The virtual camera needs the package pyvirtualcam: pip install 'webcam-app[virtual-camera]'",
            "Für die virtuelle Kamera fehlt das Paket pyvirtualcam: pip install 'webcam-app[virtual-camera]'",
        ),
        ("1 damaged picture was left out", "1 beschädigtes Bild wurde ausgelassen"),
        ("12 damaged pictures were left out", "12 beschädigte Bilder wurden ausgelassen"),
        (
            "no face was found in 3 pictures: taken whole, as if cut around a face",
            "kein Gesicht gefunden in 3 Bilder: ganz verwendet, als wäre um ein Gesicht zugeschnitten",
        ),
    ],
)
def test_a_known_message_is_told_in_german_with_its_values(german: None, message: str, german_text: str) -> None:
    assert told(message) == german_text


@pytest.mark.parametrize("message", ["", "a library's own words", "Die Datei film.mp4 gibt es nicht.", "x {name} %n"])
def test_any_other_message_stays_as_it_is(german: None, message: str) -> None:
    assert told(message) == message


@pytest.mark.parametrize("name", ["it's.mp4", "a: b. c", "{name}", "%n", "100 %.mp4", "ends with dot.", "a\nb"])
def test_values_are_never_changed(german: None, name: str) -> None:
    assert told(f"{name} has ended.") == f"{name} ist zu Ende."


def test_in_english_every_message_is_as_its_room_wrote_it() -> None:
    for template in MESSAGES:
        message = NAME.sub("x", template)
        assert told(message) == message


def test_every_reason_why_a_file_cannot_be_written_is_told_in_german(german: None) -> None:
    from webcam_app.output import files

    for text in set(files._REASONS.values()):
        assert told(text) != text
    assert told(reason(SourceError("of its own"))) == "of its own"


def test_a_face_is_described_in_german_on_the_screen_and_in_english_in_files(german: None) -> None:
    assert face_text(FACE) == "weiblich 97 % · Maske"
    assert describe(FACE) == "female 97 % · mask"
    unsure = Face(FACE.box, 2, UNSURE, {"female": 0.5, "male": 0.5}, mask=0.1, masked=False)
    assert face_text(unsure, show_no_mask=True, show_track=True) == "#2 · unsicher · keine Maske"


def test_labels_of_a_persons_own_are_never_translated(german: None) -> None:
    assert label_text("Anna") == "Anna"
    assert label_text("Start") == "Start", "though that is a text of the window"
    assert all(translated(label, "label") != label for label in LABELS)
