"""Collecting pictures from a search that runs on this machine."""

from __future__ import annotations

import csv
import html
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import cv2
import numpy as np
import pytest

from tests.train.pictures import encoded, noise
from train.__main__ import main
from train.readers import read_dataset

pytest.importorskip("icrawler", reason="collecting needs icrawler: pip install 'webcam-app[train]'")


class WebSearch:
    """A search engine and the servers that it points to, in one.

    Attributes:
        results: query to the names of the pictures found, in order.
        pictures: name to the file's content; other names are answered with 404.
        asked: paths asked for so far.
        status: what result pages are answered with.
        page: results on a page.
    """

    def __init__(self) -> None:
        self.results: dict[str, list[str]] = {}
        self.pictures: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.status = 200
        self.page = 20
        search = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                search.asked.append(self.path)
                status, content = search.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, path: str) -> tuple[int, bytes]:
        parts = urlsplit(path)
        if parts.path != "/search":
            name = parts.path.lstrip("/")
            return (200, self.pictures[name]) if name in self.pictures else (404, b"gone")
        query = parse_qs(parts.query)
        first = int(query["first"][0])
        names = self.results.get(query["q"][0], [])[first : first + self.page]
        # As Bing writes its results, and as icrawler reads them.
        entries = [html.escape(json.dumps({"murl": f"{self.url}/{name}"}, separators=(",", ":"))) for name in names]
        return self.status, "".join(f'<div class="imgpt"><a m="{entry}">x</a></div>' for entry in entries).encode()

    def fetched(self) -> list[str]:
        """Names of the pictures asked for."""
        return [path.lstrip("/") for path in self.asked if not path.startswith("/search")]


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebSearch]:
    monkeypatch.setenv("NO_PROXY", "*")
    search = WebSearch()
    thread = threading.Thread(target=search.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield search
    search.server.shutdown()
    search.server.server_close()
    thread.join()


def add_pictures(web: WebSearch, query: str, *seeds: int) -> None:
    for seed in seeds:
        web.results.setdefault(query, []).append(f"{query}{seed}.jpg")
        web.pictures[f"{query}{seed}.jpg"] = encoded(noise(seed, 160), ".jpg")


def run(web: WebSearch, folder: Path, *arguments: str) -> int:
    return main(["collect", "--out", str(folder), "--pause", "0", "--search-url", f"{web.url}/search", *arguments])


def sources(folder: Path) -> list[dict[str, str]]:
    with (folder / "sources.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_pictures_end_in_a_folder_a_class_that_can_be_read_as_a_set(web: WebSearch, tmp_path: Path) -> None:
    add_pictures(web, "cats", 1, 2, 3)
    add_pictures(web, "dogs", 4, 5)
    assert run(web, tmp_path, "--class", "cat", "cats", "--class", "dog", "dogs") == 0
    dataset = read_dataset(tmp_path)
    assert dataset.counts == {"cat": 3, "dog": 2}
    assert len(list(dataset.images())) == 5


def test_every_picture_has_its_source(web: WebSearch, tmp_path: Path) -> None:
    import hashlib

    add_pictures(web, "cats", 1)
    run(web, tmp_path, "--class", "cat", "cats")
    (source,) = sources(tmp_path)
    assert (source["query"], source["url"], source["label"]) == ("cats", f"{web.url}/cats1.jpg", "cat")
    assert hashlib.sha256((tmp_path / source["path"]).read_bytes()).hexdigest() == source["sha256"]
    assert source["date"].startswith("20")


def test_a_smaller_and_recompressed_copy_is_dropped_across_classes(web: WebSearch, tmp_path: Path) -> None:
    add_pictures(web, "cats", 1)
    copy = np.asarray(cv2.resize(noise(1, 160), (120, 120), interpolation=cv2.INTER_AREA), np.uint8)
    web.results["dogs"] = ["copy.jpg"]
    web.pictures["copy.jpg"] = encoded(copy, ".jpg")
    run(web, tmp_path, "--class", "cat", "cats", "--class", "dog", "dogs")
    assert [source["outcome"] for source in sources(tmp_path)] == ["kept", "duplicate"]


def test_what_is_no_picture_too_small_or_gone_is_dropped_and_the_rest_kept(web: WebSearch, tmp_path: Path) -> None:
    web.results["cats"] = ["page.jpg", "small.jpg", "gone.jpg", "cut.jpg"]
    web.pictures |= {"page.jpg": b"<html>", "small.jpg": encoded(noise(1, 40), ".jpg"), "cut.jpg": b"\xff\xd8\xff\xe0"}
    add_pictures(web, "cats", 7)
    assert run(web, tmp_path, "--class", "cat", "cats") == 0
    outcomes = [source["outcome"] for source in sources(tmp_path)]
    assert outcomes == ["no picture", "too small", "HTTP 404", "no picture", "kept"]
    assert len(list((tmp_path / "cat").iterdir())) == 1


def test_it_reads_result_pages_until_there_are_enough(web: WebSearch, tmp_path: Path) -> None:
    add_pictures(web, "cats", *range(50))
    run(web, tmp_path, "--class", "cat", "cats", "--count", "23")
    assert len(list((tmp_path / "cat").iterdir())) == 23
    assert len(web.fetched()) == 23


def test_a_second_query_fills_the_class_up(web: WebSearch, tmp_path: Path) -> None:
    add_pictures(web, "cats", 1, 2)
    add_pictures(web, "kittens", 3, 4)
    run(web, tmp_path, "--class", "cat", "cats", "kittens", "--count", "3")
    assert [source["query"] for source in sources(tmp_path)] == ["cats", "cats", "kittens"]


def test_a_second_run_fetches_nothing_again_and_goes_on(web: WebSearch, tmp_path: Path) -> None:
    add_pictures(web, "cats", *range(6))
    web.pictures["cats0.jpg"] = b"no picture"
    run(web, tmp_path, "--class", "cat", "cats", "--count", "2")
    web.asked.clear()
    run(web, tmp_path, "--class", "cat", "cats", "--count", "4")
    assert web.fetched() == ["cats3.jpg", "cats4.jpg"]
    assert read_dataset(tmp_path).counts == {"cat": 4}


def test_duplicates_of_an_earlier_run_are_known(web: WebSearch, tmp_path: Path) -> None:
    add_pictures(web, "cats", 1)
    run(web, tmp_path, "--class", "cat", "cats")
    web.results["more"] = ["again.jpg"]
    web.pictures["again.jpg"] = encoded(noise(1, 200), ".jpg")
    run(web, tmp_path, "--class", "cat", "more")
    assert sources(tmp_path)[-1]["outcome"] == "duplicate"


def test_a_row_that_was_cut_off_by_a_kill_is_fetched_again(web: WebSearch, tmp_path: Path) -> None:
    add_pictures(web, "cats", 1, 2)
    run(web, tmp_path, "--class", "cat", "cats")
    table = tmp_path / "sources.csv"
    table.write_bytes(table.read_bytes()[:-30])
    assert run(web, tmp_path, "--class", "cat", "cats") == 0
    assert [source["outcome"] for source in sources(tmp_path)] == ["kept", "kept"]
    assert read_dataset(tmp_path).counts == {"cat": 2}


def test_a_failure_that_may_pass_is_tried_again(web: WebSearch, tmp_path: Path) -> None:
    web.results["cats"] = ["x.jpg"]
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    real, web.url = web.url, address
    assert main(["collect", "--out", str(tmp_path), "--search-url", f"{real}/search", "--class", "cat", "cats"]) == 0
    assert sources(tmp_path)[0]["outcome"] == "failed: ConnectionError"
    web.asked.clear()
    main(["collect", "--out", str(tmp_path), "--search-url", f"{real}/search", "--class", "cat", "cats"])
    assert len(sources(tmp_path)) == 2


def test_a_license_is_passed_on_to_the_search(web: WebSearch, tmp_path: Path) -> None:
    add_pictures(web, "cats", 1)
    run(web, tmp_path, "--class", "cat", "cats", "--license", "publicdomain")
    assert "license-L1" in web.asked[0]


@pytest.mark.parametrize(
    ("status", "hint"), [(429, "longer --pause"), (403, "longer --pause"), (500, "try again later")]
)
def test_a_search_that_refuses_says_so(
    web: WebSearch, tmp_path: Path, capsys: pytest.CaptureFixture[str], status: int, hint: str
) -> None:
    web.status = status
    assert run(web, tmp_path, "--class", "cat", "cats") == 1
    message = capsys.readouterr().err.strip()
    assert str(status) in message
    assert hint in message
    assert "\n" not in message


def test_without_a_network_one_line_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/search"
    assert main(["collect", "--out", str(tmp_path), "--search-url", url, "--class", "cat"]) == 1
    message = capsys.readouterr().err.strip()
    assert "is there a network?" in message
    assert "\n" not in message


def test_a_search_without_results_is_an_error(
    web: WebSearch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(web, tmp_path, "--class", "cat", "no such thing") == 1
    assert "no such thing" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["../evil", "a/b", "..", ""])
def test_a_class_that_would_lead_out_of_the_folder_is_refused(web: WebSearch, tmp_path: Path, name: str) -> None:
    assert run(web, tmp_path / "out", "--class", name, "cats") == 1
    assert web.asked == []


def test_pictures_are_not_asked_for_faster_than_the_pause(
    web: WebSearch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("train.data.collect.time.sleep", waited.append)
    add_pictures(web, "cats", 1, 2, 3)
    arguments = ["collect", "--out", str(tmp_path), "--pause", "500", "--search-url", f"{web.url}/search"]
    main([*arguments, "--class", "cat", "cats", "--count", "3"])
    assert len(waited) == 3
    assert min(waited) > 400
