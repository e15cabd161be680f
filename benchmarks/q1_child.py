"""One contender in a process of its own, so that memory and threads are its own too.

`python -m benchmarks.q1_child CONTENDER MODEL EPOCHS DATA OUT.npz`, called by `benchmarks.q1`.
"""

import json
import sys
from collections.abc import Sequence

from experiments.environment.variables import one_blas_thread

# What hw1-q1 does; the others are left what NumPy gives them.
ONE_THREAD = ("engine", "definition", "plain loop, 1 thread")


def main(argv: Sequence[str]) -> None:
    """Measure, save the weights to OUT and print the rest as a line of JSON."""
    contender, model, epochs, data, out = argv
    if contender in ONE_THREAD:
        one_blas_thread()
    import numpy as np

    from benchmarks.q1_contenders import measure
    from experiments.data.load import load

    measured = measure(contender, model, load(data or None), int(epochs))
    np.savez(out, allow_pickle=False, **measured.weights)
    print(
        json.dumps(
            {
                "seconds": measured.seconds,
                "peak_mb": round(measured.peak_mb),
                "correct": measured.correct,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
