"""One run of `hw1-q3`: table and gradient descent on stdout, `verify.json`, curves and figures."""

import math
from typing import Any

from analysis.claims import Claim, Settings
from analysis.verify import print_table
from experiments.cli.errors import as_run_folder_error
from experiments.cli.parser import version
from experiments.environment.jax_setup import prepare_jax
from experiments.environment.lock import FolderLock
from experiments.files.atomic_write import remove_dead_parts
from experiments.plots.question3 import draw_question3
from experiments.question3.descent import Descent
from experiments.question3.figure_data import CURVES
from experiments.question3.gradient_vs_closed_form import gradient_descent, lines
from experiments.runs.folder import make_parent
from experiments.runs.json_files import write_json

DESCENT = Descent()
MAX_WAIT_S = 60.0
"""How long another process that writes into the folder is waited for."""


def run_session(
    dims: tuple[int, ...],
    hidden: tuple[int, ...],
    trials: int,
    seed: int,
    eps: float | None,
    out: str,
    kind: str = "png",
) -> bool:
    """Try every claim, then gradient descent; write what was found; return whether all hold.

    Files of an earlier run in the same folder are replaced, each whole or not at all.

    Raises:
        UsageError: `out` is no folder, or cannot be written to.
        RunFolderError: writing fails later, or another process writes there.
        CommandError: the installed jax miscompiles here.
    """
    settings = Settings(dims, hidden, trials, seed, eps)
    folder = make_parent(out)
    prepare_jax()
    claims = print_table(settings)
    descent = gradient_descent(DESCENT, seed)
    print("\n".join(["", *lines(descent)]))
    claims += descent.claims
    curves = {name: curve(seed) for name, curve in CURVES.items()}
    with as_run_folder_error(folder), FolderLock(folder).held(MAX_WAIT_S):
        remove_dead_parts(folder)
        write_json(folder / "verify.json", _report(settings, claims))
        write_json(folder / "curves.json", {**curves, "gradient_descent": descent.curve})
        figures = draw_question3(folder, kind)
    print(f"\n{folder}: verify.json, curves.json, {len(figures)} figures")
    return all(claim.holds for claim in claims)


def _report(settings: Settings, claims: list[Claim]) -> dict[str, Any]:
    return {
        "version": version(),
        "settings": vars(settings),
        "holds": all(claim.holds for claim in claims),
        "claims": [_entry(claim) for claim in claims],
    }


def _entry(claim: Claim) -> dict[str, Any]:
    """One claim; JSON has no infinity, a null stands for it."""
    return {
        "question": claim.question,
        "name": claim.name,
        "statement": claim.statement,
        "cases": claim.cases,
        "worst": claim.worst if math.isfinite(claim.worst) else None,
        "relation": ">=" if claim.at_least else "<=",
        "tolerance": claim.tolerance,
        "source": claim.source.value,
        "holds": claim.holds,
    }
