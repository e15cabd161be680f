"""Run a student's script in a process of its own, and say what was found of it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from experiments.checking.catalogue import BY_KEY
from experiments.checking.report import Answer, wrapped
from experiments.cli.errors import DataError, reason
from experiments.cli.text import printable
from experiments.files.safe_read import read_file

MAX_SOURCE = 2**22
_ROOT = Path(__file__).parents[3]
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "VIRTUAL_ENV")
# Of several parts' verdicts the first of these is the script's.
_SAYS = {"wrong": "WRONG", "untested": "NOT ALL TESTED", "right": "RIGHT"}


def check_script(path: Path, seconds: float) -> Answer:
    """Run a script's classes beside the definitions, and say what was found.

    Raises:
        DataError: there is no such file, or it cannot be imported, or has none of the classes.
    """
    _check_source(path)
    with tempfile.TemporaryDirectory(prefix="hw1-check-") as folder:
        result, work = Path(folder) / "result.json", Path(folder) / "work"
        work.mkdir()
        code, printed = _run(path.resolve(), result, work, seconds)
        try:
            found = json.loads(result.read_bytes())
        except (OSError, ValueError):  # the child has not come to write its first answer
            why = f"it ended the process when it was imported (exit code {code})"
            if code is None:
                why = (
                    f"its import ran longer than {seconds:g} s; put what trains under "
                    "if __name__ == '__main__':"
                )
            raise _refused(path, why) from None
    if "refused" in found:
        raise _refused(path, found["refused"])
    parts = found["parts"]
    if not found["done"]:
        ended = f"ran longer than {seconds:g} s" if code is None else f"ended the process ({code})"
        parts.append({**found["current"], "says": f"one of its calls {ended}"})
    if not parts:
        raise _refused(
            path,
            "it has none of the classes Perceptron, LogisticRegression, MLP and "
            "FeedforwardNetwork; keep the handed-out names",
        )
    return _answer(printable(path.name), parts, found["stopped"], printed)


def _check_source(path: Path) -> None:
    try:
        content = read_file(path, MAX_SOURCE)
    except (OSError, ValueError) as error:
        raise _refused(path, f"got no readable file ({reason(error)}); check the path") from None
    if path.suffix == ".ipynb" or content.lstrip()[:1] == b"{":
        raise _refused(
            path, "it is a notebook; save its classes as hw1-q1.py, or export it as a script"
        )


def _refused(path: Path, why: str) -> DataError:
    return DataError(f"{printable(path)}: cannot be checked: {why}")


def _run(path: Path, result: Path, work: Path, seconds: float) -> tuple[int | None, int]:
    """Run the child; its exit code, None if it was stopped, and how many lines it printed."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= {
        "HOME": str(work),
        "TMPDIR": str(work),
        "MPLBACKEND": "Agg",  # draws nowhere, and plt.show() does not wait
        "MPLCONFIGDIR": str(work),
        "PYTHONPATH": os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "JAX_PLATFORMS": "cpu",
    }
    command = [sys.executable, "-m", "experiments.checking.script.child", path, result, seconds]
    printed = work.with_name("printed.txt")
    with printed.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # the student's file is what is asked for
            list(map(str, command)),
            cwd=work,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code: int | None = process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            # The script may have begun processes of its own: its whole session ends.
            with contextlib.suppress(ProcessLookupError, PermissionError, AttributeError):
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.wait()
    with printed.open("rb") as lines:
        return code, sum(1 for _ in lines)


def _answer(name: str, parts: list[dict[str, Any]], stopped: str | None, printed: int) -> Answer:
    """Return the verdict first, then a paragraph for each class and part.

    Args:
        name: the file's.
        parts: an object for each class and part, as `Checked.as_object` has it.
        stopped: why its import ended before the file's end, behind the classes.
        printed: how many lines the script printed.
    """
    verdicts = {part["verdict"] for part in parts}
    verdict = next(outcome for outcome in _SAYS if outcome in verdicts)
    deciding = [part for part in parts if part["verdict"] == verdict]
    if verdict == "wrong":
        names = "; ".join(f"{_name(part)}: {_short(part)}" for part in deciding)
    else:
        names = ", ".join(map(_name, deciding))
    first = wrapped(f"{_SAYS[verdict]}: {names}", 0)
    if stopped:
        first += wrapped(f"The rest of the file was not run: {stopped}.", 2)
    lines = list(first)
    for part in parts:
        lines += ["", f"{_name(part)}: {part['verdict']}"]
        for check in part["checks"] or [part]:
            lines += wrapped(f"{check.get('about', 'step')}: {_check(check)}", 2)
    lines += ["", f"{name} was run, in a process and a folder of its own."]
    if printed:
        lines.append(f"What it printed ({printed:,} lines) is left out.")
    good = verdict == "right"
    content = {"parts": parts, "verdict": verdict, "good": good, "stopped": stopped}
    return Answer(" ".join(map(str.strip, first)), lines, content)


def _name(part: dict[str, Any]) -> str:
    return f"{part['part']} {part['class']}"


def _short(part: dict[str, Any]) -> str:
    """Return in a few words what is wrong."""
    if part["mistake"]:
        return " and ".join(BY_KEY[key].says for key in part["mistake"].split(" + "))
    check = next(check for check in part["checks"] if check["verdict"] == "wrong")
    return part["says"] if check["got"] is None else _first_difference(check)


def _check(check: dict[str, Any]) -> str:
    text = f"{check['verdict']}. {check['says'][:1].upper()}{check['says'][1:]}".rstrip(". ") + "."
    if check.get("got") is not None:
        difference = _first_difference(check)
        text += f" {difference[0].upper()}{difference[1:]}."
    return text


def _first_difference(check: dict[str, Any]) -> str:
    place = f"at example {check['example']}, " if check["example"] else ""
    array = check["array"] or check["about"]
    numbers = f"{array} is {check['got']:.8g}, expected {check['expected']:.8g}"
    return f"the first difference is {place}{numbers}"
