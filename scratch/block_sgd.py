r"""The block engine: per-example stochastic gradient descent, exactly, in matrix products.

Every model of question 1 steps its first weights along the example itself,

    W_{t+1} = decay * W_t + c_t x_t^T,    c_t = coefficients(s_t),    s_t = W_t x_t,

so within a block of B examples the weights are `W_0` plus a combination of the block's own rows,
and no step needs them: scores follow from the block's scores under `W_0` and its Gram matrix,

    s_t = decay^t W_0 x_t + sum_{j<t} decay^(t-1-j) (x_j . x_t) c_j.

The weights are read once a block, for `X W_0^T`, and written once,

    W_B = decay^B W_0 + sum_j decay^(B-1-j) c_j x_j^T.

No approximation is made; only the order of the sums differs from the textbook's loop.
docs/engine.md has the derivation and the cost model.
"""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float64, Int, UInt8

from scratch.features import PIXEL_SCALE
from scratch.workers import Workers, split_axis, workers

# Called with an example's number and its scores `[c]`; returns the coefficients `[c]` of its step.
StepCoefficients = Callable[
    [int, Float64[np.ndarray, "c"]], "Sequence[float] | Float64[np.ndarray, 'c']"
]

# The Gram matrix is summed over this many pieces of the feature axis: products of fewer than 10^6
# multiplications take OpenBLAS's kernel for small matrices, which packs nothing, in half the time.
_PIECES = 8


def block_epoch(
    weights: Float64[np.ndarray, "c w"],
    pixels: UInt8[np.ndarray, "n d"],
    order: Int[np.ndarray, "m"],
    step_coefficients: StepCoefficients,
    block_size: int,
    decay: float = 1.0,
    shares: int = 1,
    threads: int = 1,
) -> Float64[np.ndarray, "c w"]:
    """Step the weights through the examples in the given order, a block at a time.

    Args:
        weights: `[c, d + 1]`; the last column multiplies a one, the bias.
        pixels: uint8 `[n, d]`; an example's features are `[pixels / 256, 1]`.
        order: which examples, in which order, `[m]`.
        step_coefficients: called once per example, in order, with its number and its scores then;
            returns the coefficients of its features in the step.
        block_size: examples per block; changes the time, not the result.
        decay: what multiplies the weights at every step, `1 - learning_rate * l2_penalty`.
        shares: cut the features into so many parts, each with products of its own.
        threads: how many work on the parts; changes the time, not a bit of the result.

    Returns:
        The weights after the last example, `[c, d + 1]`.
    """
    n_classes, n_columns = weights.shape
    padded = np.zeros((n_classes, -(-n_columns // _PIECES) * _PIECES))
    padded[:, :n_columns] = weights
    whole = len(order) - len(order) % block_size
    parts = split_axis(padded.shape[1], shares, multiple=_PIECES)
    with workers(threads) as team:
        for blocks, size in ((order[:whole], block_size), (order[whole:], len(order) - whole)):
            if len(blocks):
                _run_blocks(
                    padded, pixels, blocks.reshape(-1, size), step_coefficients, decay, parts, team
                )
    return padded[:, :n_columns].copy()


def _run_blocks(
    weights: Float64[np.ndarray, "c w"],
    pixels: UInt8[np.ndarray, "n d"],
    blocks: Int[np.ndarray, "k b"],
    step_coefficients: StepCoefficients,
    decay: float,
    parts: list[slice],
    team: Workers,
) -> None:
    """Step `weights` in place through blocks of one size.

    Buffers hold the pixels as they are, with 256 in place of the one. The factors 1/256 are powers
    of two: they scale scores, Gram matrix and coefficients without rounding, and the Gram matrix, a
    sum of integers below 2^53, is exact.
    """
    size, n_pixels = blocks.shape[1], pixels.shape[1]
    x = np.zeros((size, weights.shape[1]))
    x[:, n_pixels] = PIXEL_SCALE
    scores = np.empty((len(parts), size, len(weights)))
    gram = np.zeros((len(parts), size, size))
    products = np.empty((size, size))
    coefficients = np.zeros((size, len(weights)))
    step = np.empty_like(weights)
    age = np.arange(size)
    grow = decay ** age[:, None] / PIXEL_SCALE
    shrink = decay ** age[::-1, None] / PIXEL_SCALE
    shrink_block = np.float64(decay) ** size  # infinite, where Python's own power raises an error
    lag = decay ** np.tril(age[:, None] - age - 1, -1).astype(float) / PIXEL_SCALE**2
    # The same views serve every block: slicing costs as much as the arithmetic on so few numbers.
    rows = [(products[t, :t], coefficients[:t]) for t in range(size)]

    def read(number: int) -> None:
        columns = parts[number]
        own = slice(columns.start, min(columns.stop, n_pixels))
        x[:, own] = pixels[block, own]
        _gram_below_diagonal(x[:, columns], out=gram[number])
        np.matmul(x[:, columns], weights[:, columns].T, out=scores[number])

    def write(number: int) -> None:
        columns = parts[number]
        np.matmul(shrunk.T, x[:, columns], out=step[:, columns])
        if decay != 1.0:
            weights[:, columns] *= shrink_block
        weights[:, columns] += step[:, columns]

    for block in blocks:
        team.parallel_for(read, len(parts))
        np.multiply(gram.sum(0), lag, out=products)
        before = scores.sum(0) * grow
        for t, (example, own, (weighted, past)) in enumerate(
            zip(block.tolist(), before, rows, strict=True)
        ):
            coefficients[t] = step_coefficients(example, own + weighted @ past)
        shrunk = coefficients * shrink
        team.parallel_for(write, len(parts))


def _gram_below_diagonal(x: Float64[np.ndarray, "b w"], out: Float64[np.ndarray, "b b"]) -> None:
    """Write `x_i . x_j` for all `j < i` into `out[i, j]`; the rest of `out` is of no account.

    Small blocks are multiplied piece by piece; shifting one factor by a row keeps NumPy from taking
    BLAS's symmetric product, which is slow for few long rows and fast for many.
    """
    if len(x) > 32:
        np.matmul(x, x.T, out=out)
    elif len(x) > 1:
        pieces = x.reshape(len(x), _PIECES, -1).transpose(1, 0, 2)
        np.matmul(pieces[:, 1:], pieces[:, :-1].transpose(0, 2, 1)).sum(0, out=out[1:, :-1])
