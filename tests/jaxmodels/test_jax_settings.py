"""What a setting is without being told, and that none can be changed once made."""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxmodels.evaluation import Split
from jaxmodels.models import ACTIVATIONS, MODELS, Architecture, network
from jaxmodels.optimizers import OPTIMIZERS, Hyperparameters
from jaxmodels.platform_check import ROWS
from jaxmodels.quadratic import ACTIVATIONS as SHALLOW_ACTIVATIONS
from jaxmodels.quadratic import Shallow, regressor
from jaxmodels.sweep import SWEEP_MODES, default_sweep_mode, stack, start_sweep, sweep_epoch
from jaxmodels.training import CompiledSpec, start

LOGISTIC = Architecture("logistic_regression", 12, 6)


def test_the_assignments_defaults() -> None:
    mlp = Architecture("mlp", 12, 6)
    assert (mlp.hidden_size, mlp.layers, mlp.activation) == (200, 2, "relu")
    spec = CompiledSpec(mlp)
    assert (spec.optimizer, spec.batch_size) == ("sgd", 64)
    assert Shallow(2, 3).activation == "quadratic"


def test_names_are_those_of_the_flags() -> None:
    assert MODELS == ("logistic_regression", "mlp")
    assert ACTIVATIONS == ("tanh", "relu")
    assert OPTIMIZERS == ("sgd", "plain_sgd", "adam")
    assert SWEEP_MODES == ("vmap", "sequential")
    assert SHALLOW_ACTIVATIONS == ("quadratic", "relu", "tanh", "sigmoid")


@pytest.mark.parametrize(
    ("made", "field"),
    [(LOGISTIC, "n_classes"), (CompiledSpec(LOGISTIC), "batch_size"), (Shallow(2, 3), "n_hidden")],
    ids=["architecture", "setting", "shallow"],
)
def test_settings_do_not_change(made: object, field: str) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(made, field, 1)


def test_equal_settings_are_one_program() -> None:
    """A compiled function is looked up by them, so they must be equal and hash alike."""
    assert CompiledSpec(Architecture("mlp", 12, 6)) == CompiledSpec(Architecture("mlp", 12, 6))
    assert hash(CompiledSpec(LOGISTIC)) == hash(
        CompiledSpec(Architecture("logistic_regression", 12, 6))
    )
    assert CompiledSpec(LOGISTIC) != CompiledSpec(LOGISTIC, batch_size=65)
    assert network(LOGISTIC) is network(Architecture("logistic_regression", 12, 6))
    assert regressor(Shallow(2, 3)) is regressor(Shallow(2, 3))


@pytest.mark.parametrize("wrong", [0, -1, True])
@pytest.mark.parametrize("field", ["n_inputs", "n_hidden"])
def test_sizes_that_are_none_are_refused(field: str, wrong: object) -> None:
    with pytest.raises(ValueError, match=field):
        Shallow(**{"n_inputs": 1, "n_hidden": 1, field: wrong})
    assert Shallow(1, 1) == Shallow(n_inputs=1, n_hidden=1)


def test_the_known_miscompilation_is_what_is_looked_for() -> None:
    """One row more than a power of two, in float32."""
    assert ROWS == 2**15 + 1


def test_columns_are_run_in_turn_on_a_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    for backend, mode in (("cpu", "sequential"), ("gpu", "vmap"), ("tpu", "vmap")):
        monkeypatch.setattr(jax, "default_backend", lambda name=backend: name)
        assert default_sweep_mode() == mode


def test_stacked_numbers_keep_their_order() -> None:
    columns = [Hyperparameters(0.5, 0.25, 0.125, 0.0), Hyperparameters(1.0, 2.0, 3.0, 4.0)]
    stacked = stack(columns)
    assert stacked.learning_rate.tolist() == [0.5, 1.0]
    assert stacked.momentum.tolist() == [0.25, 2.0]
    assert stacked.l2_decay.tolist() == [0.125, 3.0]
    assert stacked.dropout.tolist() == [0.0, 4.0]
    assert all(part.dtype == jnp.float32 for part in stacked)


def test_a_state_starts_at_epoch_0() -> None:
    state = start(CompiledSpec(LOGISTIC), Hyperparameters(0.1, 0.0, 0.0, 0.0), jnp.uint32(3))
    assert (int(state.seed), int(state.epoch)) == (3, 0)
    assert state.epoch.dtype == jnp.int32


def test_a_sweep_gives_its_states_memory_away_and_keeps_the_rest() -> None:
    """Donated: the states given are gone afterwards; hyperparameters and data are not."""
    hyper = stack([Hyperparameters(0.1, 0.0, 0.0, 0.0)] * 2)
    spec = CompiledSpec(LOGISTIC, batch_size=4)
    states = start_sweep(spec, hyper, jnp.asarray([1, 2], jnp.uint32))
    pixels = np.random.default_rng(0).integers(0, 256, (8, 12), dtype=np.uint8)
    split = Split(jnp.asarray(pixels), jnp.asarray(np.arange(8) % 6, jnp.int32))
    after, _ = sweep_epoch(spec, "sequential")(hyper, states, split, split)
    assert states.params["output"]["weight"].is_deleted()
    assert not any(part.is_deleted() for part in (*hyper, *split))
    assert after.epoch.tolist() == [1, 1]
