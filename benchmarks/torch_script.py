"""What a student hands in for question 2: PyTorch, eager, float32 images, a `DataLoader`, a loop.

Written for the assignment's semantics and as PyTorch's tutorials would write it: a `TensorDataset`,
one batch after the other, `loss.item()` of each, validation on the whole split at once.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Split

PIXEL_SCALE = 256
ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh}


class Script(NamedTuple):
    """One run of the script.

    Attributes:
        model: the network; PyTorch's default first weights.
        optimizer: `torch.optim.SGD` or `Adam`.
        batches: the training split, reshuffled whenever it is gone through.
        val: features and labels of the validation split.
    """

    model: Any
    optimizer: Any
    batches: Any
    val: tuple[Any, Any]


def start(config: Q2Config, train: Split, val: Split, n_classes: int) -> Script:
    """Everything before the first epoch."""
    torch.manual_seed(config.seed)
    X, y = tensors(train)
    model = make_model(config, X.shape[1], n_classes)
    batches = DataLoader(TensorDataset(X, y), batch_size=config.batch_size, shuffle=True)
    return Script(model, make_optimizer(config, model), batches, tensors(val))


def tensors(split: Split) -> tuple[Any, Any]:
    """Features in [0, 1), float32 `[n, d]`, and labels, int64 `[n]`."""
    X = split.pixels.astype(np.float32) / PIXEL_SCALE
    return torch.from_numpy(X), torch.from_numpy(split.labels)


def make_model(config: Q2Config, n_features: int, n_classes: int) -> Any:
    """One linear layer; before it, for the MLP, (linear, activation, dropout) per hidden layer."""
    if config.model == "logistic_regression":
        return nn.Sequential(nn.Linear(n_features, n_classes))
    sizes = [n_features] + [config.hidden_size] * config.layers
    modules: list[Any] = []
    for n_in, n_out in pairwise(sizes):
        modules += [nn.Linear(n_in, n_out), ACTIVATIONS[config.activation]()]
        modules.append(nn.Dropout(config.dropout))
    return nn.Sequential(*modules, nn.Linear(sizes[-1], n_classes))


def set_weights(model: Any, arrays: Mapping[str, np.ndarray]) -> None:
    """Start from given weights, named as in `jaxmodels.models.named_arrays`."""
    linears = [module for module in model if isinstance(module, nn.Linear)]
    names = [f"hidden.{i}" for i in range(len(linears) - 1)] + ["output"]
    with torch.no_grad():
        for linear, name in zip(linears, names, strict=True):
            linear.weight.copy_(torch.tensor(arrays[f"{name}.weight"]))
            linear.bias.copy_(torch.tensor(arrays[f"{name}.bias"]))


def make_optimizer(config: Q2Config, model: Any) -> Any:
    """Return the optimizer that the assignment's flags ask for."""
    rate, decay = config.learning_rate, config.l2_decay
    if config.optimizer == "adam":
        return torch.optim.Adam(model.parameters(), lr=rate, weight_decay=decay)
    return torch.optim.SGD(
        model.parameters(), lr=rate, momentum=config.momentum, weight_decay=decay
    )


def train_batch(model: Any, optimizer: Any, X: Any, y: Any) -> float:
    """One step of the optimizer; the batch's mean loss before it."""
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(X), y)
    loss.backward()
    optimizer.step()
    return loss.item()


def run_epoch(script: Script) -> tuple[float, float, int]:
    """One epoch: the mean of the batches' losses, then validation's mean loss and correct count."""
    script.model.train()
    losses = [train_batch(script.model, script.optimizer, X, y) for X, y in script.batches]
    script.model.eval()
    X, y = script.val
    with torch.no_grad():
        scores = script.model(X)
        val_loss = nn.functional.cross_entropy(scores, y).item()
        correct = int((scores.argmax(dim=1) == y).sum())
    return sum(losses) / len(losses), val_loss, correct
