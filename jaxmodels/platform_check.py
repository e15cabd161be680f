"""Does the installed jax compile rightly on this machine? One known case, against NumPy.

jax 0.10.2 on CPUs gets the last row of a vmapped `sum((M @ row)^2)` wrong where the rows number one
more than a power of two (jax-ml/jax#39103): 32,769 in float32, 16,385 in float64. Nothing is said;
the numbers are just wrong.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Float32

ROWS = 32_769

_RowNorms = Callable[[Float32[np.ndarray, "m d"], Float32[np.ndarray, "n d"]], Float[Array, "n"]]


def row_norms(
    M: Float32[Array, "m d"] | Float32[np.ndarray, "m d"],
    rows: Float32[Array, "n d"] | Float32[np.ndarray, "n d"],
) -> Float32[Array, "n"]:
    """`sum((M row)^2)` for each row, the way that was miscompiled."""
    return jax.vmap(lambda row: jnp.sum((M @ row) ** 2))(rows)


def check_platform(compiled: _RowNorms | None = None) -> None:
    """Compare the compiled `row_norms` with NumPy's.

    Args:
        compiled: what to check in place of `jax.jit(row_norms)`; for tests.

    Raises:
        RuntimeError: they differ; nothing trained on this platform can be trusted.
    """
    rng = np.random.default_rng(0)
    M = rng.normal(size=(3, 3)).astype(np.float32)
    rows = rng.normal(size=(ROWS, 3)).astype(np.float32)
    expected = ((rows @ M.T) ** 2).sum(axis=1)
    with jax.default_matmul_precision("highest"):
        got = np.asarray((compiled or jax.jit(row_norms))(M, rows))
    wrong = np.flatnonzero(~np.isclose(got, expected, rtol=1e-3, atol=1e-4))
    if len(wrong):
        row = wrong[0]
        raise RuntimeError(
            f"jax {jax.__version__} miscompiles on this platform ({jax.default_backend()}): "
            f"{len(wrong)} of {ROWS} row sums are wrong, row {row} is {got[row]:.6g} instead of "
            f"{expected[row]:.6g}; install another version (0.10.1 is right, 0.10.2 is not)"
        )
