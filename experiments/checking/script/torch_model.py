"""A student's model of question 2: made, its layers found, and the definition's scores of them."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import torch
from torch import nn

from experiments.checking.script.calling import UndrivableError, guarded, made

N_CLASSES, N_FEATURES, N_HIDDEN, LAYERS = 6, 50, 7, 2

Tensor = Any
Activate = Callable[[Tensor], Tensor]
_ACTIVATE: dict[str, Activate] = {"relu": torch.relu, "tanh": torch.tanh}


def model_of(cls: type, network: bool, hidden: int = N_HIDDEN, dropout: float = 0.0,
          activation: str = "relu", features: int = N_FEATURES) -> Any:  # fmt: skip
    """Make a model that gives scores; an activation that is no name is given as a module.

    Raises:
        UndrivableError: it cannot be made, or gives something else.
    """
    sizes = {"n_classes": N_CLASSES, "n_features": features}
    if not network:
        return _giving_scores(made(cls, sizes, {}), features)
    sizes |= {"hidden_size": hidden, "layers": LAYERS}
    module = nn.ReLU() if activation == "relu" else nn.Tanh()

    def with_activation(given: Any) -> Any:
        own = {**sizes, "activation_type": given, "dropout": dropout}
        return _giving_scores(made(cls, own, {}), features)

    try:
        return with_activation(activation)
    except UndrivableError:
        with suppress(UndrivableError):
            return with_activation(module)
        raise


def _giving_scores(model: Any, features: int) -> Any:
    with torch.no_grad():
        scores = guarded(lambda: model.eval()(torch.zeros(2, features)))
    if not isinstance(scores, torch.Tensor):
        raise UndrivableError(f"forward gives a {type(scores).__name__}, expected the scores alone")
    model.train()
    return model


def linear_layers(model: Any, features: int = N_FEATURES) -> list[tuple[Tensor, Tensor]]:
    """Weight and bias of each layer, from the first to the output, as forward calls them."""
    found = [layer for layer in model.modules() if isinstance(layer, nn.Linear)]
    if not found:
        raise UndrivableError("it has no nn.Linear layer, where its weights are looked for")
    if any(layer.bias is None for layer in found):
        raise UndrivableError("it has a layer without a bias")
    called: list[Any] = []
    hooks = [f.register_forward_hook(lambda layer, *_: called.append(layer)) for f in found]
    training = model.training
    with torch.no_grad(), suppress(RuntimeError):
        model.eval()(torch.zeros(2, features))
    model.train(training)
    for hook in hooks:
        hook.remove()
    return [(layer.weight, layer.bias) for layer in (called or found)]


def scores_of(model: Any, X: Tensor, activation: str) -> Tensor:
    """Compute the definition's scores of a model's layers: no dropout, nothing after the output."""
    *hidden, (weight, bias) = linear_layers(model, X.shape[1])
    for W, b in hidden:
        X = _ACTIVATE[activation](X @ W.T + b)
    return X @ weight.T + bias
