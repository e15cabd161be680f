"""A training that cannot have its memory is refused before it begins."""

from pathlib import Path

import pytest
from refusal import assert_refused

from experiments import q1, q2
from experiments.configs.labels import Config
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config
from experiments.environment import memory
from experiments.environment.memory import free_memory
from experiments.training.memory import least_bytes

NEEDS: dict[str, tuple[Config, int]] = {
    "q1 linear": (Q1Config("perceptron"), 8 * 4 * 6913 * 6),
    "q1 mlp": (Q1Config("mlp", hidden_size=10), 8 * 4 * (6913 * 10 + 11 * 6)),
    "q2 linear": (Q2Config("logistic_regression"), 4 * 2 * 6913 * 6),
    "q2 layers": (
        Q2Config("mlp", hidden_size=10, layers=3),
        4 * 2 * (6913 * 10 + 2 * 11 * 10 + 11 * 6),
    ),
    "momentum": (Q2Config("logistic_regression", momentum=0.9), 4 * 3 * 6913 * 6),
    "adam": (Q2Config("logistic_regression", optimizer="adam"), 4 * 4 * 6913 * 6),
}


@pytest.mark.parametrize(("config", "expected"), NEEDS.values(), ids=NEEDS)
def test_what_a_training_takes(config: Config, expected: int) -> None:
    assert least_bytes(config, 6912, 6) == expected


HIDDEN = "-hidden_size: got"
REFUSED = {
    "q1": (q1.main, ["mlp", "-hidden_size", "100000"], HIDDEN),
    "seeds": (q1.main, ["mlp", "-hidden_size", "30", "--seeds", "2"], HIDDEN),
    "linear": (q1.main, ["perceptron"], "images of 48 x 48 x 3, which takes"),
    "q2": (q2.main, ["mlp", "-hidden_size", "100000"], HIDDEN),
    "layers": (q2.main, ["mlp", "-hidden_size", "2000", "-layers", "1000"], HIDDEN),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(
    name: str, tiny_file: Path, tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("experiments.training.q1.session.cores", lambda: 2)
    monkeypatch.setattr("experiments.training.memory.free_memory", lambda: 10**6)
    main, argv, said = REFUSED[name]
    line = assert_refused(main, [*argv, "--data", tiny_file], capsys, code=2)
    assert said in line
    assert "0.0 GiB that are free" in line


SYSTEMS = {
    "a machine": ("MemTotal: 9 kB\nMemAvailable:  2000 kB\n", "max", 2_048_000),
    "a container": ("MemAvailable: 2000 kB\n", "1000000\n", 1_000_000),
    "an old kernel": ("MemTotal: 9 kB\n", "1000000\n", 1_000_000),
    "nothing known": ("", "max", None),
}


@pytest.mark.parametrize(("machine", "container", "expected"), SYSTEMS.values(), ids=SYSTEMS)
def test_what_is_free(
    machine: str, container: str, expected: int | None, tmp_path: Path, monkeypatch
) -> None:
    for name, text in (("MACHINE", machine), ("CONTAINER", container)):
        (tmp_path / name).write_text(text)
        monkeypatch.setattr(memory, name, tmp_path / name)
    assert free_memory() == expected
