"""Whether two boxes belong to one face: each question that detection and tracking ask, under a name of its own.

The rules differ because the boxes do: raw windows of one cascade lie closer together than two detections of a face, and
those closer than a face and its box a second ago.
"""

from __future__ import annotations

from webcam_app.faces.box import FaceBox

# The refiner's score of one box holds for another within this; a little wider, since a proposal is only left alone for
# some tenths of a second.
SCORE_DISTANCE = 0.15
SCORE_SIZES = (0.85, 1.18)
# Two detections in a photograph are one face if the smaller is covered this much, or if they overlap this much (IoU).
DETECTION_OVERLAP = 0.6
DETECTION_IOU = 0.3
# Two tracks that overlap more than this have come to follow one face.
TRACK_OVERLAP = 0.5
# A proposal of which more than this lies in a known face is that face or a part of it: mouths and chins look like faces
# of their own.
KNOWN_OVERLAP = 0.35
# A face that was lost comes back within half of its side and twice its size.
RETURN_DISTANCE = 0.5
RETURN_SIZES = 2.0


def shares_score(first: FaceBox, second: FaceBox) -> bool:
    """Whether the refiner's score of one box also holds for the other."""
    low, high = SCORE_SIZES
    return first.distance(second) < SCORE_DISTANCE and low < first.side / second.side < high


def is_same_detection(first: FaceBox, second: FaceBox) -> bool:
    """Whether two detections are one face of a photograph."""
    return first.overlap(second) > DETECTION_OVERLAP or first.iou(second) > DETECTION_IOU


def is_same_track(first: FaceBox, second: FaceBox) -> bool:
    """Whether two tracks follow one face."""
    return first.overlap(second) > TRACK_OVERLAP


def is_known_face(proposal: FaceBox, face: FaceBox) -> bool:
    """Whether a proposal is a face that is followed already, or a part of it."""
    return face.overlap(proposal) > KNOWN_OVERLAP


def may_have_returned(lost: FaceBox, new: FaceBox) -> bool:
    """Whether a new face may be one that was lost shortly before: near its last box, and of about its size."""
    smaller, larger = sorted((lost.side, new.side))
    return lost.distance(new) * larger < RETURN_DISTANCE * larger and larger < RETURN_SIZES * smaller
