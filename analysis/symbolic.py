"""Question 3's identities as polynomials: true for all real numbers, not only at drawn ones.

Everything is written down a second time here, in SymPy and without the NumPy code, so the two are
each other's witness. A function that proves an identity returns the number of terms that survive
after expansion, 0 where it holds.
"""

from itertools import combinations
from typing import Any

import sympy as sp

Expression = Any


class Network:
    """A network of K hidden units and D inputs whose every parameter is a symbol.

    Attributes:
        x: the inputs, D symbols.
        W: the weights, a K x D matrix of symbols.
        b: the biases, K symbols.
        v: the output weights, K symbols.
        v0: the output bias.
    """

    def __init__(self, n_inputs: int, n_hidden: int) -> None:
        D, K = n_inputs, n_hidden
        self.x = sp.Matrix(sp.symbols(f"x1:{D + 1}"))
        self.W = sp.Matrix(K, D, sp.symbols(f"w1:{K + 1}_1:{D + 1}"))
        self.b = sp.Matrix(sp.symbols(f"b1:{K + 1}"))
        self.v = sp.Matrix(sp.symbols(f"v1:{K + 1}"))
        self.v0 = sp.Symbol("v0")

    def hidden(self) -> list[Expression]:
        """h_i = z(1 - z) at z = w_i . x + b_i."""
        z = self.W * self.x + self.b
        return [zi * (1 - zi) for zi in z]

    def output(self) -> Expression:
        """Return the output v . h + v0."""
        return sum(v * h for v, h in zip(self.v, self.hidden(), strict=True)) + self.v0

    def features(self) -> list[Expression]:
        """phi(x): 1, the inputs, their squares, twice the products of pairs j < k in row order."""
        x = list(self.x)
        return [
            sp.Integer(1),
            *x,
            *(xj**2 for xj in x),
            *(2 * p * q for p, q in combinations(x, 2)),
        ]

    def lift(self) -> sp.Matrix:
        """A_Theta, row by row from its definition."""
        rows = []
        for i, b in enumerate(self.b):
            w = list(self.W.row(i))
            square = [-(wj**2) for wj in w] + [-p * q for p, q in combinations(w, 2)]
            rows.append([b - b**2, *((1 - 2 * b) * wj for wj in w), *square])
        return sp.Matrix(rows)

    def parts(self) -> tuple[Expression, sp.Matrix, sp.Matrix]:
        """(c1, l, M): (b * (1 - b)) . v + v0, W'[(1 - 2b) * v] and -W' diag(v) W."""
        pairs = list(zip(self.b, self.v, strict=True))
        c1 = sum(v * b * (1 - b) for b, v in pairs) + self.v0
        l = self.W.T * sp.Matrix([(1 - 2 * b) * v for b, v in pairs])
        return c1, l, -self.W.T * sp.diag(*self.v) * self.W


def terms(expression: Expression) -> int:
    """Count the terms after expansion: 0 exactly where the expression is identically zero."""
    expanded = sp.expand(expression)
    return 0 if expanded == 0 else len(sp.Add.make_args(expanded))


def hidden_gap(n_inputs: int, n_hidden: int) -> int:
    """Terms of h - A_Theta phi(x), all units (question 3.1)."""
    net = Network(n_inputs, n_hidden)
    lifted = net.lift() * sp.Matrix(net.features())
    return sum(terms(h - row) for h, row in zip(net.hidden(), lifted, strict=True))


def output_gap(n_inputs: int, n_hidden: int) -> int:
    """Terms of y - (A_Theta' v + v0 e_1) . phi(x) (question 3.2)."""
    net = Network(n_inputs, n_hidden)
    c = net.lift().T * net.v
    c[0] += net.v0
    return terms(net.output() - c.dot(sp.Matrix(net.features())))


def parts_gap(n_inputs: int, n_hidden: int) -> int:
    """Terms of y - (c1 + l . x + x' M x) with the formulas for the parts (question 3.2)."""
    net = Network(n_inputs, n_hidden)
    c1, l, M = net.parts()
    return terms(net.output() - c1 - l.dot(net.x) - (net.x.T * M * net.x)[0])


def unit_gap() -> int:
    """Terms that survive when a unit of any row size a is compared with its target (question 3.3).

    v = -lambda / a^2 and b = (1 + a t / lambda) / 2 give -v a^2 = lambda, v a (1 - 2b) = t and
    v b (1 - b) = (t^2 / lambda - lambda / a^2) / 4; at a = -lambda / t that is b = 0.
    """
    a, lam, t = sp.symbols("a lambda t")
    v, b = -lam / a**2, (1 + a * t / lam) / 2
    one_bias_left = {a: -lam / t}
    claims = [
        -v * a**2 - lam,
        v * a * (1 - 2 * b) - t,
        v * b * (1 - b) - (t**2 / lam - lam / a**2) / 4,
        b.subs(one_bias_left),
        v.subs(one_bias_left) + t**2 / lam,
    ]
    return sum(terms(sp.simplify(claim)) for claim in claims)


def pair_gap() -> int:
    """Terms that survive when two opposite units are compared with (c1, l, M) = (0, t, 0)."""
    t = sp.Symbol("t")
    units = [(t / 2, sp.Integer(0)), (-t / 2, sp.Integer(1))]
    claims = [
        sum(v * b * (1 - b) for v, b in units),
        sum(v * (1 - 2 * b) for v, b in units) - t,
        sum(v for v, _ in units),
    ]
    return sum(terms(claim) for claim in claims)


def has_no_solution(l: list[int], M: list[list[int]], n_hidden: int) -> bool:
    """Whether no Theta, not even a complex one, gives these l and M with K units (question 3.3).

    By Hilbert's Nullstellensatz a system of polynomial equations has no complex solution exactly
    where its Groebner basis is {1}. The unknowns are W, v and s = 1 - 2b; c1 is left to v0.
    """
    D, K = len(l), n_hidden
    net = Network(D, K)
    s = sp.symbols(f"s1:{K + 1}")
    sv = sp.Matrix([si * vi for si, vi in zip(s, net.v, strict=True)])
    linear = net.W.T * sv - sp.Matrix(l)
    square = -net.W.T * sp.diag(*net.v) * net.W - sp.Matrix(M)
    equations = [*linear, *(square[j, k] for j in range(D) for k in range(j, D))]
    unknowns = [*net.W, *net.v, *s]
    return sp.groebner(equations, *unknowns, order="grevlex").exprs == [sp.Integer(1)]
