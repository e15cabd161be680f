"""How many floating-point operations a network's products take, counted from its layers' sizes.

A product of `[m, k]` and `[k, n]` takes `2 m k n`: a multiplication and an addition each. All else
(activations, dropout, losses, biases, the optimizer's step, converting pixels) is left out, so a
share of the peak that is reckoned from this counts all of that as time lost.
"""

from collections.abc import Sequence
from itertools import pairwise

from experiments.configs.q2 import Q2Config


def layer_sizes(config: Q2Config, n_features: int, n_classes: int) -> list[int]:
    """From pixels to scores: the features, the units of each hidden layer, the classes."""
    hidden = [config.hidden_size] * config.layers if config.model == "mlp" else []
    return [n_features, *hidden, n_classes]


def forward_flops(sizes: Sequence[int]) -> int:
    """Of one example's scores: `2 out in` per layer, for `W x`."""
    return sum(2 * n_out * n_in for n_in, n_out in pairwise(sizes))


def training_flops(sizes: Sequence[int]) -> int:
    """Of one example's part in a step: scores and gradients.

    With `d` the gradient by a layer's output, each layer takes `W x` forward, and backward `d x^T`
    for its weights and `W^T d` for its input: three products of `2 out in`. The first layer's input
    is the pixels, which need no gradient: two products.
    """
    return 3 * forward_flops(sizes) - 2 * sizes[0] * sizes[1]
