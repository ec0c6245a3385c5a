"""A model's page says what its card says, whichever model it is."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from tests.window.fakes import card
from webcam_app.faces.labelling.card import ModelCard, load_card
from webcam_app.resources import model_path
from webcam_app.window.model.contents import Contents, contents_of


def page(**document: Any) -> Contents:
    return contents_of(dataclasses.replace(card(), document=document), shipped=False)


@pytest.fixture
def shipped() -> ModelCard:
    return load_card(model_path())


def test_of_the_shipped_model_it_says_all_that_is_asked_for(shipped: ModelCard) -> None:
    contents = contents_of(shipped, shipped=True)
    assert [section.title for section in contents.before] == ["What it is for", "What it is not for"]
    titles = [section.title for section in contents.after]
    assert titles[0] == "What it is bad at"
    assert {"What it learned from", "Licence"} <= set(titles)
    about = shipped.document["about"]
    assert contents.after[0].texts == tuple(about["weaknesses"])
    assert [measured.name for measured in contents.measured] == list(shipped.document["results"])
    first = contents.measured[0]
    assert any(grouping.title == "By class × race" for grouping in first.groupings)
    assert f"{shipped.document['results'][first.name]['count']:,} faces" in first.sentences[0]


def test_its_calibration_covers_all_faces(shipped: ModelCard) -> None:
    points = contents_of(shipped, shipped=True).measured[0].calibration
    figures = shipped.document["results"]["fairface-val.zip"]
    assert sum(point.count for point in points) == figures["count"]
    error = sum(abs(point.confidence - point.accuracy) * point.count for point in points) / figures["count"]
    assert error == pytest.approx(figures["calibration_error"], abs=2e-4)
    right = sum(point.accuracy * point.count for point in points) / figures["count"]
    assert right == pytest.approx(figures["accuracy"], abs=2e-4)


def test_the_worst_group_is_the_first_and_a_small_one_the_last() -> None:
    rows = {
        "a": {"accuracy": 0.9, "count": 50},
        "b": {"accuracy": 0.5, "count": 400},
        "c": {"accuracy": 0.1, "count": 9},
    }
    (grouping,) = page(results={"set": {"per_shape": rows}}).measured[0].groupings
    assert grouping.title == "By shape"
    assert [group.name for group in grouping.groups] == ["b", "a", "c"]
    assert [group.few for group in grouping.groups] == [False, False, True]


def test_a_group_has_an_interval_that_narrows_with_its_faces() -> None:
    rows = {"many": {"accuracy": 0.8, "count": 1000}, "some": {"accuracy": 0.8, "count": 50}}
    many, some = page(results={"set": {"per_shape": rows}}).measured[0].groupings[0].groups
    assert some.low < many.low < 0.8 < many.high < some.high
    # Wilson's interval of 800 in 1000, from his formula by hand.
    assert (round(many.low, 3), round(many.high, 3)) == (0.774, 0.824)


def test_of_a_taught_model_it_says_what_teaching_found_out() -> None:
    contents = page(
        **{
            "examples": {"ada": 12, "bea": 20},
            "cross-validation": {
                "count": 32,
                "accuracy": 0.875,
                "interval": [0.719, 0.9503],
                "coverage": 0.75,
                "accuracy where sure": 0.9583,
                "per class": {"ada": {"accuracy": 0.75, "count": 12}, "bea": {"accuracy": 0.95, "count": 20}},
                "strangers named": 0.125,
            },
            "about": {
                "for": "Labelling faces with classes of one's own.",
                "persons": "Each of them must have agreed.",
                "not_for": ["Any decision about a person."],
                "unlike": "A face unlike all examples is called unsure.",
            },
        }
    )
    (measured,) = contents.measured
    assert measured.sentences == (
        "87.5 % right, of 32 faces (95 % interval: 71.9 % to 95.0 %).",
        "It calls 25.0 % unsure; of those that it labels, 95.8 % are right.",
        "A face of a class that was not taught would get a wrong name in 12.5 % of the cases.",
    )
    assert [group.name for group in measured.groupings[0].groups] == ["ada", "bea"]
    assert measured.calibration == ()
    assert ("Examples", "ada 12, bea 20") in contents.facts
    assert [section.title for section in contents.after] == ["Persons", "Faces unlike all examples"]


DAMAGED: tuple[Any, ...] = (
    {},
    {"about": None, "results": None, "examples": 3, "cross-validation": []},
    {"about": ["x"], "results": ["x"], "network": "none", "features_network": []},
    {"about": {"for": 3, "weaknesses": [None, 4, ""]}, "results": {"set": 7}},
    {"results": {"set": {"accuracy": "high", "count": "many", "interval": [1], "per_class": {"a": 3}}}},
    {"results": {"set": {"accuracy": 2.5, "coverage": {}, "mask": {"accuracy": 0.9}, "per_class": {"a": {}}}}},
    {"results": {"set": {"accuracy": 0.9, "reliability": {"confidence": [0.5], "accuracy": "x", "count": []}}}},
    {"results": {"set": {"accuracy": 0.9, "reliability": {"confidence": ["a"], "accuracy": [1], "count": [0]}}}},
    {"results": {"set": {"accuracy": 0.9, "per_class": {"a": {"accuracy": 0.9, "count": 0}}}}},
    {"results": {"set": {"accuracy": 0.9, "per_class": {"a": {"accuracy": True, "count": True}}}}},
)


@pytest.mark.parametrize("document", DAMAGED, ids=lambda document: json.dumps(document)[:60])
def test_parts_of_a_card_that_make_no_sense_are_left_out(document: dict[str, Any]) -> None:
    contents = page(**document)
    assert contents.title == "three-way: who it looks like"
    assert ("Labels", "ada, bea, cyd") in contents.facts
    assert all(group.count > 0 for one in contents.measured for row in one.groupings for group in row.groups)
    assert all(not one.calibration for one in contents.measured)
