"""A sweep's columns are the runs one gets alone, however they are run."""

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from oracles.pictures import pictures

from jaxmodels import sweep
from jaxmodels.evaluation import Split, evaluate
from jaxmodels.models import Architecture, network
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.sweep import (
    SWEEP_MODES,
    SweepMode,
    map_over_runs,
    stack,
    start_sweep,
    sweep_epoch,
    sweep_evaluate,
)
from jaxmodels.training import CompiledSpec, TrainState, epoch_key, run_epoch, start

PIXELS, LABELS = pictures(n=22)
SPLIT = Split(jnp.asarray(PIXELS), jnp.asarray(LABELS, jnp.int32))
SETTING = CompiledSpec(Architecture("mlp", 12, 6, 5, 1, "tanh"), "sgd", 8)
COLUMNS = [
    (Hyperparameters(0.3, 0.0, 0.0, 0.0), 1),
    (Hyperparameters(0.1, 0.9, 0.0, 0.5), 1),
    (Hyperparameters(0.1, 0.9, 0.1, 0.5), 2),
    (Hyperparameters(0.1, 0.9, 0.1, 0.25), 2**32 - 1),
]
HYPER = stack([numbers for numbers, _ in COLUMNS])
SEEDS = jnp.asarray([seed for _, seed in COLUMNS], jnp.uint32)


def column(tree, i: int):
    return jax.tree.map(lambda leaf: np.asarray(leaf)[i], tree)


@pytest.fixture(scope="module")
def alone() -> list:
    """Each run on its own: state and metrics after an epoch."""
    first_state = jax.jit(start, static_argnums=0)
    program = jax.jit(run_epoch, static_argnums=0)
    results = []
    for i, seed in enumerate(SEEDS):
        hyper = jax.tree.map(lambda leaf, i=i: leaf[i], HYPER)
        state = first_state(SETTING, hyper, seed)
        results.append(jax.device_get(program(SETTING, hyper, state, SPLIT, SPLIT)))
    return results


PROGRAMS = {mode: sweep_epoch(SETTING, mode) for mode in SWEEP_MODES}


def swept(mode: SweepMode, hyper: Hyperparameters = HYPER, seeds: jax.Array = SEEDS):
    states = start_sweep(SETTING, hyper, seeds)
    return jax.device_get(PROGRAMS[mode](hyper, states, SPLIT, SPLIT))


def assert_columns(together, alone: list) -> None:
    for i, run in enumerate(alone):
        chex.assert_trees_all_close(column(together, i), run, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("mode", SWEEP_MODES)
def test_a_column_is_the_run_alone(mode: SweepMode, alone: list) -> None:
    assert_columns(swept(mode), alone)


WRONG_COLUMNS = {
    "one seed for all": lambda: swept("vmap", seeds=jnp.full_like(SEEDS, 1)),
    "one rate for all": lambda: swept(
        "vmap", HYPER._replace(learning_rate=jnp.full(4, jnp.float32(0.1)))
    ),
    "one dropout for all": lambda: swept(
        "vmap", HYPER._replace(dropout=jnp.full(4, jnp.float32(0.5)))
    ),
    "columns swapped": lambda: jax.tree.map(lambda leaf: leaf[::-1], swept("vmap")),
}


@pytest.mark.parametrize("make", WRONG_COLUMNS.values(), ids=WRONG_COLUMNS)
def test_wrong_columns_are_told_apart(make, alone: list) -> None:
    with pytest.raises(AssertionError):
        assert_columns(make(), alone)


@pytest.mark.parametrize("mode", SWEEP_MODES)
def test_a_sweep_is_traced_once(mode: SweepMode, monkeypatch: pytest.MonkeyPatch) -> None:
    chex.clear_trace_counter()
    monkeypatch.setattr(sweep, "run_epoch", chex.assert_max_traces(run_epoch, n=1))
    program = sweep_epoch(SETTING, mode)
    states = start_sweep(SETTING, HYPER, SEEDS)
    for factor in (0.5, 1.0, 2.0):
        hyper = HYPER._replace(learning_rate=HYPER.learning_rate * factor)
        program.trace(hyper, states, SPLIT, SPLIT)
    with pytest.raises(AssertionError, match="traced > 1 times"):
        program.trace(*jax.tree.map(lambda leaf: leaf[:3], (HYPER, states)), SPLIT, SPLIT)


def test_the_given_states_memory_is_used_again() -> None:
    states = start_sweep(SETTING, HYPER, SEEDS)
    stepped, _ = PROGRAMS["sequential"](HYPER, states, SPLIT, SPLIT)
    assert states.params["output"]["weight"].is_deleted()
    assert not stepped.params["output"]["weight"].is_deleted()


@pytest.mark.parametrize("mode", SWEEP_MODES)
def test_evaluation_by_column(mode: SweepMode, alone: list) -> None:
    states: TrainState = swept(mode)[0]
    found = sweep_evaluate(SETTING, mode)(jax.tree.map(jnp.asarray, states.params), SPLIT)
    chex.assert_shape(found.predicted, (4, 22))
    for i, (state, _) in enumerate(alone):
        one = evaluate(network(SETTING.architecture), state.params, SPLIT)
        assert float(found.loss[i]) == pytest.approx(float(one.loss), rel=1e-4)
        assert int(found.correct[i]) == int(one.correct)


def test_one_run_that_overflows_leaves_the_others_alone(alone: list) -> None:
    rates = HYPER.learning_rate.at[0].set(jnp.inf)
    for mode in SWEEP_MODES:
        states, metrics = swept(mode, HYPER._replace(learning_rate=rates))
        assert not np.isfinite(metrics.train_loss[0])
        for i in (1, 2, 3):
            chex.assert_trees_all_close(
                column((states, metrics), i), alone[i], rtol=1e-4, atol=1e-6
            )


def test_columns_take_turns_or_stand_side_by_side() -> None:
    def loops(mode: SweepMode) -> bool:
        program = map_over_runs(lambda x, y: x * y, mode, 1)
        return "scan[" in str(jax.make_jaxpr(program)(jnp.ones((3, 2)), jnp.ones(2)))

    assert loops("sequential")
    assert not loops("vmap")


def test_the_first_weights_come_from_the_key_of_epoch_0() -> None:
    seed = jnp.asarray(5, jnp.uint32)
    found = start(SETTING, COLUMNS[0][0], seed).params
    expected, later = (
        network(SETTING.architecture).initial(epoch_key(seed, jnp.asarray(epoch)))
        for epoch in (0, 1)
    )
    chex.assert_trees_all_equal(found, expected)
    with pytest.raises(AssertionError):
        chex.assert_trees_all_equal(found, later)
