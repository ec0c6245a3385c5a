"""How well a box refiner does on crops that were not trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train.refiner.samples import square_iou
from webcam_app.faces.tflite import as_input, dequantize, load_interpreter


def run_tflite(content: bytes, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """N×4 outputs of a converted network (logit, right, down, log size) on N×40×40×3 uint8 crops."""
    interpreter = load_interpreter(content, Path("face.tflite"))
    entry = interpreter.get_input_details()[0]
    outputs = sorted(interpreter.get_output_details(), key=lambda detail: int(detail["shape"][-1]))
    rows = []
    for crop in crops:
        interpreter.set_tensor(entry["index"], as_input(crop, entry["dtype"])[None])
        interpreter.invoke()
        rows.append(
            np.concatenate([dequantize(interpreter.get_tensor(part["index"]), part).ravel() for part in outputs])
        )
    return np.array(rows, np.float32)


def measure(outputs: NDArray[np.float32], targets: NDArray[np.float32], threshold: float) -> dict[str, float]:
    """Figures of a network on crops that were not trained on.

    Args:
        outputs: N×4.
        targets: N×5; see ``samples.Target``.
        threshold: probability from which a box counts as a face.
    """
    clear = targets[:, 1] > 0
    score = 1 / (1 + np.exp(-outputs[:, 0]))
    faces, others = clear & (targets[:, 0] == 1), clear & (targets[:, 0] == 0)
    known = ~np.isnan(targets[:, 2]) & faces
    right, down, size = (outputs[known, 1:] - targets[known, 2:]).T
    before = square_iou(targets[known, 2], targets[known, 3], np.exp(targets[known, 4]))
    after = square_iou(right, down, np.exp(size))
    return {
        "faces_confirmed": round(float((score[faces] >= threshold).mean()), 4),
        "others_confirmed": round(float((score[others] >= threshold).mean()), 4),
        "box_iou_before": round(float(before.mean()), 3),
        "box_iou_after": round(float(after.mean()), 3),
        "crops": len(targets),
    }


def choose_threshold(outputs: NDArray[np.float32], targets: NDArray[np.float32], false_rate: float) -> float:
    """Probability that only a share of held-out crops that are no faces reaches."""
    others = (targets[:, 1] > 0) & (targets[:, 0] == 0)
    return float(1 / (1 + np.exp(-np.quantile(outputs[others, 0], 1 - false_rate))))
