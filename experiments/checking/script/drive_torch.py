"""Question 2's classes under PyTorch, beside the definition: scores, dropout, first weights, step.

Scores of evaluation are compared with those of the student's own layers; a training step with the
gradient of the batch's mean cross-entropy; dropout is told by a network of one unit per layer.
"""

from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

import torch
from torch import nn

from experiments.checking.catalogue import BY_KEY, variants
from experiments.checking.catalogue.jax_change import Output
from experiments.checking.catalogue.variant import Variant
from experiments.checking.script import findings
from experiments.checking.script.calling import UndrivableError, call, guarded, numbers_of
from experiments.checking.script.findings import Checked, Finding
from experiments.checking.script.torch_model import (
    LAYERS,
    N_CLASSES,
    N_FEATURES,
    Activate,
    Tensor,
    linear_layers,
    model_of,
    scores_of,
)

N_EXAMPLES = 24
RATE = 0.1
PASSES = 400
CLOSE = {"rtol": 1e-4, "atol": 1e-5}  # float32, summed in another order

_OUTPUTS: dict[Output, Activate] = {
    "softmax": lambda scores: torch.softmax(scores, 1),
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
}
# Of a network of one unit per layer, h2 = m1 + 1 and s = m2 h2 with masks m in {0, 2}.
_DROPPED: dict[frozenset[int], str | None] = {
    frozenset({0, 2, 6}): None,
    frozenset({2}): "dropout off",
    frozenset({0, 4}): "first layer kept",
    frozenset({0, 4, 12}): "output dropped",
}


def drive_torch(module: ModuleType, cls: type, part: str) -> Checked:
    """Check a class of question 2."""
    checked = Checked(part, cls.__name__)
    network = part != "2.1"
    checks: dict[findings.About, Callable[[], Finding]] = {
        "step": lambda: _about_step(module, cls, part),
        "first weights": lambda: _about_first_weights(cls, network),
    }
    if network:
        checks["dropout"] = lambda: _about_dropout(cls)
    for about, check in checks.items():
        torch.manual_seed(42)
        checked.add({about: check})
    return checked


def _examples() -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(7)
    X = torch.rand((N_EXAMPLES, N_FEATURES), generator=generator)
    return X, torch.arange(N_EXAMPLES) % N_CLASSES


def _outputs(part: str) -> list[tuple[Variant, Activate]]:
    return [(v, _OUTPUTS[v.jax.output]) for v in variants(part) if v.jax and v.jax.output]


def _about_step(module: ModuleType, cls: type, part: str) -> Finding:
    """Compare layers, scores and the step of train_batch; the first that is wrong is told."""
    network = part != "2.1"
    X, y = _examples()
    for activation in ("relu", "tanh") if network else ("relu",):
        model = model_of(cls, network, activation=activation)
        if any(m.bias is None for m in model.modules() if isinstance(m, nn.Linear)):
            return findings.wrong("step", (), "it has a layer without a bias")
        layers = len(linear_layers(model)) - 1
        if layers != (LAYERS if network else 0):
            known = {1: [BY_KEY["1 layer"]], 3: [BY_KEY["3 layers"]]} if network else {}
            says = f"it has {layers} hidden layers; those of a plain list are no part of a model"
            return findings.wrong("step", known.get(layers, ()), says)
        for _, bias in linear_layers(model):
            bias.data.uniform_(-1.0, 1.0)
        model.eval()
        with torch.no_grad():
            found = guarded(partial(model, X))
            if not torch.allclose(found, model(X)):
                return findings.wrong("step", [BY_KEY["dropout always on"]])
            expected = scores_of(model, X, activation)
            if found.shape != expected.shape:
                return findings.wrong("step", (), f"forward gives {tuple(found.shape)} scores")
            # The loss is the same of scores and of their log_softmax.
            if not torch.allclose(found.log_softmax(1), expected.log_softmax(1), **CLOSE):
                return _wrong_scores(model, X, found, expected, part, activation)
            if not torch.allclose(found, model.train()(X), **CLOSE):
                says = "with dropout 0 it gives other scores in training: the rate is not used, "
                return findings.wrong("step", (), says + "or there is a layer such as BatchNorm")
    return _about_train_batch(module, cls, part, X, y)


def _wrong_scores(
    model: Any, X: Tensor, found: Tensor, expected: Tensor, part: str, activation: str
) -> Finding:
    where = findings.difference("scores", found.numpy(), expected.numpy())
    where["example"] = int((found - expected).abs().argmax()) // N_CLASSES + 1
    for variant, output in _outputs(part):
        if torch.allclose(found, output(expected), **CLOSE):
            return findings.wrong("step", [variant], **where)
    other = "tanh" if activation == "relu" else "relu"
    if torch.allclose(found, scores_of(model, X, other), **CLOSE):
        tanh = [BY_KEY["tanh units"]] if other == "tanh" else ()
        return findings.wrong("step", tanh, f"activation_type {activation} is not used", **where)
    return findings.wrong("step", (), "no known mistake gives such scores", **where)


