"""The from-scratch models on the real photographs, whose file `HW1_PHOTOGRAPHS` names."""

import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from oracles.plain_loop import plain_loop

from experiments.data.dataset import Dataset
from experiments.data.load import load
from scratch.evaluation import predict
from scratch.models import Model, logistic_regression_model, mlp_model, perceptron_model
from scratch.training import next_epoch, start

pytestmark = pytest.mark.usefixtures("unchecked_shapes")  # the other tests of scratch check them

# The file that the golden counts below belong to.
SHA256 = "718ad49748f95f4ff5b1677e639709c50e654346dcb6a4e5a7cac726b3f2398e"

# A plain per-example loop in NumPy, seed 42, after 3 epochs: correct examples, weight norm.
GOLDEN = {
    "perceptron": (perceptron_model(6), [4615, 469, 1014], 2606.0605),
    "logistic regression": (
        logistic_regression_model(6, 0.001, 0.0),
        [5947, 595, 1299],
        2.9587,
    ),
    "with l2 0.01": (logistic_regression_model(6, 0.001, 0.01), [5787, 575, 1272], 2.5813),
}


@pytest.fixture(scope="module")
def data(photographs: Path) -> Dataset:
    return load(str(photographs))


@pytest.mark.parametrize(("model", "correct", "norm"), GOLDEN.values(), ids=GOLDEN)
def test_counts_of_the_plain_loop(
    data: Dataset, model: Model, correct: list[int], norm: float
) -> None:
    if data.sha256 != SHA256:
        pytest.skip(f"the golden counts belong to another file than {data.source}")
    state = start(model, 42, len(data.train), 6912)
    for _ in range(3):
        state, _ = next_epoch(model, state, data.train.pixels, data.train.labels)
    scores = partial(model.scores, model.on_pixels(state.params))
    counts = [
        int((predict(scores, s.pixels, True, model.chunk_size) == s.labels).sum())
        for s in data.splits.values()
    ]
    assert counts == correct
    assert np.linalg.norm(state.params) == pytest.approx(norm, abs=5e-5)


def test_mlp_follows_the_plain_loop_for_hundreds_of_examples(data: Dataset) -> None:
    """To 1e-9; on a whole epoch both are chaotic, since the first steps are enormous."""
    pixels, labels = data.train.pixels[:300], data.train.labels[:300]
    model = mlp_model(6, 100, 0.001, threads=2)
    state, loss = next_epoch(model, start(model, 42, 300, 6912), pixels, labels)
    expected = plain_loop("mlp", pixels, labels, 1, hidden=100)
    assert loss == pytest.approx(expected.losses[0], rel=1e-9)
    for name, weights in expected.weights.items():
        ours = getattr(state.params, name)
        assert np.abs(ours - weights).max() <= 1e-9 * np.abs(weights).max()


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory from /proc")
@pytest.mark.parametrize("model", ["logistic_regression", "mlp"])
def test_a_run_takes_less_than_400_mb(photographs: Path, tmp_path: Path, model: str) -> None:
    """Real peak memory of the whole command, figures included; the plain loop's is 1.6 GB.

    Not `getrusage`: its peak begins with that of the process which started this one.
    """
    program = (
        "import sys; from experiments.q1 import main; code = main(sys.argv[1:]); "
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0]); sys.exit(code)"
    )
    command = [sys.executable, "-c", program, model, "-epochs", "1"]
    done = subprocess.run(
        [*command, "--data", photographs, "--out", tmp_path], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert 100 < int(done.stdout.splitlines()[-1]) / 1024 < 400
