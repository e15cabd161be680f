"""`python -m benchmarks.departures`: from the plain program to the engine, one change at a time.

Each row of the table is the row above with one change more, and trains question 2's models on the
built-in data at the course's size. All rows take turns, epoch by epoch, and the median counts. Row
one is `jaxmodels/plain.py`, the last row is the engine's `train_epoch`. Validation is left out.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx

from experiments.data.load import load
from jaxmodels import plain
from jaxmodels.batches import scan_batches
from jaxmodels.evaluation import Split
from jaxmodels.losses import cross_entropy
from jaxmodels.models import Architecture, Dropout, network
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.training import CompiledSpec, start, train_epoch

EPOCHS = 5
DROPOUT, RATE = 0.3, 0.002
RNG = np.random.default_rng(0)


class Case(NamedTuple):
    """A model of question 2 and its data.

    Attributes:
        spec: what the engine compiles for.
        split: the training data on the device.
        pixels: the same, in NumPy.
    """

    spec: CompiledSpec
    split: Split
    pixels: Any


def main() -> None:
    """Measure both models and print a table for each."""
    data = load("builtin").train
    split = Split(jnp.asarray(data.pixels), jnp.asarray(data.labels, jnp.int32))
    for architecture, batch_size in (
        (Architecture("logistic_regression", 6912, 6), 32),
        (Architecture("mlp", 6912, 6), 64),
    ):
        measure(Case(CompiledSpec(architecture, "plain_sgd", batch_size), split, data.pixels))


def measure(case: Case) -> None:
    """Time all rows in turns and print them."""
    spec = case.spec
    print(f"\n{spec.architecture.model}, batch size {spec.batch_size}: seconds per training epoch")
    running, first = {}, {}
    for name, make in ROWS.items():
        began = time.perf_counter()
        running[name] = make(case)
        running[name]()
        first[name] = time.perf_counter() - began
    seconds: dict[str, list[float]] = {name: [] for name in ROWS}
    losses = {}
    for _ in range(EPOCHS):
        for name, epoch in running.items():
            began = time.perf_counter()
            losses[name] = float(epoch())
            seconds[name].append(time.perf_counter() - began)
    for name in ROWS:
        median = statistics.median(seconds[name])
        print(f"  {name:44s}{median:7.3f}   first {first[name]:5.1f}   loss {losses[name]:.3f}")
    spread = max(losses.values()) - min(losses.values())
    if not spread < 0.15 * (np.log(6) - min(losses.values())):
        raise SystemExit(f"the rows train apart by {spread:.3f}: their times say nothing")


def plain_program(case: Case) -> Callable[[], Any]:
    """Run `jaxmodels/plain.py` as it stands."""
    model, optimizer = plain_state(case)
    x, labels = plain.to_features(case.pixels), case.split.labels

    def epoch() -> float:
        order = RNG.permutation(len(labels))
        return plain.train_epoch(model, optimizer, x, labels, order, case.spec.batch_size)

    return epoch


def plain_state(case: Case) -> tuple[Any, Any]:
    """Make a plain model and its optimizer."""
    rngs = nnx.Rngs(42)
    logistic = case.spec.architecture.model == "logistic_regression"
    model = plain.LogisticRegression(rngs=rngs) if logistic else plain.FeedforwardNetwork(rngs=rngs)
    return model, plain.make_optimizer(model, learning_rate=RATE)


def one_program(case: Case, *, integers: bool) -> Callable[[], Any]:
    """Put the plain step inside a scan over the batches of an epoch.

    With `integers` the pixels stay uint8 on the device and a batch becomes features in its step.
    """
    structure, state = nnx.split(plain_state(case))
    pixels = case.split.pixels if integers else plain.to_features(case.pixels)
    labels = case.split.labels

    def step(state: Any, _: Any, examples: Any) -> tuple[Any, Any]:
        model, optimizer = nnx.merge(structure, state)
        x = pixels[examples].astype(jnp.float32) / 256 if integers else pixels[examples]
        loss, gradient = nnx.value_and_grad(plain.mean_loss)(model, x, labels[examples])
        optimizer.update(model, gradient)
        return nnx.state((model, optimizer)), loss

    @partial(jax.jit, donate_argnums=0)
    def run(state: Any, order: Any) -> tuple[Any, Any]:
        state, losses = scan_batches(step, state, order, case.spec.batch_size)
        return state, jnp.concatenate(losses).mean()

    def epoch() -> Any:
        nonlocal state
        state, loss = run(state, jnp.asarray(RNG.permutation(len(labels))))
        return float(loss)

    return epoch


def as_columns(case: Case, *, selection: bool) -> Callable[[], Any]:
    """Use the engine's modules: weights `[out, in]`, an example a column.

    With `selection` the loss picks the label's logit by a mask, as the engine does; else by Optax's
    loss, which gathers it.
    """
    net, rule = network(case.spec.architecture), optax.sgd(RATE)
    params = net.initial(jax.random.key(42))
    state = (params, rule.init(params), jax.random.key(0))
    gathered = optax.softmax_cross_entropy_with_integer_labels
    loss_of = cross_entropy if selection else gathered

    def step(state: Any, number: Any, examples: Any) -> tuple[Any, Any]:
        params, opt_state, key = state
        pixels, labels = case.split.pixels[examples], case.split.labels[examples]

        def mean_loss(p: Any) -> Any:
            dropout = Dropout(DROPOUT, jax.random.fold_in(key, number))
            return loss_of(net.logits(p, pixels, dropout), labels).mean()

        loss, gradient = jax.value_and_grad(mean_loss)(params)
        updates, opt_state = rule.update(gradient, opt_state)
        return (optax.apply_updates(params, updates), opt_state, key), loss

    @partial(jax.jit, donate_argnums=0)
    def run(state: Any, order: Any) -> tuple[Any, Any]:
        (params, opt_state, key), losses = scan_batches(step, state, order, case.spec.batch_size)
        return (params, opt_state, jax.random.fold_in(key, 0)), jnp.concatenate(losses).mean()

    def epoch() -> Any:
        nonlocal state
        state, loss = run(state, jnp.asarray(RNG.permutation(len(case.split.labels))))
        return float(loss)

    return epoch


def engine(case: Case) -> Callable[[], Any]:
    """Run the engine: hyperparameters are data, randomness comes from seed and epoch."""
    hyper = Hyperparameters(*map(jnp.float32, (RATE, 0.0, 0.0, DROPOUT)))
    state = start(case.spec, hyper, jnp.uint32(42))
    run = jax.jit(partial(train_epoch, case.spec), donate_argnums=1)

    def epoch() -> Any:
        nonlocal state
        state, loss = run(hyper, state, case.split)
        return float(loss)

    return epoch


ROWS: dict[str, Callable[[Case], Callable[[], Any]]] = {
    "plain": plain_program,
    "+ an epoch is one compiled program": partial(one_program, integers=False),
    "+ pixels stay uint8 until a batch needs them": partial(one_program, integers=True),
    "+ weights [out, in], MLP in columns, masks by fold_in": partial(as_columns, selection=False),
    "+ the label's logit by a mask": partial(as_columns, selection=True),
    "engine: + hyperparameters as data": engine,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.departures", description=__doc__)
    parser.parse_args()
    main()
