"""Question 3: the network with activation z(1 - z) is a linear model in disguise."""

from analysis.achieved import achieved
from analysis.attainment import Attainable, attainable
from analysis.closed_form import ClosedForm, fit_closed_form, predict
from analysis.features import join_c, n_features, n_inputs, phi, split_c
from analysis.network import Theta, a_theta, c_theta, forward
from analysis.recover import Recovery, default_eps, recover_theta
from analysis.sign_requirements import Signs, signs_needed

__all__ = [
    "Attainable",
    "ClosedForm",
    "Recovery",
    "Signs",
    "Theta",
    "a_theta",
    "achieved",
    "attainable",
    "c_theta",
    "default_eps",
    "fit_closed_form",
    "forward",
    "join_c",
    "n_features",
    "n_inputs",
    "phi",
    "predict",
    "recover_theta",
    "signs_needed",
    "split_c",
]
