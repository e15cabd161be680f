"""The hand-out has every name that the check drives, and none of what is to be written."""

import ast
import errno
import os
import subprocess
import sys
from contextlib import AbstractContextManager
from io import BufferedRandom
from pathlib import Path

import pytest
from oracles.handed_in import SCRIPT

from experiments.assignment import NAMES, PARTS
from experiments.check import main as check
from experiments.checking.script.run_script import check_script
from experiments.cli.errors import ExitCode
from experiments.files.atomic_write import atomic_write
from experiments.handout import FILES, main

TO_WRITE = {
    "hw1-q1.py": [
        "Perceptron.update_weight",
        "LogisticRegression.update_weight",
        "MLP.__init__",
        "MLP.predict",
        "MLP.train_epoch",
    ],
    "hw1-q2.py": [
        "LogisticRegression.__init__",
        "LogisticRegression.forward",
        "FeedforwardNetwork.__init__",
        "FeedforwardNetwork.forward",
        "train_batch",
    ],
}


@pytest.fixture
def written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "class"
    assert main([str(folder)]) == ExitCode.DONE
    assert capsys.readouterr().out.splitlines() == [str(folder / name) for name in FILES]
    return folder


def functions(text: str) -> dict[str, ast.FunctionDef]:
    """Every function of a script by its name, methods as `Class.name`."""
    found = {}
    for node in ast.parse(text).body:
        for inner in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(inner, ast.FunctionDef):
                prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
                found[prefix + inner.name] = inner
    return found


@pytest.mark.parametrize("name", TO_WRITE)
def test_no_solution_is_in_it(name: str, written: Path) -> None:
    found = functions((written / name).read_text(encoding="utf-8"))
    for function in TO_WRITE[name]:
        body = [ast.unparse(line) for line in found[function].body]
        body = [line for line in body if not line.startswith(("'", '"', "super()"))]
        assert body == ["raise NotImplementedError"], function


def test_it_is_not_written_yet_and_then_it_is_right(
    written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = written / "hw1-q1.py"
    assert check(["--script", str(script)]) == ExitCode.CHECK_FAILED
    assert "not written yet" in capsys.readouterr().out
    handed_out, right = script.read_text(encoding="utf-8"), functions(SCRIPT)
    tree = ast.parse(handed_out)
    for node in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        if node.name in ("Perceptron", "LogisticRegression", "MLP"):
            own = {k: f for k, f in right.items() if k.startswith(f"{node.name}.")}
            kept = [f for f in node.body if getattr(f, "name", "") not in {
                k.partition(".")[2] for k in own
            }]  # fmt: skip
            node.body = [*kept, *own.values()]
    script.write_text(ast.unparse(tree), encoding="utf-8")
    assert check_script(script, 60).good


def test_its_script_trains_as_the_assignments(written: Path, tiny_file: Path) -> None:
    """Completed, it prints what `hw1-q1` prints, digit for digit."""
    script = written / "hw1-q1.py"
    text = script.read_text(encoding="utf-8")
    step = "y_hat = np.argmax(self.W @ x_i); s = y_hat != y_i\n"
    step += "        self.W[y_i] += s * x_i; self.W[y_hat] -= s * x_i"
    script.write_text(text.replace("raise NotImplementedError  # 1.1a", step), encoding="utf-8")
    line = ["perceptron", "-epochs", "3", "-data_path", str(tiny_file)]
    outputs = [
        subprocess.run(
            [sys.executable, *command, *line], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        for command in ([str(script)], ["-m", "experiments.q1", "--out", str(written / "runs")])
    ]
    theirs = [text for text in outputs[0] if not text.startswith("Training took")]
    ours = [text for text in outputs[1][1:-1] if not text.startswith("Training took")]
    assert theirs == ours


def test_the_readme_has_every_command(written: Path) -> None:
    text = (written / "README.md").read_text(encoding="utf-8")
    for part in PARTS:
        assert f"| {part} | `python hw1-q" in text
    assert "python hw1-q2.py mlp -dropout 0.25`" in text


def test_another_years_and_nothing_overwritten(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts, names = dict(PARTS), dict(NAMES)
    file = tmp_path / "other.toml"
    file.write_text('title = "Work 2"\n["1.1a"]\nepochs = 33\n', encoding="utf-8")
    try:
        assert main([str(written), "--assignment", str(file)]) == ExitCode.USAGE
        assert "which exists" in capsys.readouterr().err
        assert main([str(tmp_path / "b"), "--assignment", str(file)]) == ExitCode.DONE
    finally:
        PARTS.update(parts)
        NAMES.update(names)
    assert "hw1-q1.py perceptron -epochs 33" in (tmp_path / "b" / "hw1-q1.py").read_text()
    assert (tmp_path / "b" / "README.md").read_text().startswith("# Work 2")
    assert "-epochs 100" in (written / "hw1-q1.py").read_text()


def test_a_full_disk_leaves_no_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    def full(path: Path) -> AbstractContextManager[BufferedRandom]:
        if path.name == FILES[-1]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return atomic_write(path)

    with monkeypatch.context() as patch:
        patch.setattr("experiments.handout.atomic_write", full)
        assert main([str(tmp_path)]) == ExitCode.RUN_FOLDER
    assert "No space left" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert main([str(tmp_path)]) == ExitCode.DONE
