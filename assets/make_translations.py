"""Collects the texts of the window into ``assets/translations/*.ts`` and compiles them: ``make translations``.

Qt's own collectors for Python (pylupdate5, pyside6-lupdate) see neither that ``tr(text, count=n)`` is a plural form nor
the one context of a function that belongs to no class. So the texts are found here and given to ``pyside6-lupdate`` as
calls that it knows; it keeps, marks and drops translations as it does for every Qt program, and ``pyside6-lrelease``
compiles them. A text that is new or has changed is *unfinished* afterwards: translate it in the ``.ts`` file, with Qt
Linguist (``pyside6-linguist``) or an editor, and run this again.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from webcam_app.window.translation import CONTEXT

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "assets" / "translations"
SOURCES = ROOT / "webcam_app" / "window"
# English is in the code, all but its plural forms.
LANGUAGES: Mapping[str, tuple[str, ...]] = {"de": (), "en": ("-pluralonly",)}
# Of these calls, which arguments are texts, by place: of ``tr`` and ``mark`` the second is a note.
TEXTS: Mapping[str, tuple[int, ...]] = {
    "tr": (0,),
    "mark": (0,),
    "_shown": (0, 1, 2),
    "_require": (2,),
    "Component": (1, 2),
}
NOTED = ("tr", "mark")
COUNT = 2


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """A text of the code.

    Attributes:
        source: in English.
        note: parts it from an equal one.
        plural: whether its form depends on a number.
    """

    source: str
    note: str = ""
    plural: bool = False


class NoLiteralError(Exception):
    """A call of ``tr`` or ``mark`` whose text is put together when it runs, so that nobody can translate it."""


def collect(folder: Path = SOURCES) -> list[Text]:
    """All texts of the modules below a folder, each once, in order.

    Raises:
        NoLiteralError: names file and line.
    """
    found = {text for path in sorted(folder.rglob("*.py")) for text in texts_of(path)}
    return sorted(found)


def texts_of(path: Path) -> Iterator[Text]:
    """The texts of one module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TEXTS:
            name = node.func.id
            for place in TEXTS[name]:
                source = _literal(node.args[place]) if place < len(node.args) else None
                if source:
                    yield Text(source, _note(node) if name in NOTED else "", _is_plural(node, name))
                elif name in NOTED and path.name != "translation.py":
                    raise NoLiteralError(
                        f"{path}:{node.lineno}: {name}() takes a literal; fill values in with format()"
                    )


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _note(node: ast.Call) -> str:
    given = node.args[1] if len(node.args) > 1 else next((k.value for k in node.keywords if k.arg == "note"), None)
    return (_literal(given) if given is not None else None) or ""


def _is_plural(node: ast.Call, name: str) -> bool:
    return name == "tr" and (len(node.args) > COUNT or any(keyword.arg == "count" for keyword in node.keywords))


def as_calls(texts: list[Text]) -> str:
    """The texts as a module that Qt's collector reads."""
    lines = ["from PyQt5.QtCore import QCoreApplication"]
    for text in texts:
        count = ", 1" if text.plural else ""
        arguments = ", ".join(_quoted(part) for part in (CONTEXT, text.source, text.note))
        lines.append(f"QCoreApplication.translate({arguments}{count})")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def update(texts: list[Text]) -> None:
    """Take new texts into the ``.ts`` files, and drop those that are gone."""
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder) / "texts.py"
        module.write_text(as_calls(texts), encoding="utf-8")
        for language, options in LANGUAGES.items():
            # No line numbers: they would change with every edit of the code.
            options = (*options, "-no-obsolete", "-locations", "none", "-sort-messages", "-disable-heuristic")
            command = ["lupdate", module, *options, "similartext", "-source-language", "en"]
            _run(*command, "-target-language", language, "-ts", FOLDER / f"{CONTEXT}_{language}.ts")


def compile_all() -> None:
    """Make the ``.qm`` files that the window loads."""
    for language in LANGUAGES:
        _run("lrelease", FOLDER / f"{CONTEXT}_{language}.ts", "-qm", FOLDER / f"{CONTEXT}_{language}.qm")


def _run(tool: str, *arguments: str | Path) -> None:
    program = Path(sysconfig.get_path("scripts")) / f"pyside6-{tool}"
    if not program.exists():
        raise SystemExit(f"{program.name} is not installed: pip install 'webcam-app[translate]'")
    subprocess.run([program, *arguments], check=True)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    try:
        update(collect())
    except NoLiteralError as error:
        sys.exit(str(error))
    compile_all()
