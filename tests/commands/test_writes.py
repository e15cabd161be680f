"""Nothing is written outside `--out` and the cache, nothing is unpickled: watched, and read."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ("scratch", "jaxmodels", "analysis", "experiments", "benchmarks")

COMMANDS: dict[str, list[str]] = {
    "q1": ["experiments.q1", "mlp", "-epochs", "1", "-hidden_size", "3"],
    "q2": ["experiments.q2", "mlp", "-epochs", "1", "-hidden_size", "3", "-dropout", "0", "0.5"],
    "q3": ["tests.short_q3", "--dims", "2", "--trials", "1"],
    "data": ["experiments.data_command", "draw", "--images", "60"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_writes_only_below_out_and_the_cache(name: str, tiny_file: Path, tmp_path: Path) -> None:
    out, cache, home = tmp_path / "out", tmp_path / "cache", tmp_path / "home"
    home.mkdir()
    report = tmp_path / "report.json"
    module, *argv = COMMANDS[name]
    if name in ("q1", "q2"):
        argv += ["--data", str(tiny_file)]
    argv += ["--out", str(out / "a.npz" if name == "data" else out)]
    if name == "data":
        out.mkdir()
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("MPLCONFIGDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
    }
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "audited.py"), str(report), module, *argv],
        env={**environment, "HW1_CACHE": str(cache), "HOME": str(home), "PYTHONPATH": str(ROOT)},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(report.read_text())
    assert found["code"] == 0, done.stderr
    written = [Path(path) for path in found["written"]]
    assert any(path.is_relative_to(out) for path in written), "the watch sees nothing"
    allowed = (out, cache, Path(os.devnull), Path("/proc"))
    elsewhere = [p for p in written if not any(p.is_relative_to(place) for place in allowed)]
    assert elsewhere == []
    assert list(home.rglob("*")) == []  # what C code writes, no hook is told


def _calls_and_imports(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append(node.module or "")
        elif isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            value = node.value
            if not (isinstance(value, ast.Constant) and value.value is False):
                found.append("allow_pickle")
    return found


FORBIDDEN = {"pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "allow_pickle"}


def test_no_pickle_anywhere() -> None:
    files = [file for folder in CODE for file in (ROOT / folder).rglob("*.py")]
    assert len(files) > 60
    for file in files:
        names = {name.split(".")[0] for name in _calls_and_imports(ast.parse(file.read_text()))}
        assert not names & FORBIDDEN, file


LOADS = (
    "import pickle",
    "from joblib import load",
    "load(f, allow_pickle=True)",
    "f(allow_pickle=x)",
)


@pytest.mark.parametrize("code", LOADS)
def test_a_pickle_would_be_found(code: str) -> None:
    assert set(_calls_and_imports(ast.parse(code))) & FORBIDDEN
