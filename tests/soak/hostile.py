"""Commands where the machine, the folder or the streams are against them: none ends in a traceback.

    python -m tests.soak.hostile [WORD]

Every command under every condition; with a WORD, those whose name has it. Ends with 1 if a command
told a traceback, ran longer than it may, or ended with a code that is not the work's.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

MAX_S = 300
ROOT = Path(__file__).parents[2]
DATA = ["--data", "builtin:60"]
TINY = [*DATA, "-epochs", "1"]
RUN, PHOTOGRAPH = "a trained run", "a photograph"
"""Stand for the paths of those that are made before the first command."""
NUMBERS = ["--train", ".5683", "--val", ".4972", "--test", ".5053"]

COMMANDS: dict[str, list[str]] = {
    "q1 perceptron": ["q1", "perceptron", *TINY],
    "q1 seeds": ["q1", "perceptron", *TINY, "--seeds", "3"],
    "q1 mlp": ["q1", "mlp", *TINY, "-hidden_size", "5"],
    "q2": ["q2", "logistic_regression", *TINY],
    "q2 sweep": ["q2", "mlp", *TINY, "-hidden_size", "5", "-dropout", "0.1", "0.5"],
    "q3": ["q3", "--dims", "2", "--trials", "1"],
    "reproduce": ["reproduce", *DATA, "--preset", "quick", "--questions", "1"],
    "check": ["check", "1.2b", *NUMBERS],
    "plot": ["plot", "compare", RUN, "-o", "plot.png"],
    "runs": ["list_runs", RUN],
    "predict": ["predict", RUN, PHOTOGRAPH, "--out", "seen"],
    "eval": ["evaluate", RUN, *DATA],
    "handout": ["handout", "given"],
    "data info": ["data_command", "info", "builtin:60"],
    "data draw": ["data_command", "draw", "--images", "60", "-o", "drawn.npz"],
    "help": ["q2", "--help"],
    "refused": ["q1", "perceptron", "-epochs", "none"],
}
CODES = {"refused": 2}


@dataclass
class Condition:
    """What is done to a command.

    Attributes:
        shell: around the command, which is its `"$@"`.
        variables: set beside the environment's own.
        files: in the current folder, by name.
        may: exit codes that are right besides the work's own.
    """

    shell: str = '"$@"'
    variables: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    may: Sequence[int] = ()


OWN_MODULES = ("signal", "types", "socket", "pickle", "selectors", "multiprocessing", "numpy")
FULL_DISK = 'mkdir d && mount -t tmpfs -o size=64k none d && cd d && "$@"'
CONDITIONS = {
    "nothing": Condition(),
    "stdout closed": Condition('"$@" >&-'),
    "stderr closed": Condition('"$@" 2>&-'),
    "all closed": Condition('"$@" <&- >&- 2>&-'),
    "stdout full": Condition('"$@" >/dev/full'),
    "all full": Condition('"$@" >/dev/full 2>/dev/full'),
    "a reader that goes": Condition('"$@" | head -c 1; exit ${PIPESTATUS[0]}'),
    "ASCII": Condition(variables={"PYTHONIOENCODING": "ascii"}),
    "Turkish": Condition(variables={"LC_ALL": "tr_TR.ISO-8859-9", "PYTHONUTF8": "0"}),
    "no locale": Condition(variables={"LC_ALL": "C", "PYTHONUTF8": "0"}),
    "own modules": Condition(files={f"{m}.py": b"raise SystemExit('RAN IT')" for m in OWN_MODULES}),
    "usetex": Condition(files={"matplotlibrc": b"text.usetex: True\nno.such: 1\n"}),
    "no text": Condition(files={"matplotlibrc": b"font.size: \xff\n"}, may=[2]),
    "x64": Condition(variables={"JAX_ENABLE_X64": "1", "JAX_DEFAULT_PRNG_IMPL": "none"}),
    "nonsense": Condition(variables={"MPLBACKEND": "none", "TQDM_MININTERVAL": "soon"}),
    "XLA's flags": Condition(variables={"XLA_FLAGS": "--xla_nonsense"}, may=[2]),
    "no platform": Condition(variables={"JAX_PLATFORMS": "quantum"}, may=[2]),
    "no cache": Condition(variables={"HW1_CACHE": "/dev/null/cache"}),
    "a cache that loops": Condition('ln -s loop loop; HW1_CACHE=$PWD/loop "$@"'),
    "no home": Condition('env -u HOME -u HW1_CACHE "$@"'),
    "64 open files": Condition('ulimit -n 64; "$@"'),
    "2 GB": Condition('ulimit -v 2000000; "$@"', may=[1]),
    "1 GB": Condition('ulimit -v 1000000; "$@"', may=[1, 2]),
    "300 MB": Condition('ulimit -v 300000; "$@"', may=[2]),
    "no file over 100 KB": Condition('ulimit -f 100; "$@"', may=[1, 3, 4]),
    "a full disk": Condition(f"unshare -rm sh -c '{FULL_DISK}' sh \"$@\"", may=[1, 2, 3, 4]),
    "a folder without rights": Condition(
        'setpriv --reuid 65534 --clear-groups "$@"',
        variables={"HW1_CACHE": "/nowhere", "HOME": "/nowhere"},
        may=[2, 3, 4, 126, 127],
    ),
    "five interrupts at once": Condition(
        'env --default-signal=INT "$@" & child=$!; sleep 0.5; '
        "for i in 1 2 3 4 5; do kill -INT $child; done; wait $child",
        may=[130],
    ),
}


def make_run(parent: Path) -> dict[str, str]:
    """Train what some commands look at, and draw a photograph; their paths by what they are."""
    photograph = parent / "green.png"
    Image.new("RGB", (90, 60), (20, 120, 30)).save(photograph)
    argv = [sys.executable, "-m", "experiments.q1", "perceptron", *TINY]
    done = subprocess.run(
        [*argv, "--out", parent], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return {RUN: done.stdout.splitlines()[-1], PHOTOGRAPH: str(photograph)}


def problem(command: str, condition: Condition, folder: Path, paths: Mapping[str, str]) -> str:
    """Run a command under a condition; return what is wrong with its end, "" if nothing is."""
    for name, content in condition.files.items():
        (folder / name).write_bytes(content)
    module, *argv = (paths.get(word, word) for word in COMMANDS[command])
    program = f"import sys; from experiments.{module} import main; sys.exit(main())"
    python = [sys.executable, "-P", "-c", program, *argv]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            ["/bin/bash", "-c", condition.shell, "bash", *python],
            cwd=folder,
            env=environment | condition.variables,
            capture_output=True,
            timeout=MAX_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"still running after {MAX_S} s"
    said = (done.stdout + done.stderr).decode(errors="replace")
    if "Traceback" in said or "RAN IT" in said:
        return said[-500:]
    if done.returncode not in (CODES.get(command, 0), *condition.may):
        return f"exit code {done.returncode}: {said[-300:]}"
    return ""


def main(word: str) -> int:
    """Try all; print a line for each and return how many went wrong, 1 at most."""
    wrong = 0
    asked = [(name, command) for name in CONDITIONS for command in COMMANDS]
    with tempfile.TemporaryDirectory() as made:
        paths = make_run(Path(made))
        for name, command in asked:
            if word in f"{name}, {command}":
                with tempfile.TemporaryDirectory() as folder:
                    found = problem(command, CONDITIONS[name], Path(folder), paths)
                print(f"{name}, {command}: {found or 'as it should'}", flush=True)
                wrong += bool(found)
    print(f"{wrong} went wrong")
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
