"""Sharing a block's matrix products among a few threads.

BLAS has threads of its own, but they wait by spinning: with one other busy process on two cores
they were measured eight times slower than a single thread, and these are not. NumPy lets go of the
interpreter during a product, so plain threads suffice.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Workers:
    """The calling thread and `threads - 1` others.

    Attributes:
        threads: how many work together; with one, everything runs where it is called.
    """

    def __init__(self, threads: int, pool: ThreadPoolExecutor | None) -> None:
        self.threads = threads
        self._pool = pool

    def begin(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Callable[[], T]:
        """Start a task beside what follows; calling the answer waits for its result.

        With one thread the task runs when its result is asked for.
        """
        if self._pool is None:
            return lambda: task(*args, **kwargs)
        return self._pool.submit(task, *args, **kwargs).result

    def share(self, task: Callable[[int], None], n: int) -> None:
        """Call `task(0)` to `task(n - 1)`, each thread taking the next one when free, and wait."""
        numbers = iter(range(n))  # next() on it is one step of the interpreter: none is taken twice

        def work() -> None:
            for number in numbers:
                task(number)

        others = [self._pool.submit(work) for _ in range(self.threads - 1)] if self._pool else []
        work()
        for other in others:
            other.result()


def cut(length: int, shares: int) -> list[slice]:
    """Cut an axis into consecutive slices of about the same length, none of them empty.

    What the slices are decides the last digits of a product; who works on them does not.
    """
    n = min(shares, length)
    cuts = [length * k // n for k in range(n + 1)]
    return [slice(a, b) for a, b in pairwise(cuts)]


@contextmanager
def workers(threads: int) -> Iterator[Workers]:
    """So many threads for the length of a `with` block."""
    if threads == 1:
        yield Workers(1, None)
    else:
        with ThreadPoolExecutor(threads - 1) as pool:
            yield Workers(threads, pool)
