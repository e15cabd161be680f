"""Question 2's variants: without a change the assignment's epoch, with one another."""

from functools import partial

import jax
import jax.numpy as jnp
import pytest

from experiments.checking.catalogue import variants
from experiments.checking.jax_jobs import _train
from experiments.checking.jax_variants import Change, changed_epoch, configured
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.training.q2.programs import Programs
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.training import run_epoch, start

CONFIG = Q2Config("mlp", 2, 16, 6)


@pytest.fixture(scope="module")
def programs(tiny_data: Dataset) -> Programs:
    return Programs(tiny_data)


@pytest.mark.parametrize(
    "change",
    [Change(), Change(softmax_twice=True), Change(pixel_factor=2.0), Change(summed=True),
     Change(drop_last=True)],
)  # fmt: skip
def test_only_a_change_changes_the_epoch(change: Change, programs: Programs) -> None:
    spec = programs.spec([CONFIG])
    hyper = Hyperparameters(*(jnp.float32(x) for x in (0.05, 0.0, 0.0, 0.3)))
    state = start(spec, hyper, jnp.uint32(42))
    train, val = programs.splits["train"], programs.splits["val"]
    _, right = jax.jit(partial(run_epoch, spec))(hyper, state, train, val)
    _, found = jax.jit(partial(changed_epoch, spec, change))(hyper, state, train, val)
    same = abs(float(found.val_loss) - float(right.val_loss)) < 1e-6
    assert same == (change == Change())


def test_each_variant_changes_something() -> None:
    for question in ("2.1", "2.2c"):
        config = Q2Config("mlp", batch_size=1024, momentum=0.9, l2_decay=0.01)
        for variant in variants(question):
            changed = configured(variant.key, config) != (config, Change())
            assert changed == (variant.kind != "right")


def test_flax_weights_train(programs: Programs) -> None:
    shown = {
        key: _train(key, CONFIG, programs, False, 1.0, lambda _: None)
        for key in ("right", "Flax's weights")
    }
    assert set(shown["right"][-1]) == {"loss", "val_loss", "val", "train", "test"}
    assert shown["right"][1]["loss"] != shown["Flax's weights"][1]["loss"]
