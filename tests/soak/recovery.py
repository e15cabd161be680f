"""Adversarial c for `recover_theta`, each network evaluated again in fractions.

    python -m tests.soak.recovery --cases 10000

Drawn are D from 1 to 30, K from 1 to D + 3, entries of sizes 1e-323 to 1e280, parts of c of sizes
that differ, matrices of low rank and next to it. None may be refused that K units can have up
to the promise, and no error may exceed the promise. Prints what was found, ends with 1 if not so.
"""

import argparse
import sys
import time
from collections import Counter
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from analysis import attainable, default_eps, join_c, recover_theta
from analysis.claims.recovery import in_fractions


class Found(NamedTuple):
    """What came of one case.

    Attributes:
        kind: how c was drawn.
        verdict: what `attainable` says of it.
        error: |c_Theta - c| in fractions over the promise; the bound over it where refused.
        refused: the refusal, or "".
        measured: whether `achieved` is the same number, to four last places or one smallest number.
    """

    kind: str
    verdict: str
    error: float
    refused: str
    measured: bool

    @property
    def wrong(self) -> bool:
        """Whether a network is worse than promised, or a c refused that is within the promise.

        Beyond rank K a network within twice the least distance is all that is promised.
        """
        if self.refused:
            return self.verdict != "no" or self.error < 0.5
        return self.error > 1 or not self.measured


def size(rng: np.random.Generator) -> float:
    """Draw a size: ordinary, extreme, or next to the least there is."""
    kind = rng.integers(4)
    exponent = (
        rng.uniform(-3, 3),
        rng.uniform(-300, 280),
        rng.uniform(-323, -300),
        rng.uniform(-20, 20),
    )
    return float(10.0 ** exponent[kind])


def spectrum(n_inputs: int, rng: np.random.Generator) -> tuple[str, Float[np.ndarray, " D"]]:
    """Draw eigenvalues of M, 1 in size at most."""
    D = n_inputs
    lam = rng.choice([-1.0, 1.0], D) * rng.uniform(0.1, 1, D)
    rank = int(rng.integers(0, D + 1))
    low = np.arange(D) < rank
    tolerance = 4 * (D + 1) * 2.0**-52
    return {
        0: ("full rank", lam),
        1: ("low rank", np.where(low, lam, 0.0)),
        2: ("next to low rank", np.where(low, lam, tolerance * rng.uniform(0.1, 3) * lam)),
        3: ("below the tolerance together", np.where(low, lam, tolerance / np.sqrt(D) * lam)),
        4: ("graded", lam * np.geomspace(1, 10.0 ** -rng.uniform(5, 300), D)),
        5: ("zero", np.zeros(D)),
    }[int(rng.integers(6))]  # fmt: skip


def coefficients(rng: np.random.Generator) -> tuple[str, Float[np.ndarray, " P"]]:
    """Draw c and what it is called."""
    D = int(rng.integers(1, 31) if rng.random() < 0.3 else rng.integers(1, 7))
    name, lam = spectrum(D, rng)
    Q = np.linalg.qr(rng.normal(size=(D, D)))[0] if rng.random() < 0.7 else np.eye(D)
    M = (Q * lam) @ Q.T
    t = rng.normal(size=D) * (rng.random(D) < rng.choice([0.0, 0.5, 1.0]))
    if rng.random() < 0.5:
        t = np.where(lam == 0, 0.0, t)
    with np.errstate(over="ignore", under="ignore"):
        scaled = (M + M.T) * size(rng)
        c = join_c(rng.normal() * size(rng), (Q @ t) * size(rng), (scaled + scaled.T) / 4)
    return name, c


def tried(rng: np.random.Generator) -> Found:
    """Draw one case and try it."""
    kind, c = coefficients(rng)
    D = int((np.sqrt(8 * len(c) + 1) - 3) / 2)
    K = int(rng.integers(1, D + 4))
    possible, promise = attainable(c, K), default_eps(c)
    try:
        found = recover_theta(c, K)
    except ValueError as error:
        return Found(kind, possible.verdict, possible.bound / promise, str(error), True)
    exact = in_fractions(found.theta, c)
    same = abs(found.achieved - exact) <= 4 * 2.0**-52 * exact + 5e-324
    return Found(kind, possible.verdict, exact / promise, "", same)


def main(cases: int, seed: int) -> int:
    """Try so many cases and print what came of them."""
    rng, start = np.random.default_rng(seed), time.perf_counter()
    results = []
    for _ in range(cases):
        results.append(tried(rng))
        if results[-1].wrong:
            print("WRONG", len(results), results[-1])
    kept = [found for found in results if not found.refused]
    print(f"{cases} cases, {time.perf_counter() - start:.0f} s, seed {seed}")
    print("verdicts", dict(Counter(found.verdict for found in results)))
    print("kinds", dict(Counter(found.kind for found in results)))
    print(f"refused {cases - len(kept)}, wrongly {sum(f.wrong for f in results if f.refused)}")
    for words, no in (("K units can have", False), ("they cannot", True)):
        worst = max(found.error for found in kept if (found.verdict == "no") == no)
        print(f"worst error over the promise, where {words}: {worst:.3g}")
    return int(any(found.wrong for found in results))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.soak.recovery", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    sys.exit(main(arguments.cases, arguments.seed))
