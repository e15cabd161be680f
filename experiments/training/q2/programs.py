"""The compiled programs of one `hw1-q2` command: one per shape, compiled ahead and timed apart."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.data.dataset import Split as HostSplit
from experiments.training.q2.checkpoint import trained_with
from jaxmodels.evaluation import Evaluation, Split
from jaxmodels.models import Architecture
from jaxmodels.optimizers import Hyperparameters, OptimizerName
from jaxmodels.sweep import (
    SweepMode,
    default_sweep_mode,
    stack,
    start_sweep,
    sweep_epoch,
    sweep_evaluate,
)
from jaxmodels.training import CompiledSpec, EpochMetrics, TrainState


class Programs:
    """A data set on the device, and the programs that train on it.

    Attributes:
        mode: how the columns of a sweep are run.
        splits: train, val and test on the device.
        compile_seconds: spent tracing and compiling so far.
    """

    def __init__(self, data: Dataset, mode: SweepMode | None = None) -> None:
        self.mode: SweepMode = mode or default_sweep_mode()
        self.splits = self.placed(data)
        self.compile_seconds = 0.0
        self._n_classes = len(data.class_names)
        self._compiled: dict[Any, Callable[..., Any]] = {}

    @property
    def compiled(self) -> int:
        """How many programs have been compiled."""
        return len(self._compiled)

    def placed(self, data: Dataset) -> dict[str, Split]:
        """The splits where the programs want them, here on the device."""
        return {name: _on_device(split) for name, split in data.splits.items()}

    def beside(self, configs: Sequence[Q2Config]) -> list[str]:
        """What a run's last bits depend on besides its own configuration."""
        return trained_with(configs, self.mode)

    def groups(self, configs: Sequence[Q2Config]) -> list[list[Q2Config]]:
        """Configurations that are trained together: each alone, or all that can share a program."""
        if self.mode == "sequential":
            return [[config] for config in configs]
        return self.together(configs)

    @staticmethod
    def together(configs: Sequence[Q2Config]) -> list[list[Q2Config]]:
        """Configurations that can share a program."""
        together: dict[Q2Config, list[Q2Config]] = {}
        for config in configs:
            alike = replace(
                config, learning_rate=1.0, momentum=0.0, l2_decay=0.0, dropout=0.0, seed=0
            )
            together.setdefault(alike, []).append(config)
        return list(together.values())

    def spec(self, group: Sequence[Q2Config]) -> CompiledSpec:
        """The part of a group's configurations that its program is compiled for.

        Momentum costs time even where it is 0, so a group without any gets a program without it.
        """
        config = group[0]
        n_features = self.splits["train"].pixels.shape[1]
        if config.model == "mlp":
            shape = (config.hidden_size, config.layers, config.activation)
            architecture = Architecture("mlp", n_features, self._n_classes, *shape)
        else:
            architecture = Architecture("logistic_regression", n_features, self._n_classes)
        optimizer: OptimizerName = config.optimizer
        if config.optimizer == "sgd" and all(member.momentum == 0 for member in group):
            optimizer = "plain_sgd"
        return CompiledSpec(architecture, optimizer, config.batch_size)

    def start(self, configs: Sequence[Q2Config]) -> tuple[Hyperparameters, TrainState]:
        """Hyperparameters and first states of runs that share a setting, a column for each."""
        numbers = [
            Hyperparameters(c.learning_rate, c.momentum, c.l2_decay, c.dropout) for c in configs
        ]
        # Beyond single precision a rate is infinite; the run will say that it diverged.
        with np.errstate(over="ignore"):
            hyper = stack(numbers)
        seeds = jnp.asarray([config.seed for config in configs], jnp.uint32)
        return hyper, start_sweep(self.spec(configs), hyper, seeds)

    def epoch(
        self, spec: CompiledSpec, hyper: Hyperparameters, states: TrainState
    ) -> tuple[TrainState, EpochMetrics]:
        """Train all columns for one epoch and validate; the metrics are NumPy's and ready."""
        arguments = (hyper, states, self.splits["train"], self.splits["val"])
        program = self.ready("epoch", spec, sweep_epoch, arguments)
        states, metrics = program(*arguments)
        return states, jax.device_get(metrics)

    def evaluate(self, spec: CompiledSpec, params: Any, split: str) -> Evaluation:
        """Evaluate all columns on a split; the answer is NumPy's and ready."""
        arguments = (params, self.splits[split])
        program = self.ready(split, spec, sweep_evaluate, arguments)
        return jax.device_get(program(*arguments))

    def fetch(self, tree: Any, columns: int) -> Any:
        """The first `columns` columns of states or parameters as NumPy arrays."""
        return jax.tree.map(lambda leaf: leaf[:columns], jax.device_get(tree))

    def ready(
        self,
        what: str,
        spec: CompiledSpec,
        make: Callable[[CompiledSpec, SweepMode], Any],
        arguments: tuple[Any, ...],
    ) -> Callable[..., Any]:
        """The compiled program for these arguments' shapes; compiling is timed, running is not."""
        columns = len(jax.tree.leaves(arguments[0])[0])
        name = (what, spec, columns)
        if name not in self._compiled:
            began = time.perf_counter()
            self._compiled[name] = make(spec, self.mode).lower(*arguments).compile()
            self.compile_seconds += time.perf_counter() - began
        return self._compiled[name]


def _on_device(split: HostSplit) -> Split:
    return Split(jnp.asarray(split.pixels), jnp.asarray(split.labels.astype(np.int32)))
