"""Keep out of a command what libraries meet as they load: variables, a `matplotlibrc`, limits.

An option of JAX in the environment would change a run's numbers under the same configuration, and
a value that the library does not know would end its import in a traceback.
"""

import math
import os
from pathlib import Path

from experiments.files.safe_read import read_file

LIBRARIES = (
    "JAX",  # and JAXTYPING_
    "FLAX_",
    "NPY_",
    "NUMPY_",
    "OPENBLAS_CORETYPE",
    "SYMPY_",
    "TQDM_",
    "SOURCE_DATE_EPOCH",  # Matplotlib reads it
)
"""How variables begin that decide numbers or drawings; the commands' own settings stand instead."""

KEPT = {
    "JAX_PLATFORMS",
    "JAX_PLATFORM_NAME",
    "JAX_CUDA_VISIBLE_DEVICES",
    "JAX_ROCM_VISIBLE_DEVICES",
}
"""Those that choose the device, which a run's summary names."""

NUMPY_BYTES, JAX_BYTES = 5 * 10**8, 2 * 10**9
"""Address space for a command and its libraries; on two cores 0.42 and 1.83 GB were measured."""


def isolate() -> None:
    """Drop variables that would decide what the commands decide, for children too."""
    # A child Python would look for modules in the current folder first: the student's own
    # signal.py, types.py or experiments/ would run in place of ours.
    os.environ["PYTHONSAFEPATH"] = "1"
    os.environ["MPLBACKEND"] = "agg"  # no window is opened
    os.environ["MATPLOTLIBRC"] = os.devnull  # in place of the one in the home folder
    for name in [*os.environ]:
        if name.startswith(LIBRARIES) and name not in KEPT:
            del os.environ[name]


def obstacle() -> str:
    """Say what about the current folder would end a library in a traceback; "" if nothing does."""
    try:
        Path.cwd()  # where child processes begin
        read_file(Path("matplotlibrc")).decode()
    except FileNotFoundError as error:
        if error.filename is None:  # not of the file: of the folder
            return (
                "got a current folder that was removed, expected one that is there; cd to another"
            )
    except OSError:
        pass
    except ValueError:  # a pipe, or not UTF-8; Matplotlib passes over a folder
        if not Path("matplotlibrc").is_dir():
            return (
                "matplotlibrc: got a file in this folder that is not UTF-8, expected none or text, "
                "for Matplotlib reads it; move it away"
            )
    return ""


def address_space() -> float:
    """Return the bytes of address space that `ulimit -v` allows a process, infinite for any."""
    try:
        import resource
    except ImportError:  # Windows
        return math.inf
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return math.inf if limit == resource.RLIM_INFINITY else limit
