"""Real processes ended by signals at random times, resumed until they finish, compared bitwise.

`python -m tests.soak.kills [ROUNDS] [SEED]`: ROUNDS signals for every kind of model.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.run_bits import bits

KINDS = {
    "perceptron": ["q1", "perceptron", "-epochs", "60"],
    "logistic": ["q1", "logistic_regression", "-epochs", "60", "-l2_penalty", "0.01"],
    "mlp": ["q1", "mlp", "-epochs", "10", "-hidden_size", "20"],
    "jax logistic": ["q2", "logistic_regression", "-epochs", "60", "-batch_size", "32"],
    "jax sgd": ["q2", "mlp", "-epochs", "30", "-hidden_size", "50"],
    "jax momentum": ["q2", "mlp", "-epochs", "30", "-hidden_size", "50", "-momentum", "0.9"],
    "jax adam": ["q2", "mlp", "-epochs", "30", "-hidden_size", "50", "-optimizer", "adam"],
}
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
# A checkpoint after every epoch, so that most of the signals come near one.
PROGRAM = (
    "import sys; from experiments.runs import checkpoint; "
    "checkpoint.MAX_TIME_SHARE = float('inf'); "
    "from experiments.{0} import main; sys.exit(main(sys.argv[1:]))"
)


def start(kind: str, out: Path, *more: str) -> subprocess.Popen[str]:
    module, *argv = KINDS[kind]
    program = [sys.executable, "-c", PROGRAM.format(module), *argv, "--data", "builtin:1200"]
    return subprocess.Popen(
        [*program, "--out", str(out), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def result(out: Path) -> object:
    (folder,) = {summary.parent for summary in out.glob("*/summary.json")}
    return bits(folder)


def soak(kind: str, rounds: int, rng: random.Random, out: Path) -> int:
    """How many signals ended a process that was not finished."""
    began = time.monotonic()
    whole = start(kind, out / "whole")
    _, said = whole.communicate()
    assert whole.returncode == 0, said
    lasts = time.monotonic() - began
    ended = number = 0
    while ended < rounds:
        number += 1
        parent = out / str(number)
        while True:
            process = start(kind, parent, "--resume")
            sent = rng.choice(SIGNALS)
            try:
                process.wait(rng.uniform(0.2, 1.0) * lasts)
            except subprocess.TimeoutExpired:
                os.kill(process.pid, sent)
                ended += 1
            _, said = process.communicate()
            if process.returncode == 0:
                break
            assert process.returncode in (130, -sent), said
        assert result(parent) == result(out / "whole"), (kind, number)
    return ended


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder:
            ended = soak(kind, rounds, rng, Path(folder))
        print(f"{kind}: {ended} signals, every finished run bitwise equal", flush=True)


if __name__ == "__main__":
    main()
