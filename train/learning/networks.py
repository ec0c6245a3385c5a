"""Teacher and student in PyTorch.

The teacher is Inception v3 (Szegedy et al. 2015, arXiv:1512.00567), the student MobileNetV2 (Sandler et al. 2018,
arXiv:1801.04381).

Both take N×3×S×S float RGB in [-1, 1] and give N×(classes + 1) logits: the classes, then the mask. Layers are named as
in Keras, because the weights are, and because ``export`` rebuilds the student there under the same names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

# Expansion, channels, repeats, stride of MobileNetV2's stages: table 2 of the paper.
MOBILENET_STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
BATCH_NORM_EPSILON = 1e-3
BATCH_NORM_MOMENTUM = 0.03


@dataclass(frozen=True)
class UnitSpec:
    """A convolution with what follows it.

    Attributes:
        inputs, outputs: channels.
        kernel: height and width.
        stride, padding, groups: as in ``nn.Conv2d``.
        subsample: TensorFlow's stride 2 with 'same' padding, which PyTorch does not have: "input" pads and then
            strides; "output" keeps every second row and column of a stride-1 convolution, which for depthwise ones is
            several times faster on a processor, where strided depthwise gradients take a slow path.
        activation: "relu", "relu6" or "none".
        folded: no batch norm but a bias: the same function as batch norm with frozen statistics, and a third faster to
            train on a processor, where batch norm is bound by memory.
    """

    inputs: int
    outputs: int
    kernel: tuple[int, int]
    stride: int = 1
    padding: tuple[int, int] = (0, 0)
    groups: int = 1
    subsample: str = ""
    activation: str = "relu"
    folded: bool = False


class ConvolutionUnit(nn.Module):
    """Convolution, batch norm unless folded, and activation."""

    def __init__(self, spec: UnitSpec) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(
            spec.inputs,
            spec.outputs,
            spec.kernel,
            spec.stride,
            spec.padding,
            groups=spec.groups,
            bias=spec.folded,
        )
        self.norm = None if spec.folded else nn.BatchNorm2d(spec.outputs, BATCH_NORM_EPSILON, BATCH_NORM_MOMENTUM)
        self.activation = spec.activation
        self.subsample = spec.subsample

    def forward(self, x: Tensor) -> Tensor:
        """N×inputs×H×W to N×outputs×H'×W'."""
        height, width = x.shape[2:]
        if self.subsample == "input":
            x = functional.pad(x, (width % 2, 1, height % 2, 1))
        x = cast(Tensor, self.convolution(x))
        if self.subsample == "output":
            x = x[:, :, (height + 1) % 2 :: 2, (width + 1) % 2 :: 2].contiguous(memory_format=torch.channels_last)
        if self.norm is not None:
            x = self.norm(x)
        if self.activation == "relu":
            return functional.relu(x, inplace=True)
        return functional.relu6(x, inplace=True) if self.activation == "relu6" else x


class InceptionV3(nn.Module):
    """Inception v3 without the auxiliary head; units in the order in which Keras creates them.

    The last block pools by maximum, as the graph of 2015 does; Keras's weights were made for the average there
    (``last_pool="average"``).
    """

    def __init__(self, outputs: int, *, dropout: float = 0.3, last_pool: str = "maximum") -> None:
        super().__init__()
        self.last_pool = last_pool
        self.units = nn.ModuleList()
        conv = self._unit
        self.stem = [conv(3, 32, 3, stride=2), conv(32, 32, 3), conv(32, 64, 3, same=True)]
        self.stem += [conv(64, 80, 1), conv(80, 192, 3)]
        self.a = [self._block_a(192, 32), self._block_a(256, 64), self._block_a(288, 64)]
        self.reduce_a = [
            conv(288, 384, 3, stride=2),
            conv(288, 64, 1),
            conv(64, 96, 3, same=True),
            conv(96, 96, 3, stride=2),
        ]
        self.b = [self._block_b(width) for width in (128, 160, 160, 192)]
        self.reduce_b = [
            conv(768, 192, 1), conv(192, 320, 3, stride=2),
            conv(768, 192, 1), conv(192, 192, (1, 7)), conv(192, 192, (7, 1)), conv(192, 192, 3, stride=2),
        ]  # fmt: skip
        self.c = [self._block_c(1280), self._block_c(2048)]
        self.feature_count = 2048
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(self.feature_count, outputs)
        nn.init.normal_(self.head.weight, std=0.01)
        nn.init.zeros_(self.head.bias)

    def _unit(
        self, inputs: int, outputs: int, kernel: int | tuple[int, int], *, stride: int = 1, same: bool = False
    ) -> int:
        shape = (kernel, kernel) if isinstance(kernel, int) else kernel
        same = same or not isinstance(kernel, int) or kernel == 5
        padding = (shape[0] // 2, shape[1] // 2) if same else (0, 0)
        self.units.append(ConvolutionUnit(UnitSpec(inputs, outputs, shape, stride, padding, folded=True)))
        return len(self.units) - 1

    def unit(self, index: int) -> ConvolutionUnit:
        """A unit by its number."""
        return cast(ConvolutionUnit, self.units[index])

    def _block_a(self, inputs: int, pool: int) -> list[int]:
        conv = self._unit
        return [
            conv(inputs, 64, 1), conv(inputs, 48, 1), conv(48, 64, 5),
            conv(inputs, 64, 1), conv(64, 96, 3, same=True), conv(96, 96, 3, same=True), conv(inputs, pool, 1),
        ]  # fmt: skip

    def _block_b(self, width: int) -> list[int]:
        conv = self._unit
        return [
            conv(768, 192, 1),
            conv(768, width, 1), conv(width, width, (1, 7)), conv(width, 192, (7, 1)),
            conv(768, width, 1), conv(width, width, (7, 1)), conv(width, width, (1, 7)), conv(width, width, (7, 1)),
            conv(width, 192, (1, 7)),
            conv(768, 192, 1),
        ]  # fmt: skip

    def _block_c(self, inputs: int) -> list[int]:
        conv = self._unit
        return [
            conv(inputs, 320, 1),
            conv(inputs, 384, 1), conv(384, 384, (1, 3)), conv(384, 384, (3, 1)),
            conv(inputs, 448, 1), conv(448, 384, 3, same=True), conv(384, 384, (1, 3)), conv(384, 384, (3, 1)),
            conv(inputs, 192, 1),
        ]  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        """See the module's text."""
        return cast(Tensor, self.head(self.dropout(self.features(x))))

    def features(self, x: Tensor) -> Tensor:
        """N×``feature_count`` float32: the means over the last maps."""
        return self.maps(x).mean((2, 3), dtype=torch.float32)

    def maps(self, x: Tensor) -> Tensor:
        """N×``feature_count``×H×W activations before the pooling."""
        run = self._run
        x = functional.max_pool2d(run(x, self.stem[:3]), 3, 2)
        x = functional.max_pool2d(run(x, self.stem[3:]), 3, 2)
        for u in self.a:
            pooled = functional.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
            x = torch.cat([run(x, u[:1]), run(x, u[1:3]), run(x, u[3:6]), run(pooled, u[6:])], 1)
        u = self.reduce_a
        x = torch.cat([run(x, u[:1]), run(x, u[1:]), functional.max_pool2d(x, 3, 2)], 1)
        for u in self.b:
            pooled = functional.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
            x = torch.cat([run(x, u[:1]), run(x, u[1:4]), run(x, u[4:9]), run(pooled, u[9:])], 1)
        u = self.reduce_b
        x = torch.cat([run(x, u[:2]), run(x, u[2:]), functional.max_pool2d(x, 3, 2)], 1)
        for index, u in enumerate(self.c):
            if index and self.last_pool == "maximum":
                pooled = functional.max_pool2d(x, 3, 1, 1)
            else:
                pooled = functional.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
            narrow, wide = run(x, u[1:2]), run(x, u[4:6])
            narrow_parts = [run(narrow, u[2:3]), run(narrow, u[3:4])]
            wide_parts = [run(wide, u[6:7]), run(wide, u[7:8])]
            x = torch.cat([run(x, u[:1]), *narrow_parts, *wide_parts, run(pooled, u[8:])], 1)
        return x

    def _run(self, x: Tensor, indices: list[int]) -> Tensor:
        for index in indices:
            x = self.units[index](x)
        return x


