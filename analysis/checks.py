"""What user input must satisfy before any mathematics; every refusal says value and remedy."""

import numpy as np
from jaxtyping import Float, Num

# Larger entries would need weights beyond the largest float64, 2^1024, in the scaled construction.
LARGEST_ENTRY = 2.0**960


def count(name: str, value: int) -> int:
    """`value` as a whole number of at least 1.

    Raises:
        ValueError: it is no whole number, or below 1.
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{name} = {value!r}: expected a whole number of at least 1")
    return int(value)


def positive(name: str, value: float) -> float:
    """`value` as a finite number above 0.

    Raises:
        ValueError: it is not.
    """
    if not (np.isrealobj(value) and np.isfinite(value) and value > 0):
        raise ValueError(f"{name} = {value!r}: expected a finite number above 0")
    return float(value)


def real(name: str, x: Num[np.ndarray, "*shape"], ndim: int) -> Float[np.ndarray, "*shape"]:
    """`x` as a float64 array of `ndim` axes with finite entries.

    Raises:
        ValueError: it has another number of axes, complex entries, or one that is not finite.
    """
    x = np.asarray(x)
    if x.ndim != ndim:
        raise ValueError(
            f"{name} has shape {x.shape}: expected {ndim} axes, reshape it before the call"
        )
    if np.iscomplexobj(x):
        raise ValueError(f"{name} is complex ({x.dtype}): expected real numbers, pass {name}.real")
    x = x.astype(np.float64)
    if not np.isfinite(x).all():
        where = np.unravel_index(np.argmin(np.isfinite(x)), x.shape)
        place = f"[{', '.join(str(int(i)) for i in where)}]" if ndim else ""
        raise ValueError(
            f"{name}{place} = {x[where]}: expected finite numbers, remove or replace it"
        )
    return x


def not_too_large(name: str, x: Float[np.ndarray, "*shape"]) -> None:
    """Refuse entries so large that weights built from them could not be stored.

    Raises:
        ValueError: the largest entry exceeds `LARGEST_ENTRY` in size.
    """
    largest = float(np.abs(x).max(initial=0.0))
    if largest > LARGEST_ENTRY:
        raise ValueError(
            f"{name} has an entry of size {largest:.3g}: expected at most {LARGEST_ENTRY:.3g}, "
            "divide it by a constant and multiply v and v0 by that constant afterwards"
        )
