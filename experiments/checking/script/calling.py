"""Call a student's functions with what they take, and say in a line what they raise."""

import inspect
import re
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

# What students call the parameters of the handed-out functions.
_NAMES = {
    "learning_rate": r"lr|rate|^eta|alpha|step",
    "l2_penalty": r"l2|pen|reg|lam|lmb|decay|^wd",
    "n_classes": r"class|n_?out|out_?(size|dim|feat)",
    "n_features": r"feat|input|n_?in|in_?(size|dim)",
    "hidden_size": r"hid(?!.*layers)|units",
    "layers": r"layers|depth",
    "activation_type": r"act",
    "dropout": r"drop",
}


class UndrivableError(Exception):
    """A student's class cannot be driven; the message says why in a line."""


def call(function: Callable[..., Any], *arguments: Any, **options: float) -> Any:
    """Call a function with those options that it takes, by its own names for them.

    Raises:
        UndrivableError: it raised something.
    """
    return guarded(lambda: function(*arguments, **accepted(function, options)))


def made(cls: type, sizes: dict[str, Any], options: dict[str, float]) -> Any:
    """Make an object: sizes by their names where all are known, else in the order handed out.

    Args:
        cls: a student's class.
        sizes: what the handed-out class takes, in its order.
        options: what it does not take, but some give here: learning rate and penalty.

    Raises:
        UndrivableError: it raised something.
    """
    named = accepted(cls, options, anything=False)
    by_name = accepted(cls, sizes, anything=False)
    if len(by_name) == len(sizes):
        return guarded(lambda: cls(**by_name, **named))
    return guarded(lambda: cls(*sizes.values(), **named))


def accepted(
    function: Callable[..., Any], options: dict[str, Any], anything: bool = True
) -> dict[str, Any]:
    """Return the options under the names that a function has for them.

    Args:
        function: a student's.
        options: values by the handed-out names.
        anything: whether `**kwargs` takes those for which there is no name.
    """
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return options if anything else {}
    anything = anything and any(p.kind == p.VAR_KEYWORD for p in parameters)
    free = [p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    found = {}
    for option, value in options.items():
        own = next((n for n in free if re.search(_NAMES[option], n, re.IGNORECASE)), None)
        name = option if option in free else own
        if name:
            free.remove(name)
        if name or anything:
            found[name or option] = value
    return found


def numbers_of(value: Any) -> list[float]:
    """Return the single numbers of what a function returned, such as (loss, accuracy)."""
    items = value if isinstance(value, tuple) else (value,)
    found = []
    for item in items:
        with suppress(TypeError, ValueError, RuntimeError):
            found.append(float(item.detach() if hasattr(item, "detach") else item))
    return found


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