def _about_train_batch(module: ModuleType, cls: type, part: str, X: Tensor, y: Tensor) -> Finding:
    train_batch = getattr(module, "train_batch", None)
    if train_batch is None:
        raise UndrivableError("there is no train_batch(X, y, model, optimizer, criterion)")
    model = model_of(cls, part != "2.1")
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    criterion = nn.CrossEntropyLoss()

    def stepped(output: Activate) -> tuple[float, list[Tensor]]:
        """Return the loss, and the parameters after the definition's step."""
        parameters = list(model.parameters())
        loss = criterion(output(scores_of(model, X, "relu")), y)
        gradients = torch.autograd.grad(loss, parameters, allow_unused=True, materialize_grads=True)
        after = [p.detach() - RATE * g for p, g in zip(parameters, gradients, strict=True)]
        return loss.item(), after

    def is_at(parameters: list[Tensor]) -> bool:
        pairs = zip(model.parameters(), parameters, strict=True)
        return all(torch.allclose(found, p, rtol=1e-4, atol=1e-6) for found, p in pairs)

    # Twice: a gradient that is not cleared shows in the second step.
    for time in (1, 2):
        expected, right = stepped(lambda scores: scores)
        wrong = [(variant, stepped(output)[1]) for variant, output in _outputs(part)]
        told = numbers_of(call(train_batch, X, y, model, optimizer, criterion))
        if part != "2.1" and not model.training:
            says = "train_batch leaves the model in evaluation, without dropout"
            return findings.wrong("step", (), says)
        if not is_at(right):
            known = [variant for variant, after in wrong if is_at(after)][:1]
            says = "train_batch does not step down the gradient of the batch's mean loss"
            if time == 2:
                says = "the second step adds the first one's gradient: optimizer.zero_grad() first"
            return findings.wrong("step", known, says)
        if not any(abs(value - expected) <= 1e-4 * abs(expected) for value in told):
            where = {"got": told[0], "expected": expected} if told else {}
            says = "train_batch does not return the batch's loss"
            return findings.wrong("loss", (), says, **where)
    return findings.right("step", "scores, gradient and loss as defined")


def _about_first_weights(cls: type, network: bool) -> Finding:
    """Compare deviations with those of a uniform distribution in `+-1 / sqrt(n_in)`."""
    known = {0.01: BY_KEY["0.01 randn weights"], 1.0: BY_KEY["randn weights"]}
    # Many inputs and units, so that a deviation is told to a few percent.
    for W, b in linear_layers(model_of(cls, network, hidden=80, features=400), 400):
        bound = W.shape[1] ** -0.5
        deviation, expected = float(W.std()), bound / 3**0.5
        if abs(deviation / expected - 1) > 0.15 or float(W.abs().max()) > 1.001 * bound:
            like = [v for d, v in known.items() if abs(deviation / d - 1) < 0.15]
            return findings.wrong(
                "first weights", like, "not PyTorch's default, uniform in +-1 / sqrt(n_in)",
                array="weight", got=deviation, expected=expected,
            )  # fmt: skip
        if float(b.abs().max()) > 1.001 * bound or not b.any():
            return findings.wrong(
                "first weights", (), "biases are not uniform in +-1 / sqrt(n_in)",
                array="bias", got=float(b.abs().max()), expected=bound,
            )  # fmt: skip
    return findings.right("first weights", "PyTorch's default")


def _about_dropout(cls: type) -> Finding:
    """Tell from a network of one unit per layer where dropout acts: its scores are few numbers."""
    model = model_of(cls, network=True, hidden=1, dropout=0.5)
    layers = linear_layers(model)
    with torch.no_grad():
        for k, (W, b) in enumerate(layers):
            W.fill_(1.0 if k else 1.0 / W.shape[1])
            b.fill_(float(k == 1))
        layers[-1][0][1:] = 0.0  # the first class's score counts, all others are 0
        X = torch.ones((PASSES, N_FEATURES))
        model.eval()
        evaluated = _first_scores(model, X)
        if len(evaluated) > 1:
            return findings.wrong("dropout", [BY_KEY["dropout always on"]])
        if evaluated != {2}:
            return findings.untested("dropout", "its scores are others, see the step")
        seen = _first_scores(model.train(), X)
    if seen not in _DROPPED:
        return findings.wrong("dropout", (), f"of one unit per layer it gives {sorted(seen)}")
    key = _DROPPED[seen]
    if key is None:
        return findings.right("dropout", "after each hidden layer, in training only")
    return findings.wrong("dropout", [BY_KEY[key]])


def _first_scores(model: Any, X: Tensor) -> frozenset[int]:
    """Give the first class's scores, beyond the second's so that a log_softmax is none other."""
    scores = model(X)
    return frozenset(torch.round(scores[:, 0] - scores[:, 1]).int().tolist())
