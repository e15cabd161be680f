"""Variables and files around a command neither change its numbers nor end it in a traceback."""

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from refusal import assert_refused

from experiments import data_command, q1, q2, q3, reproduce
from experiments.cli.isolation import address_space, isolate
from experiments.runs.reader import Run

DECIDING = {
    "JAX_ENABLE_X64": "1",
    "JAX_THREEFRY_PARTITIONABLE": "0",
    "JAX_DEFAULT_PRNG_IMPL": "rbg",
    "JAX_DEFAULT_MATMUL_PRECISION": "bfloat16",
    "JAX_DISABLE_JIT": "1",
    "JAX_DEBUG_NANS": "1",
    "JAX_NUMPY_RANK_PROMOTION": "raise",
    "JAX_RANDOM_SEED_OFFSET": "7",
    "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
    "OPENBLAS_CORETYPE": "Nehalem",
}
NONSENSE = {
    "JAX_LOGGING_LEVEL": "loud",
    "FLAX_PROFILE": "perhaps",
    "NPY_DISABLE_CPU_FEATURES": "none such",
    "NUMPY_MADVISE_HUGEPAGE": "much",
    "JAXTYPING_DISABLE": "perhaps",
    "SYMPY_USE_CACHE": "perhaps",
    "SYMPY_DEBUG": "perhaps",
    "SOURCE_DATE_EPOCH": "yesterday",
    "MPLBACKEND": "nowhere",
    "MATPLOTLIBRC": "/nowhere",
    "TQDM_MININTERVAL": "soon",
    "PYTHONSAFEPATH": "",
}
KEPT = {"JAX_PLATFORMS": "cpu", "XLA_FLAGS": "--xla_force_host_platform_device_count=2"}


@pytest.mark.parametrize("name", [*DECIDING, *NONSENSE])
def test_what_decides_is_not_left_to_the_environment(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, (DECIDING | NONSENSE)[name])
    isolate()
    ours = {"MPLBACKEND": "agg", "PYTHONSAFEPATH": "1", "MATPLOTLIBRC": os.devnull}
    assert os.environ.get(name) == ours.get(name)


def test_devices_are_chosen_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEPT.items():
        monkeypatch.setenv(name, value)
    isolate()
    assert KEPT.items() <= os.environ.items()


XLA_FLAGS = (
    "nonsense",
    "/a/file",
    "--xla_nonsense",
    "--xla_cpu_enable_fast_math=true",
    "--xla_force_host_platform_device_count=x",
    "--xla_force_host_platform_device_count=2 --xla_nonsense",
)


@pytest.mark.parametrize("flags", XLA_FLAGS)
def test_flags_of_xla_that_decide_or_abort(
    flags: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XLA_FLAGS", flags)
    assert "XLA_FLAGS: got" in assert_refused(q2.main, ["mlp"], capsys, code=2)


ADDRESS_SPACE = {
    "NumPy, too little": (4 * 10**8, q1.main, ["perceptron"], "got 0.40 GB"),
    "JAX, too little": (19 * 10**8, q2.main, ["mlp"], "got 1.90 GB"),
    "question 3": (19 * 10**8, q3.main, [], "expected 2 GB or more"),
    "the homework": (19 * 10**8, reproduce.main, [], "expected 2 GB or more"),
    "question 1 alone": (19 * 10**8, reproduce.main, ["--questions", "1"], ""),
    "enough": (2 * 10**9, reproduce.main, [], ""),
    "any": (math.inf, reproduce.main, [], ""),
}


@pytest.mark.parametrize("case", ADDRESS_SPACE)
def test_ulimit_v(case: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys) -> None:
    """OpenBLAS and XLA would end the process. What is enough goes on to the next refusal."""
    limit, main, argv, said = ADDRESS_SPACE[case]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("experiments.cli.commands.address_space", lambda: limit)
    if said:
        line = assert_refused(main, argv, capsys, code=2)
    else:
        line = assert_refused(main, [*argv, "--data", "none.npz"], capsys)
    assert said in line
    assert ("ulimit -v: got" in line) == bool(said)


def test_what_ulimit_says(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    for limit, expected in ((5 * 10**8, 5 * 10**8), (resource.RLIM_INFINITY, math.inf)):
        monkeypatch.setattr(resource, "getrlimit", lambda _which, limit=limit: (limit, limit))
        assert address_space() == expected


def test_a_matplotlibrc_that_is_no_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "matplotlibrc").write_bytes(b"font.size: 9\xff\n")
    line = assert_refused(data_command.main, ["info", "builtin:60"], capsys, code=2)
    assert "matplotlibrc: got" in line


@pytest.mark.skipif(os.name == "nt", reason="keeps a folder that a process is in")
def test_a_current_folder_that_was_removed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert q1.main(["perceptron"]) == 2
    assert "got a current folder that was removed" in capsys.readouterr().err


def trained(folder: Path, data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    argv = ["logistic_regression", "-epochs", "1", "--data", str(data)]
    return subprocess.run(
        [sys.executable, "-m", "experiments.q2", *argv],
        cwd=folder,
        env={n: v for n, v in os.environ.items() if n != "TF_CPP_MIN_LOG_LEVEL"}
        | {"PYTHONPATH": str(Path(q2.__file__).parents[1])}
        | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def weights(folder: Path) -> dict[str, np.ndarray]:
    (summary,) = folder.glob("runs/*/summary.json")
    return Run(summary.parent).weights()


def test_the_same_numbers_whatever_is_set(tiny_file: Path, tmp_path: Path) -> None:
    plain, other = tmp_path / "plain", tmp_path / "other"
    assert trained(plain, tiny_file).returncode == 0
    other.mkdir()
    (other / "matplotlibrc").write_text("text.usetex: True\nno.such.key: 1\nfont.size: large!\n")
    done = trained(other, tiny_file, **DECIDING | NONSENSE)
    assert (done.returncode, done.stderr) == (0, "")
    for name, array in weights(plain).items():
        assert array.dtype == np.float32
        assert array.tobytes() == weights(other)[name].tobytes()


def test_a_platform_that_is_not_here(tiny_file: Path, tmp_path: Path) -> None:
    done = trained(tmp_path, tiny_file, JAX_PLATFORMS="quantum")
    assert done.returncode == 2
    assert done.stderr.startswith("hw1-q2: error: JAX_PLATFORMS: got 'quantum', expected")
    assert done.stderr.count("\n") == 1
