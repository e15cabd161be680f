"""Predictions over a whole split, in chunks that stay in the cache, and what is counted of them."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float64, Int, UInt8

from scratch.workers import split_axis, workers


def predict(
    scores: Callable[[Float64[np.ndarray, "k d"]], Float64[np.ndarray, "k c"]],
    pixels: UInt8[np.ndarray, "n p"],
    bias_column: bool,
    chunk_size: int,
    threads: int = 1,
) -> Int[np.ndarray, "n"]:
    """Return the predicted class of every example: the largest score, the lowest class on ties.

    Args:
        scores: from pixels `[k, d]`, floats, to scores `[k, c]`. The weights take the factor 1/256
            (`scratch.features.weights_on_pixels`), not each of the pixels.
        pixels: uint8 `[n, p]`.
        bias_column: whether a one stands behind the pixels.
        chunk_size: examples per call of `scores`; a thread's one buffer has so many rows.
        threads: share the chunks among so many.

    Returns:
        Class numbers, `[n]`.
    """
    n, n_pixels = pixels.shape
    predicted = np.empty(n, np.int64)
    chunks = [slice(k, min(k + chunk_size, n)) for k in range(0, n, chunk_size)]

    parts = split_axis(len(chunks), threads)

    def run(number: int) -> None:
        x = np.ones((chunk_size, n_pixels + bias_column))
        for some in chunks[parts[number]]:
            filled = x[: some.stop - some.start]
            filled[:, :n_pixels] = pixels[some]
            predicted[some] = scores(filled).argmax(axis=1)

    with workers(threads) as team:
        team.parallel_for(run, len(parts))
    return predicted


def confusion(
    labels: Int[np.ndarray, "n"], predicted: Int[np.ndarray, "n"], n_classes: int
) -> Int[np.ndarray, "c c"]:
    """How many examples of each true class (row) were given each predicted class (column)."""
    pairs = labels * n_classes + predicted
    return np.bincount(pairs, minlength=n_classes**2).reshape(n_classes, n_classes)
