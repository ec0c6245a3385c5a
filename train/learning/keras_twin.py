"""The student as a Keras model, which is how it becomes TFLite."""

from __future__ import annotations

from typing import Any

from train.learning.convert import KerasTwin, folded
from train.learning.networks import MobileNetV2

CLASSES_OUTPUT = "classes"
MASK_OUTPUT = "mask"
FEATURES_OUTPUT = "features"
"""The pooled features, which taught models stand on."""


def keras_twin(network: MobileNetV2, size: int, *, scale_input: bool, mask: bool = True) -> Any:
    """The same function as a Keras model, with batch norm folded.

    Args:
        network: the student; its last output is the mask's.
        size: side of the input in pixels.
        scale_input: begin with the scaling from 0…255 to [-1, 1].
        mask: whether the mask's output was trained; one that was not is left out.

    Returns:
        A ``keras.Model`` from 1×size×size×3 RGB to ``{"classes": 1×C logits, "mask": 1×1 logit,
        "features": 1×1280}``, without ``mask`` where that is left out.
    """
    twin = KerasTwin(size, scale_input=scale_input)
    layers = twin.layers

    def unit(name: str, x: Any) -> Any:
        part = network.unit(name)
        stride = 2 if part.subsample else 1
        depthwise = part.convolution.groups > 1
        x = twin.convolution(x, name, folded(part.convolution, part.norm), stride, "same", depthwise=depthwise)
        return layers.ReLU(6.0, name=f"{name}_relu6")(x) if part.activation == "relu6" else x

    x = unit("Conv1", twin.start)
    for number, (names, residual) in enumerate(network.blocks):
        y = x
        for name in names:
            y = unit(name, y)
        x = layers.Add(name=f"add_{number}")([x, y]) if residual else y
    x = layers.GlobalAveragePooling2D(name="pool")(unit("Conv_1", x))
    parts = {CLASSES_OUTPUT: network.head.out_features - 1} | ({MASK_OUTPUT: 1} if mask else {})
    return twin.heads(x, network.head, parts, features=FEATURES_OUTPUT)
