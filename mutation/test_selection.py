"""Which tests are tried on a mutant, and in which order."""

import ast
import hashlib
import json
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mutation.forked_runner import Job, run_jobs, run_pytest
from mutation.watch import Watch

if TYPE_CHECKING:  # Cosmic Ray, which these functions do without
    from mutation.mutants import Mutant


class Ran(NamedTuple):
    """What a test was seen to do.

    Attributes:
        seconds: of CPU, traced.
        lines: those it ran, by module.
        shared: fixtures it shares with other tests of its file, and "JAX" if those share programs.
    """

    seconds: float
    lines: set[tuple[str, int]]
    shared: list[str]


Seen = dict[str, Ran]


def _fingerprint(package: str) -> str:
    files = [*Path(package).rglob("*.py"), *Path("tests", package).rglob("*.py")]
    digest = hashlib.sha256()
    for file in sorted([*files, *Path("tests").glob("*.py"), *Path("tests/oracles").glob("*.py")]):
        digest.update(str(file).encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def trace(package: str, folder: Path) -> Seen:
    """Run the package's tests on the right code and note which lines each of them runs.

    Kept in `folder` until a source or a test changes.

    Raises:
        RuntimeError: a test fails on the right code.
    """
    kept = folder / f"lines-{package}-{_fingerprint(package)}.json"
    if not kept.exists():

        def work() -> str:
            watch = Watch((package,), trace=True)
            failed = run_pytest([f"tests/{package}"], watch, stop=False)
            return json.dumps(watch.failed or ["pytest"]) if failed else watch.as_json()

        jobs = iter([Job(package, work, 3600.0)])
        answer = next(answer for _, answer in run_jobs(jobs, 1))
        if answer is None or answer.startswith("["):
            raise RuntimeError(f"tests/{package} fails on the right code: {answer}")
        kept.write_text(answer)
    rows = json.loads(kept.read_text())
    return {
        test: Ran(seconds, {(file, number) for file, number in lines}, shared)
        for test, (seconds, lines, shared) in rows.items()
    }


def tests_for(mutant: "Mutant", seen: Seen) -> list[str]:
    """The tests that run the mutant's lines, the quick ones first, then others of their files.

    The others, because a fixture of a whole module is made in the first test that needs it, and its
    lines are noted there; a compiled JAX function likewise. A line run at import may make a number
    that a test reads without running the module: there, every test of a file counts that runs or
    imports it.
    """
    lines = {(mutant.module, number) for number in mutant.place.lines}
    files = {
        _file(test)
        for test in seen
        if any(module == mutant.module for module, _ in seen[test].lines)
        or _imports(_file(test), mutant.module)
    }

    def runs(test: str) -> bool:
        if mutant.place.at_import:
            return _file(test) in files
        return not lines.isdisjoint(seen[test].lines)

    quick_first = sorted(seen, key=lambda test: seen[test].seconds)
    first = [test for test in quick_first if runs(test)]
    made = {(_file(test), name) for test in first for name in seen[test].shared}

    def may_look(test: str) -> bool:
        return any((_file(test), name) in made for name in seen[test].shared)

    chosen = set(first)
    return first + [test for test in quick_first if test not in chosen and may_look(test)]


@cache
def _imports(file: str, module: str) -> bool:
    """Whether a test file imports the module, by its name or out of its package."""
    names = set()
    for node in ast.walk(ast.parse(Path(file).read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return module.removesuffix(".py").replace("/", ".") in names


def _file(test: str) -> str:
    return test.partition("::")[0]


def up_to(seconds: float, tests: list[str], seen: Seen) -> list[str]:
    """Return the first tests, one at least and no more than so many seconds of them."""
    spent = accumulate(seen[test].seconds for test in tests)
    within = sum(so_far <= seconds for so_far in spent)
    return tests[: max(within, 1)]


def seconds_of(tests: list[str], seen: Seen) -> float:
    """How long the tests take on the right code, traced, seconds of CPU."""
    return sum(seen[test].seconds for test in tests)


def modules(package: str) -> list[Path]:
    """Return the package's modules, those of packages inside it last."""
    return sorted(Path(package).rglob("*.py"), key=lambda path: (len(path.parts), path))