class MobileNetV2(nn.Module):
    """MobileNetV2 with TensorFlow's 'same' padding, so that the converted network sees the same pixels.

    Units are named as Keras names its layers.
    """

    def __init__(self, outputs: int, *, width: float = 1.0, dropout: float = 0.2, folded: bool = False) -> None:
        super().__init__()
        self.folded = folded
        self.names: list[str] = []
        self.units = nn.ModuleDict()
        channels = _rounded(32 * width)
        self._add("Conv1", UnitSpec(3, channels, (3, 3), stride=2, subsample="input", activation="relu6"))
        self.blocks: list[tuple[list[str], bool]] = []
        # For hooks: quantization looks at sums and at the pooled features too.
        self.sums = nn.ModuleList()
        self.pooled = nn.Identity()
        for expansion, stage_channels, repeats, stride in MOBILENET_STAGES:
            target = _rounded(stage_channels * width)
            for repeat in range(repeats):
                self._add_block(channels, target, expansion, stride if repeat == 0 else 1)
                channels = target
        self.feature_count = max(1280, _rounded(1280 * width))
        self._add("Conv_1", UnitSpec(channels, self.feature_count, (1, 1), activation="relu6"))
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(self.feature_count, outputs)
        nn.init.normal_(self.head.weight, std=0.01)
        nn.init.zeros_(self.head.bias)

    def _add(self, name: str, spec: UnitSpec) -> str:
        self.units[name] = ConvolutionUnit(replace(spec, folded=self.folded))
        self.names.append(name)
        return name

    def unit(self, name: str) -> ConvolutionUnit:
        """A unit by its layer's name in Keras."""
        return cast(ConvolutionUnit, self.units[name])

    def _add_block(self, inputs: int, outputs: int, expansion: int, stride: int) -> None:
        prefix = f"block_{len(self.blocks)}" if self.blocks else "expanded_conv"
        hidden = inputs * expansion
        specs = {
            "expand": UnitSpec(inputs, hidden, (1, 1), activation="relu6"),
            "depthwise": UnitSpec(
                hidden,
                hidden,
                (3, 3),
                padding=(1, 1),
                groups=hidden,
                subsample="output" if stride == 2 else "",
                activation="relu6",
            ),
            "project": UnitSpec(hidden, outputs, (1, 1), activation="none"),
        }
        if expansion == 1:
            del specs["expand"]
        names = [self._add(f"{prefix}_{part}", spec) for part, spec in specs.items()]
        self.blocks.append((names, stride == 1 and inputs == outputs))
        self.sums.append(nn.Identity())

    def forward(self, x: Tensor) -> Tensor:
        """See the module's text."""
        return cast(Tensor, self.head(self.dropout(self.features(x))))

    def features(self, x: Tensor) -> Tensor:
        """N×``feature_count`` float32: the means over the last map."""
        x = self.units["Conv1"](x)
        for (names, residual), total in zip(self.blocks, self.sums, strict=True):
            y = x
            for name in names:
                y = self.units[name](y)
            x = total(x + y) if residual else y
        return cast(Tensor, self.pooled(self.units["Conv_1"](x).mean((2, 3), dtype=torch.float32)))


def _rounded(channels: float) -> int:
    """The nearest multiple of eight that is not more than a tenth below, as in the paper's code."""
    result = max(8, int(channels + 4) // 8 * 8)
    return result + 8 if result < 0.9 * channels else result
