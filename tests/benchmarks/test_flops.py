"""The floating-point operations that the benchmark counts."""

import re

import jax
import jax.numpy as jnp

from benchmarks.flops import forward_flops, layer_sizes, training_flops
from experiments.configs.q2 import Q2Config
from jaxmodels.evaluation import Split
from jaxmodels.models import Architecture
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.training import CompiledSpec, start, train_step


def test_the_assignments_mlp_by_hand() -> None:
    sizes = layer_sizes(Q2Config("mlp"), 6912, 6)
    assert sizes == [6912, 200, 200, 6]
    forward = 2 * (6912 * 200 + 200 * 200 + 200 * 6)
    assert forward_flops(sizes) == forward == 2_847_200
    assert training_flops(sizes) == 2 * forward + 2 * (200 * 200 + 200 * 6) == 5_776_800
    assert training_flops(sizes) != 3 * forward  # the gradient by the pixels is not computed


def test_logistic_regression_has_one_layer() -> None:
    sizes = layer_sizes(Q2Config("logistic_regression"), 6912, 6)
    assert (forward_flops(sizes), training_flops(sizes)) == (82_944, 165_888)


def test_flops_are_those_of_the_compiled_step() -> None:
    """XLA's own count of our step's products, which stand in its program one by one."""
    n, features, hidden, classes = 4, 48, 10, 6
    setting = CompiledSpec(Architecture("mlp", features, classes, hidden, 2), "plain_sgd", n)
    hyper = Hyperparameters(*(jnp.float32(x) for x in (0.1, 0.0, 0.0, 0.3)))
    state = start(setting, hyper, jnp.uint32(1))
    batch = Split(jnp.zeros((n, features), jnp.uint8), jnp.zeros(n, jnp.int32))
    step = jax.jit(train_step, static_argnums=0)
    text = step.lower(
        setting, hyper, state.params, state.opt_state, batch, jax.random.key(1)
    ).as_text()
    products = re.findall(
        r"dot_general.*contracting_dims = \[(\d)\] x \[\d\].*"
        r": \(tensor<(\d+)x(\d+)xf32>, .*\) -> tensor<(\d+)x(\d+)xf32>",
        text,
    )
    counted = sum(
        2 * int(dims[int(k)]) * int(rows) * int(cols) for k, *dims, rows, cols in products
    )
    assert counted == n * training_flops([features, hidden, hidden, classes])
    assert len(products) == 8
