"""Small sets of pixels and labels with structure, drawn from a seed."""

import numpy as np


def pictures(n: int = 40, d: int = 12, n_classes: int = 6, seed: int = 0):
    """uint8 pixels `[n, d]` around a pattern per class, and labels `[n]` with every class."""
    rng = np.random.default_rng(seed)
    patterns = rng.integers(40, 215, (n_classes, d))
    labels = np.concatenate([np.arange(n_classes), rng.integers(0, n_classes, n - n_classes)])
    rng.shuffle(labels)
    pixels = np.clip(patterns[labels] + rng.normal(0, 40, (n, d)), 0, 255).astype(np.uint8)
    return pixels, labels.astype(np.int64)
