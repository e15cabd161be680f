"""The report from finished runs: `results.json`, figures, PDF and HTML; no training."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from experiments.cli.commands import CommandError, RunFolderError
from experiments.data.dataset import Dataset
from experiments.report.collect import collect
from experiments.report.facts import Facts
from experiments.report.figures import draw_all
from experiments.report.results import Results
from experiments.report.typeset import typeset
from experiments.report.words import listed
from experiments.runs.folder import write_json
from experiments.runs.json_files import remove_parts

RESULTS = "results.json"


class Report(NamedTuple):
    """What was written.

    Attributes:
        files: the report's last.
        failed: why figures are missing in it, each a line that names the figure.
    """

    files: list[Path]
    failed: list[CommandError]


def make_report(
    parts: Mapping[str, Sequence[Path]], out: Path, facts: Facts, data: Dataset | None = None
) -> Report:
    """Write `results.json`, the figures, and the report itself; earlier ones are replaced.

    A figure that cannot be made is left out, and named where it would stand and on the front page.

    Args:
        parts: the folders of the finished runs of each part, such as "2.2a".
        out: where everything is written.
        facts: what no run's folder knows.
        data: what the runs were trained on; None to load it where pictures of it are shown.

    Raises:
        CommandError: a piece cannot be made; what was written before it is kept.
        RunFolderError: a run's folder is damaged, or `out` cannot be written to.
    """
    path = out / RESULTS
    try:
        results = collect(parts, out, facts)
        remove_parts(out / "figures")  # of a process that was killed as it drew
        drawn = draw_all(parts, out, data)
        leave_out(results, drawn.failed)
        write_json(path, dict(results))
        return Report([path, *typeset(path, out)], list(drawn.failed.values()))
    except OSError as error:
        raise RunFolderError(
            f"{out}: cannot be written ({error.strerror or error}); make room or name another --out"
        ) from None


def leave_out(results: Results, failed: Mapping[str, CommandError]) -> None:
    """Take figures out of the results, and say so in their sections and on the front page."""
    for section in [*results["sections"], *results["beyond"]]:
        missing = [entry for entry in section["figures"] if entry["file"] in failed]
        section["figures"] = [entry for entry in section["figures"] if entry not in missing]
        section["answer"] += [f"Missing: a figure. {failed[m['file']]}" for m in missing]
    if failed:
        names = [Path(name).stem for name in failed]
        results["front"]["warnings"].append(f"Figures are missing: {listed(names)}.")
