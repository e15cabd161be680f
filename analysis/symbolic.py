"""Question 3's identities as polynomials: true for all real numbers, not only at drawn ones.

Everything is written down a second time here, in SymPy and without the NumPy code, so the two are
each other's witness. A function that proves an identity returns the number of terms that survive
after expansion, 0 where it holds.
"""

from itertools import combinations, pairwise
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
        """Return h_i = z(1 - z) at z = w_i . x + b_i."""
        z = self.W * self.x + self.b
        return [zi * (1 - zi) for zi in z]

    def output(self) -> Expression:
        """Return the output v . h + v0."""
        return sum(v * h for v, h in zip(self.v, self.hidden(), strict=True)) + self.v0

    def features(self) -> list[Expression]:
        """Return phi(x): 1, the inputs, their squares, twice the products of pairs in row order."""
        x = list(self.x)
        return [
            sp.Integer(1),
            *x,
            *(xj**2 for xj in x),
            *(2 * p * q for p, q in combinations(x, 2)),
        ]

    def lift(self) -> sp.Matrix:
        """Return A_Theta, row by row from its definition."""
        rows = []
        for i, b in enumerate(self.b):
            w = list(self.W.row(i))
            square = [-(wj**2) for wj in w] + [-p * q for p, q in combinations(w, 2)]
            rows.append([b - b**2, *((1 - 2 * b) * wj for wj in w), *square])
        return sp.Matrix(rows)

    def parts(self) -> tuple[Expression, sp.Matrix, sp.Matrix]:
        """Return (c1, l, M): (b * (1 - b)) . v + v0, W'[(1 - 2b) * v] and -W' diag(v) W."""
        pairs = list(zip(self.b, self.v, strict=True))
        c1 = sum(v * b * (1 - b) for b, v in pairs) + self.v0
        l = self.W.T * sp.Matrix([(1 - 2 * b) * v for b, v in pairs])
        return c1, l, -self.W.T * sp.diag(*self.v) * self.W


def terms(expression: Expression) -> int:
    """Count the terms after expansion: 0 exactly where the expression is identically zero."""
    expanded = sp.expand(expression)
    return 0 if expanded == 0 else len(sp.Add.make_args(expanded))


def hidden_gap(n_inputs: int, n_hidden: int) -> int:
    """Count the terms of h - A_Theta phi(x), all units (question 3.1)."""
    net = Network(n_inputs, n_hidden)
    lifted = net.lift() * sp.Matrix(net.features())
    return sum(terms(h - row) for h, row in zip(net.hidden(), lifted, strict=True))


def output_gap(n_inputs: int, n_hidden: int) -> int:
    """Count the terms of y - (A_Theta' v + v0 e_1) . phi(x) (question 3.2)."""
    net = Network(n_inputs, n_hidden)
    c = net.lift().T * net.v
    c[0] += net.v0
    return terms(net.output() - c.dot(sp.Matrix(net.features())))


def parts_gap(n_inputs: int, n_hidden: int) -> int:
    """Count the terms of y - (c1 + l . x + x' M x), each part by its formula (question 3.2)."""
    net = Network(n_inputs, n_hidden)
    c1, l, M = net.parts()
    return terms(net.output() - c1 - l.dot(net.x) - (net.x.T * M * net.x)[0])


def bordered_gap(n_inputs: int, n_hidden: int) -> int:
    """Count the terms of y - (v0 + sum v_i / 4 - sum v_i (u_i . x~)^2), u_i = (b_i - 1/2, w_i)."""
    net = Network(n_inputs, n_hidden)
    half = sp.Rational(1, 2)
    extended = sp.Matrix([1, *net.x])
    rows = [sp.Matrix([[b - half, *net.W.row(i)]]) for i, b in enumerate(net.b)]
    bordered = -sum((v * u.T * u for v, u in zip(net.v, rows, strict=True)), sp.zeros(n_inputs + 1))
    form = (extended.T * bordered * extended)[0]
    return terms(net.output() - net.v0 - sum(net.v) / 4 - form)


def activation_gap() -> int:
    """Count the terms of alpha z^2 + beta z + gamma less what g computes at a shifted input."""
    alpha, beta, gamma, z = sp.symbols("alpha beta gamma z")
    shifted = z + beta / (2 * alpha) + sp.Rational(1, 2)
    constant = alpha / 4 + gamma - beta**2 / (4 * alpha)
    return terms(alpha * z**2 + beta * z + gamma + alpha * shifted * (1 - shifted) - constant)


def two_outputs_gap() -> int:
    """Count the terms of the discriminant of two outputs less a square, D = K = 2 (theorem 5).

    With M_k = -W' diag(v_k) W, det(x M_1 + y M_2) is a quadratic form in x and y, and its
    discriminant (det W)^4 (v_11 v_22 - v_12 v_21)^2 is never negative.
    """
    W = sp.Matrix(2, 2, sp.symbols("w1:3_1:3"))
    v, second = sp.symbols("v1:3"), sp.symbols("r1:3")
    square = (W.det() ** 2 * (v[0] * second[1] - v[1] * second[0])) ** 2
    quadratic = [-W.T * sp.diag(*part) * W for part in (v, second)]
    return terms(discriminant(*quadratic) - square)


def discriminant(first: sp.Matrix, second: sp.Matrix) -> Expression:
    """Return the discriminant of det(x first + y second), a quadratic form in x and y."""
    x, y = sp.symbols("x y")
    form = sp.Poly(sp.expand((x * first + y * second).det()), x, y)
    return form.coeff_monomial(x * y) ** 2 - 4 * form.coeff_monomial(x**2) * form.coeff_monomial(
        y**2
    )


def jacobian(n_inputs: int, n_hidden: int) -> tuple[Network, sp.Matrix]:
    """Return a network and the derivatives of (c1, l, diagonal of M, pairs) by W, b, v and v0."""
    net = Network(n_inputs, n_hidden)
    c1, l, M = net.parts()
    D = range(n_inputs)
    c = sp.Matrix([c1, *l, *(M[j, j] for j in D), *(M[j, k] for j, k in combinations(D, 2))])
    return net, c.jacobian([*net.W, *net.b, *net.v, net.v0])


def signature(matrix: sp.Matrix) -> tuple[int, int]:
    """Return how many eigenvalues of a whole-number symmetric matrix are negative and positive.

    They are real, so that Descartes' rule counts them exactly: changes of sign between the
    coefficients of the characteristic polynomial, at -x and at x.
    """
    polynomial = sp.Matrix(matrix).charpoly().all_coeffs()
    mirrored = [value * (-1) ** i for i, value in enumerate(polynomial)]
    return _sign_changes(mirrored), _sign_changes(polynomial)


def _sign_changes(values: list[Expression]) -> int:
    signs = [sp.sign(value) for value in values if value != 0]
    return sum(a != b for a, b in pairwise(signs))


def unit_gap() -> int:
    """Count the terms of a unit of any row size a less what it is to add (question 3.3).

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
    """Count the terms left when two opposite units are compared with (c1, l, M) = (0, t, 0)."""
    t = sp.Symbol("t")
    units = [(t / 2, sp.Integer(0)), (-t / 2, sp.Integer(1))]
    claims = [
        sum(v * b * (1 - b) for v, b in units),
        sum(v * (1 - 2 * b) for v, b in units) - t,
        sum(v for v, _ in units),
    ]
    return sum(terms(claim) for claim in claims)


def has_no_solution(l: list[int], M: list[list[int]], n_hidden: int) -> bool:
    """Return whether no Theta, real or complex, gives these l and M with K units (question 3.3).

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
