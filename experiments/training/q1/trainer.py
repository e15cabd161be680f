"""The training of question 1's runs: one at a time, in NumPy, example by example."""

import time
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from experiments.configs.q1 import Q1Config
from experiments.data.dataset import Dataset, Split
from experiments.environment.provenance import machine, versions
from experiments.runs.checkpoint import Arrays, Progress
from experiments.runs.records import EpochRecord, Final, Tally
from experiments.training.trainer import Result, finite, tally
from scratch.evaluation import confusion, predict
from scratch.models import Model, Params
from scratch.training import TrainState, next_epoch, start


class ScratchTrainer:
    """One run of question 1; see `experiments.training.trainer.Trainer` for the methods."""

    def __init__(self, config: Q1Config, data: Dataset, model: Model) -> None:
        self.configs, self.data, self._model = (config,), data, model
        self._state = start(model, config.seed, len(data.train), data.train.pixels.shape[1])

    @property
    def beside(self) -> list[str]:
        """Nothing: a run has its process, or its turn, to itself."""
        return []

    def circumstances(self) -> Mapping[str, object]:
        """Return the machine, and the versions of Python and NumPy."""
        return {"versions": versions("numpy"), "machine": machine()}

    def start(self) -> list[dict[str, Tally]]:
        """Count what the first weights predict rightly; the first state is there already."""
        return [self._counts()]

    def train_epoch(self, epoch: int) -> tuple[list[EpochRecord], float]:
        """Train an epoch with the engine that the configuration asks for, and count."""
        began = time.perf_counter()
        (config,), train = self.configs, self.data.train
        # A step size that is too large overflows; the epoch is named at the end, once.
        with np.errstate(over="ignore", invalid="ignore"):
            self._state, loss = next_epoch(
                self._model, self._state, train.pixels, train.labels, config.engine
            )
            counts = self._counts()
            record: EpochRecord = {
                "epoch": epoch,
                "train": counts["train"],
                "val": counts["val"],
            }
            if self._model.weight_norm:
                record["weight_norm"] = finite(self._model.weight_norm(self._state.params))
            if loss is not None:
                record["loss"] = finite(loss)
        seconds = time.perf_counter() - began
        record["seconds"] = round(seconds, 5)
        return [record], seconds

    def arrays(self) -> list[Arrays]:
        """Return parameters, order of the examples and the generator's state."""
        generator = self._state.generator
        named = {f"params.{name}": array for name, array in named_arrays(self._params).items()}
        named |= {"order": self._state.order, "generator.key": generator["state"]["key"]}
        named["generator.pos"] = np.asarray(generator["state"]["pos"])
        named |= {f"generator.{k}": np.asarray(generator[k]) for k in ("has_gauss", "gauss")}
        return [named]

    def check(self, progress: Progress) -> None:
        """Refuse records without counts, an order that is none, and what NumPy would not refuse.

        A generator's position beyond its state reads foreign memory.
        """
        found = progress.arrays
        if any(not {"train", "val"} <= record.keys() for record in progress.epochs):
            raise ValueError("its records lack the counts")
        if not np.array_equal(np.sort(found["order"]), np.arange(len(self.data.train))):
            raise ValueError("its order has not every example once")
        if not 0 <= found["generator.pos"] <= len(found["generator.key"]):
            raise ValueError("its generator is at no position")

    def restore(self, epoch: int, arrays: Sequence[Arrays]) -> None:
        """Go on from what `arrays` has returned."""
        (found,) = arrays
        names = named_arrays(self._params)
        held = {name: found[f"params.{name}"] for name in names}
        params = held["W"] if isinstance(self._params, np.ndarray) else type(self._params)(**held)
        # As `RandomState.get_state(legacy=False)` gives it; the generator's kind is always this.
        generator = {
            "bit_generator": self._state.generator["bit_generator"],
            "state": {"key": found["generator.key"], "pos": int(found["generator.pos"])},
            "has_gauss": int(found["generator.has_gauss"]),
            "gauss": float(found["generator.gauss"]),
        }
        self._state = TrainState(epoch, params, found["order"], generator)

    def finish(self, last: Sequence[EpochRecord]) -> list[Result]:
        """Evaluate the test split; the other counts are those of the last epoch."""
        (record,), test = last, self.data.test
        predicted = predict_split(self._model, self._params, test)
        final: Final = {
            "train": record["train"],
            "val": record["val"],
            "test": _tally(predicted, test.labels),
        }
        if "weight_norm" in record:
            final["weight_norm"] = record["weight_norm"]
        if "loss" in record:
            final["loss"] = record["loss"]
        counts = confusion(test.labels, predicted, len(self.data.class_names))
        return [Result(final, counts.tolist(), named_arrays(self._params))]

    @property
    def _params(self) -> Params:
        return self._state.params

    def _counts(self) -> dict[str, Tally]:
        splits = {"train": self.data.train, "val": self.data.val}
        return {
            name: _tally(predict_split(self._model, self._params, split), split.labels)
            for name, split in splits.items()
        }


def predict_split(model: Model, params: Params, split: Split) -> np.ndarray:
    """Return the predicted class of every example of a split, `[n]`."""
    return predict(
        partial(model.scores, model.on_pixels(params)),
        split.pixels,
        model.bias_column,
        model.chunk_size,
        model.threads,
    )


def named_arrays(params: Params) -> dict[str, np.ndarray]:
    """Return the parameters, an array or a NamedTuple, by name, as `weights.npz` holds them."""
    named: dict[str, np.ndarray] = (
        {"W": params} if isinstance(params, np.ndarray) else params._asdict()
    )
    return named


def _tally(predicted: np.ndarray, labels: np.ndarray) -> Tally:
    return tally(int(np.count_nonzero(predicted == labels)), len(labels))
