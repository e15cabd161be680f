"""Nothing needs POSIX, at import or at run time: what Windows lacks is hidden, and all goes on."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("experiments", "scratch", "jaxmodels", "analysis")
OS = re.findall(
    r"\w+",
    """O_CLOEXEC O_NOFOLLOW O_NONBLOCK WNOHANG chown confstr fchmod fchown fork forkpty getloadavg
    getpgid getpriority getuid geteuid getgid killpg lockf mkfifo nice openpty pathconf
    posix_fadvise posix_spawn pread preadv pwrite pwritev sched_getaffinity sched_setaffinity
    sendfile setpgid setsid statvfs sysconf uname wait wait3 wait4""",
)
SIGNAL = re.findall(
    r"\w+",
    """SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGTSTP SIGUSR1 SIGUSR2
    SIG_BLOCK SIG_SETMASK alarm pause pthread_kill pthread_sigmask setitimer siginterrupt
    sigpending sigtimedwait sigwait""",
)
MODULES = ["fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"]

# Used, and why nothing breaks without them.
ALLOWED = {
    ("environment/provenance.py", "sched_getaffinity"): "asked for by hasattr",
    ("parallel/pool.py", "pthread_sigmask"): "asked for by hasattr",
    ("parallel/pool.py", "SIG_BLOCK"): "behind pthread_sigmask",
    ("parallel/pool.py", "SIG_SETMASK"): "behind pthread_sigmask",
    ("data/shards/reader.py", "preadv"): "asked for by hasattr",
    ("checking/script/run_script.py", "killpg"): "AttributeError is suppressed",
    ("checking/script/run_script.py", "SIGKILL"): "AttributeError is suppressed",
    ("checking/script/child.py", "resource"): "ImportError is caught",
    ("environment/lock.py", "fcntl"): "msvcrt on Windows",
    ("files/atomic_write.py", "fcntl"): "not imported on Windows",
    ("cli/isolation.py", "resource"): "ImportError is caught",
    ("reproduction/estimate.py", "getloadavg"): "asked for by hasattr",
    ("environment/compiled_programs.py", "getuid"): "asked for by hasattr",
    ("process_group/supervisor.py", "setpgid"): "hw1-q2 refuses several processes",
    ("process_group/supervisor.py", "SIGKILL"): "hw1-q2 refuses several processes",
}


def used() -> Iterator[tuple[str, str]]:
    """File and name of every use of what Windows lacks."""
    for file in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        name = str(file.relative_to(ROOT).as_posix()).removeprefix("experiments/")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if node.attr in {"os": OS, "signal": SIGNAL}.get(node.value.id, ()):
                    yield name, node.attr
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                module = getattr(node, "module", None)
                for imported in [alias.name for alias in node.names] + [module]:
                    if imported in MODULES:
                        yield name, imported


def test_each_use_of_posix_has_its_reason() -> None:
    assert set(used()) == set(ALLOWED)


def test_text_is_read_and_written_as_utf_8() -> None:
    """Windows' own encoding is another one."""
    without = []
    for file in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            given = len(node.args) + len(node.keywords)
            needed = {"read_text": 1, "write_text": 2}.get(node.func.attr, 0)
            if given < needed:
                without.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert without == []


# Here shutil.rmtree opens folders with O_NONBLOCK.
HIDDEN = [name for name in OS if name != "O_NONBLOCK"]

CHILD = f"""
import fcntl, os, signal, sys, types
# The libraries are theirs: they are imported before anything is hidden.
import flax, grain, jax, matplotlib.pyplot, multiprocessing, numpy, optax, PIL.Image, subprocess
import tabulate, tqdm
for name in {HIDDEN}: vars(os).pop(name, None)
for name in {SIGNAL}: vars(signal).pop(name, None)
for name in {MODULES}: sys.modules[name] = None

sys.modules["msvcrt"] = types.SimpleNamespace(
    locking=lambda file, _mode, _bytes: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB),
    LK_NBLCK=2,
)
system, sys.platform = sys.platform, "win32"
from experiments.environment import lock
from experiments.files import atomic_write
sys.platform = system
lock.sys = atomic_write.sys = types.SimpleNamespace(platform="win32")

from importlib import import_module
for module, *argv in __import__("json").loads(sys.argv[1]):
    code = import_module("experiments." + module).main(argv)
    if code: sys.exit(f"{{module}} {{argv}}: {{code}}")
"""


@pytest.mark.filterwarnings("ignore")
def test_commands_run_where_posix_is_hidden(tiny_file: Path, tmp_path: Path) -> None:
    out, shards, data = tmp_path / "runs", tmp_path / "cut", str(tiny_file)
    lines = [
        ["q1", "perceptron", "-epochs", "1", "--data", data, "--out", str(out)],
        ["data_command", "shard", data, str(shards)],
        ["q2", "logistic_regression", "-epochs", "1", "--data", str(shards), "--out", str(out)],
        ["list_runs", str(out)],
        ["evaluate", str(out), "--data", str(shards)],
        ["data_command", "info", data, "--no-sheet"],
        ["handout", str(tmp_path / "class")],
    ]
    done = subprocess.run(
        [sys.executable, "-c", CHILD, json.dumps(lines)],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "JAX_PLATFORMS": "cpu",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    assert len(list(out.glob("*/summary.json"))) == 2
