"""BLAS's own threads, which question 1 does without."""

import os

_VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def one_blas_thread() -> None:
    """Keep BLAS to the calling thread, unless the environment says otherwise.

    Has to be called before NumPy is imported. The block engine's products are small or shared among
    threads of its own (`scratch.workers`); BLAS's threads spin while they wait.
    """
    for variable in _VARIABLES:
        os.environ.setdefault(variable, "1")
