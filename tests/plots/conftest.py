"""Finished runs to draw from."""

from pathlib import Path

import pytest
from called import trained

from experiments.q1 import main as q1


@pytest.fixture(scope="session")
def runs(tiny_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Finished runs by name, without their figures; nobody writes into their folders."""
    commands = {
        "plain": ["logistic_regression", "-epochs", 4],
        "penalised": ["logistic_regression", "-epochs", 4, "-l2_penalty", 0.5],
        "mlp": ["mlp", "-epochs", 3, "-hidden_size", 6],
        "one epoch": ["perceptron", "-epochs", 1],
    }
    argv = ("--data", tiny_file, "--out", tmp_path_factory.mktemp("runs"))
    return {name: trained(q1, *command, *argv)[0] for name, command in commands.items()}
