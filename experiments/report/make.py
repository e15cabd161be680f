"""The report from finished runs: `results.json`, figures, texts, PDF and HTML; no training."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from experiments.cli.errors import CommandError, as_run_folder_error
from experiments.data.dataset import Dataset
from experiments.files.atomic_write import remove_dead_parts
from experiments.report.collect import collect
from experiments.report.figures import draw_all
from experiments.report.front_page import ReportInfo, listed
from experiments.report.results import FILE
from experiments.report.typeset import typeset


class Report(NamedTuple):
    """What was written.

    Attributes:
        files: the report's last.
        failed: why figures are missing in it, each a line that names the figure.
    """

    files: list[Path]
    failed: list[CommandError]


def make_report(
    parts: Mapping[str, Sequence[Path]], out: Path, info: ReportInfo, data: Dataset | None = None
) -> Report:
    """Write `results.json`, the figures, and the report itself; earlier ones are replaced.

    A figure that cannot be made is left out, and named where it would stand and on the front page.

    Args:
        parts: the folders of the finished runs of each part, such as "2.2a".
        out: where everything is written.
        info: what no run's folder knows.
        data: what the runs were trained on; None to load it where pictures of it are shown.

    Raises:
        CommandError: a piece cannot be made; what was written before it is kept.
        RunFolderError: a run's folder is damaged, or `out` cannot be written to.
    """
    path = out / FILE
    with as_run_folder_error(out):
        results = collect(parts, out, info)
        remove_dead_parts(out / "figures")  # of a process that was killed as it drew
        drawn = draw_all(parts, out, data)
        failed = {name: str(error) for name, error in drawn.failed.items()}
        warned = [f"Figures are missing: {listed(list(failed))}."] if failed else []
        results = replace(
            results,
            figures=list(drawn.files),
            failed_figures=failed,
            warnings=results.warnings + warned,
        )
        results.write(path)
        names = results.contributions + "".join(member.name for member in results.group)
        return Report([path, *typeset(out, names)], list(drawn.failed.values()))
