"""Environment variables that NumPy and JAX read as they load: set before either is imported."""

import os
import re

from experiments.cli.errors import UsageError
from experiments.cli.text import printable

BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
JAX_VARIABLES = {
    # A GPU process would otherwise take three quarters of the memory when it starts.
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
    # XLA's C++ log: reading a cached program, it reports its own tuning flags as features that this
    # machine lacks, in lines of 2,000 characters, which bury the one that matters. 3 leaves fatal
    # errors.
    "TF_CPP_MIN_LOG_LEVEL": "3",
}

XLA_FLAGS = r"--xla_force_host_platform_device_count=[1-9]\d{0,3}|--xla_gpu_cuda_data_dir=\S+"
"""Those that may be set: others change numbers, and XLA aborts at what it does not know."""


def one_blas_thread() -> None:
    """Keep BLAS to the calling thread, unless the environment says otherwise.

    The block engine's products are small or shared among threads of its own (`scratch.workers`);
    BLAS's threads spin while they wait.
    """
    for variable in BLAS_THREADS:
        os.environ.setdefault(variable, "1")


def set_jax_variables() -> None:
    """Set what JAX reads as it loads, unless the environment says otherwise.

    Raises:
        UsageError: `XLA_FLAGS` has a flag that may not be set.
    """
    for flag in os.environ.get("XLA_FLAGS", "").split():
        if not re.fullmatch(XLA_FLAGS, flag):
            raise UsageError(
                f"XLA_FLAGS: got {printable(flag)[:80]!r}, expected "
                "--xla_force_host_platform_device_count=N or --xla_gpu_cuda_data_dir=DIR, for "
                "others may change the numbers; unset it"
            )
    for variable, value in JAX_VARIABLES.items():
        os.environ.setdefault(variable, value)
