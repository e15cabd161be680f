"""Wrong code for every claim of question 3: which claim it breaks, and in whose place it is put."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import sympy as sp
from quadratic_cases import minus_lambda

from analysis import (
    Theta,
    bordered_matrix,
    c_theta,
    describe_fibre,
    fit_closed_form,
    jacobian,
    least_decay,
    n_inputs,
    phi,
    predict,
    recover_theta,
    signs_needed,
    with_activation,
)
from analysis.achieved import achieved
from analysis.closed_form import ClosedForm
from analysis.constructions import scaled_construction
from analysis.hidden_units import opposite_pair
from analysis.spectrum import norm, remaining


def _unit_row_network(c, n_hidden=None):
    return recover_theta(c, n_hidden or n_inputs(len(c)), method="assignment").theta


def _phi_without_factor_2(x):
    features = phi(x).copy()
    features[..., 1 + 2 * x.shape[-1] :] /= 2
    return features


def _c_of_minus_v(theta):
    return c_theta(Theta(theta.W, theta.b, -theta.v, theta.v0))


def _linear_c(theta):
    return np.array([theta.v0, theta.W.sum(), theta.b.sum()])


def _fit_1_percent_off(X, y):
    c = fit_closed_form(X, y).c_hat * 1.01
    return ClosedForm(c, len(c), norm(phi(X) @ c - y), False)


def _residual_too_large(X, y):
    fit = fit_closed_form(X, y)
    return replace(fit, residual=10 * fit.residual)


def _of_full_rank(X, y):
    fit = fit_closed_form(X, y)
    return replace(fit, rank=len(fit.c_hat))


def _only_minimiser(X, y):
    return replace(fit_closed_form(X, y), minimum_norm=False)


def _one_with_a_slope(X, y):
    fit = fit_closed_form(X, y)
    return replace(fit, c_hat=np.ones_like(fit.c_hat))


def _lower_v0(c, n_hidden, **options):
    """A network, and one that misses c1 by a thousandth of c."""
    found = recover_theta(c, n_hidden, **options)
    theta = found.theta._replace(v0=found.theta.v0 - 1e-3 * norm(c))
    return replace(found, theta=theta, achieved=achieved(theta, c))


def _in_the_limit(*args):
    return scaled_construction(*args)[0], "limit"


def _by_unit_rows(c, n_hidden, delta):
    return recover_theta(c, n_hidden, method="assignment", delta=delta)


def refused_without_a_bound(*_, **__):
    raise ValueError("no")


def _without_corner(c, corner):
    return bordered_matrix(c, 0.0)


def _by_all_rows(theta):
    return replace(describe_fibre(theta), submersion=len(theta.v) >= theta.W.shape[1])


def _smaller_kernel(theta):
    found = describe_fibre(theta)
    return replace(found, dimension=found.dimension - 1)


def _turned(theta, A):
    """R by ordinary rotations: right where all v have one sign."""
    U = np.column_stack([theta.b - 0.5, theta.W])
    R = np.linalg.solve(np.eye(len(A)) - A, np.eye(len(A)) + A)
    U = R @ U
    return theta._replace(W=U[:, 1:], b=U[:, 0] + 0.5)


def _trailing(S, n):
    return np.linalg.svd(S, full_matrices=False)[0][:, ::-1][:, :n]


def _unshifted(theta, alpha, beta, gamma):
    found = with_activation(theta, alpha, beta, gamma)
    return found._replace(b=found.b + 0.5)


def _whole_number_ranks(rank):
    return SimpleNamespace(Matrix=lambda A: SimpleNamespace(rank=lambda: rank(np.asarray(A))))


def _quadratic(z):
    return z * (1 - z)


IN = "analysis.claims."
BROKEN = {
    "phi without the factor 2": ("hidden_layer", IN + "linearisation.phi", _phi_without_factor_2),
    "v with the wrong sign, output": ("output", IN + "linearisation.c_theta", _c_of_minus_v),
    "v with the wrong sign": ("coefficients", IN + "linearisation.c_theta", _c_of_minus_v),
    "c linear in Theta": ("not_linear", IN + "linearisation.c_theta", _linear_c),
    "a term of h too many": ("hidden_identity", "analysis.symbolic.hidden_gap", lambda *_: 1),
    "a term of y too many": ("output_identity", "analysis.symbolic.output_gap", lambda *_: 1),
    "a term of the parts": ("output_identity", "analysis.symbolic.parts_gap", lambda *_: 1),
    "a term of a unit": ("free_scale", "analysis.symbolic.unit_gap", lambda: 1),
    "a term of a pair": ("free_scale", "analysis.symbolic.pair_gap", lambda: 1),
    "solvable": ("impossible", "analysis.symbolic.has_no_solution", lambda *_: False),
    "printed, sign fixed": ("printed", IN + "printed_solution.as_printed", _unit_row_network),
    "printed error, sign fixed": (
        "printed_error",
        IN + "printed_solution.as_printed",
        _unit_row_network,
    ),
    "unit rows, v0 off": ("sign_fixed", IN + "printed_solution.recover_theta", _lower_v0),
    "a wall elsewhere": ("unit_rows_limit", IN + "printed_solution.EPS", 1e-10),
    "a wall where none is": (
        "scaled_rows_exact",
        IN + "printed_solution.recover_theta",
        _by_unit_rows,
    ),
    "units with v = lambda": ("enough_units", "analysis.constructions.scaled_units", minus_lambda),
    "few with v = lambda": ("few_units", "analysis.constructions.scaled_units", minus_lambda),
    "pairs of half the size": (
        "opposite_pairs",
        "analysis.constructions.opposite_pair",
        lambda q, t: opposite_pair(q, t / 2),
    ),
    "no pairs at all": ("opposite_pairs", "analysis.recover.scaled_construction", _in_the_limit),
    "measured as nothing": ("measured", IN + "recovery.achieved", lambda *_: 0.0),
    "l outside taken for inside": (
        "verdicts",
        "analysis.attainment.verdict_of",
        lambda needed, _, units: "exactly" if sum(needed) <= sum(units) else "no",
    ),
    "ranks of M twice": ("ranks_found", "analysis.spectrum.unit_size", np.zeros_like),
    "signs swapped": ("sign_verdicts", IN + "rank.signs_needed", lambda c: signs_needed(c)[::-1]),
    "too large a rank": ("closed_set", IN + "rank.sp", _whole_number_ranks(lambda _: 7)),
    "no inertia": ("inertia", IN + "rank.signature", lambda _: (0, 0)),
    "corner forgotten": ("bordered", IN + "rank.bordered_matrix", _without_corner),
    "term of the bordered matrix": (
        "bordered_identity",
        "analysis.symbolic.bordered_gap",
        lambda *_: 1,
    ),
    "half the derivatives": ("derivatives", IN + "fibre.jacobian", lambda t: jacobian(t) / 2),
    "all rows taken for active": ("submersions", IN + "fibre.describe_fibre", _by_all_rows),
    "kernel one smaller": ("fibre_dimensions", IN + "fibre.describe_fibre", _smaller_kernel),
    "rows turned, not S-turned": ("same_c", IN + "fibre.move_on_fibre", _turned),
    "gradient without its 2": ("gradient", IN + "fibre.jacobian", lambda t: jacobian(t) / 2),
    "a bound too large": (
        "bound_below",
        "analysis.attainment.remaining",
        lambda linear, M, _: 4 * norm(np.column_stack([M, linear])),
    ),
    "networks as near as nothing": (
        "bound_below",
        IN + "distance.achieved",
        lambda _, c: 1e-20 * norm(c),
    ),
    "bound of nothing": ("bound_above", "analysis.attainment.remaining", lambda *_: 0.0),
    "worst subspace": ("bound_above", "analysis.constructions.leading_directions", _trailing),
    "half the bound": (
        "bound_sharp",
        "analysis.attainment.remaining",
        lambda *args: remaining(*args) / 2,
    ),
    "largest eigenvalues missing": (
        "bound_sharp",
        "analysis.attainment.remaining_with_signs",
        lambda M, *_: norm(M),
    ),
    "accepted": ("refused", IN + "distance.recover_theta", lambda *_: None),
    "refused, no bound": ("refused", IN + "distance.recover_theta", refused_without_a_bound),
    "refused, another bound": (
        "refused",
        "analysis.attainment.remaining",
        lambda *args: remaining(*args) / 2,
    ),
    "signs cost more": (
        "missing_signs",
        "analysis.attainment.remaining_with_signs",
        lambda M, *_: 50 * norm(M),
    ),
    "1 % off": ("normal_equations", IN + "least_squares.fit_closed_form", _fit_1_percent_off),
    "1 % off in fractions": ("rational", IN + "least_squares.fit_closed_form", _fit_1_percent_off),
    "beaten": ("unbeaten", IN + "least_squares.fit_closed_form", _residual_too_large),
    "another prediction": (
        "network_reaches",
        IN + "least_squares.predict",
        lambda c, X: predict(c, X) * (1 + 1e-9),
    ),
    "full rank on a sphere": ("sphere", IN + "least_squares.fit_closed_form", _of_full_rank),
    "one minimiser": ("sphere", IN + "least_squares.fit_closed_form", _only_minimiser),
    "a slope": ("sphere", IN + "least_squares.fit_closed_form", _one_with_a_slope),
    "tanh for z(1 - z)": ("quadratic", IN + "activations.activation", np.tanh),
    "quadratic relu": ("rank_relu", IN + "activations.relu", _quadratic),
    "quadratic tanh": ("rank_tanh", IN + "activations.np.tanh", _quadratic),
    "quadratic sigmoid": ("rank_sigmoid", IN + "activations.sigmoid", _quadratic),
    "no row beside": ("silent_unit", IN + "landscape.NEAR", 0.0),
    "a loss below": ("local_minimum", IN + "landscape.forward", lambda _, x: x[:, 0] ** 2),
    "out of the valley": (
        "valley",
        IN + "landscape.forward",
        lambda _, x: x[:, 0] ** 2 + x[:, 0],
    ),
    "decay of unit rows": ("decay_attained", IN + "landscape.min_decay_network", _unit_row_network),
    "half the least decay": (
        "decay_attained",
        IN + "landscape.least_decay",
        lambda c: least_decay(c) / 2,
    ),
    "decay of sum lambda": (
        "decay_least",
        IN + "landscape.least_decay",
        lambda c: least_decay(c) * 2 ** (1 / 3),
    ),
    "outputs that share": ("two_outputs", IN + "landscape.TWO_OUTPUTS", (sp.eye(2), sp.eye(2))),
    "a shift of 1/2 missing": ("other_activations", IN + "landscape.with_activation", _unshifted),
}
