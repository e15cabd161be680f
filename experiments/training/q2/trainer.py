"""The training of question 2's runs: those that share a program together, in JAX."""

import time
from collections.abc import Mapping, Sequence

import jax
import jax.numpy as jnp
import numpy as np

from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.environment.jax_setup import device
from experiments.environment.provenance import machine, versions
from experiments.runs.checkpoint import Arrays, Progress
from experiments.runs.records import EpochRecord, Tally
from experiments.training.q2.programs import Programs
from experiments.training.trainer import Result, finite, tally
from jaxmodels.evaluation import Evaluation
from jaxmodels.models import named_arrays
from jaxmodels.training import TrainState
from scratch.evaluation import confusion


class JaxTrainer:
    """Runs of question 2; see `experiments.training.trainer.Trainer` for the methods."""

    def __init__(self, configs: Sequence[Q2Config], data: Dataset, programs: Programs) -> None:
        self.configs, self.data, self._programs = configs, data, programs
        self._spec = programs.spec(configs)
        self._runs = range(len(configs))

    @property
    def beside(self) -> list[str]:
        """The other runs in the same products, and the devices that share the sums."""
        return self._programs.beside(self.configs)

    def circumstances(self) -> Mapping[str, object]:
        """Return the machine with its devices, the versions, and how many runs there are."""
        return {
            "side_by_side": len(self.configs),
            "versions": versions("numpy", "jax", "jaxlib", "flax", "optax"),
            "machine": {**machine(), **device()},
        }

    def start(self) -> list[dict[str, Tally]]:
        """Draw the first weights, and evaluate them."""
        self._hyper, self._states = self._programs.start(self.configs)
        found = {split: self._evaluate(split) for split in ("train", "val")}
        return [{split: _tally(found[split], i) for split in found} for i in self._runs]

    def train_epoch(self, epoch: int) -> tuple[list[EpochRecord], float]:
        """Train all runs for an epoch and validate; compiling is not in the seconds."""
        programs = self._programs
        compiling, began = programs.compile_seconds, time.perf_counter()
        self._states, metrics = programs.epoch(self._spec, self._hyper, self._states)
        seconds = time.perf_counter() - began - (programs.compile_seconds - compiling)
        total = len(self.data.val)
        records: list[EpochRecord] = [
            {
                "epoch": epoch,
                "loss": finite(metrics.train_loss[i]),
                "val": {
                    **tally(int(metrics.val_correct[i]), total),
                    "loss": finite(metrics.val_loss[i]),
                },
                "seconds": round(seconds / len(self.configs), 5),
            }
            for i in self._runs
        ]
        return records, seconds

    def arrays(self) -> list[Arrays]:
        """Return each run's part of the states, fetched from the devices."""
        states = self._programs.fetch(self._states, len(self.configs))
        return [unstack_run(states, i) for i in self._runs]

    def check(self, progress: Progress) -> None:
        """Refuse records without counts, and states of another epoch or seed."""
        if any("val" not in record for record in progress.epochs):
            raise ValueError("its records lack the counts")
        seed, epoch = progress.arrays["leaf.0"], progress.arrays["leaf.1"]  # as in TrainState
        if epoch != progress.epoch or seed not in [config.seed for config in self.configs]:
            raise ValueError("its state is of another epoch or seed")

    def restore(self, epoch: int, arrays: Sequence[Arrays]) -> None:  # noqa: ARG002
        """Go on from what `arrays` has returned; the epoch's number is in it."""
        self._states = stack_runs(arrays, self._states)

    def finish(self, last: Sequence[EpochRecord]) -> list[Result]:
        """Evaluate train and test; validation is the last epoch's, as is the loss with dropout."""
        found = {split: self._evaluate(split) for split in ("train", "test")}
        params = self._programs.fetch(self._states.params, len(self.configs))
        test, n_classes = self.data.test, len(self.data.class_names)
        results = []
        for i, record in enumerate(last):
            counts = confusion(test.labels, np.asarray(found["test"].predicted[i]), n_classes)
            own = jax.tree.map(lambda leaf, i=i: jnp.asarray(leaf[i]), params)
            weights = {name: np.asarray(array) for name, array in named_arrays(own).items()}
            results.append(
                Result(
                    {
                        "train": _tally(found["train"], i),
                        "val": record["val"],
                        "test": _tally(found["test"], i),
                        "loss": record["loss"],
                    },
                    counts.tolist(),
                    weights,
                )
            )
        return results

    def _evaluate(self, split: str) -> Evaluation:
        return self._programs.evaluate(self._spec, self._states.params, split)


def unstack_run(states: TrainState, i: int) -> dict[str, np.ndarray]:
    """Return one run's part of states that are the host's: the tree's arrays in their order."""
    return {f"leaf.{k}": np.asarray(leaf)[i] for k, leaf in enumerate(jax.tree.leaves(states))}


def stack_runs(runs: Sequence[Arrays], like: TrainState) -> TrainState:
    """Return the states on the device whose parts these are, in the form of `like`."""
    stacked = (np.stack([run[name] for run in runs]) for name in unstack_run(like, 0))
    # A copy: the epoch's program takes the memory that it is given for its own.
    leaves = [jnp.array(leaf, copy=True) for leaf in stacked]
    return jax.tree.unflatten(jax.tree.structure(like), leaves)


def _tally(found: Evaluation, i: int) -> Tally:
    counted = tally(int(found.correct[i]), found.predicted.shape[1])
    return {**counted, "loss": finite(found.loss[i])}
