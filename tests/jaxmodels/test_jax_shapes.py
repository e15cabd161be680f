"""Signatures are enforced in the test run: a wrong shape or type is caught, wherever it enters."""

import jax
import jax.numpy as jnp
import pytest
from jaxtyping import TypeCheckError

from jaxmodels.evaluation import Evaluation, Split, evaluate
from jaxmodels.losses import cross_entropy, predict
from jaxmodels.models import Architecture, apply_dropout, network
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.platform_check import row_norms
from jaxmodels.sweep import start_sweep
from jaxmodels.training import CompiledSpec, epoch_key, start

SCORES, PIXELS = jnp.zeros((4, 3)), jnp.zeros((4, 12), jnp.uint8)
LABELS, KEY = jnp.zeros(4, jnp.int32), jax.random.key(0)
NET = network(Architecture("mlp", 12, 3, 5, 1))
SETTING = CompiledSpec(Architecture("mlp", 12, 3, 5, 1))
HYPER = Hyperparameters(0.1, 0.0, 0.0, 0.0)

RIGHT = {
    "cross_entropy": lambda: cross_entropy(SCORES, LABELS),
    "predict": lambda: predict(SCORES),
    "drop": lambda: apply_dropout(SCORES, 0.5, KEY),
    "scores": lambda: NET.logits(NET.initial(KEY), PIXELS, None),
    "start": lambda: start(SETTING, HYPER, jnp.uint32(0)),
    "epoch_key": lambda: epoch_key(jnp.uint32(0), jnp.asarray(1)),
    "row_norms": lambda: row_norms(jnp.zeros((2, 3)), jnp.zeros((5, 3))),
}
WRONG = {
    "labels too few": lambda: cross_entropy(SCORES, LABELS[:3]),
    "labels are floats": lambda: cross_entropy(SCORES, jnp.zeros(4)),
    "labels in a column": lambda: cross_entropy(SCORES, LABELS[:, None]),
    "scores without batch": lambda: predict(SCORES[0]),
    "rate per unit": lambda: apply_dropout(SCORES, jnp.zeros(3), KEY),
    "key of integers": lambda: apply_dropout(SCORES, 0.5, jax.random.key_data(KEY)),
    "pixels are floats": lambda: NET.logits(NET.initial(KEY), PIXELS / 256, None),
    "one image": lambda: NET.logits(NET.initial(KEY), PIXELS[0], None),
    "many keys": lambda: NET.initial(jax.random.split(KEY, 3)),
    "seed is signed": lambda: start(SETTING, HYPER, jnp.asarray(0)),
    "one seed for a sweep": lambda: start_sweep(SETTING, HYPER, jnp.uint32(0)),
    "row too long": lambda: row_norms(jnp.zeros((2, 3)), jnp.zeros((5, 4))),
    "rows are doubles": lambda: row_norms(jnp.zeros((2, 3)), jnp.zeros((5, 3), jnp.int32)),
}


@pytest.mark.parametrize("call", RIGHT.values(), ids=RIGHT)
def test_right_shapes_pass(call) -> None:
    call()


@pytest.mark.parametrize("call", WRONG.values(), ids=WRONG)
def test_wrong_shapes_are_caught(call) -> None:
    with pytest.raises(TypeCheckError):
        call()


def test_wrong_shapes_are_caught_inside_compiled_code() -> None:
    with pytest.raises(TypeCheckError):
        jax.jit(lambda logits: cross_entropy(logits, LABELS[:3]))(SCORES)


def test_evaluation_has_the_documented_types() -> None:
    found: Evaluation = evaluate(NET, NET.initial(KEY), Split(PIXELS, LABELS))
    assert [(a.shape, a.dtype.name) for a in found] == [
        ((), "float32"),
        ((), "int32"),
        ((4,), "int32"),
    ]
