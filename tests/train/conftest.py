"""PyTorch's compiler is imported before any test imports TensorFlow; see ``train.learning.pretrained.import_keras``."""

from __future__ import annotations

import contextlib

with contextlib.suppress(ImportError):
    import torch._dynamo  # noqa: F401
