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
from experiments.checking.script.calling import UndrivableError, call, guarded
from experiments.checking.script.findings import Checked, Finding

N_CLASSES, N_FEATURES, N_HIDDEN, LAYERS, N_EXAMPLES = 6, 50, 7, 2, 24
RATE = 0.1
PASSES = 400
CLOSE = {"rtol": 1e-4, "atol": 1e-5}  # float32, summed in another order

Tensor = Any
_OUTPUTS: dict[Output, Callable[[Tensor], Tensor]] = {
    "softmax": lambda scores: torch.softmax(scores, 1),
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
}
_ACTIVATE: dict[str, Callable[[Tensor], Tensor]] = {"relu": torch.relu, "tanh": torch.tanh}
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


def _made(cls: type, network: bool, hidden: int = N_HIDDEN, dropout: float = 0.0,
          activation: str = "relu", features: int = N_FEATURES) -> Any:  # fmt: skip
    if network:
        return guarded(lambda: cls(N_CLASSES, features, hidden, LAYERS, activation, dropout))
    return guarded(lambda: cls(N_CLASSES, features))


def _linear_layers(model: Any) -> list[tuple[Tensor, Tensor]]:
    """Weight and bias of each layer, from the first to the output."""
    found = [layer for layer in model.modules() if isinstance(layer, nn.Linear)]
    if not found:
        raise UndrivableError("it has no nn.Linear layer")
    if any(layer.bias is None for layer in found):
        raise UndrivableError("it has a layer without a bias")
    return [(layer.weight, layer.bias) for layer in found]


def _scores(model: Any, X: Tensor, activation: str) -> Tensor:
    """Compute the definition's scores of a model's layers: no dropout, nothing after the output."""
    *hidden, (weight, bias) = _linear_layers(model)
    for W, b in hidden:
        X = _ACTIVATE[activation](X @ W.T + b)
    return X @ weight.T + bias


def _examples() -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(7)
    X = torch.rand((N_EXAMPLES, N_FEATURES), generator=generator)
    return X, torch.arange(N_EXAMPLES) % N_CLASSES


def _outputs(part: str) -> list[tuple[Variant, Callable[[Tensor], Tensor]]]:
    return [(v, _OUTPUTS[v.jax.output]) for v in variants(part) if v.jax and v.jax.output]


def _about_step(module: ModuleType, cls: type, part: str) -> Finding:
    """Compare layers, scores and the step of train_batch; the first that is wrong is told."""
    network = part != "2.1"
    X, y = _examples()
    for activation in ("relu", "tanh") if network else ("relu",):
        model = _made(cls, network, activation=activation)
        layers = len(_linear_layers(model)) - 1
        if layers != (LAYERS if network else 0):
            known = {1: [BY_KEY["1 layer"]], 3: [BY_KEY["3 layers"]]} if network else {}
            return findings.wrong("step", known.get(layers, ()), f"it has {layers} hidden layers")
        for _, bias in _linear_layers(model):
            bias.data.uniform_(-1.0, 1.0)
        model.eval()
        with torch.no_grad():
            found = guarded(partial(model, X))
            if not torch.allclose(found, model(X)):
                return findings.wrong("step", [BY_KEY["dropout always on"]])
            expected = _scores(model, X, activation)
            if found.shape != expected.shape:
                return findings.wrong("step", (), f"forward gives {tuple(found.shape)} scores")
            if not torch.allclose(found, expected, **CLOSE):
                return _wrong_scores(model, X, found, expected, part, activation)
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
    if torch.allclose(found, _scores(model, X, other), **CLOSE):
        tanh = [BY_KEY["tanh units"]] if other == "tanh" else ()
        return findings.wrong("step", tanh, f"activation_type {activation} is not used", **where)
    return findings.wrong("step", (), "no known mistake gives such scores", **where)


def _about_train_batch(module: ModuleType, cls: type, part: str, X: Tensor, y: Tensor) -> Finding:
    train_batch = getattr(module, "train_batch", None)
    if train_batch is None:
        raise UndrivableError("there is no train_batch(X, y, model, optimizer, criterion)")
    model = _made(cls, part != "2.1")
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    criterion = nn.CrossEntropyLoss()
    outputs: list[tuple[Variant | None, Callable[[Tensor], Tensor]]] = [(None, lambda s: s)]
    outputs += _outputs(part)
    # Twice: a gradient that is not cleared shows in the second step.
    for time in (1, 2):
        before = [p.detach().clone() for p in model.parameters()]
        steps = {}
        for variant, output in outputs:
            loss = criterion(output(_scores(model, X, "relu")), y)
            steps[variant] = torch.autograd.grad(loss, list(model.parameters())), float(loss)
        told = call(train_batch, X, y, model, optimizer, criterion)
        after = [p.detach() for p in model.parameters()]

        def taken(variant: Variant | None, before: Any = before, steps: Any = steps,
                  after: Any = after) -> bool:  # fmt: skip
            gradients, _ = steps[variant]
            return all(
                torch.allclose(a, b - RATE * g, rtol=1e-4, atol=1e-6)
                for a, b, g in zip(after, before, gradients, strict=True)
            )

        if not taken(None):
            known = [v for v in steps if v is not None and taken(v)][:1]
            says = "train_batch does not step down the gradient of the batch's mean loss"
            if time == 2:
                says = "the second step adds the first one's gradient: optimizer.zero_grad() first"
            return findings.wrong("step", known, says)
        value = float(told) if told is not None else None
        if value is None or abs(value - steps[None][1]) > 1e-4 * abs(steps[None][1]):
            return findings.wrong(
                "loss", (), "train_batch does not return the batch's loss",
                got=value, expected=steps[None][1],
            )  # fmt: skip
    return findings.right("step", "scores, gradient and loss as defined")


def _about_first_weights(cls: type, network: bool) -> Finding:
    """Compare deviations with those of a uniform distribution in `+-1 / sqrt(n_in)`."""
    known = {0.01: BY_KEY["0.01 randn weights"], 1.0: BY_KEY["randn weights"]}
    # Many inputs and units, so that a deviation is told to a few percent.
    for W, b in _linear_layers(_made(cls, network, hidden=80, features=400)):
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
    model = _made(cls, network=True, hidden=1, dropout=0.5)
    layers = _linear_layers(model)
    with torch.no_grad():
        for k, (W, b) in enumerate(layers):
            W.fill_(1.0 if k else 1.0 / W.shape[1])
            b.fill_(float(k == 1))
        X = torch.ones((PASSES, N_FEATURES))
        model.eval()
        evaluated = {round(float(s)) for s in model(X).flatten()}
        if evaluated != {2}:
            return findings.wrong("dropout", [BY_KEY["dropout always on"]])
        model.train()
        seen = frozenset(round(float(s)) for s in model(X).flatten())
    if seen not in _DROPPED:
        return findings.wrong("dropout", (), f"of one unit per layer it gives {sorted(seen)}")
    key = _DROPPED[seen]
    if key is None:
        return findings.right("dropout", "after each hidden layer, in training only")
    return findings.wrong("dropout", [BY_KEY[key]])
