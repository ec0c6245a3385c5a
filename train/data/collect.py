"""Step ``collect``: pictures from a web image search, a folder a class.

    python -m train collect --out pictures --class female "woman portrait" "woman face" --class male "man portrait"

Bing's result pages are asked for and read with icrawler's Bing filters and parser; the pictures are fetched one by one,
with pauses. What is no picture, is too small, or looks like one that is already there is dropped. ``sources.csv`` in
the folder says where every picture came from and why others were dropped; a run that was stopped goes on from it.

Mind whose pictures these are: ``--license`` limits the search, and the sources are kept so that terms can be checked.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlsplit

import numpy as np
from numpy.typing import NDArray

from train.data.source_table import Source, SourceTable
from train.errors import CollectError
from train.readers.pictures import decode_picture
from webcam_app.errors import PictureError
from webcam_app.teaching.duplicates import hamming_distance, picture_hashes

SEARCH_URL = "https://www.bing.com/images/async"
PAGE_RESULTS = 20
"""Results that a page steps on by, as icrawler asks for them."""
MAX_RESULTS = 1000
"""Bing repeats itself beyond."""
MAX_BYTES = 20 << 20
TIMEOUT_SECONDS = (10.0, 20.0)
"""To connect, and between two parts of an answer."""
FETCH_SECONDS = 60.0
"""A server that drips its picture byte by byte is left after this time."""
PAUSE_SECONDS = 1.0
"""Between two requests to one server: no more than a person's clicks."""
DUPLICATE_DISTANCE = 4
"""Bits of 64, in both hashes: scaled and compressed copies stay within, different portraits do not."""
LICENSES = ("creativecommons", "publicdomain", "noncommercial", "commercial")
# Result pages are made for browsers; icrawler asks for them as one, too.
_HEADERS = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0"}
_SUFFIXES = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "WEBP": ".webp",
    "GIF": ".gif",
    "BMP": ".bmp",
    "TIFF": ".tif",
    "MPO": ".jpg",
}
_FORBIDDEN_IN_NAMES = set('/\\:*?"<>|') | {chr(code) for code in range(32)}


@dataclass(frozen=True, slots=True)
class CollectSettings:
    """What to fetch, and how politely.

    Attributes:
        queries: class to what to search for.
        count: pictures to keep for each class, those of earlier runs included.
        smallest_side: pictures with a shorter side below are dropped, in pixels.
        pause_seconds: between two requests to one server.
        license: one of ``LICENSES``, or None for any picture.
        search_url: where result pages come from.
    """

    queries: Mapping[str, Sequence[str]]
    count: int = 200
    smallest_side: int = 100
    pause_seconds: float = PAUSE_SECONDS
    license: str | None = None
    search_url: str = SEARCH_URL


@dataclass(slots=True)
class _State:
    """What is known from this run and those before."""

    seen: set[str] = field(default_factory=set)
    kept: Counter[str] = field(default_factory=Counter)
    hashes: list[NDArray[np.uint64]] = field(default_factory=list)
    checksums: set[str] = field(default_factory=set)


class _Failed(Exception):
    """A picture could not be fetched; the text is the outcome for the table."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the step's arguments."""
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the class folders")
    parser.add_argument(
        "--class",
        dest="classes",
        action="append",
        nargs="+",
        required=True,
        metavar=("NAME", "QUERY"),
        help="a class and what to search for; its name where no query is given. Once for each class",
    )
    parser.add_argument("--count", type=int, default=200, metavar="N", help="pictures a class (default: 200)")
    parser.add_argument("--smallest-side", type=int, default=100, metavar="PIXELS", help="drop smaller pictures")
    parser.add_argument(
        "--pause", type=float, default=PAUSE_SECONDS, metavar="SECONDS", help="between requests to a server"
    )
    parser.add_argument("--license", choices=LICENSES, help="only pictures that the search takes to be under it")
    parser.add_argument("--search-url", default=SEARCH_URL, metavar="URL", help=argparse.SUPPRESS)


