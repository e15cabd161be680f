"""JAX at its strictest, and quick to compile."""

from collections.abc import Iterator

import jax
import pytest


@pytest.fixture(autouse=True)
def _strict_jax() -> Iterator[None]:
    """Nothing is broadcast or promoted silently."""
    with jax.numpy_rank_promotion("raise"), jax.numpy_dtype_promotion("strict"):
        yield


@pytest.fixture(scope="module", autouse=True)
def _quick_to_compile(request: pytest.FixtureRequest) -> Iterator[None]:
    """Optimising tiny programs takes most of a test's time; `OPTIMISED` modules want it done."""
    before = jax.config.read("jax_disable_most_optimizations")
    quick = not getattr(request.module, "OPTIMISED", False)
    jax.config.update("jax_disable_most_optimizations", quick)
    yield
    jax.config.update("jax_disable_most_optimizations", before)
