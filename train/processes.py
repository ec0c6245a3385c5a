"""The processes of a run: one, or several that ``torchrun`` started, which share the work of its steps.

    torchrun --nproc-per-node 2 -m -- train run --settings S.json --run RUN

(Without ``--``, Pythons before 3.12.8 take ``--run`` for an option of torchrun's.)
Each has its own GPU, or all share the processor's cores. Every process goes through the same steps: training shares
each batch, labelling shares the faces (``share``), and whatever else is done is done by the first process while the
others wait (``once``). Only the first writes and prints. Alone, nothing here changes anything, and PyTorch is not
imported.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, ParamSpec, TypeVar, cast

from train.errors import TrainError

if TYPE_CHECKING:
    from torch import Tensor, nn

# The others wait as long for the first as preparing a million pictures takes. Where one fails, torchrun ends all.
LONGEST_WAIT = timedelta(days=7)

P = ParamSpec("P")
T = TypeVar("T")
Network = TypeVar("Network", bound="nn.Module")


class Share(NamedTuple):
    """Which part of something is one process's: the part ``number`` of ``of``."""

    number: int = 0
    of: int = 1

    def part(self, count: int) -> slice:
        """Which of ``count`` things are its own; the parts of all differ by one at most."""
        return slice(count * self.number // self.of, count * (self.number + 1) // self.of)

    def takes(self, number: int) -> bool:
        """Whether a thing with a number is its own, where all take turns."""
        return number % self.of == self.number


ALL = Share()
"""Of a process that is alone."""

_share = ALL
_store: Any = None
_several = False


def share() -> Share:
    """This process's share."""
    return _share


def is_first() -> bool:
    """Whether this is the process that writes and prints."""
    return _share.number == 0


def join(step: str, *, shared: bool) -> None:
    """Find the other processes, where ``torchrun`` started this one; afterwards only the first prints.

    Args:
        step: its name.
        shared: whether several processes can share its work.

    Raises:
        TrainError: they cannot, or there are fewer GPUs than processes.
    """
    global _share, _store, _several
    if "TORCHELASTIC_RUN_ID" not in os.environ or int(os.environ["WORLD_SIZE"]) == 1:
        return
    _several = True
    import torch
    from torch import distributed
    from torch.distributed.rendezvous import rendezvous

    _store, number, count = next(rendezvous("env://", timeout=LONGEST_WAIT))
    if number:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if not shared:
        raise TrainError(f"'{step}' works in one process: start it without torchrun")
    gpus, here = torch.cuda.device_count(), int(os.environ.get("LOCAL_WORLD_SIZE", count))
    if 0 < gpus < here:
        raise TrainError(
            f"{here} processes, but {gpus} GPU{'s' * (gpus > 1)}: let torchrun start as many as there are GPUs, or set "
            "CUDA_VISIBLE_DEVICES to nothing to train on the processor"
        )
    if gpus:
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", number)))
    # Waiting goes through gloo, which lies still meanwhile; gradients on GPUs through NCCL.
    backend = "cpu:gloo,cuda:nccl" if gpus else "gloo"
    distributed.init_process_group(backend, store=_store, rank=number, world_size=count, timeout=LONGEST_WAIT)
    _share = Share(number, count)


def leave() -> None:
    """End what ``join`` began, when all is done."""
    global _share, _store
    if _share.of > 1:
        from torch import distributed

        wait()
        distributed.destroy_process_group()
    _share, _store = ALL, None


def end(code: int) -> NoReturn:
    """End the program with an exit code.

    Of several processes each ends at once: when the interpreter is taken down, threads of PyTorch's process group may
    still run, and one run in some fourteen ended with 'terminate called without an active exception'.
    """
    if _several:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def tells_why() -> bool:
    """Whether this process is to tell why the run ends: the first one that asks is."""
    if _store is None:
        return True
    with suppress(Exception):  # torchrun may be gone
        return bool(_store.add("told", 1) == 1)
    return True


def once(work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T | None:
    """Let the first process do something alone while the others wait.

    Args:
        work: what it does; the process counts as alone meanwhile.
        args: of ``work``.
        named: of ``work``.

    Returns:
        What ``work`` gives, None in the others.
    """
    global _share
    mine, result = _share, None
    if is_first():
        _share = ALL
        try:
            result = work(*args, **named)
        finally:
            _share = mine
    wait()
    return result


def in_turn(work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """Let every process do something, the others when the first is done: what it fetches and keeps, they find."""
    result = once(work, *args, **named)
    return cast(T, result) if is_first() else work(*args, **named)


def wait() -> None:
    """Wait until all processes are here."""
    total(0)


def agreed(answer: bool) -> bool:
    """The first process's answer, in all: files that it writes may be there for some processes and not for others."""
    return total(answer if is_first() else 0) > 0


def total(number: float) -> float:
    """The sum of all processes' numbers."""
    if _share.of == 1:
        return number
    import torch
    from torch import distributed

    numbers = torch.tensor([number], dtype=torch.float64)
    distributed.all_reduce(numbers)
    return float(numbers.item())


def parallel(network: nn.Module) -> nn.Module:
    """A network whose gradients are the mean of all processes'; its weights become the first's.

    Batch norm on GPUs sees the faces of all processes (SyncBatchNorm); on processors, where that is not to be had, each
    process normalizes its own.
    """
    if _share.of == 1:
        return network
    from torch import nn

    where = next(network.parameters()).device
    if where.type == "cuda":
        network = nn.SyncBatchNorm.convert_sync_batchnorm(network)  # type: ignore[no-untyped-call]
    # With channels last, kernels of 1×1 may have other strides than their gradients: nothing is wrong, or slow.
    warnings.filterwarnings("ignore", "Grad strides do not match bucket view strides")
    return nn.parallel.DistributedDataParallel(network)


def average_buffers(network: nn.Module) -> None:
    """Give a network the mean of all processes' statistics: of batch norm, and the ranges of quantization."""
    buffers = [buffer for buffer in network.buffers() if buffer.is_floating_point()]
    if _share.of == 1 or not buffers:
        return
    import torch
    from torch import distributed

    joined = torch.cat([buffer.flatten() for buffer in buffers])
    distributed.all_reduce(joined)
    _spread(joined / _share.of, buffers)


def take_first(network: Network) -> Network:
    """Give a network the first process's weights and statistics; the same network."""
    if _share.of == 1:
        return network
    import torch
    from torch import distributed

    values = [value for value in network.state_dict().values() if value.is_floating_point()]
    joined = torch.cat([value.flatten() for value in values])
    distributed.broadcast(joined, 0)
    _spread(joined, values)
    return network


def _spread(joined: Tensor, parts: list[Tensor]) -> None:
    import torch

    for part, values in zip(parts, torch.split(joined, [part.numel() for part in parts]), strict=True):
        part.copy_(values.view_as(part))
