"""`python -m mutation`: try every mutant, print how many were killed and which survived.

Needs Cosmic Ray beside the project's own dependencies: `make mutants` has both.
"""

import argparse
import json
import math
import os
import random
import sys
import time
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from mutation.forked_runner import (
    BROKEN,
    KILLED,
    SURVIVED,
    TIMED_OUT,
    Job,
    import_libraries,
    replace_source,
    run_jobs,
    run_pytest,
)
from mutation.mutants import Mutant, change, mutants, mutated
from mutation.test_selection import Seen, modules, seconds_of, tests_for, trace, up_to
from mutation.watch import Watch

PACKAGES = ("scratch", "analysis", "jaxmodels")
LEAST = 0.9
EQUIVALENT = Path("mutation/equivalent.toml")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mutation", description=__doc__)
    add = parser.add_argument
    add("packages", nargs="*", default=list(PACKAGES), metavar="PACKAGE",
        help=f"which to try (default: {' '.join(PACKAGES)})")  # fmt: skip
    add("--only", default="", metavar="TEXT", help="only modules whose path contains TEXT")
    add("--sample", type=int, default=0, metavar="N", help="N mutants per package, drawn")
    add("--seed", type=int, default=0, metavar="N", help="of the draw (default: 0)")
    add("--processes", type=int, default=2, metavar="N", help="tried at a time (default: 2)")
    add("--quick", type=float, default=math.inf, metavar="S",
        help="only the first tests, S seconds of them; --survivors tries the others")  # fmt: skip
    add("--survivors", action="store_true",
        help="try those again that survived before, but for the equivalent ones")  # fmt: skip
    add("--report", action="store_true", help="try none, report on those tried before")
    add("--folder", type=Path, default=Path("build/mutants"), metavar="FOLDER",
        help="of results, for a run to continue (default: build/mutants)")  # fmt: skip
    return parser


