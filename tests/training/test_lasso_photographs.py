"""The L1 path on the photographs, against values found by other programs."""

from pathlib import Path

import numpy as np
import pytest

from experiments.data.load import load
from scratch.lasso import fit, scores, zero_weights

# Of the largest lambda, 0.02**(k/7) for k = 1 to 7; the zeros in per cent.
ZEROS = (99.92, 99.80, 99.62, 99.47, 99.12, 98.44, 97.24)


def test_zeros_and_the_gap_along_the_path(photographs: Path) -> None:
    data = load(str(photographs))
    some = np.linspace(0, len(data.train) - 1, 4_000).astype(np.int64)
    pixels, labels = data.train.pixels[some], data.train.labels[some]
    weights, largest = zero_weights(pixels, labels, 6)
    zeros, correct = [], []
    for k in range(1, 8):
        solution = fit(pixels, labels, largest * 0.02 ** (k / 7), weights, 1e-6)
        weights = solution.weights
        assert solution.gap <= 1e-6 * solution.objective
        zeros.append(100 * np.mean(weights[:, :-1] == 0))
        correct.append(np.mean(scores(weights, data.val.pixels).argmax(axis=1) == data.val.labels))
    np.testing.assert_allclose(zeros, ZEROS, rtol=0, atol=0.0051)
    train = np.mean(scores(weights, pixels).argmax(axis=1) == labels)
    assert train == pytest.approx(0.6565, abs=5e-4)
    assert correct[-1] == max(correct)
