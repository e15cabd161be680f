"""Fixtures that several test files share. Files read them by name; nothing here is imported."""

import os
from collections.abc import Iterator
from pathlib import Path

import beartype
import jaxtyping
import numpy as np
import pytest

from experiments.data.dataset import CLASS_NAMES, Dataset, Split
from experiments.data.save import save_npz


@pytest.fixture(scope="session", autouse=True)
def _cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests away from the user's cache; they still share the built-in data they draw."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HW1_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.delenv("HW1_DATA", raising=False)
        yield


def _easy_split(rng: np.random.Generator, n: int) -> Split:
    """Noise whose first rows are bright where the label says so: learnable in a few epochs."""
    labels = np.arange(n) % len(CLASS_NAMES)
    images = rng.integers(0, 160, (n, 48, 48, 3), dtype=np.uint8)
    for k in range(len(CLASS_NAMES)):
        images[labels == k, 8 * k : 8 * k + 4] += 90
    order = rng.permutation(n)
    return Split(images[order], labels[order].astype(np.int64))


@pytest.fixture(scope="session")
def tiny_data() -> Dataset:
    """A learnable data set of 60 / 24 / 30 images, drawn from a fixed seed."""
    rng = np.random.default_rng(0)
    train, val, test = (_easy_split(rng, n) for n in (60, 24, 30))
    return Dataset(
        train, val, test, CLASS_NAMES, "tiny", "drawn by tests", "0" * 64, synthetic=True
    )


@pytest.fixture(scope="session")
def tiny_file(tiny_data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny data set in the course's file format."""
    path = tmp_path_factory.mktemp("data") / "tiny.npz"
    save_npz(tiny_data.splits, path)
    return path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that are not about figures, which take longer than the training."""
    monkeypatch.setattr("experiments.plots.run.draw_run", lambda *_: [])


@pytest.fixture(scope="module")
def quick_to_compile() -> Iterator[None]:
    """Optimizing tiny programs takes most of a training's time; few are, in such a module."""
    import jax  # most tests do without

    before = jax.config.read("jax_disable_most_optimizations")
    jax.config.update("jax_disable_most_optimizations", True)
    yield
    jax.config.update("jax_disable_most_optimizations", before)


@pytest.fixture(scope="module")
def unchecked_shapes() -> Iterator[None]:
    """Leave shapes unchecked where whole trainings are compared: checks are most of their time.

    beartype generates code for every inner function anew each time its outer one is called. What
    such a module trains is stepped once, shapes checked, in a test of its own.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jaxtyping.config, "jaxtyping_disable", True)
        patch.setattr(beartype, "beartype", lambda function: function)
        yield


@pytest.fixture(scope="session")
def photographs() -> Path:
    """The real photographs' file; tests that ask for it are skipped where there is none."""
    path = os.environ.get("HW1_PHOTOGRAPHS")
    if not path:
        pytest.skip("HW1_PHOTOGRAPHS does not name the photographs' file")
    return Path(path)
