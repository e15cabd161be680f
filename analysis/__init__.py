"""Question 3: the network with activation z(1 - z) is a linear model in disguise."""

from analysis.achieved import achieved
from analysis.attainment import Attainable, attainable
from analysis.bordered import bordered_matrix, extended_rows, network_of
from analysis.closed_form import ClosedForm, fit_closed_form, predict
from analysis.features import join_c, n_features, n_inputs, phi, split_c
from analysis.fibre import Fibre, describe_fibre, jacobian, move_on_fibre
from analysis.network import Theta, a_theta, c_theta, forward, with_activation
from analysis.recover import Recovery, default_eps, recover_theta
from analysis.sign_requirements import Signs, signs_needed
from analysis.weight_decay import decay, least_decay, min_decay_network

__all__ = [
    "Attainable",
    "ClosedForm",
    "Fibre",
    "Recovery",
    "Signs",
    "Theta",
    "a_theta",
    "achieved",
    "attainable",
    "bordered_matrix",
    "c_theta",
    "decay",
    "default_eps",
    "describe_fibre",
    "extended_rows",
    "fit_closed_form",
    "forward",
    "jacobian",
    "join_c",
    "least_decay",
    "min_decay_network",
    "move_on_fibre",
    "n_features",
    "n_inputs",
    "network_of",
    "phi",
    "predict",
    "recover_theta",
    "signs_needed",
    "split_c",
    "with_activation",
]
