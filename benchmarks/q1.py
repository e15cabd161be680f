"""Question 1's engine beside what one would take instead: the rows of the table.

Ratios are against the plain loop, with BLAS's own threads or with one, whichever is faster.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from importlib.util import find_spec
from typing import cast

from benchmarks.rounds import Row, alternate, compare
from benchmarks.running import Arrays, Job, Running, start
from benchmarks.tables import print_rows
from experiments.assignment import PARTS
from experiments.configs.q1 import Q1Config
from experiments.environment.variables import BLAS_THREADS

CONFIGURATIONS = {
    "perceptron": cast(Q1Config, PARTS["1.1a"].run()),
    "logistic_regression": cast(Q1Config, PARTS["1.2a"].run()),
    "logistic_regression, l2": cast(Q1Config, PARTS["1.2b"].run()),
    "mlp": cast(Q1Config, PARTS["1.3"].run()),
}
MODELS = tuple(CONFIGURATIONS)
ONE_THREAD = dict.fromkeys(BLAS_THREADS, "1")
BASELINES = ("plain loop", "plain loop, 1 thread")
CONTENDERS = (*BASELINES, "definition", "engine", "scikit-learn")


def measure_q1(
    models: Sequence[str], epochs: int, mlp_epochs: int, data: str | None, load: float
) -> list[Row]:
    """Measure and print every contender on every model.

    Args:
        models: of `MODELS`.
        epochs: of the linear models, before the pair that counts goes on alone.
        mlp_epochs: of the MLP.
        data: what `--data` names.
        load: the load average before the measurement.

    Returns:
        Rows of `benchmarks.rounds.compare`, with `configuration` and `config`; and, after the
        epochs that all contenders had, `correct` (train, validation) and `agreement` (how far the
        weights are from the plain loop's, relative to the largest; None for weights of another
        kind).

    Raises:
        CommandError: a contender failed.
    """
    print("\nquestion 1: an epoch is shuffle, updates, train and validation accuracy")
    names = [name for name in CONTENDERS if name != "scikit-learn" or find_spec("sklearn")]
    if len(names) < len(CONTENDERS):
        print("scikit-learn is left out: not installed (make bench-extras)")
    rows: list[Row] = []
    for model in models:
        of_model = _measure(model, names, mlp_epochs if model == "mlp" else epochs, data, load)
        print_rows(of_model)
        rows += of_model
    return rows


def _measure(
    model: str, names: Sequence[str], epochs: int, data: str | None, load: float
) -> list[Row]:
    config = CONFIGURATIONS[model]
    with ExitStack() as stack:
        running = {name: _start(stack, name, config, data) for name in names}
        alternate(list(running.values()), epochs)
        plain = running["plain loop"].weights()
        about = {
            name: {
                "configuration": model,
                "config": config.as_dict() | {"epochs": epochs},
                "correct": one.found[-1]["correct"],
                "agreement": _agreement(one.weights(), plain),
            }
            for name, one in running.items()
        }
        rows = compare(running, BASELINES, "engine", load)
    return [row | about[row["contender"]] for row in rows]


def _start(stack: ExitStack, name: str, config: Q1Config, data: str | None) -> Running:
    """Start a contender with the threads of BLAS that it is to have; `hw1-q1` has one."""
    kind = name.removesuffix(", 1 thread")
    if name == "definition":
        kind, config = "engine", replace(config, engine="definition")
    own_threads = name in ("plain loop", "scikit-learn")
    return start(stack, Job(kind, (config,), data), {} if own_threads else ONE_THREAD)


def _agreement(ours: Arrays, theirs: Arrays) -> float | None:
    """Return the largest difference of two sets of weights relative to the largest weight."""
    if not ours:
        return None
    largest = max(float(abs(w).max()) for w in theirs.values())
    return max(float(abs(ours[name] - w).max()) for name, w in theirs.items()) / largest
