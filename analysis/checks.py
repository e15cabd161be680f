"""What user input must satisfy before any mathematics; every refusal says value and remedy."""

import contextlib
import math
from numbers import Real
from typing import Any

import numpy as np
from jaxtyping import Float, Num

# The scaled construction takes output weights up to 2^60 |c|, and float64 ends at 2^1024.
LARGEST_NORM = 2.0**960


def count(name: str, value: int) -> int:
    """Return `value` as a whole number of at least 1.

    Raises:
        ValueError: it is no whole number, or below 1.
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{name} = {value!r}: expected a whole number of at least 1")
    return int(value)


def positive(name: str, value: Any) -> float:
    """Return `value` as a finite number above 0.

    Raises:
        ValueError: it is not.
    """
    number = math.nan
    if not isinstance(value, bool) and isinstance(value, Real):
        with contextlib.suppress(OverflowError):  # a whole number beyond float64
            number = float(value)
    if not 0 < number < math.inf:
        raise ValueError(f"{name} = {value!r}: expected a finite number above 0")
    return number


def real(name: str, x: Num[np.ndarray, "*shape"], ndim: int) -> Float[np.ndarray, "*shape"]:
    """Return `x` as a float64 array of `ndim` axes with finite entries.

    Raises:
        ValueError: it has another number of axes, masked or complex entries, entries that are no
            numbers, or one that is not finite.
    """
    if np.ma.is_masked(x):
        raise ValueError(
            f"{name} has masked entries: expected numbers everywhere, "
            f"leave out their rows or pass {name}.filled(value)"
        )
    x = _numbers(name, x)
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


def _numbers(name: str, x: Any) -> Num[np.ndarray, "*shape"]:
    """Return `x` as an array of numbers, complex ones included.

    Raises:
        ValueError: an entry is no number, or rows differ in length.
    """
    try:
        x = np.asarray(x)
        return x if x.dtype.kind in "biufc" else x.astype(np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name} is no array of numbers ({error}): expected float64") from None