def results(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what earlier runs found, by mutant; the last word counts."""
    file = folder / "results.jsonl"
    lines = file.read_text().splitlines() if file.exists() else []
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return {row["key"]: row for row in rows}


def attempt(mutant: Mutant, tests: list[str]) -> str:
    """In a child: the mutant's verdict and the test that killed it."""
    replace_source(mutant.module, mutated(mutant))
    watch = Watch((), trace=False)
    code = run_pytest(tests, watch, stop=True)
    verdict = {0: SURVIVED, 1: KILLED}.get(code, BROKEN)
    return json.dumps([verdict, (watch.failed or [""])[0], *change(mutant)])


def jobs(
    chosen: list[Mutant], seen: dict[str, Seen], uncovered: list[str], seconds: float
) -> Iterator[Job]:
    """Return a job for each mutant that some test runs; the others' names go to `uncovered`."""
    for mutant in chosen:
        known = seen[mutant.module.partition("/")[0]]
        tests = up_to(seconds, tests_for(mutant, known), known)
        if not tests:
            uncovered.append(mutant.key)
            continue
        limit = 30 + 4 * seconds_of(tests, known)
        yield Job(mutant.key, lambda m=mutant, t=tests: attempt(m, t), limit)  # type: ignore[misc]


def try_all(chosen: list[Mutant], options: argparse.Namespace) -> None:
    """Try mutants and keep what came of each."""
    import_libraries()
    named = {mutant.key: mutant for mutant in chosen}
    packages = {mutant.module.partition("/")[0] for mutant in chosen}
    seen = {package: trace(package, options.folder) for package in sorted(packages)}
    uncovered: list[str] = []
    began, count = time.monotonic(), 0
    with (options.folder / "results.jsonl").open("a") as file:

        def keep(key: str, verdict: str, test: str, before: str, after: str) -> None:
            row = {"key": key, "verdict": verdict, "test": test, "at": named[key].at,
                   "before": before, "after": after}  # fmt: skip
            print(json.dumps(row), file=file, flush=True)
            if verdict == SURVIVED:
                print(f"{named[key].module}:{named[key].at[0]}: {before}  ->  {after}", flush=True)

        for key, answer in run_jobs(
            jobs(chosen, seen, uncovered, options.quick), options.processes
        ):
            keep(key, *(json.loads(answer) if answer else (TIMED_OUT, "", *change(named[key]))))
            count += 1
            if count % 50 == 0:
                passed = (time.monotonic() - began) / 60
                print(f"{count} of {len(chosen)} in {passed:.1f} minutes", flush=True)
        for key in uncovered:
            keep(key, SURVIVED, "no test runs it", *change(named[key]))


@cache
def equivalents() -> dict[tuple[str, str, str], str]:
    """By module, line before and line after: why no test can tell the two apart."""
    if not EQUIVALENT.exists():
        return {}
    entries = tomllib.loads(EQUIVALENT.read_text())["mutant"]
    return {(e["module"], e["before"], e["after"]): e["reason"] for e in entries}


def report(tried: list[Mutant], found: dict[str, dict[str, Any]], *, whole: bool) -> bool:
    """Print the kill rates and what survived.

    Args:
        tried: the mutants to report on.
        found: what came of them.
        whole: whether their modules were tried whole; then also which entry of `EQUIVALENT` no
            survivor fits.

    Returns:
        Whether enough are killed of every package.
    """
    reasons, enough = equivalents(), True
    survivors = {m: _entry(m, found[m.key]) for m in tried if found[m.key]["verdict"] == SURVIVED}
    for mutant, (module, before, after) in survivors.items():
        reason = reasons.get((module, before, after))
        print(f"{module}:{mutant.at[0]}: {before}  ->  {after}")
        print(f"    {'equivalent: ' + reason if reason else 'SURVIVES'}")
    for module, before, after in sorted(reasons.keys() - survivors.values()):
        if whole and module in {mutant.module for mutant in tried}:
            print(f"{EQUIVALENT}: no survivor is {module}: {before}  ->  {after}")
    print(
        f"{'package':<10} {'mutants':>8} {'killed':>8} {'rate':>7} {'equivalent':>11} {'left':>5}"
    )
    for package in dict.fromkeys(mutant.module.partition("/")[0] for mutant in tried):
        own = [mutant for mutant in tried if mutant.module.startswith(f"{package}/")]
        alive = [survivors[mutant] for mutant in own if mutant in survivors]
        same = [entry for entry in alive if entry in reasons]
        killed = len(own) - len(alive)
        rate = killed / len(own)
        enough &= rate >= LEAST
        print(f"{package:<10} {len(own):8d} {killed:8d} {rate:7.1%} {len(same):11d} "
              f"{len(alive) - len(same):5d}")  # fmt: skip
    return enough


def is_due(mutant: Mutant, row: dict[str, Any] | None, *, again: bool) -> bool:
    """Whether a mutant has not been tried, or is to be tried again and not known as equivalent."""
    if row is None:
        return True
    known = _entry(mutant, row) in equivalents()
    return again and row["verdict"] in (SURVIVED, TIMED_OUT) and not known


def _entry(mutant: Mutant, row: dict[str, Any]) -> tuple[str, str, str]:
    return mutant.module, row["before"], row["after"]


def main() -> int:
    """Try, report; 0 where at least nine mutants in ten of every package are killed."""
    options = _parser().parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("XLA_FLAGS", "--xla_force_host_platform_device_count=8")
    os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(options.folder.resolve() / "compiled"))
    os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
    os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES", "-1")
    chosen: list[Mutant] = []
    for package in options.packages:
        own = [m for path in modules(package) if options.only in str(path) for m in mutants(path)]
        if 0 < options.sample < len(own):
            own = random.Random(options.seed).sample(own, options.sample)
        chosen += own
    before = results(options.folder)
    if not options.report:
        todo = [m for m in chosen if is_due(m, before.get(m.key), again=options.survivors)]
        print(f"{len(todo)} of {len(chosen)} mutants to try", flush=True)
        if todo:
            try_all(todo, options)
    found = results(options.folder)
    tried = [mutant for mutant in chosen if mutant.key in found]
    return 0 if report(tried, found, whole=not options.sample and tried == chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
