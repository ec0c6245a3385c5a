"""The step ``detector`` on drawn pictures: a stopped run goes on, and its network arrives in the application."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from train.__main__ import main
from train.detector.measure import judge
from train.detector.settings import DetectorSettings
from train.detector.tiny import tiny_settings, tiny_sources
from train.readers import LabelledBox
from webcam_app.faces.face import Box

torch = pytest.importorskip("torch")

from train.detector.bank import load_portraits, load_streets
from train.detector.grow import start_grown
from train.detector.network import DetectorNetwork, to_input
from train.detector.trainer import average_decay, checkpoint_path, learning_rate, train_network
from train.errors import TrainError

SETTINGS = replace(tiny_settings(), steps=12)


def test_a_stopped_training_ends_like_one_that_was_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.set_num_threads(1)
    monkeypatch.setattr("train.detector.trainer.CHECKPOINT_EVERY", 4)
    monkeypatch.setattr("train.detector.trainer.WORKERS", 0)
    sources = tiny_sources()
    for name in ("whole", "parts"):
        (tmp_path / name).mkdir()
    whole = train_network(sources, tmp_path / "whole", SETTINGS)
    seen = []

    def stop(self: object, *args: object) -> object:
        seen.append(1)
        if len(seen) == 7:  # after the checkpoint of the fourth step
            raise KeyboardInterrupt
        return forward(self, *args)

    forward = DetectorNetwork.forward
    monkeypatch.setattr(DetectorNetwork, "forward", stop)
    with pytest.raises(KeyboardInterrupt):
        train_network(sources, tmp_path / "parts", SETTINGS)
    monkeypatch.setattr(DetectorNetwork, "forward", forward)
    resumed = train_network(sources, tmp_path / "parts", SETTINGS)
    for one, other in zip(whole.state_dict().values(), resumed.state_dict().values(), strict=True):
        assert torch.allclose(one.float(), other.float(), atol=1e-6)


def test_a_larger_network_begins_as_the_smaller_one(tmp_path: Path) -> None:
    torch.set_num_threads(1)
    train_network(tiny_sources(), tmp_path, SETTINGS)
    small = DetectorNetwork(SETTINGS.channels, SETTINGS.coarse)
    state = torch.load(checkpoint_path(tmp_path), weights_only=True)["average"]
    small.load_state_dict({name.removeprefix("module."): value for name, value in state.items() if "." in name})
    large = DetectorNetwork((12, 24, 20, 32), SETTINGS.coarse + 1)
    start_grown(large, checkpoint_path(tmp_path), 0)
    scene = torch.rand(1, 3, 96, 96) * 2 - 1
    with torch.no_grad():
        wanted, begun = small.eval()(scene), large.eval()(scene)
        fresh = DetectorNetwork((12, 24, 20, 32), SETTINGS.coarse + 1).eval()(scene)
    assert (begun - wanted).abs().max() < 0.05 * wanted.abs().max()
    assert (fresh - wanted).abs().max() > (begun - wanted).abs().max() * 5, "or there is nothing to see"
    loss = large.train()(scene).square().sum()
    loss.backward()
    assert all(parameter.grad.abs().max() > 0 for parameter in large.parameters()), "what is new learns too"
    kernel = large.fine[0].convolution.weight.grad
    assert not torch.allclose(kernel[:, 16:], kernel[:, :4]), "copies do not stay copies"


def test_a_network_does_not_grow_from_a_larger_one(tmp_path: Path) -> None:
    torch.set_num_threads(1)
    train_network(tiny_sources(), tmp_path, SETTINGS)
    for channels in ((4, 12, 16, 16), (8, 12, 40, 16)):
        with pytest.raises(TrainError, match="grow"):
            start_grown(DetectorNetwork(channels, SETTINGS.coarse), checkpoint_path(tmp_path), 0)
    (tmp_path / "other.pt").write_bytes(b"no checkpoint")
    with pytest.raises(TrainError, match="other"):
        start_grown(DetectorNetwork(SETTINGS.channels), tmp_path / "other.pt", 0)


def test_a_run_with_other_settings_is_refused(tmp_path: Path) -> None:
    from train.detector.train import check_run

    check_run(tmp_path, SETTINGS)
    (tmp_path / "detector.checkpoint.pt").write_bytes(b"")
    check_run(tmp_path, replace(SETTINGS, steps=99))
    with pytest.raises(Exception, match="batch"):
        check_run(tmp_path, replace(SETTINGS, batch=3))


def test_the_rate_warms_up_and_ends_near_nothing() -> None:
    settings = DetectorSettings()
    rates = [learning_rate(step, settings) for step in range(settings.steps + 1)]
    assert rates[0] < 0.1 * max(rates)
    assert max(rates) <= settings.rate
    assert rates[-1] < 0.02 * settings.rate


def test_the_average_forgets_the_random_start() -> None:
    kept = np.prod([average_decay(count, DetectorSettings()) for count in range(1, 500)])
    assert kept < 1e-3


@pytest.mark.slow
def test_the_step_learns_drawn_faces_and_writes_what_the_application_takes(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow")
    from webcam_app.faces.detection.still import StillDetector
    from webcam_app.faces.detection.still_network import StillNetwork

    output = tmp_path / "detector.tflite"
    assert main(["detector", "--tiny", "--run", str(tmp_path / "run"), "--output", str(output)]) == 0
    detector = StillDetector(network=StillNetwork(output))
    streets = tiny_sources(5).streets
    found = 0
    for street in streets:
        proposals = detector.propose(street.levels[0], 20.0)
        found += sum(any(proposal.box.iou(face) > 0.4 for proposal in proposals[:6]) for face in street.faces)
    assert found >= 0.7 * sum(len(street.faces) for street in streets)


def test_the_converted_network_answers_like_the_trained_one_on_other_sizes_too(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow")
    from train.detector.export import card_of, convert
    from train.model_file import staged_model, write_card
    from webcam_app.faces.detection.still_network import StillNetwork

    torch.manual_seed(1)
    network = DetectorNetwork(SETTINGS.channels)
    torch.nn.init.normal_(network.head.weight, std=0.3)
    rng = np.random.default_rng(0)
    scenes = np.stack([cv2.resize(rng.integers(0, 256, (6, 6, 3), np.uint8), (96, 96)) for _ in range(24)])
    network.train()
    with torch.no_grad():
        for _ in range(20):
            network(to_input(torch.from_numpy(scenes)))
    network.eval()
    output = tmp_path / "detector.tflite"
    content = convert(network, scenes)
    with staged_model(output, content) as draft:
        write_card(draft, card_of(content, SETTINGS, (1.0, 2.0), {}))
    wide = np.ascontiguousarray(np.concatenate([scenes[0], scenes[1]], axis=1))
    with torch.no_grad():
        wanted = network(to_input(torch.from_numpy(wide[None])))[0].numpy()
    maps = StillNetwork(output).run(wide)
    assert maps.logits.shape == wanted.shape[1:]
    assert np.abs(maps.logits - wanted[0]).max() < 0.1 * np.abs(wanted[0]).max()
    assert np.abs(maps.boxes.transpose(2, 0, 1) - wanted[1:]).max() < 0.1 * np.abs(wanted[1:]).max()


def test_the_threshold_lets_through_as_many_wrong_boxes_as_was_asked_for() -> None:
    marked = [LabelledBox(Box(0, 0, 60, 60), "with_mask")]
    found = [(5.0, Box(0, 0, 60, 60)), (4.0, Box(200, 0, 60, 60)), (2.0, Box(400, 0, 60, 60))]
    judged = judge([(marked, found)] * 2)
    assert judged.false_boxes(judged.threshold(1.0)) == 2
    assert judged.recall(judged.threshold(1.0)) == 1.0
    assert judged.false_boxes(judged.threshold(0.0)) == 0
    assert judged.recall(4.9, "with_mask") == 1.0
    assert judged.recall(5.1) == 0.0


def test_portraits_are_kept_and_streets_are_parted(tmp_path: Path, portrait: np.ndarray) -> None:
    faces = tmp_path / "faces.zip"
    side = min(portrait.shape[:2])
    picture = cv2.imencode(".png", cv2.resize(portrait[:side, :side], (160, 160)))[1].tobytes()
    with zipfile.ZipFile(faces, "w") as archive:
        archive.writestr("labels.csv", "path,gender\n0.png,female\n1.png,female\n")
        for name in ("0.png", "1.png"):
            archive.writestr(name, picture)
    first = load_portraits(faces, None, tmp_path / "bank", count=2, seed=0)
    again = load_portraits(faces, None, tmp_path / "bank", count=2, seed=0)
    assert len(first.places) == 2
    assert np.array_equal(first.images, again.images)
    names = [f"{number}.png" for number in range(40)]
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["path", "label", "xmin", "ymin", "xmax", "ymax"])
    writer.writerows([name, "with_mask", 40, 40, 100, 100] for name in names)
    streets = tmp_path / "streets.zip"
    with zipfile.ZipFile(streets, "w") as archive:
        archive.writestr("boxes.csv", table.getvalue())
        archive.writestr("labels.csv", "path\n" + "\n".join(names) + "\n")
        for name in names:
            archive.writestr(name, cv2.imencode(".png", np.full((150, 150, 3), 90, np.uint8))[1].tobytes())
    parts = [{street.key for street in load_streets(streets, development=part)} for part in (False, True)]
    assert parts[0]
    assert not parts[0] & parts[1]


def test_sets_that_are_not_named_are_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["detector", "--run", str(tmp_path)]) == 1
    assert "--faces" in capsys.readouterr().err
