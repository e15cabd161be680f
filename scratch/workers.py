"""Sharing a block's matrix products among a few threads.

BLAS has threads of its own, but they wait by spinning: with one other busy process on two cores
they were measured six to nine times slower than one thread, and these are not. NumPy lets go of the
interpreter during a product, so plain threads suffice.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise


class Workers:
    """The calling thread and `threads - 1` others.

    Attributes:
        threads: how many work together; with one, everything runs where it is called.
    """

    def __init__(self, threads: int, pool: ThreadPoolExecutor | None) -> None:
        self.threads = threads
        self._pool = pool

    def parallel_for(self, task: Callable[[int], None], n: int) -> None:
        """Call `task(0)` to `task(n - 1)`, each thread taking the next one when free, and wait."""
        numbers = iter(range(n))  # next() on it is one step of the interpreter: none is taken twice

        def work() -> None:
            for number in numbers:
                task(number)

        others = [self._pool.submit(work) for _ in range(self.threads - 1)] if self._pool else []
        work()
        for other in others:
            other.result()


def split_axis(length: int, shares: int, multiple: int = 1) -> list[slice]:
    """Cut an axis into consecutive slices of about the same length, none of them empty.

    Each but the last is as long as a multiple of `multiple`; the last too if the axis is.

    What the slices are decides the last digits of a product; who works on them does not.
    """
    units = -(-length // multiple)
    n = min(shares, units)
    cuts = [min(units * k // n * multiple, length) for k in range(n + 1)]
    return [slice(a, b) for a, b in pairwise(cuts)]


@contextmanager
def workers(threads: int) -> Iterator[Workers]:
    """So many threads for the length of a `with` block."""
    if threads == 1:
        yield Workers(1, None)
    else:
        with ThreadPoolExecutor(threads - 1) as pool:
            yield Workers(threads, pool)
