"""Whatever becomes of stdout and stderr, the work is done and its exit code is the work's."""

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.cli.commands import run_command
from experiments.cli.errors import ExitCode, UsageError
from experiments.cli.streams import SafeStream, safe_streams

LINE = [sys.executable, "-m"]


class Gone(io.StringIO):
    """A stream whose reader has gone, after so many writes."""

    def __init__(self, writes: int = 0) -> None:
        super().__init__()
        self.left = writes

    def write(self, text: str) -> int:
        self.left -= 1
        if self.left < 0:
            raise BrokenPipeError
        return super().write(text)


@pytest.mark.parametrize(
    "error", [BrokenPipeError(), OSError(28, "No space"), ValueError("closed")]
)
def test_nothing_is_raised(error: Exception) -> None:
    class Failing(io.StringIO):
        def write(self, _text: str) -> int:
            raise error

        def flush(self) -> None:
            raise error

    stream = SafeStream(Failing(), set())
    assert stream.write("text") == 4
    stream.flush()


@pytest.mark.parametrize(
    ("encoding", "text", "shown"),
    [
        ("ascii", "coração", "cora\\xe7\\xe3o"),
        ("latin-1", "café 🏔", "café \\U0001f3d4"),
        ("utf-8", "名前", "名前"),
        ("utf-8", "\x1b[2J\x07 \u202e gpj", "\\x1b[2J\\x07 \\u202e gpj"),
        ("utf-8", "lone \udcff", "lone \\udcff"),
        ("ascii", "two\nlines\tand a tab", "two\nlines\tand a tab"),
    ],
)
def test_what_cannot_or_must_not_be_shown_is_escaped(encoding: str, text: str, shown: str) -> None:
    raw = io.BytesIO()
    stream = SafeStream(io.TextIOWrapper(raw, encoding=encoding), {"\n", "\t"})
    stream.write(text)
    stream.flush()
    assert raw.getvalue().decode(encoding) == shown


@pytest.mark.parametrize("code", [None, ExitCode.CHECK_FAILED])
def test_the_exit_code_is_the_works(code: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    done = []

    def body(_argv: object) -> int | None:
        for number in range(5):
            print(number)
            done.append(number)
        return code

    monkeypatch.setattr(sys, "stdout", Gone(writes=1))
    assert run_command("test", body, []) == (code or 0)
    assert done == [0, 1, 2, 3, 4]


def test_an_error_without_a_place_to_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def body(_argv: object) -> None:
        raise UsageError("wrong")

    monkeypatch.setattr(sys, "stderr", Gone())
    monkeypatch.setattr(sys, "stdout", None)
    assert run_command("test", body, []) == ExitCode.USAGE
    assert sys.stdout is None


def test_the_streams_are_put_back(capsys: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout, sys.stderr
    with safe_streams():
        print("\x1b[31m")
    assert (sys.stdout, sys.stderr) == before
    assert capsys.readouterr().out == "\\x1b[31m\n"


def test_too_little_memory_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    def body(_argv: object) -> None:
        raise MemoryError

    assert run_command("hw1-x", body, []) == ExitCode.CHECK_FAILED
    assert capsys.readouterr().err.startswith("hw1-x: error: got too little memory")


SYSTEM_ERRORS = {
    "no thread": (RuntimeError("can't start new thread"), "got no new thread"),
    "no room on the device": (RuntimeError("RESOURCE_EXHAUSTED: 8 GB"), "got too little memory"),
    "a full disk": (OSError(28, "No space left on device"), "left on device; make room"),
    "no more files": (OSError(errno.EMFILE, "Too many open files"), "files; close some, or raise"),
    "no more processes": (BlockingIOError(errno.EAGAIN, "Unavailable"), "or raise ulimit -u"),
    "a file that went": (FileNotFoundError(2, "None", "a.npz"), "'a.npz'; see that it can be read"),
}


@pytest.mark.parametrize(("error", "said"), SYSTEM_ERRORS.values(), ids=SYSTEM_ERRORS)
def test_what_the_system_refuses_is_one_line(error: Exception, said: str, capsys) -> None:
    def body(_argv: object) -> None:
        raise error

    assert run_command("hw1-x", body, []) in (ExitCode.CHECK_FAILED, ExitCode.RUN_FOLDER)
    err = capsys.readouterr().err
    assert err.startswith("hw1-x: error: ")
    assert said in err
    assert err.count("\n") == 1


def test_a_mistake_of_ours_is_no_line_but_a_traceback() -> None:
    def body(_argv: object) -> None:
        raise RuntimeError("a mistake")

    with pytest.raises(RuntimeError, match="a mistake"):
        run_command("hw1-x", body, [])


# Real descriptors: (the shell's redirections, the exit code), for a run of one epoch.
SHELLS = {
    "all closed": "<&- >&- 2>&-",
    "a reader that leaves": "| head -1",
    "a full disk": "> /dev/full",
}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("shell", SHELLS)
def test_a_run_is_finished(shell: str, tiny_file: Path, tmp_path: Path) -> None:
    command = (
        f"{sys.executable} -m experiments.q1 perceptron -epochs 1 --data {tiny_file} --out runs"
    )
    line = f"set -o pipefail; {command} {SHELLS[shell]}"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        ["/bin/bash", "-c", line],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    [summary] = (tmp_path / "runs").glob("*/summary.json")
    assert json.loads(summary.read_text())["diverged_at_epoch"] is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_help_into_a_full_disk() -> None:
    line = f"{sys.executable} -m experiments.q1 --help > /dev/full"
    root = Path(__file__).parents[2]
    done = subprocess.run(["/bin/bash", "-c", line], cwd=root, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
