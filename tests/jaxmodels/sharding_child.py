"""An epoch on meshes of eight virtual devices beside the one on a single device.

As a program it prints JSON: how many devices a CPU shows is decided before JAX starts.
"""

import json
import math
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from oracles.pictures import pictures

from jaxmodels import sweep
from jaxmodels.evaluation import Split
from jaxmodels.models import Architecture
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.sharding import Layout, device_mesh, fetch_runs, replicate, shard_runs
from jaxmodels.sweep import stack, start_sweep
from jaxmodels.training import CompiledSpec

LINEAR = Architecture("logistic_regression", 12, 6)
NETWORK = Architecture("mlp", 12, 6, 5, 1, "tanh")  # with dropout, whose masks have to agree

# name: (mode, runs, layout, spec); 47 examples.
CASES = {
    "runs": ("sequential", 8, Layout(8, 1), CompiledSpec(LINEAR, "sgd", 16)),
    "runs that do not divide": ("sequential", 4, Layout(3, 1), CompiledSpec(LINEAR, "sgd", 16)),
    "data": ("sequential", 1, Layout(1, 8), CompiledSpec(LINEAR, "sgd", 16)),
    "data that do not divide": ("sequential", 1, Layout(1, 8), CompiledSpec(LINEAR, "adam", 13)),
    "both, neither divides, side by side": (
        "vmap",
        3,
        Layout(2, 4),
        CompiledSpec(NETWORK, "sgd", 13),
    ),
}
PIXELS, LABELS = pictures(n=47)
SPLIT = Split(jnp.asarray(PIXELS), jnp.asarray(LABELS, jnp.int32))


def beginning(runs: int):
    hyper = stack([Hyperparameters(0.1 + 0.05 * i, 0.9, 0.01, 0.3) for i in range(runs)])
    return hyper, jnp.arange(3, 3 + runs, dtype=jnp.uint32)


def on_one_device(mode, runs, spec):
    hyper, seeds = beginning(runs)
    epoch = sweep.sweep_epoch(spec, mode)
    states, metrics = epoch(hyper, start_sweep(spec, hyper, seeds), SPLIT, SPLIT)
    return states, metrics, sweep.sweep_evaluate(spec, mode)(states.params, SPLIT)


def on_the_mesh(mode, runs, layout, spec):
    hyper, seeds = beginning(runs)
    mesh = device_mesh(layout)
    placed = shard_runs((hyper, start_sweep(spec, hyper, seeds)), mesh)
    data = replicate(SPLIT, mesh)
    states, metrics = sweep.sweep_epoch(spec, mode, mesh)(*placed, data, data)
    found = sweep.sweep_evaluate(spec, mode, mesh)(states.params, data)
    spread = len(jax.tree.leaves(states.params)[0].sharding.device_set)
    n_placed = len(jax.tree.leaves(placed)[0])
    return fetch_runs((states, metrics, found), runs, mesh), spread, n_placed


def difference(one, other) -> float:
    pairs = zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True)
    return max(float(np.abs(np.float64(a) - np.float64(b)).max()) for a, b in pairs)


def dropping_the_rest(batch_size):
    """What a reader of `reshape(devices, -1)` would write: a share too short is left out."""
    right = sweep.share_examples

    def share_examples(mesh):
        devices = mesh.shape["data"]
        share = right(mesh)

        def place(examples):
            whole = len(examples) // devices * devices
            return examples[:whole] if len(examples) == batch_size else share(examples)

        return place

    return share_examples


def compare() -> dict:
    """By case: devices used, the largest difference, and what wrong variants differ by."""
    report = {}
    for name, (mode, runs, layout, spec) in CASES.items():
        got, spread, n_placed = on_the_mesh(mode, runs, layout, spec)
        expected = jax.device_get(on_one_device(mode, runs, spec))
        swapped = jax.tree.map(lambda leaf: leaf[::-1], got)
        report[name] = {
            "devices": spread,
            "placed": [n_placed, layout.runs * math.ceil(runs / layout.runs)],
            "difference": difference(got, expected),
            "runs swapped": difference(swapped, expected) if runs > 1 else None,
        }
        if name == "data that do not divide":
            right = expected[0]
    mode, runs, layout, spec = CASES["data that do not divide"]
    shared = sweep.share_examples
    sweep.share_examples = dropping_the_rest(spec.batch_size)
    try:
        got, *_ = on_the_mesh(mode, runs, layout, spec)
    finally:
        sweep.share_examples = shared
    report["dropping the rest"] = {"difference": difference(got[0], right)}
    return report


if __name__ == "__main__":
    jax.config.update("jax_disable_most_optimizations", True)
    print(json.dumps(compare()))
