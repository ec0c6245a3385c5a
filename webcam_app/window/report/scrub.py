"""Takes out of a text what says who or where somebody is: paths, addresses, user names, serial numbers."""

from __future__ import annotations

import getpass
import platform
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

GONE = "…"
# Names of one or two letters are parts of ordinary words.
SHORTEST_NAME = 3

# Our own modules in a trace: where something went wrong is what a report is for.
_OWN = re.compile(r"""(?:[A-Za-z]:)?[\\/][^"'\n]*?(webcam_app[\\/][\w\\/]+\.py)""")
_TRACE = re.compile(r'\s*File "webcam_app[\\/]')
_ADDRESS = re.compile(r"""\b([a-z][a-z0-9+.-]{1,20})://[^\s'"<>]*""", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
_NUMBERS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b", re.IGNORECASE)
_QUOTED = re.compile(r"""'[^'\n]*'|"(?!webcam_app[\\/])[^"\n]*[\\/][^"\n]*\"""")
# A path that is not quoted may hold blanks, so nobody knows where it ends: all of the line goes. Names of files that
# were opened are known, and taken out before, so that the rest of their lines stays.
_PATH = re.compile(r"(?:~\w*|\b[A-Za-z]:|(?<![\w>]))[\\/](?!/?…)(?=\S).*")
_SERIAL = re.compile(r"\b(?=\w*\d)[0-9A-F]{8,}\b|\b(?=\w*\d)(?=\w*[A-Z])[0-9A-Z]{10,}\b", re.IGNORECASE)
_OWNER = re.compile(r"^.*['’]s\b")


def scrub(text: str, private: Iterable[str] = ()) -> str:
    """A text without names, paths and addresses.

    Args:
        text: any lines.
        private: what else must not be in it, such as names of files; their parts are taken out as well.
    """
    text = _OWN.sub(r"\1", text)
    text = _ADDRESS.sub(rf"\1://{GONE}", text)
    for name in sorted(set(_names(private)), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", GONE, text, flags=re.IGNORECASE)
    text = _QUOTED.sub(f"'{GONE}'", text)
    text = "\n".join(_without_paths(line) for line in text.split("\n"))
    for pattern in (_MAIL, _NUMBERS, _SERIAL):
        text = pattern.sub(GONE, text)
    return text


def camera_name(name: str) -> str:
    """The model of a camera; numbers that look like a serial, and whose phone it is, are left out."""
    return scrub(_OWNER.sub(GONE, name))


def owner(camera: str) -> str:
    """Whose camera it is, where its name says so, as that of a phone does; else empty."""
    found = _OWNER.match(camera)
    return found[0] if found else ""


def _without_paths(line: str) -> str:
    return line if _TRACE.match(line) else _PATH.sub(GONE, line)


def _names(private: Iterable[str]) -> Iterator[str]:
    """What to look for: what was named, its parts, and who and what machine this is."""
    for name in private:
        path = Path(name)
        yield from (part for part in (name, path.name, path.stem, str(path.parent)) if len(part) >= SHORTEST_NAME)
        if "://" not in name:
            yield from (part for part in path.parts if len(part) >= SHORTEST_NAME)
    yield from (name for name in people() if len(name) >= SHORTEST_NAME)


def people() -> set[str]:
    """Names of the person and of the machine, as the system knows them."""
    names = {Path.home().name, str(Path.home()), platform.node(), platform.node().partition(".")[0]}
    try:
        names.add(getpass.getuser())
        import pwd

        gecos = pwd.getpwnam(getpass.getuser()).pw_gecos.partition(",")[0]
        names |= {gecos, *gecos.split()}
    except (ImportError, KeyError, OSError):
        pass  # no such user, as in a container, or no such file, as on Windows
    return {name for name in names if name}
