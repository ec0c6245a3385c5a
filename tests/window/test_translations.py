"""The translations are complete, fit the texts they stand for, and are compiled as they are written."""

from __future__ import annotations

import importlib.util
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import pytest
from PyQt5.QtCore import QCoreApplication, QTranslator
from pytestqt.qtbot import QtBot

from webcam_app.window import translation
from webcam_app.window.settings.schema import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "assets" / "translations"
HELP = "run 'make translations', translate what is unfinished in the .ts file, and run it again"
PLACEHOLDER = re.compile(r"\{\w*\}|%n")


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_translations", ROOT / "assets" / "make_translations.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


tool = _tool()


def _finished(language: str) -> dict[tuple[str, str], list[str]]:
    """Source and note of every finished translation, with its forms: one, or as many as the language has plurals."""
    root = ET.parse(FOLDER / f"webcam-app_{language}.ts").getroot()
    found: dict[tuple[str, str], list[str]] = {}
    for context in root.iter("context"):
        assert context.findtext("name") == translation.CONTEXT
        for message in context.iter("message"):
            written = message.find("translation")
            assert written is not None
            if written.get("type") is None:
                forms = [form.text or "" for form in written.iter("numerusform")] or [written.text or ""]
                found[message.findtext("source") or "", message.findtext("comment") or ""] = forms
    return found


@pytest.mark.parametrize("language", [language for language in translation.LANGUAGES if language != "en"])
def test_every_text_of_the_code_has_a_finished_translation(language: str) -> None:
    translated = _finished(language)
    missing = [text for text in tool.collect() if not all(translated.get((text.source, text.note), [""]))]
    assert not missing, HELP
    assert {(text.source, text.note) for text in tool.collect()} == set(translated), f"texts that are gone: {HELP}"


def test_every_plural_of_the_code_is_written_out_in_english() -> None:
    plurals = {(text.source, text.note) for text in tool.collect() if text.plural}
    written = _finished("en")
    assert plurals == set(written), HELP
    for forms in written.values():
        assert len(forms) == 2 and all(forms)
        assert not any("(s)" in form for form in forms)


@pytest.mark.parametrize("language", translation.LANGUAGES)
def test_placeholders_are_the_same_in_every_form(language: str) -> None:
    for (source, _), forms in _finished(language).items():
        wanted = sorted(set(PLACEHOLDER.findall(source)))
        for number, form in enumerate(forms):
            found = sorted(set(PLACEHOLDER.findall(form)))
            # One of something may be told without the figure.
            one = number == 0 and len(forms) > 1
            assert found == wanted or (one and found == [each for each in wanted if each != "%n"]), (source, form)


def test_a_plural_has_as_many_forms_as_the_language() -> None:
    for text in tool.collect():
        forms = _finished("de")[text.source, text.note]
        assert len(forms) == (2 if text.plural else 1), text


def test_german_uses_german_marks() -> None:
    for (source, _), forms in _finished("de").items():
        for form in forms:
            assert "'" not in form and '"' not in form, f"„…“ is how German quotes: {form}"
            assert form.count("„") == form.count("“"), form
            assert "..." not in form and "  " not in form and form == form.strip(" "), form
            assert not re.search(r"[\d}] (?:%|fps|ms|min)(?!\w)", form), f"a non-breaking space belongs there: {form}"
            assert (source[-1:] == "…") == (form[-1:] == "…"), (source, form)


@pytest.mark.parametrize("language", translation.LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str, qtbot: QtBot) -> None:
    compiled = QTranslator()
    assert compiled.load(str(FOLDER / f"webcam-app_{language}.qm"))
    assert QCoreApplication.installTranslator(compiled)
    try:
        for (source, note), forms in _finished(language).items():
            for count, form in zip((1, 2), forms, strict=False):
                given = translation.tr(source, note or None, count if len(forms) > 1 else -1)
                assert given == form.replace("%n", str(count)), f"the .qm file is older than the .ts file: {HELP}"
    finally:
        QCoreApplication.removeTranslator(compiled)


def test_the_settings_offer_the_languages_that_there_are() -> None:
    assert tuple(filter(None, LANGUAGES)) == translation.LANGUAGES
    assert {path.stem.rpartition("_")[2] for path in FOLDER.glob("*.ts")} == set(translation.LANGUAGES)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('tr("Open")', [("Open", "", False)]),
        ('tr("Open", "a file")', [("Open", "a file", False)]),
        ('tr("Open", note="a file")', [("Open", "a file", False)]),
        ('tr("%n face(s)", count=3)', [("%n face(s)", "", True)]),
        ('tr("%n face(s)", None, 3)', [("%n face(s)", "", True)]),
        ('tr("One " "sentence {name}").format(name="x")', [("One sentence {name}", "", False)]),
        ('class A:\n    def f(self):\n        return tr("In a class")', [("In a class", "", False)]),
        ('X = {"a": mark("Marked", "note")}', [("Marked", "note", False)]),
        ('x.tr("of something else")', []),
    ],
)
def test_texts_are_found_in_code(code: str, found: list[tuple[str, str, bool]], tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(code, encoding="utf-8")
    assert list(tool.texts_of(module)) == [tool.Text(*each) for each in found]


@pytest.mark.parametrize("code", ['tr(f"{number} faces")', "tr(text)", 'tr("a" + b)', 'mark("a".upper())', "tr('')"])
def test_a_text_that_nobody_can_translate_is_refused(code: str, tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(f"\n{code}\n", encoding="utf-8")
    with pytest.raises(tool.NoLiteralError, match=r"module\.py:2"):
        list(tool.texts_of(module))
