"""`python -m benchmarks.scaling`: how question 2's epoch grows, and a model that says why.

Every point is a process of its own, which trains some epochs on random pixels, batch size 64 unless
said; the median counts. The model has three numbers, fitted to all points on one device at once:

    seconds of an epoch = n (F / P + d / R) + s w / U

with n examples, s steps, d features, F operations of an example's products (`benchmarks.flops`),
w weights: P is the speed of the products, R that at which pixels become floats, U that at which
weights are updated. Peak memory is what the process held at most.
"""

import argparse
import os
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from multiprocessing import get_context
from typing import Any

import numpy as np

from benchmarks.flops import training_flops
from benchmarks.machine import peak_mb

CLASSES, LAYERS = 6, 2


@dataclass(frozen=True)
class Point:
    """One measurement.

    Attributes:
        examples: of an epoch.
        features: pixels of an image.
        hidden: units of each of two hidden layers.
        batch: examples of a step.
        columns: configurations and seeds that are trained together.
        devices: virtual ones, on the same cores.
    """

    examples: int = 12_630
    features: int = 6_912
    hidden: int = 200
    batch: int = 64
    columns: int = 1
    devices: int = 1

    @property
    def sizes(self) -> list[int]:
        """From pixels to scores."""
        return [self.features, *[self.hidden] * LAYERS, CLASSES]

    @property
    def terms(self) -> list[float]:
        """What 1 / P, 1 / R and 1 / U are multiplied by."""
        weights = sum(a * b for a, b in pairwise(self.sizes))
        steps = -(-self.examples // self.batch)
        return [
            self.columns * self.examples * training_flops(self.sizes),
            self.columns * self.examples * self.features,
            self.columns * steps * weights,
        ]


BASE = Point()
AXES: dict[str, list[Any]] = {
    "examples": [3_000, 6_000, 12_630, 25_000, 50_000],
    "features": [1_728, 3_456, 6_912, 13_824],
    "hidden": [50, 100, 200, 400, 800],
    "batch": [16, 64, 256, 1_024],
    "columns": [1, 2, 4, 8],
    "devices": [1, 2],
}


def main() -> None:
    """Measure all points, fit, print a table."""
    measured = []
    for axis, values in AXES.items():
        for value in values:
            point = replace(BASE, **{axis: value})
            if axis == "devices":
                point = replace(point, columns=2)
            found = _in_a_process(point)
            measured.append((axis, point, found))
            print(axis, value, found, flush=True)
    single = [(point, found["seconds"]) for _, point, found in measured if point.devices == 1]
    # Relative errors are what is made small: an epoch of 0.1 s counts as much as one of 5 s.
    rows = np.array([point.terms for point, _ in single])
    seconds = np.array([value for _, value in single])
    speeds, *_ = np.linalg.lstsq(rows / seconds[:, None], np.ones(len(seconds)), rcond=None)
    print(f"\nP = {1e-9 / speeds[0]:.0f} GFLOP/s, R = {1e-6 / speeds[1]:.0f} million pixels/s, "
          f"U = {1e-6 / speeds[2]:.0f} million weights/s\n")  # fmt: skip
    print("| axis | value | s/epoch | model | peak MB |\n|---|---:|---:|---:|---:|")
    for axis, point, found in measured:
        model = float(np.dot(point.terms, speeds)) if point.devices == 1 else None
        shown = "" if model is None else f"{model:.3f}"
        value = getattr(point, axis)
        print(f"| {axis} | {value:,} | {found['seconds']:.3f} | {shown} | {found['peak_mb']:.0f} |")


def _in_a_process(point: Point) -> dict[str, float]:
    os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={point.devices}"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(measure, point).result()


def measure(point: Point, epochs: int = 3) -> dict[str, float]:
    """Seconds of an epoch without validation to speak of, and this process's peak memory."""
    import jax
    import jax.numpy as jnp

    from jaxmodels.evaluation import Split
    from jaxmodels.models import Architecture
    from jaxmodels.optimizers import Hyperparameters
    from jaxmodels.sharding import choose_layout, device_mesh, replicate, shard_runs
    from jaxmodels.sweep import default_sweep_mode, stack, start_sweep, sweep_epoch
    from jaxmodels.training import CompiledSpec

    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (point.examples, point.features), np.uint8)
    train = Split(pixels, rng.integers(0, CLASSES, point.examples, np.int32))  # type: ignore[arg-type]
    val = Split(train.pixels[:64], train.labels[:64])
    architecture = Architecture("mlp", point.features, CLASSES, point.hidden, LAYERS)
    spec = CompiledSpec(architecture, "plain_sgd", point.batch)
    hyper = stack([Hyperparameters(0.002, 0.0, 0.0, 0.3)] * point.columns)
    states = start_sweep(spec, hyper, jnp.arange(point.columns, dtype=jnp.uint32))
    if point.devices > 1:
        mesh = device_mesh(choose_layout(point.devices, point.columns, point.batch))
        program = sweep_epoch(spec, default_sweep_mode(), mesh)
        hyper, states = shard_runs((hyper, states), mesh)
        train, val = replicate((train, val), mesh)
    else:
        program = sweep_epoch(spec, default_sweep_mode())
        train, val = jax.tree.map(jnp.asarray, (train, val))
    del pixels
    seconds = []
    for _ in range(epochs + 1):
        began = time.perf_counter()
        states, metrics = program(hyper, states, train, val)
        jax.block_until_ready(metrics)  # type: ignore[no-untyped-call]
        seconds.append(time.perf_counter() - began)
    return {"seconds": statistics.median(seconds[1:]), "peak_mb": peak_mb()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__)
    parser.parse_args()
    main()
