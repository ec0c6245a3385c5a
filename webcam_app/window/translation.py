"""Texts that people see, in their language (Qt Linguist); numbers as that language writes them."""

from __future__ import annotations

from PyQt5 import sip
from PyQt5.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from webcam_app.resources import asset_path

CONTEXT = "webcam-app"
"""The one context of all texts: the same English text has the same translation everywhere, unless a note parts them."""
LANGUAGES = ("en", "de")
"""Those that there is a translation for, as ISO 639 names them; the first where the system's is none of them."""

_ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)
_installed: list[QTranslator] = []
_locale = _ENGLISH
_spoken = LANGUAGES[0]


def tr(text: str, note: str | None = None, count: int = -1) -> str:
    """A text in the language of the window.

    Args:
        text: in English, as a literal, so that it can be collected; values are filled in afterwards with ``format``.
        note: parts a text from an equal one that means something else.
        count: the number that plural forms depend on; it replaces ``%n``.
    """
    return QCoreApplication.translate(CONTEXT, text, note, count)


def mark(text: str, note: str | None = None) -> str:
    """Have a text collected that is translated later, with ``translated``: for constants. Gives it back unchanged."""
    return text


def translated(marked: str, note: str | None = None) -> str:
    """A text that was marked, in the language of the window; one that was not, such as a person's own, as it is."""
    return QCoreApplication.translate(CONTEXT, marked, note) if marked else ""


def number(value: float, decimals: int = 0) -> str:
    """A number as people write it in the language of the window: ``1,234.5`` or ``1.234,5``."""
    return _locale.toString(value, "f", decimals) if decimals else _locale.toString(round(value))


def percent(share: float, decimals: int = 0) -> str:
    """A share from 0 to 1 as people write it: ``97 %``."""
    return tr("{number} %").format(number=number(100 * share, decimals))


def speak(language: str = "") -> str:
    """Show all texts of the application, and those of Qt, in another language; what is shown already stays.

    Args:
        language: one of ``LANGUAGES``; empty for the system's.

    Returns:
        The language that is spoken now: English where there is no translation.
    """
    global _locale, _spoken
    chosen = language if language in LANGUAGES else system_language()
    while _installed:
        translator = _installed.pop()
        if not sip.isdeleted(translator):  # as happens with the application that it was installed in
            QCoreApplication.removeTranslator(translator)
    system = QLocale.system()
    same = QLocale(chosen).language() == system.language()
    _locale = system if same else _ENGLISH if chosen == "en" else QLocale(chosen)
    QLocale.setDefault(_locale)
    folders = (
        ("qtbase", QLibraryInfo.location(QLibraryInfo.LibraryLocation.TranslationsPath)),
        ("webcam-app", str(asset_path("translations"))),
    )
    for name, folder in folders:
        translator = QTranslator()
        if translator.load(f"{name}_{chosen}", folder) and QCoreApplication.installTranslator(translator):
            _installed.append(translator)
    _spoken = chosen
    return chosen


def spoken() -> str:
    """The language that is spoken now, one of ``LANGUAGES``."""
    return _spoken


def system_language() -> str:
    """The first language of the person's system that there is a translation for."""
    wanted = (name.replace("_", "-").partition("-")[0].lower() for name in QLocale.system().uiLanguages())
    return next((name for name in wanted if name in LANGUAGES), LANGUAGES[0])
