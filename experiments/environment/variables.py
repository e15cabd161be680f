"""Environment variables that NumPy and JAX read as they load: set before either is imported."""

import os

BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
JAX_VARIABLES = {
    # A GPU process would otherwise take three quarters of the memory when it starts.
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
    # XLA's C++ log, which tells a user nothing; 3 leaves fatal errors.
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def one_blas_thread() -> None:
    """Keep BLAS to the calling thread, unless the environment says otherwise.

    The block engine's products are small or shared among threads of its own (`scratch.workers`);
    BLAS's threads spin while they wait.
    """
    for variable in BLAS_THREADS:
        os.environ.setdefault(variable, "1")


def set_jax_variables() -> None:
    """Set what JAX reads as it loads, unless the environment says otherwise."""
    for variable, value in JAX_VARIABLES.items():
        os.environ.setdefault(variable, value)
