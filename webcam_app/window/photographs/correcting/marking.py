"""What becomes of what is known of a photograph when a person labels, draws, moves or removes a face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from webcam_app.faces.face import Box
from webcam_app.faces.marks import DRAWN, FOUND, REMOVED, SAME_FACE, Mark, MarkedFace, largest_marked, with_marks
from webcam_app.window.photographs.entry import Entry, State


def labelled(entry: Entry, label: str, at: int | None = None) -> State:
    """A photograph with a label.

    Args:
        entry: the photograph.
        label: what is true.
        at: of which of the faces that are shown; None for the photograph's label, which is about the largest.
    """
    state, first = entry.state, entry.largest
    if at is None or at >= len(entry.shown):
        marks = state.marks
        if first is not None and marks:
            marks = _with_label(marks, first, label)
        return _labelled_alone(label) if not marks else State(label, marks)
    each = entry.shown[at]
    new = Mark(each.face.box, FOUND, label) if each.mark is None else replace(each.mark, label=label)
    return _settled(entry, _replaced(state, each.mark, new))


def drawn(entry: Entry, box: Box) -> State:
    """A photograph in which one face more is drawn. What is shown of the others stays as it is."""
    return _settled(entry, _with_drawn(_pinned(entry), Mark(box, DRAWN)))


def moved(entry: Entry, at: int, box: Box) -> State:
    """A photograph of which a face has another box, and the label that a person gave it."""
    each, state = entry.shown[at], _pinned(entry)
    mark = _mark_of(each, state)
    state = _with_drawn(_replaced(state, mark, None), Mark(box, DRAWN, None if mark is None else mark.label))
    if each.said is not None and each.said.box.iou(box) < SAME_FACE:
        state = replace(state, marks=(*state.marks, Mark(each.said.box, REMOVED)))
    return _settled(entry, state)


def removed(entry: Entry, at: int) -> State:
    """A photograph in which there is no face in a box. A label that it had alone passes to the largest face."""
    each, state = entry.shown[at], entry.state
    state = _replaced(state, each.mark, None)
    if each.said is not None:
        state = replace(state, marks=(*state.marks, Mark(each.said.box, REMOVED)))
    if state.truth is None and each.mark is not None and each.mark.kind == FOUND:
        first = largest_marked(_shown(entry, state.marks))
        if first is not None and (first.mark is None or first.mark.label is None):
            state = replace(state, truth=each.mark.label)
    return _settled(entry, state, passes=True)


@lru_cache(maxsize=100)  # one for all that are labelled at once
def _labelled_alone(label: str) -> State:
    return State(label)


def _settled(entry: Entry, state: State, *, passes: bool = False) -> State:
    """The photograph's label is that of its largest face, whichever that is now.

    Args:
        entry: the photograph as it was.
        state: what is said of it now.
        passes: whether its label passes to another face that is the largest now.
    """
    first = largest_marked(_shown(entry, state.marks))
    if first is None:
        return state
    if first.mark is not None and first.mark.label is not None:
        return replace(state, truth=first.mark.label)
    before = entry.largest
    if not passes and before is not None and first.face.box != before.face.box:
        return replace(state, truth=None)
    if state.truth is not None:
        return replace(state, marks=_with_label(state.marks, first, state.truth))
    return state


def _pinned(entry: Entry) -> State:
    """The same, with the label kept at the face that is the largest now."""
    state, first = entry.state, entry.largest
    if first is None or state.truth is None:
        return state
    return replace(state, marks=_with_label(state.marks, first, state.truth))


def _with_drawn(state: State, mark: Mark) -> State:
    """With a drawn face; where it is, there is no box without a face."""
    there = [other for other in state.marks if other.kind != REMOVED or other.box.iou(mark.box) < SAME_FACE]
    return replace(state, marks=(*there, mark))


def _with_label(marks: Sequence[Mark], each: MarkedFace, label: str) -> tuple[Mark, ...]:
    new = Mark(each.face.box, FOUND, label) if each.mark is None else replace(each.mark, label=label)
    return (*(mark for mark in marks if mark is not each.mark and mark != each.mark), new)


def _mark_of(each: MarkedFace, state: State) -> Mark | None:
    return next((mark for mark in state.marks if mark.box == each.face.box and mark.kind != REMOVED), None)


def _replaced(state: State, old: Mark | None, new: Mark | None) -> State:
    marks = [mark for mark in state.marks if mark != old]
    return replace(state, marks=tuple(marks if new is None else [*marks, new]))


def _shown(entry: Entry, marks: Sequence[Mark]) -> list[MarkedFace]:
    return with_marks(() if entry.looked is None else entry.looked.faces, marks)
