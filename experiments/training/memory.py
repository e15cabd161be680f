"""What a training takes at least, compared with what is free, before it begins."""

import math
from collections.abc import Sequence
from itertools import pairwise

from experiments.cli.errors import UsageError
from experiments.configs.labels import Config
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.environment.memory import free_memory


def least_bytes(config: Config, n_pixels: int, n_classes: int) -> int:
    """Return what parameters and their copies take; the rest is small.

    In NumPy those are the weights before and after an epoch, those that are stepped, and the step:
    4, of which 3.7 were measured at 10,000 hidden units. In JAX, the gradient and what the
    optimizer keeps.
    """
    hidden = []
    if config.model == "mlp":
        layers = config.layers if isinstance(config, Q2Config) else 1
        hidden = [config.hidden_size] * layers
    sizes = [n_pixels, *hidden, n_classes]
    parameters = sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))
    if not isinstance(config, Q2Config):
        return 8 * 4 * parameters
    kept = 2 if config.optimizer == "adam" else int(config.momentum > 0)
    return 4 * (2 + kept) * parameters


def check_memory(configs: Sequence[Config], data: Dataset) -> None:
    """See that runs that are trained at the same time can have the memory that they need.

    Raises:
        UsageError: there is less.
    """
    sizes = (math.prod(data.image_shape), len(data.class_names))
    needed, free = sum(least_bytes(config, *sizes) for config in configs), free_memory()
    if free is not None and needed > free:
        at_once = f" by each of {len(configs)} runs at once" if len(configs) > 1 else ""
        large, remedy = f"got images of {' x '.join(map(str, data.image_shape))}", "scale them down"
        if configs[0].model == "mlp":
            large, remedy = f"-hidden_size: got {configs[0].hidden_size}", "take a smaller one"
        raise UsageError(
            f"{large}{at_once}, which takes "
            f"{needed / 2**30:,.1f} GiB or more, expected at most the {free / 2**30:,.1f} GiB that "
            f"are free; {remedy}"
        )
