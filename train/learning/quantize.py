"""Quantization-aware training: the student's last epochs, in which weights and activations are rounded as in int8.

After Jacob et al. 2018 (arXiv:1712.05877): batch norm is folded, weights are rounded per output channel, activations
per tensor to the range seen so far, and gradients pass the rounding unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from train.learning.convert import folded
from train.learning.networks import MobileNetV2

# How fast a range follows what it sees; an outlier of one batch must not set it.
RANGE_MOMENTUM = 0.02


def fold(network: MobileNetV2, outputs: int, width: float) -> MobileNetV2:
    """The same function without batch norm.

    Args:
        network: a trained student.
        outputs: number of its outputs.
        width: its width.
    """
    result = MobileNetV2(outputs, width=width, dropout=network.dropout.p, folded=True)
    with torch.no_grad():
        for name in network.names:
            unit, target = network.unit(name), result.unit(name).convolution
            kernel, bias = folded(unit.convolution, unit.norm)
            assert target.bias is not None
            target.weight.copy_(torch.from_numpy(kernel))
            target.bias.copy_(torch.from_numpy(bias))
        result.head.load_state_dict(network.head.state_dict())
    return result.train(network.training)


def add_quantization(network: MobileNetV2) -> None:
    """Make a folded student round its weights and activations as its int8 twin will."""
    for name in network.names:
        unit = network.unit(name)
        parametrize.register_parametrization(unit.convolution, "weight", RoundedWeight())
        _round_output(unit)
    for part in [*network.sums, network.pooled]:
        _round_output(part)
    parametrize.register_parametrization(network.head, "weight", RoundedWeight())


def remove_quantization(network: MobileNetV2) -> None:
    """Give the student back its exact weights and activations."""
    for module in _parametrized(network):
        parametrize.remove_parametrizations(module, "weight", leave_parametrized=False)
    for part in [*network.units.values(), *network.sums, network.pooled]:
        part._forward_hooks.clear()
        if hasattr(part, "rounding"):
            del part.rounding


class RoundedWeight(nn.Module):
    """Weights at 255 levels, symmetric, a scale for each output channel."""

    def forward(self, weight: Tensor) -> Tensor:
        """The rounded weights, same shape."""
        scale = weight.detach().abs().flatten(1).amax(1).clamp(min=1e-8) / 127
        scale = scale.reshape(-1, *[1] * (weight.ndim - 1))
        return weight + ((weight / scale).round() * scale - weight).detach()


class RoundedActivation(nn.Module):
    """Activations at 256 levels between the lowest and highest value seen, which includes 0."""

    low: Tensor
    high: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("low", torch.zeros(()))
        self.register_buffer("high", torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        """The rounded activations, same shape; in training the range follows what it sees."""
        exact = x.detach().float()
        if self.training:
            low, high = exact.amin().clamp(max=0), exact.amax().clamp(min=0)
            first = bool(self.high == self.low)
            self.low.lerp_(low, 1.0 if first else RANGE_MOMENTUM)
            self.high.lerp_(high, 1.0 if first else RANGE_MOMENTUM)
        scale = ((self.high - self.low) / 255).clamp(min=1e-8)
        zero = (-self.low / scale).round()
        rounded = ((exact / scale).round_().add_(zero).clamp_(0, 255).sub_(zero)).mul_(scale)
        return x + (rounded - exact).to(x.dtype)


def _round_output(part: nn.Module) -> None:
    part.add_module("rounding", RoundedActivation())

    def hook(module: nn.Module, _inputs: Any, output: Tensor) -> Tensor:
        # By the module, not by a closure: a copy of the network has a rounding of its own.
        return cast(Tensor, cast(RoundedActivation, module.rounding)(output))

    part.register_forward_hook(hook)


def _parametrized(network: nn.Module) -> Iterator[nn.Module]:
    for module in network.modules():
        if parametrize.is_parametrized(module, "weight"):
            yield module
