"""A folder with the student's own signal.py, types.py or experiments/: ours run all the same."""

import subprocess
import sys
from pathlib import Path

import pytest

OWN = ("signal", "types", "socket", "struct", "pickle", "selectors", "multiprocessing", "numpy")
COMMANDS = {
    "seeds side by side": ["hw1-q1", "perceptron", "-epochs", "1", "--seeds", "2"],
    "shapes checked": ["hw1-data", "info"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_no_process_runs_them(name: str, tiny_file: Path, tmp_path: Path) -> None:
    program, *argv = COMMANDS[name]
    script = Path(sys.executable).with_name(program)
    if not script.exists():
        pytest.skip("the commands are not installed beside this Python")
    for module in OWN:
        (tmp_path / f"{module}.py").write_text(f"raise SystemExit('ran {module}.py')\n")
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments" / "__init__.py").write_text("raise SystemExit('ran experiments')\n")
    data = [str(tiny_file)] if program == "hw1-data" else ["--data", str(tiny_file)]
    done = subprocess.run(
        [script, *argv, *data], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "ran " not in done.stdout + done.stderr
    assert (done.returncode, done.stderr) == (0, "")
