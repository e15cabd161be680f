"""The process in which a student's file runs: limits first, then the import, then class by class.

    python -m experiments.checking.script.child FILE RESULT SECONDS

The result is a JSON object that is written anew after every class, so that an endless loop in one
of them leaves the others' answers: `{"parts": [...], "current": ..., "done": ...}`, or
`{"refused": "why"}` where the file cannot be imported.
"""

import importlib
import importlib.util
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from experiments.checking.script.calling import reason
from experiments.checking.script.findings import Checked

MEMORY = 4 * 2**30
TORCH_MEMORY = 32 * 2**30
"""Bytes of address space; PyTorch's libraries alone map more than the rest needs."""
FILE_SIZE = 64 * 2**20
CLASSES: dict[str, tuple[str, ...]] = {
    "Perceptron": ("1.1a",),
    "LogisticRegression": ("1.2a", "1.2b"),
    "MLP": ("1.3",),
    "FeedforwardNetwork": (),
}
"""The classes that are looked for, and question 1's parts that they are for."""

Drive = Callable[[], Checked]


def main() -> None:
    """Import the file, drive its classes, and write what was found."""
    path, result, seconds = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    source = path.read_text(errors="replace")
    _limit(seconds, TORCH_MEMORY if "torch" in source else MEMORY)
    if "matplotlib" in source:
        _keep_drawing_nowhere()
    module, error = load_student(path)
    driven = to_drive(module)
    stopped = refusal(error, path) if error else None
    if stopped and not driven:
        _write(result, {"refused": stopped})
        return
    found: list[dict[str, Any]] = []
    answer = {"parts": found, "stopped": stopped, "done": False}
    for part, name, drive in driven:
        _write(result, {**answer, "current": Checked(part, name).as_object()})
        found.append(drive().as_object())
    _write(result, {**answer, "done": True})


class StandIn(ModuleType):
    """A module that has every name: functions that do nothing, classes without a member."""

    __all__ = ("configure_seed", "load_dataset", "ClassificationDataset")  # of the course's utils

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name[0].isupper():
            return type(name, (), {"__init__": lambda *_args, **_options: None})
        return lambda *_args, **_options: None


def load_student(path: Path) -> tuple[ModuleType, BaseException | None]:
    """Import the file under a name of its own, so that what is for `__main__` does not run.

    The course's `utils` is replaced by a stand-in where it is missing, or needs a module that is.
    Whatever the file raises, exits included, ends the import and is returned; what was defined
    until then is in the module.
    """
    sys.path.insert(0, str(path.parent))
    if not path.with_name("utils.py").exists() or _lacks_a_module("utils"):
        sys.modules["utils"] = StandIn("utils")
    sys.argv = [path.name]
    module = sys.modules["homework"] = ModuleType("homework")
    module.__file__ = str(path)
    try:
        spec = importlib.util.spec_from_file_location("homework", path)
        if spec is None or spec.loader is None:
            raise ImportError(f"{path.name} is no Python file")
        spec.loader.exec_module(module)
    except BaseException as error:  # a script may raise anything
        return module, error
    return module, None


def _lacks_a_module(name: str) -> bool:
    """Return whether a module imports one that is not there; it may raise anything else, too."""
    try:
        importlib.import_module(name)
    except BaseException as error:  # any other is raised again where the file imports it
        return isinstance(error, ModuleNotFoundError)
    return False


def refusal(error: BaseException, path: Path) -> str:
    """Say in a line why a file cannot be imported, and what to do."""
    match error:
        case SyntaxError():
            line = (error.text or "").strip()[:60]
            if line.startswith(("%", "!")):
                return f"line {error.lineno} is a notebook's, {line!r}; delete such lines"
            if error.lineno is None or "unicode" in error.msg:  # null bytes, or other letters
                return "it is not saved as UTF-8 text; save it so"
            return f"got a syntax error in line {error.lineno}, {error.msg}; mend it"
        case ModuleNotFoundError():
            return f"it needs the module {error.name}, which is not installed here; install it"
        case SystemExit():
            return "it exits when it is imported; put what trains under if __name__ == '__main__':"
        case EOFError():
            return (
                "it asks for input when it is imported; put what trains under "
                "if __name__ == '__main__':"
            )
        case FileNotFoundError():
            return (
                f"it reads {Path(str(error.filename)).name} when it is imported, which is not "
                "there; put what trains under if __name__ == '__main__':"
            )
        case NameError() if error.name == "get_ipython":
            return "it is a notebook's export: get_ipython() is Jupyter's; delete such lines"
        case MemoryError():
            return "it takes too much memory when it is imported; put what trains under __main__"
    return f"{reason(error)}; {path.name} has to be importable"


def to_drive(module: ModuleType) -> list[tuple[str, str, Drive]]:
    """Return part, class and check of everything that can be driven."""
    from experiments.checking.script.drive_linear import drive_linear
    from experiments.checking.script.drive_network import drive_network

    torch = sys.modules.get("torch")
    found: list[tuple[str, str, Drive]] = []
    for name, parts in CLASSES.items():
        cls = getattr(module, name, None)
        if not isinstance(cls, type):
            continue
        if torch and issubclass(cls, torch.nn.Module):
            from experiments.checking.script.drive_torch import drive_torch

            part = "2.1" if name == "LogisticRegression" else "2.2a"
            found.append((part, name, partial(drive_torch, module, cls, part)))
        else:
            drive = drive_network if name == "MLP" else drive_linear
            found += [(part, name, partial(drive, cls, part)) for part in parts]
    return found


def _limit(seconds: float, memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has none; the parent's clock remains
        return
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, int(seconds) + 5),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def _keep_drawing_nowhere() -> None:
    """Have a script that asks Matplotlib for windows get none."""
    with suppress(ImportError):
        import matplotlib

        matplotlib.use = lambda *_args, **_options: None


def _write(path: Path, content: dict[str, Any]) -> None:
    temporary = path.with_suffix(".part")
    temporary.write_text(json.dumps(content), encoding="utf-8")
    temporary.replace(path)


if __name__ == "__main__":
    main()