def main(arguments: argparse.Namespace) -> int:
    """Run the step; see the module's text."""
    queries: dict[str, list[str]] = {}
    for name, *words in arguments.classes:
        queries.setdefault(name, []).extend(words or [name])
    settings = CollectSettings(
        queries, arguments.count, arguments.smallest_side, arguments.pause, arguments.license, arguments.search_url
    )
    outcomes = collect(settings, arguments.out, report=lambda line: print(line, file=sys.stderr))
    print(", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common()) or "nothing new")
    return 0


def collect(
    settings: CollectSettings, folder: Path, *, report: Callable[[str], None] = lambda line: None
) -> Counter[str]:
    """Fetch pictures until each class has enough, or the search knows no more.

    Args:
        settings: what to fetch.
        folder: gets a folder for each class, and ``sources.csv``.
        report: is told what happens, a line at a time.

    Returns:
        How often each outcome (``kept``, ``duplicate``, ``no picture``, …) happened in this run.

    Raises:
        CollectError: icrawler is missing, the search cannot be reached or refuses, nothing is found at all, a class has
            a name that no folder can have, or the folder cannot be written.
    """
    for name in settings.queries:
        if not name.strip(". ") or _FORBIDDEN_IN_NAMES & set(name):
            raise CollectError(f"class {name!r} cannot be the name of a folder")
    outcomes: Counter[str] = Counter()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with SourceTable(folder / "sources.csv") as table, _Client(settings.pause_seconds) as client:
            state = _remember(table)
            for name, queries in settings.queries.items():
                for query in queries:
                    for source in _collect_query(settings, folder, client, state, name, query):
                        table.append(source)
                        outcomes[source.outcome] += 1
                report(f"{name}: {state.kept[name]} of {settings.count} pictures")
    except OSError as error:
        raise CollectError(f"'{folder}' cannot be written: {error.strerror or error}") from error
    if not outcomes and not sum(state.kept.values()):
        asked = ", ".join(query for queries in settings.queries.values() for query in queries)
        raise CollectError(f"the search finds no picture for: {asked}; try other words")
    return outcomes


def _remember(table: SourceTable) -> _State:
    state = _State()
    for source in table.read():
        # What failed for a reason that may pass is tried again.
        if not source.outcome.startswith("failed"):
            state.seen.add(source.url)
        if source.outcome == "kept":
            state.kept[source.label] += 1
            state.checksums.add(source.sha256)
            state.hashes.append(np.array([int(text, 16) for text in source.hashes.split()], np.uint64))
    return state


def _collect_query(
    settings: CollectSettings, folder: Path, client: _Client, state: _State, name: str, query: str
) -> Iterator[Source]:
    if state.kept[name] >= settings.count:
        return
    for url in client.search(settings, query):
        if url in state.seen:
            continue
        state.seen.add(url)
        source = Source(name, query, url, _now(), "kept")
        try:
            source = _keep(source, client.fetch(url), settings, folder, state)
        except _Failed as failure:
            source = replace(source, outcome=str(failure))
        yield source
        if source.outcome == "kept":
            state.kept[name] += 1
            if state.kept[name] >= settings.count:
                return


def _keep(source: Source, data: bytes, settings: CollectSettings, folder: Path, state: _State) -> Source:
    """Write a picture into its class's folder, and complete its row of the table."""
    checksum = hashlib.sha256(data).hexdigest()
    try:
        image = decode_picture(data, source.url)
    except PictureError as error:
        raise _Failed("no picture") from error
    height, width = image.shape[:2]
    if min(height, width) < settings.smallest_side:
        raise _Failed("too small")
    hashes = picture_hashes(image)
    if checksum in state.checksums or _looks_like_one(hashes, state.hashes):
        raise _Failed("duplicate")
    path = folder / source.label / f"{checksum[:16]}{_suffix(data)}"
    path.parent.mkdir(exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(data)
    partial.replace(path)
    state.checksums.add(checksum)
    state.hashes.append(hashes)
    text = " ".join(f"{int(value):016x}" for value in hashes)
    return replace(
        source,
        path=f"{source.label}/{path.name}",
        sha256=checksum,
        width=width,
        height=height,
        hashes=text,
    )


def _looks_like_one(hashes: NDArray[np.uint64], others: Sequence[NDArray[np.uint64]]) -> bool:
    if not others:
        return False
    distances = hamming_distance(np.stack(others), hashes)
    return bool((distances.max(axis=1) <= DUPLICATE_DISTANCE).any())


def _suffix(data: bytes) -> str:
    import io

    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        return _SUFFIXES.get(picture.format or "", ".jpg")


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


class _Client:
    """Asks servers, one request at a time, with a pause between two to the same one."""

    def __init__(self, pause_seconds: float) -> None:
        try:
            import requests
            from icrawler.builtin.bing import BingFeeder, BingParser
            from icrawler.utils import Signal
        except ImportError as error:
            raise CollectError(f"collecting needs icrawler ({error}): pip install 'webcam-app[train]'") from error
        self._requests = requests
        self._session = requests.Session()
        self._session.headers.update(_HEADERS)
        self._session.max_redirects = 5
        self._filters = BingFeeder(1, Signal(), self._session).get_filter()
        self._parser = BingParser(1, Signal(), self._session)
        self._pause = pause_seconds
        self._asked: dict[str, float] = {}

    def __enter__(self) -> _Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def search(self, settings: CollectSettings, query: str) -> Iterator[str]:
        """Addresses of pictures, until the search has no more."""
        found: set[str] = set()
        filters = self._filters.apply({"license": settings.license} if settings.license else None)
        for first in range(0, MAX_RESULTS, PAGE_RESULTS):
            url = f"{settings.search_url}?q={quote_plus(query)}&first={first}" + (f"&qft={filters}" if filters else "")
            new = [task["file_url"] for task in self._parser.parse(self._page(url)) if task["file_url"] not in found]
            if not new:
                return
            found.update(new)
            yield from dict.fromkeys(new)

    def _page(self, url: str) -> Any:
        server = urlsplit(url).netloc
        self._wait(server)
        try:
            response = self._session.get(url, timeout=TIMEOUT_SECONDS)
        except self._requests.ConnectionError as error:
            raise CollectError(f"the search at {server} cannot be reached: is there a network?") from error
        except self._requests.RequestException as error:
            raise CollectError(f"the search at {server} failed: {_first_line(error)}") from error
        if response.status_code in (403, 429):
            hint = "wait a while, then start again with a longer --pause"
            raise CollectError(f"the search at {server} refuses (HTTP {response.status_code}): {hint}")
        if not response.ok:
            raise CollectError(f"the search at {server} answers with HTTP {response.status_code}: try again later")
        return response

    def fetch(self, url: str) -> bytes:
        """A picture's file.

        Raises:
            _Failed: it cannot be had.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise _Failed("no web address")
        self._wait(parts.netloc)
        deadline = time.monotonic() + FETCH_SECONDS
        try:
            with self._session.get(url, timeout=TIMEOUT_SECONDS, stream=True) as response:
                if not response.ok:
                    again = response.status_code == 429 or response.status_code >= 500
                    raise _Failed(("failed: " if again else "") + f"HTTP {response.status_code}")
                data = bytearray()
                for chunk in response.iter_content(1 << 16):
                    data += chunk
                    if len(data) > MAX_BYTES:
                        raise _Failed("too large")
                    if time.monotonic() > deadline:
                        raise _Failed("failed: too slow")
        except (self._requests.RequestException, UnicodeError) as error:
            raise _Failed(f"failed: {type(error).__name__}") from error
        return bytes(data)

    def _wait(self, server: str) -> None:
        pause = self._asked.get(server, -np.inf) + self._pause - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        self._asked[server] = time.monotonic()


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
