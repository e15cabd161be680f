"""The PyTorch script of `make bench` trains as `jaxmodels` does; skipped without PyTorch."""

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.training.q2.programs import Programs
from jaxmodels.evaluation import evaluate
from jaxmodels.models import named_arrays, network
from jaxmodels.training import Split, train_step

torch = pytest.importorskip("torch", reason="PyTorch is not installed (make bench-extras)")
script = pytest.importorskip("benchmarks.torch_script")

STEPS = 3
CONFIG = Q2Config(
    "mlp", hidden_size=7, batch_size=20, learning_rate=0.05, l2_decay=0.1, momentum=0.9, dropout=0.0
)
CONFIGS = {
    "mlp": CONFIG,
    "tanh": replace(CONFIG, activation="tanh", layers=1),
    "adam": replace(CONFIG, optimizer="adam", learning_rate=0.001),
    "logistic regression": replace(CONFIG, model="logistic_regression", momentum=0.0),
}
WRONG = {
    "no decay": {"l2_decay": 0.0},
    "half the rate": {"learning_rate": 0.025},
    "no momentum": {"momentum": 0.0},
    "other activation": {"activation": "tanh"},
}


class Both:
    """Both sides from the same first weights on the same batches, in the data's order."""

    def __init__(self, data: Dataset, ours: Q2Config, theirs: Q2Config) -> None:
        programs = Programs(data, "sequential")
        self.spec = programs.spec([ours])
        self.hyper, state = jax.tree.map(lambda leaf: leaf[0], programs.start([ours]))
        self.train, self.val = programs.splits["train"], programs.splits["val"]
        self.params, self.memory = state.params, state.opt_state
        self.run = script.start(theirs, data.train, data.val, len(data.class_names))
        first = {name: np.asarray(array) for name, array in named_arrays(self.params).items()}
        script.set_weights(self.run.model, first)
        self.X, self.y = script.tensors(data.train)

    def steps(self) -> tuple[list[float], list[float]]:
        """The losses of a few steps, ours and theirs."""
        ours, theirs = [], []
        for k in range(STEPS):
            batch = slice(20 * k, 20 * (k + 1))
            split = Split(self.train.pixels[batch], self.train.labels[batch])
            key = jax.random.key(k)
            self.params, self.memory, loss = train_step(
                self.spec, self.hyper, self.params, self.memory, split, key
            )
            ours.append(float(loss))
            theirs.append(
                script.train_batch(self.run.model, self.run.optimizer, self.X[batch], self.y[batch])
            )
        return ours, theirs

    def weights(self) -> tuple[Any, Any]:
        """Of the last layer, ours and theirs."""
        theirs = self.run.model[-1].weight.detach().numpy()
        return np.asarray(self.params["output"]["weight"]), theirs


@pytest.mark.parametrize("name", CONFIGS)
def test_steps_are_ours(name: str, tiny_data: Dataset) -> None:
    both = Both(tiny_data, CONFIGS[name], CONFIGS[name])
    np.testing.assert_allclose(*both.steps(), rtol=1e-4)
    np.testing.assert_allclose(*both.weights(), rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_script_is_told_from_ours(name: str, tiny_data: Dataset) -> None:
    both = Both(tiny_data, CONFIG, replace(CONFIG, **WRONG[name]))
    both.steps()
    ours, theirs = both.weights()
    assert not np.allclose(ours, theirs, rtol=1e-3, atol=1e-5)


def test_an_epoch_reports_what_ours_reports(tiny_data: Dataset) -> None:
    """Mean of batch means, the short last batch included; validation whole and without dropout."""
    config = replace(CONFIG, learning_rate=1e-12, l2_decay=0.0, batch_size=59, momentum=0.0)
    both = Both(tiny_data, config, replace(config, dropout=0.5))
    _, val_loss, correct = script.run_epoch(both.run)
    found = evaluate(network(both.spec.architecture), both.params, both.val)
    assert val_loss == pytest.approx(float(found.loss), rel=1e-5)
    assert correct == int(found.correct)
    without = Both(tiny_data, config, config)
    assert len(without.run.batches) == 2
    train_loss, _, _ = script.run_epoch(without.run)
    single = jnp.asarray([evaluate_one(without, i) for i in range(60)])
    means = {float((single.sum() - single[i]) / 59 + single[i]) / 2 for i in range(60)}
    assert min(abs(train_loss - mean) for mean in means) < 1e-5
    assert abs(train_loss - float(single.mean())) > 1e-5


def evaluate_one(both: Both, i: int) -> float:
    """The loss of one training example."""
    split = Split(both.train.pixels[i : i + 1], both.train.labels[i : i + 1])
    return float(evaluate(network(both.spec.architecture), both.params, split).loss)
