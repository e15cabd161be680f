"""What pages and the report's texts tell to type is there: targets of make, modules to run, flags.

`tests/commands/test_help.py` holds the lines that begin with a command against that command alone.
"""

import json
import re
from importlib import import_module
from pathlib import Path

import pytest
from bad_flags import COMMANDS, SUBCOMMANDS

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted(ROOT.glob("docs/**/*.md")),
    *sorted(ROOT.glob("docs/notebooks/*.ipynb")),
    *sorted(ROOT.glob(".github/ISSUE_TEMPLATE/*.md")),
    *sorted(ROOT.glob("experiments/report/texts/*.typ")),
]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.MULTILINE)
VARIABLES = re.findall(r"^KNOWN := (.+)$", MAKEFILE, re.MULTILINE)[0].split()
OTHER_PROGRAMS = re.compile(r"uv |--no-|tensorboard ")
OTHER_MODULES = {"pip", "pytest", "venv"}
_CODE = re.compile(r"`([^`]+)`|^ {4}(.+)$", re.MULTILINE)
_FLAG = re.compile(r"(?<![\w-])--[a-z][\w-]*")
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def code_of(page: Path) -> list[str]:
    """The code spans and indented lines of a page; of a notebook, its Markdown cells'."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(it["source"]) for it in cells if it["cell_type"] == "markdown")
    found = _CODE.findall(_FENCED.sub("", text))
    return [" ".join((span or line).split()) for span, line in found]


def gone(code: str, flags: set[str]) -> list[str]:
    """The targets, variables, modules and flags in a piece of code that do not exist."""
    if OTHER_PROGRAMS.match(code):
        return []
    missing = []
    if made := re.match(r"make((?: [\w=.\[\]-]+)*)", code):
        for word in made[1].split():
            name, is_variable, _ = word.partition("=")
            missing += [name] * (name not in (VARIABLES if is_variable else TARGETS))
    if run := re.search(r"python -m ([\w.]+)", code):
        path = ROOT / run[1].replace(".", "/")
        there = [it for it in (path.with_suffix(".py"), path / "__main__.py") if it.exists()]
        missing += [run[1]] * (not there and run[1] not in OTHER_MODULES)
        flags = flags.union(*(_FLAG.findall(it.read_text(encoding="utf-8")) for it in there))
    return missing + [flag for flag in _FLAG.findall(code) if flag not in flags]


@pytest.fixture
def flags(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Every flag of every command."""
    for module in (*COMMANDS, *SUBCOMMANDS):
        for subcommand in ("", *SUBCOMMANDS.get(module, ())):
            import_module(module).main([*subcommand.split(), "--help"])
    return set(_FLAG.findall(capsys.readouterr().out))


def test_what_is_named_is_there(flags: set[str]) -> None:
    missing = {
        (str(page.relative_to(ROOT)), code): names
        for page in PAGES
        for code in code_of(page)
        if (names := gone(code, flags))
    }
    assert not missing


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("make bench DATA=FILE", []),
        ("make reproduced", ["reproduced"]),
        ("make bench data=FILE", ["data"]),
        ("python -m benchmarks.check --mistakes", []),
        ("python -m benchmarks.check --errors", ["--errors"]),
        ("python -m benchmarks.gone", ["benchmarks.gone"]),
        ("--resume", []),
        ("--resumed", ["--resumed"]),
    ],
)
def test_what_counts_as_missing(code: str, missing: list[str], flags: set[str]) -> None:
    assert gone(code, flags) == missing
