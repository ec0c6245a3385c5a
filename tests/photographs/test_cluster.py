"""Photographs on other machines: a real scheduler and worker processes, here all on this one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytest.importorskip("distributed")

from tests.photographs.conftest import MakeAlbum
from tests.photographs.fakes import FOLDER_VARIABLE, KILLING_WIDTH, SLOW_WIDTH
from tests.photographs.test_engine import places
from webcam_app.cli import main
from webcam_app.errors import ClusterError
from webcam_app.photographs import Cluster, LookerSpec, Photograph, label_photographs
from webcam_app.photographs.cluster_worker import difference, installed

ROOT = Path(__file__).parents[2]
Spec = Callable[[str], LookerSpec]
StartWorker = Callable[..., subprocess.Popen[bytes]]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills and pipes as POSIX has them")


def start(*arguments: str, folder: Path, **environment: str) -> subprocess.Popen[bytes]:
    """Start one of Dask's programs, with the tests' stand-ins at hand."""
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), FOLDER_VARIABLE: str(folder), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the workers are at home, and leave their marks."""
    return tmp_path_factory.mktemp("cluster")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A scheduler's."""
    import json

    from distributed import Client

    told = folder / "scheduler.json"
    process = start(
        "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
        "--scheduler-file", str(told), folder=folder, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1",
    )  # fmt: skip
    try:
        with Client(scheduler_file=str(told), timeout=60, set_as_default=False):
            yield json.loads(told.read_text())["address"]
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def start_worker(address: str, folder: Path) -> Iterator[StartWorker]:
    """Starts workers of one thread that the test may kill."""
    from distributed import Client

    started: list[subprocess.Popen[bytes]] = []

    def begin(**environment: str) -> subprocess.Popen[bytes]:
        worker = start(
            "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--local-directory", str(folder), folder=folder, **environment,
        )  # fmt: skip
        started.append(worker)
        client.wait_for_workers(sum(each.poll() is None for each in started), timeout=60)
        return worker

    with Client(address, set_as_default=False) as client:
        yield begin
        for worker in started:
            worker.kill()
            worker.wait()
        while client.nthreads():  # the next test's workers are to be alone
            pass


@pytest.fixture
def marks(folder: Path) -> Iterator[Path]:
    """Where the stand-ins leave their marks; without them afterwards."""
    yield folder
    for name in ("killed", "go"):
        (folder / name).unlink(missing_ok=True)


@pytest.mark.parametrize("send", [False, True], ids=["shared", "sent"])
def test_the_same_as_on_this_machine(
    make_album: MakeAlbum,
    spec: Spec,
    address: str,
    start_worker: StartWorker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    send: bool,
) -> None:
    start_worker()
    start_worker()
    here, there = tmp_path / "here", tmp_path / "there"
    monkeypatch.chdir(tmp_path)

    def album(copies: Path) -> list[Photograph]:
        named = [Photograph(photograph.path.relative_to(tmp_path), photograph.copy)
                 for photograph in make_album([100] * 12, copies=copies)]  # fmt: skip
        (tmp_path / "album" / "text.png").write_text("no picture")
        return [*named[:3], Photograph(Path("album/text.png")), Photograph(Path("album/gone.png")), *named[3:]]

    with label_photographs(album(here), spec("SquareAnalyzer"), jobs=1) as run:
        expected = list(run)
    with label_photographs(album(there), spec("SquareAnalyzer"), cluster=Cluster(address, send=send)) as run:
        assert list(run) == expected
    assert {path.name: path.read_bytes() for path in there.iterdir()} == {
        path.name: path.read_bytes() for path in here.iterdir()
    }


def test_a_worker_that_is_killed_costs_nothing_but_time(
    make_album: MakeAlbum, spec: Spec, address: str, start_worker: StartWorker, marks: Path
) -> None:
    start_worker()
    start_worker()
    album = make_album([100, 100, KILLING_WIDTH, *[100] * 12])
    with label_photographs(album, spec("KilledOnce"), cluster=Cluster(address)) as run:
        results = list(run)
    assert (marks / "killed").exists()
    assert places(results) == list(range(15))


