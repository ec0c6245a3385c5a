"""States of networks on disk: written whole, and read without running any code that a file might hold."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import nn

from train.errors import TrainError
from train.files import partial_path

Network = TypeVar("Network", bound=nn.Module)


def save_state(state: Mapping[str, Any], path: Path) -> None:
    """Write tensors and plain values; a stopped write leaves the old file."""
    partial = partial_path(path)
    torch.save(dict(state), partial)
    partial.replace(path)


def load_state(path: Path, device: torch.device | None = None) -> dict[str, Any]:
    """Read what ``save_state`` wrote.

    Raises:
        TrainError: the file is missing or damaged.
    """
    try:
        return dict(torch.load(path, map_location=device or torch.device("cpu"), weights_only=True))
    except Exception as error:  # torch.load raises almost anything on a damaged file
        reason = str(error).partition("\n")[0][:200]
        raise TrainError(f"'{path}' cannot be read ({reason}): remove it to train again") from error


def load_network(network: Network, path: Path) -> Network:
    """Fill a network with the weights of a file and put it into eval mode.

    Raises:
        TrainError: the file is missing or damaged, or holds the weights of another network.
    """
    state = load_state(path)
    try:
        network.load_state_dict(state)
    except RuntimeError:
        raise TrainError(f"'{path}' has the weights of another network: remove it to train again") from None
    return network.eval()
