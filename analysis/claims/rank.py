"""Question 3.3, sharpened: which c a network of K units has, and how far the others stay."""

import numpy as np
import sympy as sp
from jaxtyping import Int

from analysis.achieved import achieved
from analysis.attainment import attainable, verdict_of
from analysis.claims.base import Claim, ClaimFunction, Settings, Source, WorstCase
from analysis.claims.random_cases import cases, random_theta
from analysis.network import c_theta
from analysis.recover import recover_theta
from analysis.spectrum import norm

# Whole-number ranks by elimination: small sizes prove as much as large ones.
LARGEST_EXACT = 6
ATTEMPTS = 20


def whole_numbers(rng: np.random.Generator, *shape: int) -> Int[np.ndarray, "*shape"]:
    """Drawn from -3 to 3."""
    return rng.integers(-3, 4, shape)


def verdicts(settings: Settings) -> Claim:
    """`attainable` on coefficients of known ranks, K from 1 to D + 2: wrong answers."""
    rng, worst = settings.rng("verdicts"), WorstCase()
    for D in settings.dims:
        for case in cases(D, rng):
            for K in settings.units(1, case.r - 1, case.r, case.r + 1, case.r + 2, D):
                found = attainable(case.c, K)
                right = (found.rank_m, found.rank_ml) == (case.r, case.r_l)
                right &= found.verdict == verdict_of(case.r, case.r_l, K)
                worst.add(0 if right else 1, 0)
    return worst.claim("3.3", "verdicts", "attainable: ranks and verdict as built", Source.ALGEBRA)


def closed_set(settings: Settings) -> Claim:
    """rank([M l]) of a network's own coefficients exceeds K: never, in whole numbers.

    W, v and s = 1 - 2b are whole numbers, so that M = -W' diag(v) W and l = W'(s * v) are.
    """
    rng, worst = settings.rng("closed set"), WorstCase()
    for D in range(1, min(max(settings.dims), LARGEST_EXACT) + 1):
        for K in range(1, D + 2):
            W, v, s = whole_numbers(rng, K, D), whole_numbers(rng, K), whole_numbers(rng, K)
            both = np.column_stack([-(W.T * v) @ W, W.T @ (s * v)])
            worst.add(max(sp.Matrix(both).rank() - K, 0), 0)
    return worst.claim("3.3", "closed set", "rank([M l]) of a network is at most K", Source.ALGEBRA)


def no_r_plus_one(settings: Settings) -> Claim:
    """Independent rows with no v_i = 0 give rank(M) = their number: hence no K = r + 1.

    For l to leave the range of M, r + 1 units would need r + 1 independent rows. Checked in whole
    numbers.
    """
    rng, worst = settings.rng("no r plus one"), WorstCase()
    for D in range(1, min(max(settings.dims), LARGEST_EXACT) + 1):
        for n in range(1, D + 1):
            W, v = whole_numbers(rng, n, D), whole_numbers(rng, n)
            v[v == 0] = 1
            independent = sp.Matrix(W).rank()
            if independent == n:
                worst.add(abs(sp.Matrix((W.T * v) @ W).rank() - n), 0)
    return worst.claim(
        "3.3", "no r plus one", "independent rows: rank(M) = their number", Source.ALGEBRA
    )


def distance(settings: Settings) -> Claim:
    """K < rank([M l]): the bound over the distance achieved by the best of many networks.

    Tried: the nearest lower rank's network, the same shaken, and random ones.
    """
    rng, worst = settings.rng("distance"), WorstCase()
    for D in settings.dims:
        for case in cases(D, rng):
            for K in settings.units(1, case.r_l // 2, case.r_l - 1):
                if case.r_l > K:
                    found = recover_theta(case.c, K, eps=4 * norm(case.c))
                    tried = [found.achieved]
                    for _ in range(ATTEMPTS if D <= LARGEST_EXACT else 1):
                        tried.append(norm(c_theta(random_theta(D, K, rng)) - case.c))
                        W = found.theta.W + 1e-3 * rng.normal(size=(K, D))
                        tried.append(achieved(found.theta._replace(W=W), case.c))
                    worst.add(attainable(case.c, K).bound / min(tried), 1 + 1e-12)
    return worst.claim("3.3", "distance", "K < rank([M l]): bound / distance", Source.THEOREM)


def refused(settings: Settings) -> Claim:
    """K < rank([M l]): `recover_theta` accepted, or refused without the bound: never."""
    rng, worst = settings.rng("refused"), WorstCase()
    for D in settings.dims:
        for case in cases(D, rng):
            for K in settings.units(1, case.r_l - 1):
                if case.r_l > K:
                    worst.add(0 if _is_refused(case.c, K) else 1, 0)
    return worst.claim("3.3", "refused", "K < rank([M l]): refused with the bound", Source.ALGEBRA)


def _is_refused(c: np.ndarray, n_hidden: int) -> bool:
    try:
        recover_theta(c, n_hidden)
    except ValueError as error:
        return f"{attainable(c, n_hidden).bound:.3g}" in str(error)
    return False


RANK: tuple[ClaimFunction, ...] = (verdicts, closed_set, no_r_plus_one, distance, refused)