def test_a_worker_that_is_killed_from_outside_costs_nothing_but_time(
    make_album: MakeAlbum, spec: Spec, address: str, start_worker: StartWorker, marks: Path
) -> None:
    os.mkfifo(marks / "go")
    first = start_worker()
    album = make_album([100, SLOW_WIDTH, *[100] * 6])
    with label_photographs(album, spec("Waiting"), cluster=Cluster(address)) as run, ThreadPoolExecutor(1) as thread:
        results = thread.submit(list, run)
        with (marks / "go").open("w"):  # which waits until the worker is at the second picture
            first.send_signal(signal.SIGKILL)
            first.wait()
            (marks / "go").unlink()
            (marks / "go").touch()  # whoever comes to it now goes on
        start_worker()
        assert places(results.result(timeout=60)) == list(range(8))


def test_a_photograph_that_kills_its_workers_is_named(
    make_album: MakeAlbum, spec: Spec, address: str, start_worker: StartWorker
) -> None:
    for _ in range(5):
        start_worker()
    with label_photographs(
        make_album([100, KILLING_WIDTH, 100]), spec("KilledAlways"), cluster=Cluster(address)
    ) as run:
        results = list(run)
    assert places(results) == [0, -1, 2]
    assert "1.png" in results[1].error and "2 times" in results[1].error


def test_the_command_writes_the_same_table(
    make_album: MakeAlbum, address: str, start_worker: StartWorker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webcam_app.photographs.looking.ANALYZER", "tests.photographs.fakes:SquareAnalyzer")
    make_album([100] * 6)
    start_worker()
    command = ["classify", str(tmp_path / "album"), "--csv"]
    assert main([*command, str(tmp_path / "here.csv")]) == 0
    assert main([*command, str(tmp_path / "there.csv"), "--cluster", address]) == 0
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()


def test_no_scheduler_is_said_in_one_line(make_album: MakeAlbum, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webcam_app.photographs.cluster.CONNECT_SECONDS", 0.5)
    for nowhere in ("tcp://127.0.0.1:1", "no address", "http://127.0.0.1:1"):
        with pytest.raises(ClusterError, match="no scheduler answers") as told:
            label_photographs(make_album([100]), cluster=Cluster(nowhere))
        assert "\n" not in str(told.value)


def test_no_worker_is_said(make_album: MakeAlbum, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webcam_app.photographs.cluster.WORKER_SECONDS", 0.5)
    with pytest.raises(ClusterError, match="has no workers"):
        label_photographs(make_album([100]), cluster=Cluster(address))


def test_dask_that_is_not_installed_is_said(make_album: MakeAlbum, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'webcam-app\[cluster\]'"):
        label_photographs(make_album([100]), cluster=Cluster("tcp://127.0.0.1:1"))


def test_a_worker_with_another_model_is_refused(
    make_album: MakeAlbum, address: str, start_worker: StartWorker, tmp_path: Path
) -> None:
    from webcam_app.resources import model_path

    card = model_path().with_suffix(".json").read_text("utf-8")
    (tmp_path / "other.json").write_text(card.replace('"name": "', '"name": "another ', 1))
    (tmp_path / "other.tflite").write_bytes(model_path().read_bytes())
    start_worker(WEBCAM_APP_MODEL=str(tmp_path / "other.tflite"))
    with pytest.raises(ClusterError, match="another model"):
        label_photographs(make_album([100]), cluster=Cluster(address))


def test_a_worker_without_the_program_is_refused(
    make_album: MakeAlbum, address: str, start_worker: StartWorker, tmp_path: Path
) -> None:
    (tmp_path / "webcam_app").mkdir()
    (tmp_path / "webcam_app" / "__init__.py").write_text("raise ImportError('not here')")
    start_worker(PYTHONPATH=str(tmp_path))
    with pytest.raises(ClusterError, match="has no webcam-app"):
        label_photographs(make_album([100]), cluster=Cluster(address))


@pytest.mark.parametrize(
    ("name", "words"),
    [("webcam-app", "webcam-app 9 instead of"), ("model", "another model"), ("detector.json", "another detector.json"),
     ("gender.json", "another gender.json"),
     ("Pillow", "Pillow 9 instead of")],
)  # fmt: skip
def test_whatever_decides_about_rows_is_compared(name: str, words: str) -> None:
    ours = installed(None)
    assert difference(ours, ours) == ""
    assert words in difference(ours, {**ours, name: "9"})
