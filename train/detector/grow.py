"""A larger detector that begins as a smaller one: what that has learned need not be learned again.

The larger network computes the same function (Net2WiderNet and Net2DeeperNet, Chen et al. 2016, arXiv:1511.05641): a
new channel is a copy of an old one, and whoever reads it reads a share of both; a new residual unit adds next to
nothing yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from train.detector.network import DetectorNetwork
from train.errors import TrainError
from train.learning.checkpoint import load_state

# Weight of a new unit's norm.
NEXT_TO_NOTHING = 0.02
# A copy and its original are read by different shares, or they would learn the same for ever.
LEAST_SHARE, LARGEST_SHARE = 0.25, 0.75


def start_grown(network: DetectorNetwork, checkpoint: Path, seed: int) -> None:
    """Fill a network with the averaged weights of a smaller one.

    Args:
        network: of at least as many channels, and at most twice as many, and of at least as many units.
        checkpoint: of the smaller one's training.
        seed: of what is random.

    Raises:
        TrainError: the file cannot be read, or is of no smaller detector.
    """
    state = load_state(checkpoint)
    try:
        old = {name.removeprefix("module."): value for name, value in state["average"].items()}
        network.load_state_dict(_grown(network, old, np.random.default_rng(seed)))
    except (KeyError, ValueError, RuntimeError, AttributeError):
        raise TrainError(f"'{checkpoint}' is no checkpoint of a detector that this one can grow from") from None


def _grown(network: DetectorNetwork, old: Mapping[str, Tensor], rng: np.random.Generator) -> dict[str, Tensor]:
    state = {name: value.clone() for name, value in network.state_dict().items()}
    kernels = [name for name, value in state.items() if value.ndim == 4]
    copies: dict[tuple[int, int], NDArray[np.int64]] = {}

    def origins(before: int, after: int) -> NDArray[np.int64]:
        """For each new channel the old one that it copies: the same for all layers between the same widths."""
        if not before <= after <= 2 * before:
            raise ValueError("channels grow by no more than twice")
        if (before, after) not in copies:
            extra = rng.permutation(before)[: after - before]
            copies[before, after] = np.concatenate([np.arange(before), extra])
        return copies[before, after]

    for name in kernels:
        if name not in old:
            # A unit that is new adds next to nothing: with nothing at all its ReLU would pass no gradient.
            state[name.replace("convolution", "norm")].fill_(NEXT_TO_NOTHING)
            continue
        shape, before = tuple(state[name].shape), tuple(old[name].shape)
        inputs = origins(before[1], shape[1])
        # The four places of a cell that pixel_shuffle makes of four channels stay together.
        group = 4 if name.startswith("up.") else 1
        outputs = origins(before[0] // group, shape[0] // group)
        outputs = (group * outputs[:, None] + np.arange(group)).ravel()
        share = torch.from_numpy(_shares(inputs, before[1], rng)).to(old[name].dtype)
        state[name] = old[name][outputs][:, inputs] * share[None, :, None, None]
        layer = name.removesuffix("weight")
        for other in (f"{layer}bias", *(n for n in state if n.startswith(layer.replace("convolution.", "norm.")))):
            if other in state and other in old and other != name:
                state[other] = old[other][outputs] if old[other].ndim else old[other].clone()
    return state


def _shares(origins: NDArray[np.int64], count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """How much of an old channel's weight each new one gets; those of a copy and its original add up to 1."""
    shares = np.ones(len(origins))
    copies = np.arange(count, len(origins))
    mine = rng.uniform(LEAST_SHARE, LARGEST_SHARE, len(copies))
    shares[copies], shares[origins[copies]] = mine, 1 - mine
    return shares
