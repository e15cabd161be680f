"""How far a run of question 1 has come, and how a checkpoint holds that."""

from collections.abc import Callable
from typing import Any

import numpy as np

from experiments.runs.checkpoint import Checkpoint
from experiments.runs.finished import same
from experiments.runs.json_files import Record
from scratch.mlp import MLPParams
from scratch.models import Params
from scratch.training import TrainState


class Progress:
    """How far a run has come.

    Attributes:
        state: all that the next epoch depends on.
        epochs: what `metrics.jsonl` holds.
        seconds: spent on training, over all its processes.
    """

    def __init__(
        self, state: TrainState, epochs: list[Record] | None = None, seconds: float = 0.0
    ) -> None:
        self.state, self.epochs, self.seconds = state, epochs or [], seconds

    @property
    def diverged_at(self) -> int | None:
        """The epoch after which a measure was not finite; nothing is trained then."""
        if self.epochs and None in self.epochs[-1].values():
            return int(self.epochs[-1]["epoch"])
        return None


def pack(about: Record, progress: Progress) -> tuple[Record, dict[str, np.ndarray]]:
    """Header and arrays of a checkpoint; `about` is the run's description."""
    generator = progress.state.generator
    stream = generator["state"]
    header = {
        "about": about,
        "epochs": progress.epochs,
        "seconds": progress.seconds,
        "generator": {
            "bit_generator": generator["bit_generator"],
            "pos": int(stream["pos"]),
            "has_gauss": int(generator["has_gauss"]),
            "gauss": float(generator["gauss"]),
        },
    }
    params = {
        f"params.{name}": array for name, array in named_arrays(progress.state.params).items()
    }
    return header, {**params, "order": progress.state.order, "generator.key": stream["key"]}


def unpack(about: Record, like: TrainState) -> Callable[[Checkpoint], Progress]:
    """A function that reads a checkpoint of this run.

    Args:
        about: the run's description.
        like: a state of the run, for the arrays' shapes.

    Returns:
        It raises ValueError or KeyError for what is no checkpoint of this run.
    """

    def read(checkpoint: Checkpoint) -> Progress:
        header, arrays = checkpoint.header, checkpoint.arrays
        if not same(header["about"], about):
            raise ValueError("it is another run's")
        expected = named_arrays(like.params)
        found = {name: _alike(arrays[f"params.{name}"], expected[name]) for name in expected}
        params: Params = MLPParams(**found) if isinstance(like.params, MLPParams) else found["W"]
        order = _alike(arrays["order"], like.order)
        generator = _generator(header["generator"], arrays["generator.key"])
        state = TrainState(checkpoint.epoch, params, order, generator)
        epochs = header["epochs"]
        if [record["epoch"] for record in epochs] != list(range(1, checkpoint.epoch + 1)):
            raise ValueError("it holds other epochs' records")
        return Progress(state, epochs, header["seconds"])

    return read


def named_arrays(params: Params) -> dict[str, np.ndarray]:
    """The parameters by name, as `weights.npz` holds them."""
    return params._asdict() if isinstance(params, MLPParams) else {"W": params}


def _alike(array: np.ndarray, like: np.ndarray) -> np.ndarray:
    if array.shape != like.shape or array.dtype != like.dtype:
        raise ValueError(f"got {array.dtype} {array.shape}, expected {like.dtype} {like.shape}")
    return array


def _generator(numbers: Record, key: np.ndarray) -> dict[str, Any]:
    """The generator's state as `RandomState.get_state(legacy=False)` gives it."""
    return {
        "bit_generator": numbers["bit_generator"],
        "state": {"key": key, "pos": numbers["pos"]},
        "has_gauss": numbers["has_gauss"],
        "gauss": numbers["gauss"],
    }
