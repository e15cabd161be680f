"""Softmax and cross-entropy by log-sum-exp: nothing is clamped, nothing overflows."""

import numpy as np
from jaxtyping import Float64


def log_sum_exp(scores: Float64[np.ndarray, "c"]) -> float:
    """Return the log-partition `log sum_k exp(s_k)`, shifted so that no exponential exceeds 1."""
    shift = scores.max()
    return float(shift + np.log(np.exp(scores - shift).sum()))


def softmax(scores: Float64[np.ndarray, "c"]) -> Float64[np.ndarray, "c"]:
    """Class probabilities `p_k = exp(s_k) / sum_j exp(s_j)`."""
    exponentials = np.exp(scores - scores.max())
    return exponentials / exponentials.sum()


def cross_entropy(scores: Float64[np.ndarray, "c"], label: int) -> float:
    """Return the loss of one example in nats: `-log p_label = log sum_k exp(s_k) - s_label`.

    Written with scores, not probabilities: an epsilon inside the logarithm would hide that the
    MLP's first epoch, with its large initial weights, has a mean loss in the hundreds.
    """
    return log_sum_exp(scores) - float(scores[label])
