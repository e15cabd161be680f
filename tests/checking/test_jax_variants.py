"""Question 2's variants: without a change the assignment's epoch, with one another."""

from functools import partial

import jax
import jax.numpy as jnp
import pytest

from experiments.checking.catalogue import BY_KEY, RIGHT, variants
from experiments.checking.catalogue.jax_change import JaxChange
from experiments.checking.training.jax_jobs import FIRST, run, train_variant
from experiments.checking.training.jax_variant import changed_epoch, forward
from experiments.checking.training.lazy_data import LazyData
from experiments.checking.verdict import judge
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.training.q2.programs import Programs
from jaxmodels.models import Dropout, network
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.training import run_epoch, start

CONFIG = Q2Config("mlp", 2, 16, 6)
KEYS = [
    "right", "softmax before the loss", "sigmoid before the loss", "pixels not scaled",
    "summed batch", "short batch dropped", "first layer kept", "output dropped",
    "dropout always on", "ReLU after the output",
]  # fmt: skip


@pytest.fixture(scope="module")
def programs(tiny_data: Dataset) -> Programs:
    return Programs(tiny_data)


@pytest.mark.parametrize("key", KEYS)
def test_only_a_change_changes_the_epoch(key: str, programs: Programs) -> None:
    change = BY_KEY[key].jax or JaxChange()
    spec = programs.spec([CONFIG])
    hyper = Hyperparameters(*(jnp.float32(x) for x in (0.05, 0.0, 0.0, 0.3)))
    state = start(spec, hyper, jnp.uint32(42))
    train, val = programs.splits["train"], programs.splits["val"]
    _, right = jax.jit(partial(run_epoch, spec))(hyper, state, train, val)
    _, found = jax.jit(partial(changed_epoch, spec, change))(hyper, state, train, val)
    same = abs(float(found.val_loss) - float(right.val_loss)) < 1e-6
    assert same == (key == "right")


def test_dropout_elsewhere_is_the_network_s_own_forward_pass(programs: Programs) -> None:
    spec = programs.spec([CONFIG])
    net = network(spec.architecture)
    params = net.initial(jax.random.key(0))
    pixels = programs.splits["train"].pixels[:5]
    dropout = Dropout(0.5, jax.random.key(1))
    for how in (None, dropout):
        expected = net.logits(params, pixels, how)
        found = forward("relu", JaxChange(), params, pixels, how)
        assert jnp.allclose(found, expected, atol=1e-5)
    assert not jnp.allclose(net.logits(params, pixels, None), expected, atol=1e-5)


def test_each_variant_changes_something() -> None:
    for part in ("2.1", "2.2c"):
        config = Q2Config("mlp", batch_size=1024, momentum=0.9, l2_decay=0.01)
        for variant in variants(part):
            change = variant.jax or JaxChange()
            alike = (change.config(config), change) == (config, JaxChange())
            assert alike == variant.right


def test_other_first_weights_train(programs: Programs) -> None:
    shown = {
        key: train_variant(BY_KEY[key], CONFIG, programs, False, 1.0, lambda _: None)
        for key in ("right", "Flax's weights", "randn weights")
    }
    assert set(shown["right"][-1]) == {"loss", "val_loss", "val", "train", "test"}
    assert len({epochs[1]["loss"] for epochs in shown.values()}) == 3


def test_stops_where_the_seeds_are_enough_and_keeps_what_it_trained(tiny_data: Dataset) -> None:
    lazy = LazyData(None)
    lazy.data = tiny_data
    said: list[str] = []
    for _ in range(2):
        waves = run("2.2a", CONFIG, lazy, 10.0, lambda known: len(known) > 5, said.append)
        results = [result for wave in waves for result in wave]
        assert [r.variant for r in results] == [*FIRST, BY_KEY["dropout off"]]
    assert len(said) == 1  # the second time nothing was trained
    assert judge({}, results).kind == "unlike"
    assert results[0].variant is RIGHT
