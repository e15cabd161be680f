"""The notebooks' kernel."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from docbuild.notebooks import kernel
from docbuild.rerun import digest, rerun
from jupyter_client.manager import KernelManager


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelManager]:
    """One kernel for a file: starting it, and JAX in it, takes longer than most notebooks.

    What Jupyter and IPython write goes to the tests' folder; one thread, as in all tests.
    """
    folder = tmp_path_factory.mktemp("kernel")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR"):
            patch.setenv(name, str(folder / name))
        patch.setenv("JUPYTER_PLATFORM_DIRS", "1")
        patch.setenv("OMP_NUM_THREADS", "1")
        patch.setenv("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")
        with kernel(folder) as manager:
            yield manager


@pytest.fixture
def check_notebook(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    """Run a notebook; one that passed is not run again until it, its tests or packages change."""

    def check(path: Path) -> None:
        key = f"notebooks/{path.stem}"
        cache = getattr(request.config, "cache", None)  # there is none with -p no:cacheprovider
        if cache is None or cache.get(key, "") != digest(path):
            rerun(path, request.getfixturevalue("running"))
            if cache is not None:
                cache.set(key, digest(path))

    return check
