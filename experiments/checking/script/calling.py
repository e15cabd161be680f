"""Call a student's functions with what they take, and say in a line what they raise."""

import inspect
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

_NAMES = {
    "learning_rate": ("learning_rate", "lr", "rate", "eta", "alpha"),
    "l2_penalty": ("l2_penalty", "l2", "penalty", "reg", "lambda", "lambd", "weight_decay"),
}


class UndrivableError(Exception):
    """A student's class cannot be driven; the message says why in a line."""


def call(function: Callable[..., Any], *arguments: Any, **options: float) -> Any:
    """Call a function with those options that it takes, by its own names for them.

    Raises:
        UndrivableError: it raised something.
    """
    return guarded(lambda: function(*arguments, **accepted(function, options)))


def accepted(function: Callable[..., Any], options: dict[str, float]) -> dict[str, float]:
    """Return the options under the names that a function has for them."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return options
    anything = any(p.kind == p.VAR_KEYWORD for p in parameters.values())
    found = {}
    for option, value in options.items():
        name = next((n for n in _NAMES.get(option, (option,)) if n in parameters), None)
        if name or anything:
            found[name or option] = value
    return found


def takes(function: Callable[..., Any], option: str) -> bool:
    """Return whether a function has a parameter for an option."""
    return bool(accepted(function, {option: 0.0}))


def guarded(body: Callable[[], Any]) -> Any:
    """Return what a body of student's code returns.

    Raises:
        UndrivableError: it raised something, exits included.
    """
    try:
        return body()
    except NotImplementedError:
        raise UndrivableError("it is not written yet (NotImplementedError)") from None
    except (Exception, SystemExit) as error:
        raise UndrivableError(reason(error)) from None


def reason(error: BaseException) -> str:
    """Return an error in a line: what, and in which line of which file it was raised."""
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if "/checking/" not in f.filename
    ]
    where = f" (line {frames[-1].lineno} of {Path(frames[-1].filename).name})" if frames else ""
    text = " ".join(str(error).split())[:200]
    return f"it raised {type(error).__name__}: {text}{where}"
