"""What was found of a script, in words of 80 columns and as JSON."""

from typing import Any

from experiments.checking.catalogue import BY_KEY
from experiments.checking.report import wrapped
from experiments.checking.script.run_script import CheckedScript

_SAYS = {"right": "RIGHT", "wrong": "WRONG", "untested": "NOT ALL TESTED"}


def script_lines(found: CheckedScript) -> list[str]:
    """Return the verdict first, then a paragraph for each class and part."""
    wrong = [part for part in found.parts if part["verdict"] == "wrong"]
    if wrong:
        names = "; ".join(f"{part['part']} {part['class']}: {_short(part)}" for part in wrong)
    else:
        names = ", ".join(
            f"{part['part']} {part['class']}"
            for part in found.parts
            if part["verdict"] == found.verdict
        )
    lines = wrapped(f"{_SAYS[found.verdict]}: {names}", 0)
    for part in found.parts:
        lines += ["", f"{part['part']} {part['class']}: {part['verdict']}"]
        for check in part["checks"] or [part]:
            lines += wrapped(f"{check.get('about', 'step')}: {_check(check)}", 2)
    lines += ["", f"{found.name} was run, in a process and a folder of its own."]
    if found.printed:
        lines.append(f"What it printed ({found.printed:,} lines) is left out.")
    return lines


def script_object(found: CheckedScript) -> dict[str, Any]:
    """Return the same for scripts."""
    return {"parts": found.parts, "verdict": found.verdict, "good": found.good}


def _short(part: dict[str, Any]) -> str:
    """Return the mistake in a few words."""
    keys = (part["mistake"] or "").split(" + ")
    known = [BY_KEY[key].says for key in keys if key in BY_KEY]
    if not known and (check := _deciding(part)) and check["got"] is not None:
        return _first_difference(check)
    return " and ".join(known) or part["says"]


def _deciding(part: dict[str, Any]) -> dict[str, Any] | None:
    return next((check for check in part["checks"] if check["verdict"] == "wrong"), None)


def _check(check: dict[str, Any]) -> str:
    text = f"{check['verdict']}. {check['says'][:1].upper()}{check['says'][1:]}".rstrip(". ") + "."
    if check["verdict"] == "wrong" and check.get("got") is not None:
        difference = _first_difference(check)
        text += f" {difference[0].upper()}{difference[1:]}."
    return text


def _first_difference(check: dict[str, Any]) -> str:
    place = f"at example {check['example']}, " if check["example"] else ""
    array = check["array"] or check["about"]
    numbers = f"{array} is {check['got']:.8g}, expected {check['expected']:.8g}"
    return f"the first difference is {place}{numbers}"
